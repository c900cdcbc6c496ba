"""`wangge up` keeps its parts alive: what is killed under it begins anew."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import httpx2

from tests.faults.platform import free_port, until
from wangge.kernel.supervisor import Server

PARTS = 3


def parts_of(process: subprocess.Popen[bytes]) -> list[int]:
    """Database, API and worker are direct children."""
    known = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()
    return [int(pid) for pid in known.split()]


def test_killed_parts_begin_anew(tmp_path: Path) -> None:
    """Seen red when one ended part still ended them all."""
    home, port = tmp_path / "home", free_port()
    environment = os.environ | {"WANGGE_HOME": str(home), "WANGGE_PORT": str(port)}
    server = Server(home)

    def lives() -> bool:
        try:
            alive = httpx2.get(f"http://127.0.0.1:{port}/healthz", timeout=5).status_code == 200
        except httpx2.TransportError:
            return False
        return alive and len(parts_of(up)) == PARTS and server.is_running()

    with (tmp_path / "up.log").open("wb") as log:
        up = subprocess.Popen(
            [sys.executable, "-m", "wangge.cli", "up"], env=environment, stdout=log, stderr=log
        )
    try:
        until(lives, "everything is up")
        before = parts_of(up)
        for pid in before:
            os.kill(pid, signal.SIGKILL)

        until(lives, "everything is up again")
        assert not set(before) & set(parts_of(up))
    finally:
        up.send_signal(signal.SIGTERM)
        assert up.wait(30) == 0
        shutil.rmtree(server.socket, ignore_errors=True)
    assert not server.is_running()
