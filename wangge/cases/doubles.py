"""疑似重复: open cases that may tell the same as another one, each with the reason why.

Near, recent, and of the same sort or in like words; how near and how alike are the city's switches.
It is one expression over what the transaction may see, and a person decides what is the same.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from psycopg.types.json import Jsonb

from wangge.cases import recurrences
from wangge.cases.workflow import BEFORE_CLOSING
from wangge.kernel.db import Tx
from wangge.kernel.text import bigrams
from wangge.tenant.rules import Rules
from wangge.tenant.service import rules

MOST = 5
# Two texts are compared by their beginnings: 10,000 characters beside a hundred neighbours took
# the database more than a second, for anybody who asks. More than 1,000 are not even taken apart.
COMPARED, READ = 300, 1_000
OPEN_STATES = "'{" + ",".join(sorted(BEFORE_CLOSING)) + "}'"
# The grids around a place and the states are what the index holds; the rest is asked of the few.
RECENT = "c.received_at > n.at - make_interval(days => %(days)s)"
FIND = """
with n as materialized (
    select * from jsonb_to_recordset(%(wanted)s) as w(key uuid, lon float8, lat float8,
        around int[], kin text[], terms text[], words text, at timestamptz))
select n.key, found.* from n cross join lateral (
    select c.id, c.number, c.title, c.state, c.type, c.place_words, c.received_at, c.area_id,
        c.closed_at, c.round, c.desk_id, c.unit_id, near.metres, alike.share,
        coalesce(c.type = any(n.kin), false) as kin
    from cases c
    cross join lateral (select 111320 * sqrt((n.lat - c.lat) ^ 2
        + ((n.lon - c.lon) * cos(radians(n.lat))) ^ 2) as metres) as near
    cross join lateral (select c.terms[1:{compared}] as terms offset 0) as said
    cross join lateral (select count(*) filter (where one.term = any(said.terms)) as common
        from unnest(n.terms) as one(term)) as counted
    cross join lateral (select counted.common::float8 / greatest(1,
        cardinality(n.terms) + cardinality(said.terms) - counted.common) as share) as alike
    where c.pos = any(n.around) and {standing}
        and c.id is distinct from n.key
        and (near.metres <= %(metres)s
            or (near.metres is null and n.words <> '' and c.place_words = n.words))
        and (alike.share >= %(alike)s or coalesce(c.type = any(n.kin), false))
        and not exists (select from case_parts s join case_parts t on t.origin_id = s.origin_id
            where c.id in (s.part_id, s.origin_id) and n.key in (t.part_id, t.origin_id))
        and (not %(released)s or exists (select from case_releases r where r.case_id = c.id))
    order by alike.share * 2 + coalesce(c.type = any(n.kin), false)::int
        - coalesce(near.metres, 0) / %(metres)s desc, c.id
    limit {most}) as found
"""
OPEN_ONES = FIND.format(
    most=MOST, compared=COMPARED, standing=f"c.state = any({OPEN_STATES}) and {RECENT}"
)
# What was closed lately, of the very type: it comes again.
CLOSED_ONES = FIND.format(
    most=MOST, compared=COMPARED,
    standing="c.state in ('closed', 'evaluated') and c.type = any(n.kin) and c.closed_at <= n.at"
    " and c.closed_at > n.at - make_interval(days => %(days)s)",
)  # fmt: skip
KEPT = """
select id, lon, lat, pos, type, terms, place_words, received_at,
    coalesce(type, route -> 'suggested' -> 0 ->> 'code') as likely from cases
