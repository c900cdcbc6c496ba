"""What a desk sees of its hotline orders; row-level security lets through only its own."""

from typing import Any
from uuid import UUID

from wangge.kernel.db import Tx

BATCHES = """
select id, file_name, columns, rows, next, layout, taken, repeated, changed, refused, doubles,
    state, author_name, at, done_at, body_sealed is not null as held
from hotline_batches
"""
# The hotline's promise stands beside the city's own limits.
ORDERS = """
select o.case_id, o.number, o.source, o.line, o.promised_at, o.changed_at, o.at,
    c.number as case_number, c.title, c.state, c.due_at, c.total_due_at, c.received_at,
    c.place_words, u.short_name as unit,
    (select count(*) from hotline_doubles d where d.case_id = o.case_id and d.decision = 'open')
        as doubles
from hotline_orders o join cases c on c.id = o.case_id
left join organisations u on u.id = c.unit_id
"""
ONLY = {
    "all": "true",
    "changed": "o.changes_sealed is not null",
    "doubles": "exists (select from hotline_doubles d where d.case_id = o.case_id"
    " and d.decision = 'open')",
    "open": "c.state not in ('closed', 'evaluated', 'declined', 'withdrawn', 'merged', 'split')",
}
DOUBLES = """
select d.case_id, d.other_id, d.reasons, d.decision, d.decided_at, a.name as decided_by,
    c.number as case_number, c.title, left(c.text, 300) as text, c.state, c.received_at,
    c.place_words
from hotline_doubles d join cases c on c.id = d.other_id
left join accounts a on a.id = d.decided_by
where d.case_id = any(%s)
order by d.case_id, (d.reasons ->> 'share')::float8 desc, c.received_at, c.id
"""


def batches(tx: Tx) -> list[dict[str, Any]]:
    return tx.rows(f"{BATCHES} order by at desc, id limit 20")


def batch(tx: Tx, batch_id: UUID) -> dict[str, Any] | None:
    return tx.one(f"{BATCHES} where id = %s", [batch_id])


def refusals(tx: Tx, batch_id: UUID) -> list[dict[str, Any]]:
    return tx.rows(
        "select line, cells_sealed, code, zh, en from hotline_refusals where batch_id = %s"
        " order by line",
        [batch_id],
    )


def layouts(tx: Tx) -> list[dict[str, Any]]:
    return tx.rows("select id, name, body, at from hotline_layouts order by at desc, name")


def orders(
    tx: Tx, only: str, *, case_id: UUID | None, after: list[Any] | None, limit: int
) -> list[dict[str, Any]]:
    """Newest first; keyset by the moment and the case."""
    where = ONLY[only] + (" and (o.at, o.case_id) < (%s, %s)" if after else "")
    return tx.rows(
        f"{ORDERS} where (%s::uuid is null or o.case_id = %s) and {where}"
        " order by o.at desc, o.case_id desc limit %s",
        [case_id, case_id, *(after or []), limit],
    )


def order(tx: Tx, case_id: UUID) -> dict[str, Any] | None:
    return tx.one(f"{ORDERS} where o.case_id = %s", [case_id])


def changes(tx: Tx, case_ids: list[UUID]) -> dict[UUID, bytes]:
    rows = tx.rows(
        "select case_id, changes_sealed from hotline_orders where case_id = any(%s)"
        " and changes_sealed is not null",
        [case_ids],
    )
    return {row["case_id"]: row["changes_sealed"] for row in rows}


def doubles(tx: Tx, case_ids: list[UUID]) -> list[dict[str, Any]]:
    return tx.rows(DOUBLES, [case_ids])


REPLIES = """
select o.case_id, o.number, o.columns, o.cells_sealed, o.at, o.line, c.state, c.answer,
    c.handled_at, c.closed_at, c.solved, c.satisfaction,
    coalesce(u.short_name, d.short_name) as unit,
    (select max(s.at) from case_steps s where s.case_id = c.id) as last_at
from hotline_orders o join cases c on c.id = o.case_id
join organisations d on d.id = c.desk_id left join organisations u on u.id = c.unit_id
where (%(batch)s::uuid is null or o.batch_id = %(batch)s)
    and (%(unfinished)s or c.state in ('closed', 'evaluated', 'declined', 'withdrawn'))
    and (%(since)s::timestamptz is null or coalesce(c.closed_at, o.at) >= %(since)s)
order by o.at, o.line, o.case_id limit 20000
"""


def replies(tx: Tx, wanted: dict[str, Any]) -> list[dict[str, Any]]:
    return tx.rows(REPLIES, wanted)
