"""Back to a moment: a base copy of the whole cluster, and its write-ahead log played up to then."""

import shutil
from datetime import datetime
from pathlib import Path

from wangge.kernel.cluster import own_server
from wangge.kernel.db import Cells
from wangge.kernel.errors import Invalid, Refusal
from wangge.settings import Settings
from wangge.upkeep.backup import postgres

RECOVERY = """
restore_command = 'cp "{archive}/%f" "%p"'
recovery_target_time = '{moment}'
recovery_target_action = 'promote'
"""


def base(cells: Cells, settings: Settings, target: Path) -> None:
    """Copy the running cluster; with the archive it leads to any later moment."""
    _archive(settings)
    if target.exists() and any(target.iterdir()):
        raise Refusal("folder_not_empty", f"目录不是空的：{target}", f"not empty: {target}")
    postgres(
        cells.owner("postgres"), "pg_basebackup", f"--pgdata={target}", "--checkpoint=fast",
        "--wal-method=fetch",
    )  # fmt: skip


def recover(settings: Settings, source: Path, moment: str) -> None:
    """Put the base copy in the place of our own database and play the log up to ``moment``."""
    archive, server = _archive(settings), own_server(settings)
    if server is None:
        raise Refusal(
            "database_of_others",
            "数据库由别处运行（WANGGE_DSN），请用其自己的办法恢复",
            "the database is run by others (WANGGE_DSN): recover it with their means",
        )
    if server.data.exists():
        raise Refusal(
            "database_in_the_way",
            f"请先把现有的数据目录移开：{server.data}",
            f"move the present data folder away first: {server.data}",
        )
    target = _moment(moment)
    shutil.copytree(source, server.data, symlinks=True)
    server.data.chmod(0o700)
    with (server.data / "postgresql.auto.conf").open("a") as file:
        file.write(RECOVERY.format(archive=archive.resolve(), moment=target))
    (server.data / "recovery.signal").touch()
    server.start()
    server.until_it_writes()
    server.stop()


def _archive(settings: Settings) -> Path:
    if settings.archive is None:
        raise Refusal(
            "no_archive", "没有设置 WANGGE_ARCHIVE（日志归档目录）", "WANGGE_ARCHIVE is not set"
        )
    return settings.archive


def _moment(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise Invalid(
            "bad_moment",
            "时刻须写成 2026-09-30T16:50:00+08:00",
            "a moment is written as 2026-09-30T16:50:00+08:00",
        )
    return moment.isoformat(sep=" ")
