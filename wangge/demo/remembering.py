"""The demo's thirty days of past: two processes compute and write them, a day a transaction.

``python -m wangge.demo.remembering`` is one of them: it is told on its standard input where the
tenant's database is and which days are its own.
"""

import gc
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import orjson

from wangge.demo.month import SEED, Month
from wangge.kernel.db import Cell, transaction
from wangge.kernel.errors import Refusal

APART = 4  # the last days, in which others write too, are left to the second process
FIRST_PART = 0.55  # of the days: the youngest have fewer steps


@dataclass(frozen=True)
class Task:
    """Some days of one tenant's past, as they are handed to a process."""

    tenant: str
    dsns: dict[str, str]
    present: datetime
    since: datetime
    days: list[date]
    scale: float = 1.0
    seed: int = SEED


@dataclass(frozen=True)
class Told:
    """How much was written."""

    matters: int = 0
    steps: int = 0

    def __add__(self, other: "Told") -> "Told":
        return Told(self.matters + other.matters, self.steps + other.steps)


def tasks(cell: Cell, *, days: int, scale: float) -> tuple[Task, Task]:
    """Split the last so many days in two: the older part, and the younger one with today."""
    with transaction(cell) as tx:
        row = tx.one("select zone from clock") or {}
        present = tx.now
    zone, since = ZoneInfo(row["zone"]), present - timedelta(days=days)
    first, last = since.astimezone(zone).date(), present.astimezone(zone).date()
    every = [first + timedelta(n) for n in range((last - first).days + 1)]
    cut = min(round(len(every) * FIRST_PART), max(0, len(every) - APART))
    older, younger = (
        Task(cell.tenant, cell.dsns, present, since, every[a:b], scale)
        for a, b in pairwise((0, cut, len(every)))
    )
    return older, younger


def do(task: Task, *, wanted: Callable[[], bool] = lambda: True) -> Told:
    """Compute and write the days of a task in this process, as long as somebody wants them."""
    cell = Cell(task.tenant, task.dsns, pool_size=1)
    whole = Told()
    try:
        with transaction(cell) as tx:
            tx.now = task.present
            month = Month(tx, seed=task.seed, scale=task.scale)
            month.keep_pictures()
        for day in task.days:
            if not wanted():
                raise SystemExit(1)
            with transaction(cell) as tx:
                tx.now = task.present
                month.tx = tx
                whole += Told(*month.load(day, since=task.since))
    finally:
        cell.close()
    return whole


class Process:
    """A task in a process of its own, which ends with this one."""

    def __init__(self, task: Task) -> None:
        command = [sys.executable, "-m", "wangge.demo.remembering"]
        self._child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        if self._child.stdin:
            self._child.stdin.write(orjson.dumps(asdict(task)))
            self._child.stdin.close()
            self._child.stdin = None

    def told(self) -> Told:
        """Wait for it; refuses when it failed, with its words above on the screen."""
        said = self._child.communicate()[0]
        if self._child.returncode:
            raise Refusal(
                "past_not_loaded",
                "过去的事项没有装载成功，见上面的日志",
                "the past was not loaded; see the log",
            )
        return Told(**orjson.loads(said))

    def close(self) -> None:
        with self._child:
            self._child.kill()


class Past:
    """Both parts of a past; the older may be begun before the younger."""

    def __init__(self, cell: Cell, *, days: int, scale: float = 1.0) -> None:
        self.older, self.younger = tasks(cell, days=days, scale=scale)
        self._processes: list[Process] = []

    def begin(self) -> None:
        if not self._processes and self.older.days:
            self._processes.append(Process(self.older))

    def finish(self) -> Told:
        try:
            self.begin()
            self._processes.append(Process(self.younger))
            return sum((process.told() for process in self._processes), Told())
        finally:
            self.close()

    def close(self) -> None:
        for process in self._processes:
            process.close()


def main() -> None:
    given = orjson.loads(sys.stdin.buffer.read())
    for name in ("present", "since"):
        given[name] = datetime.fromisoformat(given[name])
    given["days"] = [date.fromisoformat(day) for day in given["days"]]
    parent = os.getppid()
    gc.disable()  # hundreds of thousands of rows, none in a circle: looking costs a quarter more
    told = do(Task(**given), wanted=lambda: os.getppid() == parent)
    sys.stdout.buffer.write(orjson.dumps(asdict(told)))


if __name__ == "__main__":
    main()
