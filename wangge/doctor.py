"""`wangge doctor`: what is missing or wrong on this machine, and what to do about it."""

import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg

from wangge.cases import owners, requests, task_owners
from wangge.kernel import tenants
from wangge.kernel.cluster import cells_of, own_server
from wangge.kernel.db import PREFIX, Cells, transaction
from wangge.kernel.errors import Refusal
from wangge.kernel.supervisor import binaries
from wangge.papers.pdf import system_fonts
from wangge.settings import Settings
from wangge.tenant.service import rules
from wangge.whistles import owning

LEAST_GIB = 5
WEB = Path(__file__).parent.parent / "web" / "dist" / "index.html"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; ``advice`` is empty when it is well."""

    what: str
    ok: bool
    told: str
    advice: str = ""


def examine(settings: Settings) -> Iterator[Finding]:
    """Look at everything that the platform stands on; changes nothing."""
    yield from _machine(settings)
    server = own_server(settings)
    if server and not server.is_running():
        yield Finding(
            "数据库 database", ok=False, told="未运行 not running", advice="make demo / up"
        )
        return
    cells = cells_of(settings, server)
    try:
        yield from _database(cells)
    except psycopg.OperationalError as error:
        yield Finding("数据库 database", ok=False, told=str(error).strip(), advice="WANGGE_DSN?")
    finally:
        cells.close()


def _machine(settings: Settings) -> Iterator[Finding]:
    try:
        yield Finding("PostgreSQL", ok=True, told=str(binaries()))
    except Refusal as refusal:
        yield Finding("PostgreSQL", ok=False, told=refusal.zh, advice="make install")
    try:
        system_fonts()
        yield Finding("中文字体 fonts", ok=True, told="fonts-noto-cjk")
    except Refusal as refusal:
        yield Finding(
            "中文字体 fonts",
            ok=False,
            told=refusal.zh,
            advice="sudo apt-get install fonts-noto-cjk",
        )
    yield Finding(
        "界面 pages",
        ok=WEB.is_file(),
        told=str(WEB),
        advice="" if WEB.is_file() else "make build",
    )
    free = shutil.disk_usage(settings.home if settings.home.exists() else ".").free / 2**30
    yield Finding(
        "磁盘 disk", ok=free >= LEAST_GIB, told=f"{free:.0f} GiB", advice=f"≥ {LEAST_GIB} GiB"
    )
    key = settings.master_key
    if key.exists():
        mode = stat.S_IMODE(key.stat().st_mode)
        yield Finding("主密钥 key", ok=not mode & 0o077, told=oct(mode), advice=f"chmod 600 {key}")


def _database(cells: Cells) -> Iterator[Finding]:
    for tenant in cells.names():
        yield from of_tenant(cells, tenant)


def of_tenant(cells: Cells, tenant: str) -> Iterator[Finding]:
    newest, found = tenants.head(), tenants.revision(cells, PREFIX + tenant)
    yield Finding(
        f"{tenant}: 结构 schema", ok=found == newest, told=str(found), advice="wangge migrate"
    )
    with transaction(cells.cell(tenant)) as tx:
        row = tx.one("select count(*) as held from pgqueuer where status = 'failed'")
        held = row["held"] if row else 0
        yield Finding(
            f"{tenant}: 搁置的任务 held jobs",
            ok=not held,
            told=str(held),
            advice=f"wangge jobs --tenant {tenant}",
        )
        nobody = [*owners.unowned(tx), *task_owners.unowned(tx), *owning.unowned(tx)]
        yield Finding(
            f"{tenant}: 无人负责的事项、协办、吹哨 cases, tasks, whistles without an owner",
            ok=not nobody,
            told=str(len(nobody)),
            advice="市级网格中心须有在岗值班长 the city's desk needs a duty leader"
            if nobody
            else "",
        )
        waiting = requests.undecided(tx)
        yield Finding(
            f"{tenant}: 无人可批的申请 requests that nobody can decide",
            ok=not waiting,
            told=str(len(waiting)),
            advice="市级网格中心须有另一名值班长 the city's desk needs another duty leader"
            if waiting
            else "",
        )
        calendar = rules(tx).calendar
        year = tx.now.astimezone(ZoneInfo(calendar.zone)).year
        missing = [y for y in (year, year + 1) if y not in calendar.years]
        yield Finding(
            f"{tenant}: 工作日历 calendar",
            ok=year not in missing,
            told=f"缺 missing: {missing}" if missing else "完整 complete",
            advice="在“规则·工作日历”中补录 enter the year's holidays" if missing else "",
        )
