"""Loading the demo city anew while it is being used: started here, done by a process of its own."""

import os
import subprocess
import threading
from dataclasses import dataclass
from typing import Any

import orjson

from wangge.demo.cast import TENANTS
from wangge.kernel.children import Child, own
from wangge.kernel.errors import NotFound, Refusal
from wangge.settings import settings


@dataclass
class Signed:
    """A loader of which a small file in the home folder tells while it is at work."""

    sign: str
    child: Child | None = None

    def progress(self) -> dict[str, Any]:
        """Say how far it is: ``loading`` with stage and seconds, ``ready``, or ``failed``."""
        said = self.said()
        if said is None:
            state = "ready"
            if self.child and self.child.poll() is None:
                state = "loading"
            elif self.child and self.child.returncode:
                state = "failed"
            return {"status": state, "stage": "", "seconds": 0}
        alive = is_alive(int(said.get("pid", 0)))
        return {
            "status": "loading" if alive else "failed",
            "stage": said["stage"],
            "seconds": said["seconds"],
        }

    def said(self) -> dict[str, Any] | None:
        try:
            found: dict[str, Any] = orjson.loads((settings().home / self.sign).read_bytes())
        except (OSError, ValueError):
            return None
        return found


_resetting = Signed("loading")


def progress() -> dict[str, Any]:
    return _resetting.progress()


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
    _resetting.child = subprocess.Popen(own("demo", "reset", "--tenant", tenant))
    threading.Thread(target=see_off, args=(_resetting,), daemon=True).start()
    return {"status": "loading", "stage": "", "seconds": 0}


def see_off(loader: Signed) -> None:
    """Wait for its end; one that was killed cannot take its own sign away."""
    if loader.child is None:
        return
    loader.child.wait()
    said = loader.said()
    if said and said.get("pid") == loader.child.pid:
        (settings().home / loader.sign).unlink(missing_ok=True)
