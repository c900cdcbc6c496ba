"""The disk runs full under the database: refused clearly, nothing lost, on when there is room."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.faults.platform import Platform, until
from tests.faults.reporters import Crowd
from tests.faults.whole import assert_whole, every_job_done
from tests.proofs import Proof
from wangge.kernel.supervisor import Server

MEBIBYTES = 192
OWN_MOUNTS = ["unshare", "--mount", *(["--user", "--map-root-user"] if os.getuid() else [])]


def may_mount() -> bool:
    if shutil.which("unshare") is None:
        return False
    command = [*OWN_MOUNTS, "mount", "-t", "tmpfs", "none", "/mnt"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


class Disk:
    """The process that holds the small disk and the database on it."""

    def __init__(self, home: Path) -> None:
        data = home / "data"
        data.mkdir(parents=True)
        script = f"mount -t tmpfs -o size={MEBIBYTES}m none {data} && exec {sys.executable} -m"
        self.process = subprocess.Popen(
            [*OWN_MOUNTS, "sh", "-c", f"{script} tests.faults.small_disk {home}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.hear("ready")

    def hear(self, word: str) -> None:
        assert self.process.stdout
        assert self.process.stdout.readline().strip() == word

    def tell(self, word: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(f"{word}\n")
        self.process.stdin.flush()
        self.hear("done")

    def end(self) -> None:
        with self.process:
            assert self.process.stdin
            self.process.stdin.close()
            self.process.wait(30)


@pytest.fixture
def small(tmp_path: Path) -> Iterator[tuple[Platform, Disk]]:
    if not may_mount():
        pytest.skip("a disk of its own needs `unshare --mount` with tmpfs, which is not allowed")
    disk = Disk(tmp_path)
    with ExitStack() as ending:
        ending.callback(disk.end)
        platform = Platform.over(tmp_path, Server(tmp_path))
        ending.callback(platform.end)
        platform.start("serve")
        platform.start("work")
        until(platform.answers, "the platform answers")
        yield platform, disk


@pytest.mark.proof("A full disk refuses clearly and loses nothing")
def test_a_full_disk_loses_nothing(small: tuple[Platform, Disk], proof: Proof) -> None:
    """Seen red when a job's own retry met the full disk: pgqueuer gave the job up."""
    platform, disk = small
    crowd = Crowd.begin(platform, 4, staff=1)
    rounds = proof.count(1, stated=10)
    for _ in range(rounds):
        reached = len(crowd.receipts) + 10
        until(lambda at=reached: len(crowd.receipts) >= at, "reports with room")  # type: ignore[misc]
        refused = crowd.trouble.get("503", 0)
        disk.tell("fill")
        until(lambda at=refused: crowd.trouble.get("503", 0) >= at + 10, "refusals")  # type: ignore[misc]
        disk.tell("free")
    reached = len(crowd.receipts) + 10
    until(lambda: len(crowd.receipts) >= reached, "reports after the disk was full")
    crowd.end()

    assert_whole(platform, crowd)
    every_job_done(platform)
    said = crowd.refusals[-1].json()
    assert said["code"] == "database_away"
    proof.note(times_full=rounds, reports=len(crowd.receipts), trouble=crowd.trouble)
