"""A phone of the tests: its own ids, its own clock, and batches by hand."""

from base64 import b64encode
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from tests.town import Person
from wangge.kernel.db import Cell, transaction
from wangge.kernel.ids import new_id

SPEAKS = {"Wangge-Sync": "1"}
IN_GRID_1 = {"lon": 118.1, "lat": 37.3, "channel": "worker"}


def city_now(cell: Cell) -> datetime:
    with transaction(cell) as tx:
        return tx.now


@dataclass
class Phone:
    """What somebody holds in his hand; ``ahead``: how far its clock is wrong."""

    person: Person
    cell: Cell
    device: str = field(default_factory=lambda: str(new_id()))
    ahead: timedelta = timedelta()
    seqs: dict[str, int] = field(default_factory=dict)
    cursor: str = ""
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)

    def now(self) -> datetime:
        return city_now(self.cell) + self.ahead

    def op(self, kind: str, record: str, payload: Any, **more: Any) -> dict[str, Any]:
        seq = self.seqs[record] = self.seqs.get(record, 0) + 1
        return {
            "id": str(new_id()), "kind": kind, "record": record, "seq": seq,
            "made_at": self.now().isoformat(), "payload": payload, **more,
        }  # fmt: skip

    def report(self, text: str = "楼道灯不亮", **more: Any) -> dict[str, Any]:
        return self.op("case.report", str(new_id()), {"text": text, **IN_GRID_1, **more})

    def body(self, *operations: Any, **more: Any) -> dict[str, Any]:
        return {
            "device": self.device, "account": self.person.account_id,
            "sent_at": self.now().isoformat(), "operations": list(operations), **more,
        }  # fmt: skip

    def post(self, *operations: Any, **more: Any) -> Any:
        return self.person.post("/sync", self.body(*operations, **more), headers=SPEAKS)

    def push(self, *operations: Any, **more: Any) -> list[dict[str, Any]]:
        answer = self.post(*operations, **more)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["receipts"]
        return found

    def states(self, *operations: Any) -> list[str]:
        return [f"{one['state']} {one['code']}".strip() for one in self.push(*operations)]

    def page(self, cursor: str | None = None, limit: int = 200) -> dict[str, Any]:
        answer = self.person.client.get(
            "/api/v1/sync", headers=SPEAKS,
            params={"device": self.device, "cursor": self.cursor if cursor is None else cursor,
                    "limit": limit},
        )  # fmt: skip
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def pull(self, limit: int = 200) -> dict[str, dict[str, Any]]:
        """As docs/sync.md says: page by page, each put away whole with its cursor."""
        unconfirmed: set[str] = set()
        while True:
            page = self.page(limit=limit)
            if page["anew"]:
                unconfirmed = set(self.rows)
            for one in page["changed"]:
                self.rows[one["id"]] = one["data"]
                unconfirmed.discard(one["id"])
            for one in page["gone"]:
                self.rows.pop(one["id"], None)
            self.cursor = page["cursor"]
            if not page["more"]:
                break
        for record in unconfirmed:
            del self.rows[record]
        return self.rows

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        return self.person.client.request(method, f"/api/v1{path}", json=body, headers=SPEAKS)

    def upload(self, data: bytes, purpose: str = "other") -> str:
        """By tus, in two pieces; returns the hash that operations name."""
        digest = sha256(data).hexdigest()
        begun = self.person.client.post(
            "/api/v1/uploads",
            headers={"Tus-Resumable": "1.0.0", "Upload-Length": str(len(data)),
                     "Upload-Metadata": metadata(digest, purpose)},
        )  # fmt: skip
        assert begun.status_code == 201, begun.text
        offset = int(begun.headers["Upload-Offset"])
        for part in (data[offset : offset + len(data) // 2], data[offset + len(data) // 2 :]):
            sent = self.patch(begun.headers["Location"], offset, part)
            assert sent.status_code == 204, sent.text
            offset = int(sent.headers["Upload-Offset"])
        return digest

    def patch(self, location: str, offset: int, part: bytes, **headers: str) -> Any:
        return self.person.client.patch(
            location, content=part,
            headers={"Tus-Resumable": "1.0.0", "Upload-Offset": str(offset),
                     "Content-Type": "application/offset+octet-stream", **headers},
        )  # fmt: skip


def metadata(digest: str, purpose: str) -> str:
    said = {"sha256": digest, "purpose": purpose}
    return ",".join(f"{name} {b64encode(value.encode()).decode()}" for name, value in said.items())


def rows_of(cell: Cell, statement: str, *params: Any) -> list[dict[str, Any]]:
    with transaction(cell) as tx:
        return tx.rows(statement, [str(one) if isinstance(one, UUID) else one for one in params])
