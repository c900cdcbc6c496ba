"""What surrounds every request: its id, its log line, its limits of size and time, its headers."""

import contextlib
import re
import time
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from typing import Any

import structlog
from prometheus_client import Histogram

from wangge.kernel import proxies
from wangge.kernel.bodies import BrokenOffError, Counted, Receive, declared, most_of, refusal_of
from wangge.kernel.errors import Refusal
from wangge.kernel.ids import new_id
from wangge.settings import settings

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

SECONDS = Histogram(
    "wangge_request_seconds", "Time to answer, by method and status", ["method", "status"]
)
# A follow code is its asker's only key and belongs in no log.
FOLLOW_CODE = re.compile(r"(?<=/public/cases/)[^/]+")


def policy(hosts: Sequence[str] = ()) -> str:
    """What a page may load; ``hosts`` are servers of a base map that its city has chosen."""
    also = "".join(f" {host}" for host in hosts)
    return (
        f"default-src 'none'; script-src 'self'; style-src 'self';"
        f" img-src 'self' data: blob:{also}; media-src 'self' blob:; font-src 'self';"
        f" connect-src 'self'{also}; worker-src 'self'; manifest-src 'self'; object-src 'none';"
        " base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )


CSP = policy()
SENSES = (
    "camera=(self), microphone=(self), geolocation=(self), payment=(), usb=(), serial=(),"
    " midi=(), display-capture=()"
)
SECURITY = [
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"permissions-policy", SENSES.encode()),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"content-security-policy", CSP.encode()),
]
# What is asked of the API concerns somebody; a door that may be kept for a while says so itself.
PRIVATE = [*SECURITY, (b"cache-control", b"no-store")]
OURS = {name for name, _ in PRIVATE}
TLS_ONLY = (b"strict-transport-security", b"max-age=31536000")
MACHINES = {"/healthz", "/readyz", "/metrics"}
log = structlog.get_logger()


class Surround:
    """Pure ASGI, so that streams pass untouched."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        proxies.unwrap(scope)
        most = most_of(scope)
        body = Counted(receive, most)
        body.refused = _stranger(scope) or refusal_of(declared(scope), most)
        answer = _Answer(scope, send, body)
        scope.setdefault("state", {})["request_id"] = answer.request_id
        try:
            if body.refused is None:
                with contextlib.suppress(BrokenOffError):
                    await self.app(scope, body, answer)
            if body.refused:
                await answer.refuse(body.refused)
        except Exception:
            log.exception("unknown failure", request_id=answer.request_id)
            if answer.begun:
                # Half an answer is out; only a broken line tells that there is no more.
                raise
            await answer.refuse(_broken())
        finally:
            answer.write_down()


class _Answer:
    """What goes out, with the headers that every answer bears, and its line in the log."""

    def __init__(self, scope: Scope, send: Send, body: Counted) -> None:
        self.request_id = str(new_id())
        self.begun = False
        self.status = 500
        self._scope = scope
        self._send = send
        self._body = body
        self._refusing = False
        self._started = time.perf_counter()

    async def __call__(self, message: Message) -> None:
        # The framework makes its own answer of a body that broke off; `refuse` says why.
        if self._body.refused is not None and not self._refusing:
            return
        self.begun = True
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message["headers"] = [
                *message["headers"],
                *_security(self._scope, message["headers"]),
                (b"x-request-id", self.request_id.encode()),
            ]
        await self._send(message)

    async def refuse(self, refusal: Refusal) -> None:
        if self.begun:
            return
        body = refusal.body(self.request_id)
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(body)).encode()),
            (b"connection", b"close"),
        ]
        self._refusing = True
        await self({"type": "http.response.start", "status": refusal.status, "headers": headers})
        await self({"type": "http.response.body", "body": body})

    def write_down(self) -> None:
        seconds = time.perf_counter() - self._started
        SECONDS.labels(self._scope["method"], str(self.status)).observe(seconds)
        log.info(
            "request",
            request_id=self.request_id,
            method=self._scope["method"],
            path=FOLLOW_CODE.sub("•", self._scope["path"]),
            status=self.status,
            ms=round(seconds * 1000, 1),
        )


def _security(scope: Scope, given: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    wanted = PRIVATE if scope["path"].startswith("/api/") else SECURITY
    if any(name in OURS for name, _ in given):
        present = {name for name, _ in given}
        wanted = [pair for pair in wanted if pair[0] not in present]
    return [*wanted, TLS_ONLY] if scope["scheme"] == "https" else wanted


def _stranger(scope: Scope) -> Refusal | None:
    """Refuse a host name that is not this installation's, if the settings name those that are."""
    hosts = settings().hosts
    if not hosts or scope["path"] in MACHINES:
        return None
    asked = next((value for name, value in scope["headers"] if name == b"host"), b"")
    name = asked.decode("latin-1").rsplit(":", 1)[0].lower()
    if any(name == host or (host.startswith(".") and name.endswith(host)) for host in hosts):
        return None
    refusal = Refusal("unknown_host", "本系统不使用这个域名", "this is no host name of this system")
    refusal.status = 421
    return refusal


def _broken() -> Refusal:
    refusal = Refusal(
        "internal",
        "系统出错，已记录；内容仍在本页，请稍后重试",
        "something broke and was recorded; what you typed is still here, please retry",
    )
    refusal.status = 500
    return refusal
