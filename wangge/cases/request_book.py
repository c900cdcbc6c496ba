"""The requests of a case whose past is computed: the rows that the doors would have written."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from wangge.cases.models import StepInput, Taker
from wangge.cases.request_kinds import ASKED_BY, DECIDED_BY
from wangge.cases.requesting import Asking, Request, Status
from wangge.cases.requests import decided, row_of, settled
from wangge.kernel.db import Tx
from wangge.tenant.rules import Rules

UNDECIDED: dict[str, Any] = {
    "status": Status.PENDING.value, "decided_by": None, "decided_name": "", "decided_title": "",
    "decided_at": None, "decision": "", "granted_until": None,
}  # fmt: skip


class RequestBook:
    """What ``requests.prepare`` and ``requests.follow`` do, in memory.

    Whoever tells the past knows that somebody at the case's own desk may decide.
    """

    def __init__(self) -> None:
        self.rows: list[Request] = []

    def prepare(
        self, known: Rules, now: datetime, case: dict[str, Any], given: StepInput
    ) -> StepInput:
        if kind := ASKED_BY.get(given.action):
            given = kind.ask(Asking(known, now, case, self.rows), given)
            return replace(given, data={**given.data, "desk_id": str(case["desk_id"])})
        if kind := DECIDED_BY.get(given.action):
            return decided(Asking(known, now, case, self.rows, self._pending(kind.code)), given)
        return given

    def follow(
        self,
        known: Rules,
        now: datetime,
        case: dict[str, Any],
        after: dict[str, Any],
        given: StepInput,
        taker: Taker,
    ) -> None:
        if given.action in ASKED_BY:
            self.rows.append({**row_of(known, case, given, taker, now), **UNDECIDED})
        for code, outcome in settled(case, after, given, taker, now):
            self._pending(code).update(outcome)

    def _pending(self, code: str) -> Request:
        return next(
            row for row in self.rows if row["kind"] == code and row["status"] == Status.PENDING
        )


def load(tx: Tx, books: Sequence[RequestBook]) -> None:
    rows = [row for book in books for row in book.rows]
    if rows:
        values = (list({**row, "data": Jsonb(row["data"])}.values()) for row in rows)
        tx.copy("case_requests", list(rows[0]), values)
