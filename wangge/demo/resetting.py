"""Loading the demo city anew while it is being used: started here, done by a process of its own."""

import os
import subprocess
import threading
from typing import Any

import orjson

from wangge.demo.cast import TENANTS
from wangge.kernel.children import Child, own
from wangge.kernel.errors import NotFound, Refusal
from wangge.settings import settings

_started: list[Child] = []


def progress() -> dict[str, Any]:
    """Say how far it is: ``loading`` with stage and seconds, ``ready``, or ``failed``."""
    said = _said()
    if said is None:
        state = "ready"
        if _started and _started[0].poll() is None:
            state = "loading"
        elif _started and _started[0].returncode:
            state = "failed"
        return {"status": state, "stage": "", "seconds": 0}
    alive = is_alive(int(said.get("pid", 0)))
    return {
        "status": "loading" if alive else "failed",
        "stage": said["stage"],
        "seconds": said["seconds"],
    }


def _said() -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = orjson.loads((settings().home / "loading").read_bytes())
    except (OSError, ValueError):
        return None
    return found


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return pid > 0


def begin(tenant: str) -> dict[str, Any]:
    """Start it; refuses while one is under way and for a tenant that is no demo city."""
    if tenant not in TENANTS:
        raise NotFound("no_demo_city", "这个单位不是演示城市", "this tenant is no demo city")
    if progress()["status"] == "loading":
        raise Refusal("already_loading", "正在重新装载，请稍候", "it is being loaded already")
    _started[:] = [subprocess.Popen(own("demo", "reset", "--tenant", tenant))]
    threading.Thread(target=_see_off, args=(_started[0],), daemon=True).start()
    return {"status": "loading", "stage": "", "seconds": 0}


def _see_off(child: Child) -> None:
    """Wait for its end; one that was killed cannot take its own sign away."""
    child.wait()
    said = _said()
    if said and said.get("pid") == child.pid:
        (settings().home / "loading").unlink(missing_ok=True)
