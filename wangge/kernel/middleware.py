"""What surrounds every request: its id, its log line, its size limit, its security headers."""

import contextlib
import re
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import orjson
import structlog
from prometheus_client import Histogram

from wangge.kernel.ids import new_id

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

SECONDS = Histogram(
    "wangge_request_seconds", "Time to answer, by method and status", ["method", "status"]
)
# A follow code is its asker's only key and belongs in no log.
FOLLOW_CODE = re.compile(r"(?<=/public/cases/)[^/]+")
MOST_JSON = 1_000_000
MOST_BATCH = 10_000_000
MOST_FILE = 70_000_000
SECURITY = [
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(self), microphone=(self), geolocation=(self)"),
    (
        b"content-security-policy",
        (
            b"default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:;"
            b" style-src 'self' 'unsafe-inline'; worker-src 'self' blob:; connect-src 'self';"
            b" object-src 'none'; base-uri 'self'; frame-ancestors 'none'; form-action 'self'"
        ),
    ),
]
log = structlog.get_logger()


class Surround:
    """Pure ASGI, so that streams pass untouched."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = str(new_id())
        scope.setdefault("state", {})["request_id"] = request_id
        started = time.perf_counter()
        status = 500
        most = _most(scope["path"])
        body = _Body(receive, most)

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                present = {name for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *(pair for pair in SECURITY if pair[0] not in present),
                    (b"x-request-id", request_id.encode()),
                ]
            await send(message)

        async def unless_too_large(message: Message) -> None:
            # The framework makes its own answer of a body that broke off; this one says why.
            if not body.too_large:
                await answer(message)

        try:
            if _declared(scope) > most:
                body.too_large = True
            else:
                with contextlib.suppress(_TooLargeError):
                    await self.app(scope, body, unless_too_large)
            if body.too_large:
                await _too_large(answer, request_id, most)
        finally:
            seconds = time.perf_counter() - started
            SECONDS.labels(scope["method"], str(status)).observe(seconds)
            log.info(
                "request",
                request_id=request_id,
                method=scope["method"],
                path=FOLLOW_CODE.sub("•", scope["path"]),
                status=status,
                ms=round(seconds * 1000, 1),
            )


class _TooLargeError(Exception):
    pass


def _most(path: str) -> int:
    if "/files" in path or "/import" in path:
        return MOST_FILE
    return MOST_BATCH if "/intake/" in path else MOST_JSON


def _declared(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value) if value.isdigit() else 0
    return 0


class _Body:
    """What comes in, counted; it breaks off when it is more than the door takes."""

    def __init__(self, receive: Receive, most: int) -> None:
        self.receive = receive
        self.left = most
        self.too_large = False

    async def __call__(self) -> Message:
        message = await self.receive()
        self.left -= len(message.get("body", b""))
        if self.left < 0:
            self.too_large = True
            raise _TooLargeError
        return message


async def _too_large(send: Send, request_id: str, most: int) -> None:
    body = orjson.dumps(
        {
            "code": "too_large",
            "message": {
                "zh": f"内容过大，最多 {most // 1_000_000} MB",
                "en": f"too large: at most {most // 1_000_000} MB",
            },
            "details": {"most_bytes": most},
            "request_id": request_id,
        }
    )
    await send(
        {
            "type": "http.response.start",
            "status": 413,
            "headers": [
                (b"content-type", b"application/json"),
                (b"content-length", str(len(body)).encode()),
                (b"connection", b"close"),
            ],
        }
    )
    await send({"type": "http.response.body", "body": body})
