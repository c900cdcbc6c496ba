"""Reads of supervision; row-level security says whose cases are seen."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from wangge.cases.queries import AROUND, CARD, OPEN
from wangge.kernel.db import Tx
from wangge.supervision.models import OVERSEEN, Row

SEEN = """
select s.*, u.short_name as unit, c.number as case_number, c.title, c.pos, c.desk_id,
    desk.short_name as desk, c.state as case_state,
    u.active and exists (select from posts p join accounts a on a.id = p.account_id and a.active
        where p.unit_id = s.unit_id and p.valid @> city_today()) as unit_stands
from supervisions s join cases c on c.id = s.case_id
join organisations u on u.id = s.unit_id join organisations desk on desk.id = c.desk_id
"""
NO_WORD = f"""
{OPEN} and w.silent_since is not null and not exists (select from case_steps s
    where s.case_id = c.id and s.at > w.silent_since and s.actor_kind <> 'system'
    and s.action not in {OVERSEEN})
"""
LISTING = "join supervisions s on s.case_id = c.id and s.kind = 'listing' and s.state = 'open'"
NOTICED = """
join lateral (select min(answer_by) as answer_by from supervisions n
    where n.case_id = c.id and n.kind = 'notice' and n.state = 'open') s on s.answer_by is not null
"""
PROPOSED = """
join lateral (select min(issued_at) as issued_at from supervisions n
    where n.case_id = c.id and n.state = 'proposed'
        and not n.unit_id = any(%(units)s)) s on s.issued_at is not null
"""
# Of each list: since when a case stands in it, what it is joined to, which cases are in it.
LISTS = {
    "late": ("c.due_at", "", f"{OPEN} and c.overdue_at is not null"),
    "silent": ("w.silent_since", "", NO_WORD),
    "listed": ("s.issued_at", LISTING, "true"),
    "noticed": ("s.answer_by", NOTICED, "true"),
    "proposed": ("s.issued_at", PROPOSED, "true"),
}
COUNTED = 1000


def of_case(tx: Tx, case_id: UUID) -> list[Row]:
    return tx.rows(f"{SEEN} where s.case_id = %s order by s.issued_at, s.id", [case_id])


def one(tx: Tx, key: UUID) -> Row | None:
    return tx.one(f"{SEEN} where s.id = %s", [key])


def listed(tx: Tx, name: str, limit: int, units: Sequence[UUID]) -> list[dict[str, Any]]:
    """Cards of one list, the longest first, with since when and how far up each was told.

    What is proposed against one of the reader's own ``units`` is not in it.
    """
    since, join, where = LISTS[name]
    page = (
        f"(select c.*, {since} as since, coalesce(w.rung, 0) as told_rung from cases c"
        f" left join case_watches w on w.case_id = c.id {join} where {where}"
        f" order by {since}, c.id limit {limit:d})"
    )
    return tx.rows(f"{CARD}, c.since, c.told_rung from {page} c {AROUND} order by c.since, c.id",
                   {"units": list(units)})  # fmt: skip


def of_ids(tx: Tx, name: str, ids: Sequence[UUID]) -> list[dict[str, Any]]:
    """Cards of a list, of just these cases."""
    since, join, where = LISTS[name]
    page = (
        f"(select c.*, {since} as since, coalesce(w.rung, 0) as told_rung from cases c"
        f" left join case_watches w on w.case_id = c.id {join}"
        f" where {where} and c.id = any(%(ids)s))"
    )
    return tx.rows(f"{CARD}, c.since, c.told_rung from {page} c {AROUND}", {"ids": list(ids)})


def counts(tx: Tx, units: Sequence[UUID]) -> dict[str, int]:
    """How many stand in each list, up to a thousand."""
    parts = [
        f"(select count(*) from (select from cases c"
        f" left join case_watches w on w.case_id = c.id {join} where {where}"
        f" limit {COUNTED}) as seen) as {name}"
        for name, (_, join, where) in LISTS.items()
    ]
    return tx.one(f"select {', '.join(parts)}", {"units": list(units)}) or {}
