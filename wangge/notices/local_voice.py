"""A stand-in for a voice gateway: the same interface over the network, and no telephone rings.

``python -m wangge.notices.local_voice`` starts it. It keeps what it was given, is busy, is not
answered or has a key pressed as it is told, and sends signed results as a real one does.
"""

import hmac
import json
import threading
import urllib.request
import uuid
from dataclasses import asdict, dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from wangge.notices.local_gateway import signed_request
from wangge.notices.voice import voice_token
from wangge.settings import settings

RESULT_TRIES = 5
NEEDED = {"id", "phone", "text", "key", "results"}


@dataclass
class Behaviour:
    """How numbers answer; a number that is in no list is picked up and no key is pressed."""

    result_delay: float = 0.5
    failures: list[int] = field(default_factory=list)  # statuses for the next requests, in order
    busy: list[str] = field(default_factory=list)
    no_answer: list[str] = field(default_factory=list)
    pressing: list[str] = field(default_factory=list)
    results: bool = True


class StandIn(ThreadingHTTPServer):
    """The server; ``start`` returns when it listens, ``stop`` when it is gone."""

    daemon_threads = True

    def __init__(self, port: int, token: str, behaviour: Behaviour | None = None) -> None:
        super().__init__(("127.0.0.1", port), _Door)
        self.token = token
        self.behaviour = behaviour or Behaviour()
        self.kept: dict[str, dict[str, Any]] = {}
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
        """Answer one call: status and body."""
        with self.lock:
            if self.behaviour.failures:
                return self.behaviour.failures.pop(0), {"error": "told to fail"}
            if not body.keys() >= NEEDED:
                return 400, {"error": f"needed: {', '.join(sorted(NEEDED))}"}
            known = self.kept.get(body["id"])
            if known:
                known["times"] += 1
                return 202, {"provider_id": known["provider_id"]}
            kept = {**body, "provider_id": uuid.uuid4().hex, "times": 1}
            self.kept[body["id"]] = kept
        if self.behaviour.results:
            threading.Thread(target=self._report, args=(kept,), daemon=True).start()
        return 202, {"provider_id": kept["provider_id"]}

    def result(self, phone: str) -> str:
        how = self.behaviour
        if phone in how.busy:
            return "busy"
        if phone in how.no_answer:
            return "no_answer"
        return "acknowledged" if phone in how.pressing else "heard"

    def _report(self, kept: dict[str, Any]) -> None:
        """Send the result until it is taken, each time later."""
        said = {"id": kept["id"], "provider_id": kept["provider_id"], "error": "",
                "state": self.result(kept["phone"])}  # fmt: skip
        body, wait = json.dumps(said).encode(), self.behaviour.result_delay
        for _ in range(RESULT_TRIES):
            if self.ending.wait(wait):
                return
            try:
                asked = signed_request(self.token, kept["results"], body)
                with urllib.request.urlopen(asked, timeout=10):  # noqa: S310 - only http
                    return
            except OSError:
                wait = max(wait, 0.5) * 2


class _Door(BaseHTTPRequestHandler):
    """POST /calls, GET /calls, PUT /behaviour; all with the bearer token."""

    server: StandIn
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self._may() and self.path == "/calls":
            with self.server.lock:
                self._answer(200, {"items": list(self.server.kept.values())})

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
        """Say nothing: what it was given is read at GET /calls."""


def main() -> None:
    server = StandIn(settings().voice_port, voice_token()).start()
    try:
        server.thread.join()
    except KeyboardInterrupt:
        server.stop()


if __name__ == "__main__":
    main()
