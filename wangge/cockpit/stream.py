"""The live line of the wall: one look for all screens of a process, to each what has changed.

The line of facts (kernel.live) carries the end of a post, so that a screen closes with it; after
any other word of it, and when a slow screen missed some, the whole picture is told again.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

import orjson
import psycopg
import structlog
from starlette.concurrency import run_in_threadpool

from wangge.cockpit import panels, service
from wangge.cockpit.panels import City, Seen
from wangge.kernel.db import transaction
from wangge.kernel.live import HEARTBEAT_SECONDS, LIFETIME_SECONDS, Listener, Stream

LOOK_SECONDS = 0.4
# Screens are told that all still stands; one that hears nothing for longer dims its panels.
STANDS_SECONDS = 3.0
log = structlog.get_logger()
Key = tuple[Any, ...]


@dataclass(eq=False)
class View:
    """What some screens look at, as it was last told to them."""

    seen: Seen
    picture: dict[str, Any]
    viewers: set[Listener] = field(default_factory=set)


def _event(name: str, body: dict[str, Any]) -> bytes:
    return b"event: " + name.encode() + b"\ndata: " + orjson.dumps(body, default=str) + b"\n\n"


class Wall:
    """One tenant's screens of this process; it looks only while somebody does."""

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.views: dict[Key, View] = {}
        self.city: City | None = None
        self.told = 0.0
        self.task: asyncio.Task[None] | None = None

    def _look(self) -> City:
        with transaction(self.stream.cell) as tx:
            return service.city(tx)

    async def _run(self) -> None:
        while self.views:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                city = await run_in_threadpool(self._look)
                await self._tell(city)
            except psycopg.Error as error:
                log.warning("the wall waits for the database", error=str(error).strip())
            except Exception:
                # A screen that is told nothing dims; the next look may go well.
                log.exception("a look at the wall failed")

    async def _tell(self, city: City) -> None:
        before, self.city = self.city, city
        changed = before is None or before.stamp != city.stamp
        now = asyncio.get_running_loop().time()
        if not changed and now - self.told < STANDS_SECONDS:
            return
        self.told = now
        for view in list(self.views.values()):
            said: dict[str, Any] = {}
            if changed:
                new = await run_in_threadpool(self._picture, city, view.seen)
                said = panels.changes(view.picture, new)
                view.picture = new
            event = _event("wall", {**said, "times": city.times})
            for viewer in view.viewers:
                viewer.offer({"name": "wall", "event": event})

    def _picture(self, city: City, seen: Seen) -> dict[str, Any]:
        return service.picture(self.stream.cell.tenant, city, seen)

    async def events(
        self, viewer: Listener, seen: Seen, city: City, home: UUID | None
    ) -> AsyncIterator[bytes]:
        """The whole picture, then what changes, until the post ends or the lifetime is over."""
        picture = await run_in_threadpool(self._picture, city, seen)
        key = (seen.area.id, seen.indicator, seen.level)
        view = self.views.setdefault(key, View(seen, picture))
        view.viewers.add(viewer)
        self.stream.listeners.add(viewer)
        if self.task is None or self.task.done():
            self.task = asyncio.create_task(self._run())
        loop = asyncio.get_running_loop()
        ends = loop.time() + LIFETIME_SECONDS
        try:
            yield b"retry: 2000\n" + _whole(view, city, home)
            while loop.time() < ends:
                try:
                    item = await asyncio.wait_for(viewer.waiting.get(), HEARTBEAT_SECONDS)
                except TimeoutError:
                    yield b": still here\n\n"
                    continue
                if item is None:
                    yield _event("bye", {})
                    return
                yield item.get("event") or _whole(view, self.city or city, home)
        finally:
            self.stream.listeners.discard(viewer)
            view.viewers.discard(viewer)
            if not view.viewers:
                self.views.pop(key, None)
            if not self.views and self.task:
                self.task.cancel()
                self.task = None


def _whole(view: View, city: City, home: UUID | None) -> bytes:
    return _event("whole", {**view.picture, "times": city.times, "home": home})


_walls: WeakKeyDictionary[Stream, Wall] = WeakKeyDictionary()


def wall(stream: Stream) -> Wall:
    """The wall that goes with a tenant's line of facts."""
    if stream not in _walls:
        _walls[stream] = Wall(stream)
    return _walls[stream]
