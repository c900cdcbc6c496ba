"""Loading the demo city anew while it is being used: started here, done by a process of its own."""

import os
import subprocess
from typing import Any

import orjson

from wangge.demo.cast import TENANTS
from wangge.kernel.children import own
from wangge.kernel.errors import NotFound, Refusal
from wangge.settings import settings

_started: list[subprocess.Popen[bytes]] = []


def progress() -> dict[str, Any]:
    """Say how far it is: ``stage`` and ``seconds`` while it loads, and what went wrong."""
    failed = any(process.poll() for process in _started)
    flag = settings().home / "loading"
    try:
        said: dict[str, Any] = orjson.loads(flag.read_bytes())
    except (OSError, ValueError):
        return {"status": "failed" if failed else "ready", "stage": "", "seconds": 0}
    if not _is_alive(int(said.get("pid", 0))):
        return {"status": "failed", "stage": said["stage"], "seconds": said["seconds"]}
    return {"status": "loading", "stage": said["stage"], "seconds": said["seconds"]}


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return pid > 0


def begin(tenant: str) -> dict[str, Any]:
    """Start it; refuses while one is under way and for a tenant that is no demo city."""
    if tenant not in TENANTS:
        raise NotFound("no_demo_city", "这个单位不是演示城市", "this tenant is no demo city")
    if any(process.poll() is None for process in _started) or progress()["status"] == "loading":
        raise Refusal("already_loading", "正在重新装载，请稍候", "it is being loaded already")
    _started[:] = [subprocess.Popen(own("demo", "reset", "--tenant", tenant))]
    return {"status": "loading", "stage": "", "seconds": 0}
