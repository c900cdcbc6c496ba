"""A stand-in for an SMS gateway: the same interface over the network, and nothing is really sent.

``python -m wangge.notices.local_gateway`` starts it. It keeps what it was given, answers late or
not at all if told to, and sends signed receipts as a real one does.
"""

import hmac
import json
import threading
import urllib.parse
import urllib.request
import uuid
from dataclasses import asdict, dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from wangge.notices.gateway import shared_token, sign
from wangge.settings import settings

RECEIPT_TRIES = 5


@dataclass
class Behaviour:
    """How the stand-in treats messages: seconds of waiting, and what goes wrong."""

    delay: float = 0.0
    receipt_delay: float = 0.5
    failures: list[int] = field(default_factory=list)  # statuses for the next requests, in order
    refused: list[str] = field(default_factory=list)  # numbers answered with 400
    undelivered: list[str] = field(default_factory=list)  # numbers whose receipt says failed
    receipts: bool = True


@dataclass
class Kept:
    """One message as it came, and how often it came."""

    id: str
    phone: str
    text: str
    receipts: str
    provider_id: str
    times: int = 1


class StandIn(ThreadingHTTPServer):
    """The server; ``start`` returns when it listens, ``stop`` when it is gone."""

    daemon_threads = True

    def __init__(self, port: int, token: str, behaviour: Behaviour | None = None) -> None:
        super().__init__(("127.0.0.1", port), _Door)
        self.token = token
        self.behaviour = behaviour or Behaviour()
        self.kept: dict[str, Kept] = {}
        self.lock = threading.Lock()
        self.ending = threading.Event()
        self.thread = threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def start(self) -> "StandIn":
        self.thread.start()
        return self

    def stop(self) -> None:
        self.ending.set()
        self.shutdown()
        self.thread.join()
        self.server_close()

    def take(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Answer one message: status and body."""
        self.ending.wait(self.behaviour.delay)
        with self.lock:
            if self.behaviour.failures:
                return self.behaviour.failures.pop(0), {"error": "told to fail"}
            if not {"id", "phone", "text", "receipts"} <= body.keys():
                return 400, {"error": "id, phone, text and receipts are needed"}
            if body["phone"] in self.behaviour.refused:
                return 400, {"error": "this number is refused"}
            known = self.kept.get(body["id"])
            if known:
                known.times += 1
                return 202, {"provider_id": known.provider_id}
            kept = Kept(
                str(body["id"]),
                str(body["phone"]),
                str(body["text"]),
                str(body["receipts"]),
                uuid.uuid4().hex,
            )
            self.kept[kept.id] = kept
        if self.behaviour.receipts:
            threading.Thread(target=self._report, args=(kept,), daemon=True).start()
        return 202, {"provider_id": kept.provider_id}

    def _report(self, kept: Kept) -> None:
        """Send the receipt until it is taken, each time later."""
        failed = kept.phone in self.behaviour.undelivered
        receipt = {
            "id": kept.id,
            "provider_id": kept.provider_id,
            "state": "failed" if failed else "delivered",
            "error": "absent subscriber" if failed else "",
        }
        body = json.dumps(receipt).encode()
        wait = self.behaviour.receipt_delay
        for _ in range(RECEIPT_TRIES):
            if self.ending.wait(wait):
                return
            try:
                asked = signed_request(self.token, kept.receipts, body)
                with urllib.request.urlopen(asked, timeout=10):  # noqa: S310 - only http
                    return
            except OSError:
                wait = max(wait, 0.5) * 2


def signed_request(token: str, address: str, body: bytes) -> urllib.request.Request:
    """What a gateway sends back to the platform, signed; tenants of the demo are on 127.0.0.1."""
    parts = urllib.parse.urlsplit(address)
    if parts.scheme not in ("http", "https"):
        raise OSError("receipts go over http")
    headers = {"Content-Type": "application/json", "X-Wangge-Signature": sign(token, body)}
    host = parts.hostname or ""
    if host.endswith(".localhost"):  # names of tenants in the demo, which no resolver knows
        headers["Host"] = parts.netloc
        parts = parts._replace(netloc=f"127.0.0.1:{parts.port or 80}")
    return urllib.request.Request(  # noqa: S310 - the scheme was checked above
        urllib.parse.urlunsplit(parts), body, headers, method="POST"
    )


class _Door(BaseHTTPRequestHandler):
    """POST /messages, GET /messages, PUT /behaviour; all with the bearer token."""

    server: StandIn
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self._may() and self.path == "/messages":
            with self.server.lock:
                kept = [asdict(message) for message in self.server.kept.values()]
            self._answer(200, {"items": kept})

    def do_POST(self) -> None:
        body = self._body()
        if self._may() and body is not None:
            self._answer(*self.server.take(body))

    def do_PUT(self) -> None:
        body = self._body()
        if self._may() and body is not None:
            self.server.behaviour = Behaviour(**body)
            self._answer(200, asdict(self.server.behaviour))

    def _may(self) -> bool:
        given = self.headers.get("Authorization", "")
        if hmac.compare_digest(given.encode(), f"Bearer {self.server.token}".encode()):
            return True
        self._answer(401, {"error": "bearer token needed"})
        return False

    def _body(self) -> dict[str, Any] | None:
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            body = json.loads(raw)
        except ValueError:
            body = None
        if isinstance(body, dict):
            return body
        self._answer(400, {"error": "a JSON object is needed"})
        return None

    def _answer(self, status: int, content: dict[str, Any]) -> None:
        raw = json.dumps(content, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name in the base
        """Say nothing: what it was given is read at GET /messages."""


def main() -> None:
    server = StandIn(settings().sms_port, shared_token()).start()
    try:
        server.thread.join()
    except KeyboardInterrupt:
        server.stop()


if __name__ == "__main__":
    main()
