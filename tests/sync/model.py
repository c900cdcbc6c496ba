"""A phone as docs/sync.md describes it: a store that lasts, an outbox, and people who change."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any
from urllib.parse import urlencode

import orjson

from tests.sync.line import Line, NoLine
from tests.sync.pieces import Pieces
from tests.town import Person
from wangge.kernel.ids import new_id

Key = tuple[str, str]  # the collection and the id: a case may be held as two sorts
UPLOADS = "/api/v1/uploads"
SETTLED = {"applied", "repeated", "merged", "conflict", "proposal"}


@dataclass
class Store:
    """What one account has on one phone; it outlives the app and other people's signing in."""

    outbox: list[dict[str, Any]] = field(default_factory=list)
    settled: dict[str, dict[str, Any]] = field(default_factory=dict)
    discarded: set[str] = field(default_factory=set)
    last_seq: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    rows: dict[Key, dict[str, Any]] = field(default_factory=dict)
    unconfirmed: set[Key] = field(default_factory=set)
    cursor: str = ""
    awaits: list[str] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)
    diary: str = ""

    def of(self, collection: str) -> dict[str, dict[str, Any]]:
        """The rows of one sort by their ids."""
        return {key[1]: row for key, row in self.rows.items() if key[0] == collection}


@dataclass
class ModelPhone:
    """``ahead``: its clock's error; it learns it from the server like any phone."""

    line: Line
    chance: Random
    people: list[Person]
    city: datetime
    device: str = field(default_factory=lambda: str(new_id()))
    ahead: timedelta = timedelta()
    learnt: int | None = None
    at: int = 0
    typed: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    photos: dict[str, bytes] = field(default_factory=dict)
    refused: Counter[str] = field(default_factory=Counter)
    stores: dict[str, Store] = field(default_factory=lambda: defaultdict(Store))

    @property
    def person(self) -> Person:
        return self.people[self.at]

    @property
    def store(self) -> Store:
        return self.stores[self.person.account_id]

    def type_in(self, kind: str, record: str, payload: dict[str, Any], **more: Any) -> None:
        seq = self.store.last_seq[record] = self.store.last_seq[record] + 1
        now = (self.city + self.ahead).isoformat()
        operation = {
            "id": str(new_id()), "kind": kind, "record": record, "seq": seq, "made_at": now,
            "found_at": now, "clock_ahead": self.learnt, "payload": payload, **more,
        }  # fmt: skip
        self.store.outbox.append(operation)
        self.typed.append((self.person.account_id, operation))

    async def sync(self) -> bool:
        """One run: push what waits, pull what is new; False when the line failed on the way."""
        try:
            await self._push()
            await self._photos()
            await self._pull()
        except NoLine:
            return False
        return True

    async def _photos(self) -> None:
        store = self.store
        pieces = Pieces(self.line, self.chance, UPLOADS, self._headers, store.places)
        while store.awaits:
            await pieces.send(store.awaits[0], self.photos[store.awaits[0]])
            del store.awaits[0]

    def _headers(self) -> dict[str, str]:
        client = self.person.client
        return {
            "Cookie": "; ".join(f"{name}={value}" for name, value in client.cookies.items()),
            "X-CSRF-Token": client.headers["X-CSRF-Token"],
            "Wangge-Sync": "1", "Content-Type": "application/json",
        }  # fmt: skip

    async def _push(self) -> None:
        store = self.store
        waiting = list(store.outbox)
        if self.chance.random() < 0.3:
            self.chance.shuffle(waiting)
        while waiting:
            size = self.chance.randint(1, 6)
            batch, waiting = waiting[:size], waiting[size:]
            body = {
                "device": self.device, "account": self.person.account_id, "operations": batch,
                "sent_at": (self.city + self.ahead).isoformat(),
            }  # fmt: skip
            headers = self._headers()
            status, raw, _ = await self.line.ask(
                "POST", "/api/v1/sync", headers, orjson.dumps(body)
            )
            assert status == 200, raw
            answer = orjson.loads(raw)
            self.learnt = round(self.ahead.total_seconds())
            for operation, receipt in zip(batch, answer["receipts"], strict=True):
                assert receipt["id"] == operation["id"]
                self._answered(store, operation, receipt)

    def _answered(self, store: Store, operation: Any, receipt: dict[str, Any]) -> None:
        if receipt["state"] in SETTLED:
            before = store.settled.setdefault(operation["id"], receipt)
            assert {**before, "again": 0} == {**receipt, "again": 0}, (before, receipt)
            store.outbox = [one for one in store.outbox if one["id"] != operation["id"]]
            self._awaited(store, receipt["result"])
        elif receipt["state"] == "refused":
            self._mend(store, operation, receipt)
        else:
            assert receipt["code"] in {"earlier_missing", "database_away", "photo_needed"}, receipt
            self._awaited(store, receipt["details"])

    def _awaited(self, store: Store, told: dict[str, Any]) -> None:
        store.awaits += [one for one in told.get("awaits", []) if one not in store.awaits]

    def _mend(self, store: Store, operation: Any, receipt: dict[str, Any]) -> None:
        """Its person changes a report that was refused, and discards anything else."""
        if all(one["id"] != operation["id"] for one in store.outbox):
            return
        store.discarded.add(operation["id"])
        self.refused[f"{operation['kind']} {receipt['code']}"] += 1
        place = [one["id"] for one in store.outbox].index(operation["id"])
        if operation["kind"] == "case.report":
            payload = {**operation["payload"], "text": f"改过 {operation['id']}"}
            changed = {**operation, "id": str(new_id()), "payload": payload}
            store.outbox[place] = changed
            self.typed.append((self.person.account_id, changed))
            return
        del store.outbox[place]
        for n, one in enumerate(store.outbox):
            if one["record"] == operation["record"] and one["seq"] > operation["seq"]:
                store.outbox[n] = {**one, "seq": one["seq"] - 1}
        store.last_seq[operation["record"]] -= 1

    async def _pull(self) -> None:
        store = self.store
        while True:
            asked = {"device": self.device, "cursor": store.cursor, "limit": 3}
            status, raw, _ = await self.line.ask(
                "GET", f"/api/v1/sync?{urlencode(asked)}", self._headers()
            )
            assert status == 200, raw
            page = orjson.loads(raw)
            if page["anew"]:
                store.unconfirmed = set(store.rows)
            for one in page["changed"]:
                store.rows[one["collection"], one["id"]] = one["data"]
                store.unconfirmed.discard((one["collection"], one["id"]))
            for one in page["gone"]:
                store.rows.pop((one["collection"], one["id"]), None)
            store.cursor = page["cursor"]
            if not page["more"]:
                break
        for record in store.unconfirmed:
            store.rows.pop(record, None)
        store.unconfirmed = set()
