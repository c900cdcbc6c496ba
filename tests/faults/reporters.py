"""People who report without a pause and repeat the same id until they have their answer."""

import threading
from dataclasses import dataclass, field
from ipaddress import IPv4Address
from itertools import count
from time import monotonic
from typing import Any

import httpx2

from tests.faults.platform import LONGEST, PAUSE, Platform
from wangge.kernel.ids import new_id

TEXT = "东方社区地下车库被水淹了，请尽快来抽水。"
STAFF = "acceptor"
# Each report comes from an address of its own: what is asked here is not the limits.
_addresses = count(int(IPv4Address("10.1.0.0")))


def report(number: int) -> dict[str, Any]:
    return {
        "id": str(new_id()),
        "text": f"{TEXT}（第 {number} 次）",
        "lon": 118.10,
        "lat": 37.30,
        "asker": {"name": "王桂英", "phone": "13854600001"},
    }


@dataclass
class Crowd:
    """What was sent and what was answered; the answers are what must not be lost."""

    origin: str
    earlier: set[str]
    receipts: dict[str, dict[str, Any]] = field(default_factory=dict)
    accepted: dict[str, str] = field(default_factory=dict)
    sent: set[str] = field(default_factory=set)
    trouble: dict[str, int] = field(default_factory=dict)
    refusals: list[httpx2.Response] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    ending: threading.Event = field(default_factory=threading.Event)
    threads: list[threading.Thread] = field(default_factory=list)

    @classmethod
    def begin(cls, platform: Platform, people: int, *, origin: str = "", staff: int = 0) -> "Crowd":
        """``people`` report and ``staff`` accept, until the crowd is ended."""
        earlier = {str(row["id"]) for row in platform.rows("select id from cases")}
        crowd = cls(origin or platform.origin, earlier)
        crowd.threads = [
            *(threading.Thread(target=crowd._report_on, args=(n,)) for n in range(people)),
            *(threading.Thread(target=crowd._accept_on, args=(platform,)) for _ in range(staff)),
        ]
        for thread in crowd.threads:
            thread.daemon = True
            thread.start()
        return crowd

    def end(self) -> "Crowd":
        """Each finishes what it has begun: a report is repeated until it is answered."""
        self.ending.set()
        for thread in self.threads:
            thread.join(LONGEST)
            assert not thread.is_alive(), f"a report is still without an answer: {self.trouble}"
        assert not self.wrong, self.wrong[:3]
        return self

    def _report_on(self, person: int) -> None:
        with httpx2.Client(base_url=self.origin, timeout=20) as client:
            while not self.ending.is_set():
                body = report(person)
                with self.lock:
                    self.sent.add(body["id"])
                answer = self._until_answered(client, "/api/v1/public/cases", body)
                if answer is not None:
                    with self.lock:
                        self.receipts[body["id"]] = answer

    def _accept_on(self, platform: Platform) -> None:
        """An acceptor takes in what has come, each step repeated until it is answered."""
        account = platform.rows("select id from accounts where username = %s", [STAFF])[0]["id"]
        with httpx2.Client(base_url=self.origin, timeout=20) as client:
            me = self._until_answered(client, "/api/v1/demo/session", {"account_id": str(account)})
            assert me
            client.headers["x-csrf-token"] = me["csrf"]
            while not self.ending.is_set():
                with self.lock:
                    waiting = [one for one in self.receipts if one not in self.accepted]
                for case_id in waiting[:10]:
                    step = {"id": str(new_id()), "action": "accept"}
                    if self._until_answered(client, f"/api/v1/cases/{case_id}/steps", step):
                        self.accepted[case_id] = step["id"]
                PAUSE.wait(0.01)

    def _until_answered(
        self, client: httpx2.Client, path: str, body: dict[str, Any]
    ) -> dict[str, Any] | None:
        ends = monotonic() + LONGEST
        while monotonic() < ends:
            try:
                answer = client.post(
                    path, json=body, headers={"x-forwarded-for": str(IPv4Address(next(_addresses)))}
                )
            except httpx2.TransportError as error:
                self._note(type(error).__name__)
            else:
                if answer.status_code == 200:
                    found: dict[str, Any] = answer.json()
                    return found
                self._note(str(answer.status_code))
                with self.lock:
                    self.refusals.append(answer)
                if answer.status_code != 503:
                    self.wrong.append(answer.text)
                    return None
            PAUSE.wait(0.02)
        return None

    def _note(self, what: str) -> None:
        with self.lock:
            self.trouble[what] = self.trouble.get(what, 0) + 1
