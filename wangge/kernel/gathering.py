"""Requests of one kind that wait at the same moment share a transaction; each has its own answer.

A transaction costs about as much as six reports in it. Nobody waits for others to come but for
the two milliseconds in which a busy door hears of several.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from psycopg import OperationalError
from starlette.concurrency import run_in_threadpool

from wangge.kernel.db import Cell, Tx, transaction
from wangge.kernel.errors import Refusal

Item = TypeVar("Item")
Result = TypeVar("Result")
SECONDS = 0.002
MOST = 32  # so that a counter of numbers is never locked for long


class Gathering(Generic[Item, Result]):
    """``work`` answers every item in order, with a result or the refusal that says why not."""

    def __init__(self, work: Callable[[Tx, Sequence[Item]], Sequence[Result | Refusal]]) -> None:
        self._work = work
        self._lines: WeakKeyDictionary[
            asyncio.AbstractEventLoop, dict[str, _Line[Item, Result]]
        ] = WeakKeyDictionary()

    async def answer(self, cell: Cell, item: Item) -> Result:
        """Wait for the next transaction and raise what refuses this item, or all of them."""
        lines = self._lines.setdefault(asyncio.get_running_loop(), {})
        line = lines.setdefault(cell.dsns["intake"], _Line())
        answer: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        line.waiting.append((item, answer))
        if line.running is None:
            line.running = asyncio.create_task(self._run(line, cell))
        return await answer

    async def _run(self, line: "_Line[Item, Result]", cell: Cell) -> None:
        try:
            while line.waiting:
                await asyncio.sleep(SECONDS)
                turn, line.waiting = line.waiting[:MOST], line.waiting[MOST:]
                found = await run_in_threadpool(self._answers, cell, [item for item, _ in turn])
                for (_, answer), one in zip(turn, found, strict=True):
                    if answer.done():  # whoever asked is gone
                        continue
                    if isinstance(one, Exception):
                        answer.set_exception(one)
                    else:
                        answer.set_result(one)
        finally:
            line.running = None

    def _answers(self, cell: Cell, items: Sequence[Item]) -> Sequence[Result | Exception]:
        try:
            return self._together(cell, items)
        except OperationalError as error:
            return [error] * len(items)
        except Exception:  # noqa: BLE001 - each is told his own
            # One of them cannot be done, or came elsewhere at the same moment: each for himself.
            return [self._alone(cell, item) for item in items]

    def _alone(self, cell: Cell, item: Item) -> Result | Exception:
        try:
            return self._together(cell, [item])[0]
        except Exception as error:  # noqa: BLE001 - whoever asked is told
            return error

    def _together(self, cell: Cell, items: Sequence[Item]) -> Sequence[Result | Refusal]:
        with transaction(cell) as tx:
            return self._work(tx, items)


@dataclass(slots=True)
class _Line(Generic[Item, Result]):
    """Who waits for one tenant's next transaction, in one event loop; one runs at a time."""

    waiting: list[tuple[Item, asyncio.Future[Result]]] = field(default_factory=list)
    running: asyncio.Task[None] | None = None
