"""Reads of early warnings; row-level security says whose cards and whose cases are seen."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from wangge.alerts.models import COUNTED, Box, Row
from wangge.cases.figure_sets import good
from wangge.cases.queries import AROUND, CARD
from wangge.kernel.db import Tx

CARDS = """
select x.*, a.names, a.level, a.pos as area_pos, c.number as case_number
from alerts x join areas a on a.id = x.area_id left join cases c on c.id = x.case_id
"""
SHOWN = 100
# The rows that a count of areas and days counted, by the same words.
INSIDE = f"""
select c.* from cases c, clock k
where c.pos <@ (select coalesce(range_agg(r), '{{}}'::int4multirange) from areas s,
        unnest(s.span) r where s.pos = any(%(grids)s))
    and c.received_at >= (%(first)s::date)::timestamp at time zone k.zone
    and c.received_at < (%(last)s::date + 1)::timestamp at time zone k.zone
    and (cardinality(%(types)s::text[]) = 0 or c.type = any(%(types)s)) and {COUNTED}
"""
LATE = "and c.overdue_at is not null and c.closed_at is null"
JOINED = "select c.* from alert_rows r join cases c on c.id = r.case_id where r.alert_id = %(id)s"
KINDS = {
    "late": LATE,
    "late_share": LATE,
    "open": "and c.closed_at is null",
    "unsatisfied_share": "and c.satisfaction <> all(%(good)s)",
}
RECORD = """
select rule, count(*) filter (where at > %(since)s) as fired,
    count(*) filter (where state = 'open') as open,
    count(*) filter (where state <> 'ended') as unended,
    count(*) filter (where state = 'ended') as ended,
    count(*) filter (where outcome = 'false_alarm') as false_alarms,
    count(*) filter (where outcome = 'case') as cases,
    count(*) filter (where escalated_at is not null) as escalated
from alerts group by rule
"""


def page(
    tx: Tx, box: Box, rule: str, after: Sequence[Any] | None, limit: int
) -> list[Row]:  # fmt: skip
    """Newest first; keyset (time, id)."""
    column = "x.ended_at" if box is Box.ENDED else "x.at"
    where = ["x.state = 'ended'" if box is Box.ENDED else "x.state <> 'ended'"]
    params: dict[str, Any] = {"limit": limit, "rule": rule}
    if rule:
        where.append("x.rule = %(rule)s")
    if after:
        where.append(f"({column}, x.id) < (%(at)s, %(id)s)")
        params |= {"at": after[0], "id": after[1]}
    order = f"order by {column} desc, x.id desc limit %(limit)s"
    return tx.rows(f"{CARDS} where {' and '.join(where)} {order}", params)


def one(tx: Tx, key: UUID) -> Row | None:
    return tx.one(f"{CARDS} where x.id = %s", [key])


def rows(tx: Tx, card: Row) -> list[Row]:
    """The cases behind a card that the reader may see, newest first, up to a hundred."""
    figures = card["figures"]
    values = {
        "id": card["id"], "grids": figures.get("grids") or [card["pos"]],
        "first": card["period"].lower, "types": card["types"],
        "last": card["last"],
        # As it was counted: the city may have changed its setting since.
        "good": good(fairly=figures.get("fairly", False)),
    }  # fmt: skip
    if card["kind"] == "repeat":
        inner = JOINED
    elif card["kind"] in ("silent_grid", "silent_source"):
        return []  # that there is none is what it says
    else:
        inner = f"{INSIDE} {KINDS.get(figures.get('indicator', ''), '')}"
    newest = f"({inner} order by c.received_at desc, c.id limit {SHOWN})"
    return tx.rows(f"{CARD} from {newest} c {AROUND} order by c.received_at desc, c.id", values)


def record(tx: Tx, since: Any) -> dict[str, Row]:
    """Of each rule how many cards there were, and what they turned out to be."""
    return {row["rule"]: row for row in tx.rows(RECORD, {"since": since})}


def open_in(tx: Tx, pos: int | None, limit: int) -> list[Row]:
    where = "x.state <> 'ended'"
    if pos is not None:
        where += " and x.pos <@ (select span from areas where pos = %(pos)s)"
    return tx.rows(
        f"{CARDS} where {where} order by x.at desc, x.id limit %(limit)s",
        {"pos": pos, "limit": limit},
    )
