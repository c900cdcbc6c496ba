"""Live updates: committed facts get positions, and every signed-in screen hears of its own.

One LISTEN connection per process and tenant; NOTIFY is a hint, a slow poll is enough.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

import orjson
import psycopg
import structlog
from psycopg.rows import tuple_row
from starlette.concurrency import run_in_threadpool

from wangge.kernel.db import Cell, Tx, transaction
from wangge.kernel.errors import Away
from wangge.kernel.fact_log import FactsGone, Page, end, read
from wangge.kernel.facts import kept_from
from wangge.kernel.presence import CHANNEL, Places, read_here

GATHER_SECONDS = 0.03
POLL_SECONDS = 5.0
HEARTBEAT_SECONDS = 15.0
LIFETIME_SECONDS = 600.0
RECONNECT_SECONDS = 0.5
READY_SECONDS = 5.0
WAITING_MOST = 200
ENDS_SCREENS = {"PostBegan", "PostEnded", "SessionsEnded"}
FOR_EVERY_SCREEN = {"RulesChanged"}
READ_ANEW: dict[str, Any] = {"name": "Reload"}
log = structlog.get_logger()


def _keep(tx: Tx, page: Page) -> Page:
    """The page, each fact with whom it is kept from."""
    kept = kept_from(tx, [fact["subject"] for fact in page.facts])
    for fact in page.facts:
        fact["kept_from"] = kept.get(fact["subject"], frozenset())
    return page


def following(cell: Cell, page: Page) -> Page:
    """What came after ``page``; a screen behind the horizon reads anew whatever it shows."""
    try:
        with transaction(cell) as tx:
            return _keep(tx, read(tx, page.position, log=page.log))
    except FactsGone as gone:
        return replace(gone.page, facts=[READ_ANEW])


def present(cell: Cell) -> Page:
    with transaction(cell) as tx:
        return end(tx)


@dataclass(eq=False)
class Listener:
    """One open screen: what it may hear, and what waits for it."""

    account_id: UUID
    intervals: list[tuple[int, int]]
    unit_ids: frozenset[UUID]
    waiting: "asyncio.Queue[dict[str, Any] | None]" = field(
        default_factory=lambda: asyncio.Queue(WAITING_MOST)
    )

    def hears(self, fact: dict[str, Any]) -> bool:
        kept = fact.get("kept_from")
        if kept and (self.account_id in kept or not self.unit_ids.isdisjoint(kept)):
            return False
        return (
            fact["name"] in FOR_EVERY_SCREEN
            or fact["account_id"] == self.account_id
            or not self.unit_ids.isdisjoint(fact["unit_ids"])
            or (
                fact["pos"] is not None
                and any(low <= fact["pos"] < high for low, high in self.intervals)
            )
        )

    def offer(self, item: dict[str, Any] | None) -> None:
        if self.waiting.full():
            while not self.waiting.empty():
                self.waiting.get_nowait()
            item = item and {"name": "Reload"}
        self.waiting.put_nowait(item)


class Stream:
    """One tenant's facts, read once and handed to every screen that may hear them."""

    def __init__(self, cell: Cell) -> None:
        self.cell = cell
        self.listeners: set[Listener] = set()
        self.places = Places()
        self.ready = asyncio.Event()
        self.task = asyncio.create_task(self._run())

    async def _run(self) -> None:
        page: Page | None = None
        while True:
            try:
                connection = await psycopg.AsyncConnection.connect(
                    self.cell.dsns["intake"], autocommit=True, row_factory=tuple_row
                )
                async with connection:
                    await connection.execute("listen wangge_facts")
                    await connection.execute(f"listen {CHANNEL}")
                    if page is None:
                        page = await run_in_threadpool(present, self.cell)
                    self.ready.set()
                    while True:
                        page = await run_in_threadpool(following, self.cell, page)
                        for fact in page.facts:
                            self._hand_out(fact)
                        await self._until_woken(connection)
            except psycopg.Error as error:
                log.warning("live updates wait for the database", error=str(error).strip())
                await asyncio.sleep(RECONNECT_SECONDS)

    async def _until_woken(self, connection: psycopg.AsyncConnection[Any]) -> None:
        """Wait for a fact or a poll's time; meanwhile tell who came to a case and who left it."""
        loop = asyncio.get_running_loop()
        ends, woken = loop.time() + POLL_SECONDS, False
        while not woken and (left := ends - loop.time()) > 0:
            async for note in connection.notifies(timeout=left, stop_after=1):
                if note.channel == CHANNEL:
                    self._came_or_left(note.payload)
                else:
                    woken = True
        for subject in self.places.forget(loop.time()):
            self._tell_who(subject, self.places.at(subject))
        if woken:
            await asyncio.sleep(GATHER_SECONDS)

    def _came_or_left(self, payload: str) -> None:
        here = read_here(payload)
        changed = self.places.hear(here, asyncio.get_running_loop().time())
        there = self.places.at(here.subject)
        self._tell_who(here.subject, there if changed else there & {here.account_id})

    def _tell_who(self, subject: UUID, accounts: frozenset[UUID]) -> None:
        """To each of ``accounts``, who else is there."""
        for listener in self.listeners:
            if listener.account_id in accounts:
                who = self.places.others(subject, listener.account_id)
                listener.offer({"name": "Presence", "subject": str(subject), "who": who})

    def _hand_out(self, fact: dict[str, Any]) -> None:
        for listener in list(self.listeners):
            if fact is READ_ANEW:
                listener.offer({"name": "Reload"})
            elif fact["name"] in ENDS_SCREENS and fact["account_id"] == listener.account_id:
                listener.offer(None)
            elif listener.hears(fact):
                listener.offer({"name": fact["name"], "subject": str(fact["subject"])})

    async def events(self, listener: Listener) -> AsyncIterator[bytes]:
        """Server-sent events until the post ends, the lifetime is over, or the client leaves."""
        self.listeners.add(listener)
        loop = asyncio.get_running_loop()
        ends = loop.time() + LIFETIME_SECONDS
        try:
            yield b"retry: 2000\nevent: hello\ndata: {}\n\n"
            while loop.time() < ends:
                try:
                    item = await asyncio.wait_for(listener.waiting.get(), HEARTBEAT_SECONDS)
                except TimeoutError:
                    yield b": still here\n\n"
                    continue
                if item is None:
                    yield b"event: bye\ndata: {}\n\n"
                    return
                yield b"event: fact\ndata: " + orjson.dumps(item) + b"\n\n"
        finally:
            self.listeners.discard(listener)


class Live:
    """The streams of this process, one per tenant, begun when the first screen opens."""

    def __init__(self) -> None:
        self.streams: dict[str, Stream] = {}

    async def stream(self, cell: Cell) -> Stream:
        if cell.tenant not in self.streams:
            self.streams[cell.tenant] = Stream(cell)
        found = self.streams[cell.tenant]
        try:
            await asyncio.wait_for(found.ready.wait(), READY_SECONDS)
        except TimeoutError:
            raise Away from None
        return found

    async def close(self) -> None:
        for stream in self.streams.values():
            for listener in list(stream.listeners):
                listener.offer(None)
            stream.task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await stream.task
        self.streams.clear()
