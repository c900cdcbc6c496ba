"""A stand-in for an SMS gateway: the same interface over the network, and nothing is really sent.

``python -m wangge.notices.local_gateway`` starts it. It keeps what it was given, answers late or
not at all if told to, sends signed receipts as a real one does, and the replies of telephones.
"""

import json
import threading
import urllib.parse
import urllib.request
import uuid
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any

from wangge.kernel.stand_ins import JsonDoor
from wangge.kernel.stand_ins import StandIn as Server
from wangge.notices.gateway import shared_token, sign
from wangge.settings import settings

TRIES = 5
NEEDED = {"id", "phone", "text", "receipts"}


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
    replies: str = ""
    times: int = 1


class StandIn(Server):
    """Keeps messages by their id, and tells what became of each."""

    path = "/messages"

    def __init__(self, port: int, token: str, behaviour: Behaviour | None = None) -> None:
        super().__init__(port, token, JsonDoor)
        self.behaviour = behaviour or Behaviour()
        self.kept: dict[str, Kept] = {}
        self.lock = threading.Lock()

    def all(self) -> list[dict[str, Any]]:
        with self.lock:
            return [asdict(message) for message in self.kept.values()]

    def behave(self, how: dict[str, Any]) -> dict[str, Any]:
        self.behaviour = Behaviour(**how)
        return asdict(self.behaviour)

    def take(self, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Answer one message, or one reply that is to be sent on: status and body."""
        if path == "/replies":
            return self.reply(str(body.get("phone", "")), str(body.get("text", "")))
        self.ending.wait(self.behaviour.delay)
        with self.lock:
            if self.behaviour.failures:
                return self.behaviour.failures.pop(0), {"error": "told to fail"}
            if not body.keys() >= NEEDED:
                return 400, {"error": f"needed: {', '.join(sorted(NEEDED))}"}
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
                str(body.get("replies", "")),
            )
            self.kept[kept.id] = kept
        if self.behaviour.receipts:
            self._report(kept)
        return 202, {"provider_id": kept.provider_id}

    def _report(self, kept: Kept) -> None:
        failed = kept.phone in self.behaviour.undelivered
        receipt = {
            "id": kept.id,
            "provider_id": kept.provider_id,
            "state": "failed" if failed else "delivered",
            "error": "absent subscriber" if failed else "",
        }
        send = partial(post_signed, self.token, kept.receipts, receipt)
        self.until_taken(send, first=self.behaviour.receipt_delay, tries=TRIES)

    def reply(self, phone: str, text: str) -> tuple[int, dict[str, Any]]:
        """Somebody answers the last message on his telephone: it goes where that one said."""
        with self.lock:
            last = next((one for one in reversed(self.kept.values()) if one.phone == phone), None)
        if last is None or not last.replies:
            return 404, {"error": "no message that can be replied to"}
        reply = {"id": uuid.uuid4().hex, "phone": phone, "text": text}
        send = partial(post_signed, self.token, last.replies, reply)
        self.until_taken(send, first=0, tries=TRIES)
        return 202, {"reply_id": reply["id"]}


def post_signed(token: str, address: str, body: dict[str, Any]) -> None:
    """What a gateway sends back to the platform, signed; tenants of the demo are on 127.0.0.1."""
    parts = urllib.parse.urlsplit(address)
    if parts.scheme not in ("http", "https"):
        raise OSError("receipts go over http")
    raw = json.dumps(body).encode()
    headers = {"Content-Type": "application/json", "X-Wangge-Signature": sign(token, raw)}
    host = parts.hostname or ""
    if host.endswith(".localhost"):  # names of tenants in the demo, which no resolver knows
        headers["Host"] = parts.netloc
        parts = parts._replace(netloc=f"127.0.0.1:{parts.port or 80}")
    asked = urllib.request.Request(  # noqa: S310 - the scheme was checked above
        urllib.parse.urlunsplit(parts), raw, headers, method="POST"
    )
    with urllib.request.urlopen(asked, timeout=10):  # noqa: S310 - only http
        return


def main() -> None:
    StandIn(settings().sms_port, shared_token()).stay()


if __name__ == "__main__":
    main()
