"""How much and how slowly a request may bring: counted as it comes, not as it was announced."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from wangge.kernel.errors import Refusal

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]

MOST_JSON = 1_000_000
# The doors that take files and tables; every other one is a form of words.
MOST_FILE = {
    "/api/v1/files": 70_000_000,
    "/api/v1/intake/cases": 10_000_000,
    "/api/v1/tenant/logo": 5_000_000,
    "/api/v1/rules/import": 5_000_000,
    "/api/v1/people/import": 20_000_000,
    "/api/v1/places/import": 70_000_000,
    "/api/v1/areas/import": 70_000_000,
    "/api/v1/video/sites/import": 20_000_000,
    "/api/v1/video/kept": 12_000_000,
}
MOST_HEADERS = 32_000
# A phone in a stairwell is slow; who sends less than this only holds a place.
SILENCE_SECONDS = 30.0
LEAST_RATE = 2_000.0


class BrokenOffError(Exception):
    """The body is more than the door takes, or does not come."""


def most_of(scope: MutableMapping[str, Any]) -> int:
    """Return how many bytes this door takes; the large ones only of somebody with a session."""
    most = MOST_FILE.get(scope["path"], MOST_JSON)
    if most > MOST_JSON and not _has_cookie(scope):
        return MOST_JSON
    return most


def _has_cookie(scope: MutableMapping[str, Any]) -> bool:
    return any(name == b"cookie" for name, _ in scope["headers"])


def declared(scope: MutableMapping[str, Any]) -> int:
    """Return what the headers announce; headers that are too many themselves count as too much."""
    size = announced = 0
    for name, value in scope["headers"]:
        size += len(name) + len(value)
        if name == b"content-length":
            announced = int(value) if value.isdigit() else 0
    return announced if size <= MOST_HEADERS else -1


def refusal_of(announced: int, most: int) -> Refusal | None:
    if announced < 0:
        refusal = Refusal("headers_too_large", "请求头过大", "the request's headers are too large")
        refusal.status = 431
        return refusal
    return too_large(most) if announced > most else None


def too_large(most: int) -> Refusal:
    refusal = Refusal(
        "too_large",
        f"内容过大，最多 {most // 1_000_000} MB",
        f"too large: at most {most // 1_000_000} MB",
        most_bytes=most,
    )
    refusal.status = 413
    return refusal


def too_slow() -> Refusal:
    refusal = Refusal(
        "too_slow",
        "内容传得太慢，已中断；请换个信号好的地方重试",
        "it came too slowly and was broken off; try again where the signal is better",
    )
    refusal.status = 408
    return refusal


class Counted:
    """What comes in, counted; it breaks off what is too much or too slow, and keeps the reason."""

    def __init__(self, receive: Receive, most: int) -> None:
        self.receive = receive
        self.most = most
        self.got = 0
        self.whole = False
        self.began = 0.0
        self.refused: Refusal | None = None

    async def __call__(self) -> Message:
        if self.whole:
            return await self.receive()
        loop = asyncio.get_running_loop()
        now = loop.time()
        if self.got == 0:
            self.began = now
        latest = min(now, self.began + self.got / LEAST_RATE) + SILENCE_SECONDS
        message = await self._before(loop, latest)
        self.got += len(message.get("body", b""))
        self.whole = not message.get("more_body", False)
        if self.got > self.most:
            self.refused = too_large(self.most)
            raise BrokenOffError
        return message

    async def _before(self, loop: asyncio.AbstractEventLoop, latest: float) -> Message:
        """As ``asyncio.timeout_at``, at a third of its cost: this stands before every report."""
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError
        late: list[bool] = []

        def expire() -> None:
            late.append(task.cancel())

        timer = loop.call_at(latest, expire)
        try:
            return await self.receive()
        except asyncio.CancelledError:
            if not late:
                raise
            task.uncancel()
            self.refused = too_slow()
            raise BrokenOffError from None
        finally:
            timer.cancel()
