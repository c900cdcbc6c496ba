"""The demo's thirty days of past: two processes compute and write them, a day a transaction.

``python -m wangge.demo.remembering`` is one of them. It is told on its standard input, a line
each, where the tenant's database is and then day after day which is its own, and answers each
day with how much it wrote. A day in brackets is only computed, without an answer, and written when
it is said again: so the first days are ready when the tables are. It ends with the process that
tells it.
"""

import gc
import subprocess
import sys
from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from itertools import chain
from typing import IO, Any
from zoneinfo import ZoneInfo

import orjson

from wangge.cases.histories import Telling
from wangge.demo import pictures
from wangge.demo.month import SEED, Month
from wangge.kernel.db import Cell, transaction
from wangge.kernel.errors import Refusal

PROCESSES = 2
AHEAD = 2  # days that each computes while the last ones are still lived through the doors


@dataclass(frozen=True)
class Task:
    """Where a past is to be written, and its bounds."""

    tenant: str
    dsns: dict[str, str]
    present: datetime
    since: datetime
    scale: float = 1.0
    seed: int = SEED


@dataclass(frozen=True)
class Told:
    """How much was written."""

    matters: int = 0
    steps: int = 0

    def __add__(self, other: "Told") -> "Told":
        return Told(self.matters + other.matters, self.steps + other.steps)


class Writer:
    """Computes and writes days in this process; the city is read when it is made."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.cell = Cell(task.tenant, task.dsns, pool_size=1)
        self._drawn = False
        self._ready: dict[date, list[Telling]] = {}
        with transaction(self.cell) as tx:
            tx.now = task.present
            self.month = Month(tx, seed=task.seed, scale=task.scale)

    def prepare(self, day: date) -> None:
        """Compute a day and keep it; nothing is written."""
        self._draw()
        with transaction(self.cell) as self.month.tx:
            self.month.tx.now = self.task.present
            self._ready[day] = self.month.of(day, since=self.task.since)

    def write(self, day: date) -> Told:
        self._draw()
        with transaction(self.cell) as self.month.tx:
            self.month.tx.now = self.task.present
            told = self._ready.pop(day, None) or self.month.of(day, since=self.task.since)
            return Told(*self.month.load(told))

    def _draw(self) -> None:
        # Each in a transaction of its own: its content is locked until the commit, and the last
        # days, lived at the same time, need the drawings in another order.
        for kind in () if self._drawn else pictures.SCENE_OF:
            with transaction(self.cell) as self.month.tx:
                self.month.tx.now = self.task.present
                self.month.keep_picture(kind)
        self._drawn = True

    def close(self) -> None:
        self.cell.close()


class Process:
    """A writer in a process of its own."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "wangge.demo.remembering"]
        self._child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.prepared: list[date] = []
        self._awaited = 0

    def prepare(self, day: date) -> None:
        """Have a day computed; it is ready once :meth:`ready` has returned."""
        self.prepared.append(day)
        self._awaited += 1
        self.say([day])

    def ready(self) -> None:
        """Wait until it holds no transaction: who alters tables beside one may lock crosswise."""
        while self._awaited:
            self._heard()
            self._awaited -= 1

    def say(self, what: Any) -> None:
        line: IO[bytes] | None = self._child.stdin
        if line:
            line.write(orjson.dumps(what, option=orjson.OPT_APPEND_NEWLINE))
            line.flush()

    def write(self, days: deque[date]) -> Told:
        """Take days until none is left; refuses when it failed, with its words on the screen."""
        self.ready()
        whole = Told()
        for day in chain(self.prepared, _taken(days)):
            try:
                with suppress(BrokenPipeError):
                    self.say(day)
                whole += Told(**self._heard())
            except Refusal:
                days.clear()
                raise
        return whole

    def _heard(self) -> Any:
        said = self._child.stdout.readline() if self._child.stdout else b""
        if not said:
            raise Refusal(
                "past_not_loaded",
                "过去的事项没有装载成功，见上面的日志",
                "the past was not loaded; see the log",
            )
        return orjson.loads(said)

    def close(self) -> None:
        self._child.kill()
        self._child.wait()
        for pipe in (self._child.stdin, self._child.stdout):
            if pipe:
                pipe.close()


def _taken(days: deque[date]) -> Iterator[date]:
    while True:
        try:
            yield days.popleft()
        except IndexError:
            return


class Past:
    """Two processes, begun early: they wake, and read the city, while others still furnish it."""

    def __init__(self) -> None:
        self._processes = [Process() for _ in range(PROCESSES)]
        self.days: deque[date] = deque()

    def learn(self, cell: Cell, *, days: int, scale: float = 1.0) -> Task:
        """Have them read the city as it stands; the last so many days are theirs."""
        with transaction(cell) as tx:
            row = tx.one("select zone from clock") or {}
            present = tx.now
        zone, since = ZoneInfo(row["zone"]), present - timedelta(days=days)
        first, last = since.astimezone(zone).date(), present.astimezone(zone).date()
        self.days = deque(first + timedelta(n) for n in range((last - first).days + 1))
        task = Task(cell.tenant, cell.dsns, present, since, scale)
        for process in self._processes:
            process.say(asdict(task))
        for process in self._processes * AHEAD:
            if self.days:
                process.prepare(self.days.popleft())
        return task

    def ready(self) -> None:
        """Wait for what they compute ahead."""
        for process in self._processes:
            process.ready()

    def write(self) -> Told:
        """The oldest day first, because it has the most steps, to whichever process is free."""
        with ThreadPoolExecutor(PROCESSES) as pool:
            parts = pool.map(lambda process: process.write(self.days), self._processes)
            return sum(parts, Told())

    def close(self) -> None:
        for process in self._processes:
            process.close()


def main() -> None:
    gc.disable()  # hundreds of thousands of rows, none in a circle: looking costs a quarter more
    given = orjson.loads(sys.stdin.buffer.readline())
    for name in ("present", "since"):
        given[name] = datetime.fromisoformat(given[name])
    writer = Writer(Task(**given))
    for line in sys.stdin.buffer:
        said = orjson.loads(line)
        told = Told()
        if isinstance(said, list):
            writer.prepare(date.fromisoformat(said[0]))
        else:
            told = writer.write(date.fromisoformat(said))
        sys.stdout.buffer.write(orjson.dumps(asdict(told), option=orjson.OPT_APPEND_NEWLINE))
        sys.stdout.buffer.flush()
    writer.close()


if __name__ == "__main__":
    main()
