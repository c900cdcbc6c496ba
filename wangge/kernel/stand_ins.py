"""A server on this machine that speaks another's documented interface, over the network."""

import contextlib
import hmac
import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol, Self


class StandIn(ThreadingHTTPServer):
    """The server; ``start`` returns when it listens, ``stop`` when it is gone."""

    daemon_threads = True

    def __init__(self, port: int, token: str, door: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(("127.0.0.1", port), door)
        self.token = token
        self.ending = threading.Event()
        self.thread = threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"

    @property
    def url(self) -> str:
        return f"http://{self.host}"

    def start(self) -> Self:
        self.thread.start()
        return self

    def stop(self) -> None:
        self.ending.set()
        self.shutdown()
        self.thread.join()
        self.server_close()

    def stay(self) -> None:
        """Serve until somebody ends the process."""
        self.start()
        try:
            self.thread.join()
        except KeyboardInterrupt:
            self.stop()

    def until_taken(self, send: Callable[[], None], *, first: float, tries: int) -> None:
        """Send until it is taken, each time twice as late; beside what else is answered."""
        threading.Thread(target=self._until_taken, args=(send, first, tries), daemon=True).start()

    def _until_taken(self, send: Callable[[], None], wait: float, tries: int) -> None:
        for _ in range(tries):
            if self.ending.wait(wait):
                return
            try:
                send()
            except OSError:
                wait = max(wait, 0.5) * 2
            else:
                return


class Door(BaseHTTPRequestHandler):
    """Answers, and writes no lines of its own: what was given or asked is kept by the server."""

    protocol_version = "HTTP/1.1"

    def answer(self, status: int, body: bytes, kind: str, **headers: str) -> None:
        self.send_response(status)
        for name, value in {
            "Content-Type": kind,
            "Content-Length": str(len(body)),
            **headers,
        }.items():
            self.send_header(name, value)
        with contextlib.suppress(ConnectionError):  # whoever asked may have gone
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name in the base
        """Say nothing."""


class Given(Protocol):
    """What a JSON door asks of its server."""

    token: str
    path: str

    def take(self, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]: ...
    def all(self) -> list[dict[str, Any]]: ...
    def behave(self, how: dict[str, Any]) -> dict[str, Any]: ...


class JsonDoor(Door):
    """POST what is taken, GET the server's path, PUT /behaviour; all with the bearer token."""

    server: Given  # type: ignore[assignment]

    def do_GET(self) -> None:
        if self._may() and self.path == self.server.path:
            self._say(200, {"items": self.server.all()})

    def do_POST(self) -> None:
        body = self._body()
        if self._may() and body is not None:
            self._say(*self.server.take(self.path, body))

    def do_PUT(self) -> None:
        body = self._body()
        if self._may() and body is not None:
            self._say(200, self.server.behave(body))

    def _may(self) -> bool:
        given = self.headers.get("Authorization", "")
        if hmac.compare_digest(given.encode(), f"Bearer {self.server.token}".encode()):
            return True
        self._say(401, {"error": "bearer token needed"})
        return False

    def _body(self) -> dict[str, Any] | None:
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            body = json.loads(raw)
        except ValueError:
            body = None
        if isinstance(body, dict):
            return body
        self._say(400, {"error": "a JSON object is needed"})
        return None

    def _say(self, status: int, content: dict[str, Any]) -> None:
        raw = json.dumps(content, ensure_ascii=False).encode()
        self.answer(status, raw, "application/json; charset=utf-8")