where id = any(%s) and state = any(%s)
"""


@dataclass(frozen=True, slots=True)
class Told:
    """A matter to compare: one that is written down already, or one that somebody is telling."""

    text: str
    lon: float | None = None
    lat: float | None = None
    pos: int | None = None
    type: str | None = None
    place_words: str = ""


def like_told(tx: Tx, told: Told, *, released: bool = False) -> list[dict[str, Any]]:
    """Doubles of a matter that is being told; ``released`` finds only what the public may know."""
    known = rules(tx)
    row = _row_of(tx, told)
    return _found(tx, known, [row], released=released)


def closed_before_told(tx: Tx, told: Told) -> list[dict[str, Any]]:
    """Closed matters that come again with one that is being told."""
    return _found(tx, rules(tx), [_row_of(tx, told)], released=False, closed=True)


def _row_of(tx: Tx, told: Told) -> dict[str, Any]:
    return {
        "id": None, "lon": told.lon, "lat": told.lat, "pos": told.pos, "type": told.type,
        "terms": bigrams(f"{told.text[:READ]} {told.place_words}"), "place_words": told.place_words,
        "received_at": tx.now,
    }  # fmt: skip


def like_kept(tx: Tx, case_ids: Sequence[UUID]) -> list[dict[str, Any]]:
    """Doubles of open cases, at most five of each; ``key`` says whose."""
    rows = tx.rows(KEPT, [list(case_ids), sorted(BEFORE_CLOSING)])
    return _found(tx, rules(tx), rows, released=False)


def closed_before(tx: Tx, case_ids: Sequence[UUID]) -> list[dict[str, Any]]:
    """Closed matters that come again with these, as far as the reader may see them."""
    rows = tx.rows(KEPT, [list(case_ids), sorted(BEFORE_CLOSING)])
    return _found(tx, rules(tx), rows, released=False, closed=True)


def _found(
    tx: Tx, known: Rules, rows: Sequence[dict[str, Any]], *, released: bool, closed: bool = False
) -> list[dict[str, Any]]:
    switches = known.switches
    days = switches.recurrence_days if closed else switches.doubles_days
    if not rows or not days:
        return []
    wanted = [_wanted(tx, known, row, closed=closed) for row in rows]
    found = tx.rows(
        CLOSED_ONES if closed else OPEN_ONES,
        {
            "wanted": Jsonb(wanted), "metres": switches.doubles_metres,
            "days": days, "alike": switches.doubles_alike_percent / 100,
            "released": released,
        },
    )  # fmt: skip
    at = {row["id"]: row["received_at"] for row in rows}
    types = {row["id"]: row["type"] for row in rows}
    return [
        {**row, "recurs": closed, "reason": _reason(known, row, at[row["key"]], types[row["key"]])}
        for row in found
    ]


def _wanted(tx: Tx, known: Rules, row: dict[str, Any], *, closed: bool = False) -> dict[str, Any]:
    around = recurrences.around(tx, known, row)
    return {
        "key": row["id"] and str(row["id"]),
        "lon": row["lon"],
        "lat": row["lat"],
        "around": around,
        "kin": [row.get("likely") or row["type"]] if closed else _kin(known, row["type"]),
        "terms": row["terms"][:COMPARED],
        "words": row["place_words"],
        "at": row["received_at"].isoformat(),
    }


def _kin(known: Rules, code: str | None) -> list[str]:
    """The type itself and, if the city wants that, the others of its class."""
    found = known.types.by_code.get(code or "")
    if found is None:
        return []
    if not known.switches.doubles_siblings or found.parent is None:
        return [found.code]
    return [one.code for one in known.types.by_code.values() if one.parent == found.parent]


def _reason(known: Rules, row: dict[str, Any], at: datetime, type_: str | None) -> dict[str, str]:
    """Why it may be the same, in few words: 60 米内 · 昨天 · 用词相近."""
    zone = ZoneInfo(known.calendar.zone)
    then = row["closed_at"] or row["received_at"]
    days = (at.astimezone(zone).date() - then.astimezone(zone).date()).days
    zh, en = _when(days)
    when = (f"{zh}办结", f"closed {en}") if row["closed_at"] else (zh, en)
    said = [_where(row["metres"]), when]
    if row["kin"]:
        same = row["type"] == type_
        said.append(("同类", "same type") if same else ("相近类别", "related type"))
    if row["share"] >= known.switches.doubles_alike_percent / 100:
        said.append(("用词相近", "similar words"))
    return {"zh": " · ".join(zh for zh, _ in said), "en": " · ".join(en for _, en in said)}


def _where(metres: float | None) -> tuple[str, str]:
    if metres is None:
        return "同一地点", "same place"
    near = max(10, math.ceil(metres / 10) * 10)
    return f"{near} 米内", f"within {near} m"


def _when(days: int) -> tuple[str, str]:
    match abs(days):
        case 0:
            return "同一天", "the same day"
        case 1:
            return ("前一天", "the day before") if days > 0 else ("后一天", "the day after")
        case n if days > 0:
            return f"{n} 天前", f"{n} days before"
        case n:
            return f"{n} 天后", f"{n} days after"
