"""`wangge demo`: every part of the platform over the demo city, until somebody interrupts."""

import os
import socket
import sys
import time
from datetime import datetime

from wangge.demo import instruments
from wangge.kernel import tenants
from wangge.kernel.children import Child, children, end_on_signals, keep_up, own
from wangge.kernel.cluster import supervised
from wangge.kernel.db import Cells, transaction
from wangge.kernel.errors import Refusal
from wangge.people import queries
from wangge.settings import Settings, settings

ALIVE_SECONDS = 20


def run(at: datetime | None) -> None:
    """Serve at once, load what is missing, tell where it is, stay."""
    chosen = _prepared()
    with supervised(chosen) as (cells, mend):
        tenants.migrate(cells)
        parts = [own("serve"), own("work"), own("demo", "live")]
        if not chosen.sms_url:
            parts.append([sys.executable, "-m", "wangge.notices.local_gateway"])
        if not chosen.voice_url and _is_free("127.0.0.1", chosen.voice_port):
            parts.append([sys.executable, "-m", "wangge.notices.local_voice"])
        if _is_free("127.0.0.1", chosen.video_port):
            parts.append([sys.executable, "-m", "wangge.video.local_gateway"])
        with children(*parts) as processes:
            end_on_signals()
            try:
                _until_alive(chosen, processes[0])
                _stand_up(cells, at)
            except KeyboardInterrupt:
                return
            _greet(cells, chosen)
            keep_up(processes, mend)


def _prepared() -> Settings:
    """Settings of the demo and all its children: by click, on ports that are free."""
    os.environ["WANGGE_DEMO"] = "1"
    settings.cache_clear()
    chosen = settings()
    if not _is_free(chosen.host, chosen.port):
        raise Refusal(
            "port_taken",
            f"端口 {chosen.port} 已被占用，可换一个：WANGGE_PORT={chosen.port + 1} make demo",
            f"port {chosen.port} is taken; try WANGGE_PORT={chosen.port + 1} make demo",
        )
    os.environ.setdefault("WANGGE_PUBLIC_URL", f"http://{{tenant}}.localhost:{chosen.port}")
    if not chosen.sms_url and not _is_free("127.0.0.1", chosen.sms_port):
        with socket.create_server(("127.0.0.1", 0)) as door:
            os.environ["WANGGE_SMS_PORT"] = str(door.getsockname()[1])
    settings.cache_clear()
    return settings()


def _is_free(host: str, port: int) -> bool:
    try:
        with socket.create_server((host, port)):
            return True
    except OSError:
        return False


def _until_alive(chosen: Settings, server: Child) -> None:
    """Let the server come up first: loading would take its processor from it."""
    deadline = time.monotonic() + ALIVE_SECONDS
    while _is_free(chosen.host, chosen.port) and time.monotonic() < deadline:
        if server.poll() is not None:
            return
        time.sleep(0.1)


def _stand_up(cells: Cells, at: datetime | None) -> None:
    from wangge.demo import loading  # noqa: PLC0415 - a second start needs none of the geometry
    from wangge.demo.recipes import RECIPES  # noqa: PLC0415 - likewise

    loading.tidy(cells)
    wanted = loading.missing(cells)
    if wanted:
        loading.load_all(cells, wanted, at=at)
    if at:
        for recipe in RECIPES:
            if recipe not in wanted:
                with transaction(cells.cell(recipe.tenant)) as tx:
                    instruments.set_clock(tx, instruments.Wish(at=at))


def _greet(cells: Cells, chosen: Settings) -> None:
    with transaction(cells.cell(chosen.default_tenant)) as tx:
        cast = queries.demo_cast(tx)
        state = instruments.clock_state(tx)
    lines = [
        "",
        f"  东营网格通 · 演示城市  demo city    {state['local']}",
        f"  http://127.0.0.1:{chosen.port}    http://dongying.localhost:{chosen.port}",
        f"  http://beixin.localhost:{chosen.port}（另一个单位 another tenant）",
        "    /r 居民 residents   /w 网格员 field   /desk 中心与部门 desks and departments",
        "  首页点一个人即可登录，不用密码 · sign in by a click on the front page:",
    ]
    groups: dict[str, list[str]] = {}
    for person in cast:
        named = f"{person['name']}（{person['place']}{person['title']}）"
        groups.setdefault(person["group"], []).append(named)
    lines += [f"    {group}：{'、'.join(people[:4])} …" for group, people in groups.items()]
    lines += ["  Ctrl-C 停止 stops everything", ""]
    print("\n".join(lines), flush=True)  # noqa: T201 - what the command is there to say
