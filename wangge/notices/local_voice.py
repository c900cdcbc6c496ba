"""A stand-in for a voice gateway: the same interface over the network, and no telephone rings.

``python -m wangge.notices.local_voice`` starts it. It keeps what it was given, is busy, is not
answered or has a key pressed as it is told, and sends signed results as a real one does.
"""

import threading
import uuid
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any

from wangge.kernel.stand_ins import JsonDoor
from wangge.kernel.stand_ins import StandIn as Server
from wangge.notices.local_gateway import TRIES, post_signed
from wangge.notices.voice import voice_token
from wangge.settings import settings

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


class StandIn(Server):
    """Keeps calls by their id, and tells how each ended."""

    path = "/calls"

    def __init__(self, port: int, token: str, behaviour: Behaviour | None = None) -> None:
        super().__init__(port, token, JsonDoor)
        self.behaviour = behaviour or Behaviour()
        self.kept: dict[str, dict[str, Any]] = {}
        self.lock = threading.Lock()

    def all(self) -> list[dict[str, Any]]:
        with self.lock:
            return list(self.kept.values())

    def behave(self, how: dict[str, Any]) -> dict[str, Any]:
        self.behaviour = Behaviour(**how)
        return asdict(self.behaviour)

    def take(self, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:  # noqa: ARG002 - one path
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
            said = {"id": kept["id"], "provider_id": kept["provider_id"], "error": "",
                    "state": self.result(kept["phone"])}  # fmt: skip
            send = partial(post_signed, self.token, kept["results"], said)
            self.until_taken(send, first=self.behaviour.result_delay, tries=TRIES)
        return 202, {"provider_id": kept["provider_id"]}

    def result(self, phone: str) -> str:
        how = self.behaviour
        if phone in how.busy:
            return "busy"
        if phone in how.no_answer:
            return "no_answer"
        return "acknowledged" if phone in how.pressing else "heard"


def main() -> None:
    StandIn(settings().voice_port, voice_token()).stay()


if __name__ == "__main__":
    main()
