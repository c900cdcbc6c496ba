"""Who stands for whom on a shift, and when: what is kept beside a shift as it was written."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.errors import ExclusionViolation
from psycopg.types.range import TimestamptzRange

from wangge.kernel.db import Tx
from wangge.kernel.errors import Refusal
from wangge.kernel.ids import new_id

# Whoever stands for the whole of a stretch of a shift; none where it is in pieces.
STANDS_FOR = """
select coalesce((select t.account_id from shift_stands t
    where t.shift_id = %(shift)s and t.span @> tstzrange(%(begins)s, %(ends)s)),
    case when not exists (select from shift_stands t where t.shift_id = %(shift)s
        and t.span && tstzrange(%(begins)s, %(ends)s)) then s.account_id end) as account_id
from duty_shifts s where s.id = %(shift)s
"""
TWICE = """
select 1 from duty_shifts s
left join shift_stands t on t.shift_id = s.id and t.span && tstzrange(%(begins)s, %(ends)s)
where s.unit_id = %(unit)s and s.duty = %(duty)s and s.span && tstzrange(%(begins)s, %(ends)s)
    and s.id <> all(%(but)s) and coalesce(t.account_id, s.account_id) = %(account)s limit 1
"""
# What the span of a stand-in takes out of a stretch that somebody stood for before stays his.
REST = """
select account_id, span, change_id from shift_stands
where shift_id = %(shift)s and span && tstzrange(%(begins)s, %(ends)s)
"""


def held(tx: Tx, shift_id: UUID, first: datetime, last: datetime) -> UUID | None:
    row = tx.one(STANDS_FOR, {"shift": shift_id, "begins": first, "ends": last})
    found: UUID | None = row["account_id"] if row else None
    return found


def check_once(
    tx: Tx,
    shift: dict[str, Any],
    account: UUID,
    first: datetime,
    last: datetime,
    *,
    but: Sequence[UUID],
) -> None:
    """Refuse whoever has the same duty already, on shifts other than ``but``."""
    values = {"unit": shift["unit_id"], "duty": shift["duty"], "account": account,
              "begins": first, "ends": last, "but": list(but)}  # fmt: skip
    if tx.one(TWICE, values):
        raise Refusal(
            "shift_overlaps",
            "此人在这段时间已排了同样的班",
            "this person already has this duty in that time",
        )


def write(
    tx: Tx, shift_id: UUID, account: UUID, first: datetime, last: datetime, change_id: UUID
) -> None:
    """Write who stands when; of a stretch that somebody else stood for, the rest stays his."""
    values = {"shift": shift_id, "begins": first, "ends": last}
    before = tx.rows(REST, values)
    tx.run(
        "delete from shift_stands where shift_id = %(shift)s"
        " and span && tstzrange(%(begins)s, %(ends)s)",
        values,
    )
    rows = [(account, first, last, change_id)]
    for old in before:
        if old["span"].lower < first:
            rows.append((old["account_id"], old["span"].lower, first, old["change_id"]))
        if old["span"].upper > last:
            rows.append((old["account_id"], last, old["span"].upper, old["change_id"]))
    try:
        tx.insert(
            "shift_stands",
            [
                {"id": new_id(), "shift_id": shift_id, "account_id": who,
                 "span": TimestamptzRange(begins, ends), "change_id": change}
                for who, begins, ends, change in rows
            ],
        )  # fmt: skip
    except ExclusionViolation:
        raise changed_since() from None


def changed_since() -> Refusal:
    return Refusal(
        "shift_changed",
        "这个班次后来已换过人，请重新提出",
        "the shift has changed hands since; please ask anew",
    )
