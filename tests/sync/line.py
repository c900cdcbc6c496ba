"""A bad line between phones and the real application: it drops, doubles, delays, cuts and lies.

Requests go to the application itself, whole or cut, as a server would hand them on; what a fault
does to the answer happens after the application has committed.
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from random import Random
from typing import Any, NamedTuple

from fastapi import FastAPI

FAULTS = {
    "none": 50,
    "dropped": 10,
    "answer_dropped": 12,
    "failed_after_commit": 8,
    "answer_cut": 8,
    "request_cut": 5,
    "doubled": 6,
    "delayed": 8,
}


class Answer(NamedTuple):
    """What came back; the headers by their names in small letters."""

    status: int
    body: bytes
    headers: dict[str, str]


class NoLine(Exception):  # noqa: N818 - what a phone sees of every fault
    """No answer, half an answer, or a failure: nothing is known."""


class Line:
    """One line for all phones of a story; ``good`` ends all faults."""

    def __init__(self, app: FastAPI, chance: Random) -> None:
        self.app = app
        self.chance = chance
        self.good = False
        self.met: Counter[str] = Counter()
        self.late: list[Callable[[], Any]] = []

    async def ask(
        self, method: str, path: str, headers: dict[str, str], body: bytes = b""
    ) -> Answer:
        names = list(FAULTS)
        fault = "none" if self.good else self.chance.choices(names, list(FAULTS.values()))[0]
        self.met[fault] += 1
        while self.late and (self.good or self.chance.random() < 0.5):
            await self.late.pop(self.chance.randrange(len(self.late)))()

        async def through(part: bytes = body) -> Answer:
            return await asked(self.app, method, path, headers, part, whole=len(body))

        match fault:
            case "dropped":
                raise NoLine
            case "delayed":
                self.late.append(through)
                raise NoLine
            case "request_cut":
                await through(body[: len(body) // 2])
                raise NoLine
            case "doubled":
                return (await asyncio.gather(through(), through()))[self.chance.randrange(2)]
        answer = await through()
        if fault in ("answer_dropped", "answer_cut", "failed_after_commit"):
            raise NoLine
        if answer.status >= 500:
            raise NoLine
        return answer


async def asked(
    app: FastAPI, method: str, path: str, headers: dict[str, str], body: bytes, *, whole: int
) -> Answer:
    """One request as a server hands it on; fewer bytes than announced end in a disconnect."""
    address, _, query = path.partition("?")
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method,
        "scheme": "http", "path": address, "raw_path": address.encode(), "root_path": "",
        "query_string": query.encode(), "client": ("10.8.0.1", 4000), "server": ("test", 80),
        "headers": [
            (name.lower().encode(), value.encode())
            for name, value in {**headers, "Host": "test", "Content-Length": str(whole)}.items()
        ],
    }  # fmt: skip
    coming = [{"type": "http.request", "body": body, "more_body": len(body) < whole}]
    status, parts = 0, bytearray()
    said: dict[str, str] = {}

    async def receive() -> Any:
        return coming.pop(0) if coming else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]
            said.update((name.decode(), value.decode()) for name, value in message["headers"])
        else:
            parts.extend(message.get("body", b""))

    await app(scope, receive, send)
    return Answer(status, bytes(parts), said)
