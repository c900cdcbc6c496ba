"""Indicators counted: every figure of the catalogue in one grouped scan of the period's rows."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from wangge.cases.catalogue import INDICATORS, Indicator
from wangge.cases.figure_facts import ALL as FACTS
from wangge.cases.figure_rows import COLUMNS, Within
from wangge.cases.figure_sets import COUNTED_AS, Base
from wangge.cases.models import State
from wangge.cases.satisfied import counted_then
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, NotFound
from wangge.tenant.service import rules

LONGEST = timedelta(days=3700)
# Days with which can be reckoned: a year before and one after them there still are dates.
EARLIEST, LATEST = date(1950, 1, 1), date(2150, 1, 1)
ByState = Mapping[State, Mapping[str, Any]]
Chosen = Sequence[Indicator]
KEYS = {
    "area": "k.child",
    "unit": "c.unit_id",
    "desk": "c.desk_id",
    "type": "c.type",
}
CHILDREN = """
left join (select g.pos, child.id as child from areas child join areas g on g.path <@ child.path
    where child.parent_id = %(parent)s) k on k.pos = c.pos
"""


def _bases(chosen: Chosen) -> dict[str, Base]:
    return {one.base.code: one.base for one in chosen}


def _columns(chosen: Chosen) -> str:
    """What is counted of each state: bases, asides, numerators, and minutes for the means."""
    found = [f"count(*) filter (where c.in_{code}) as base_{code}" for code in _bases(chosen)]
    for n, one in enumerate(chosen):
        here = f"c.in_{one.base.code}"
        if one.aside:
            found.append(f"count(*) filter (where {here} and {one.aside[1]}) as aside_{n}")
            here = f"{here} and not ({one.aside[1]})"
        if one.minutes:
            since, to = one.minutes
            told = f"sum(extract(epoch from {to} - {since})) filter (where {here})"
            found.append(f"coalesce({told}, 0)::float8 / 60 as minutes_{n}")
        else:
            found.append(f"count(*) filter (where {here} and ({one.where})) as above_{n}")
    return ", ".join(found)


def _scan(within: Within, key: str, chosen: Chosen) -> str:
    """Bases are decided once for each row; the rest asks them."""
    flags = ", ".join(f"({base.where}) as in_{code}" for code, base in _bases(chosen).items())
    columns = ", ".join(f"c.{name}" for name in (*COLUMNS, *(["type"] if key == "type" else [])))
    join = CHILDREN if key == "area" else ""
    group = f"{KEYS[key]} as key," if key else ""
    return (
        f"select {COUNTED_AS} as state, {group} {_columns(chosen)}"
        f" from (select {columns}, {flags} from ({within.scanned(columns)}) c offset 0) c"
        f" {join} group by {'1, 2' if key else '1'}"
    )


def period(tx: Tx, first: date | None, last: date | None) -> tuple[date, date, ZoneInfo]:
    """Days of the city, both counted; the last thirty if left out."""
    zone = ZoneInfo(rules(tx).calendar.zone)
    last = last or tx.now.astimezone(zone).date()
    first = first or max(last, EARLIEST) - timedelta(days=29)
    in_time = first >= EARLIEST and last <= LATEST
    if not in_time or not timedelta(0) <= last - first <= LONGEST:
        raise Invalid(
            "bad_period",
            "起止日期不对：开始不能晚于结束，最长十年",
            "the period must begin before it ends and last ten years at most",
            field="from",
        )
    return first, last, zone


def within_of(
    tx: Tx,
    first: date,
    last: date,
    zone: ZoneInfo,
    *,
    area: UUID | None = None,
    unit: UUID | None = None,
    desk: UUID | None = None,
    as_of: datetime | None = None,
) -> Within:
    """The period up to the moment that is spoken of: nothing is due before its time."""
    check_area(tx, area)
    moment = min(as_of, tx.now) if as_of else tx.now
    ends = datetime.combine(last + timedelta(days=1), time(), zone)
    begins = datetime.combine(first, time(), zone)
    past = moment if as_of and moment < tx.now else None
    fairly = counted_then(tx, past)
    cap = max(begins, min(ends, moment))
    return Within(begins, cap, area, unit, desk, past, fairly=fairly)


def check_area(tx: Tx, area: UUID | None) -> None:
    if area and tx.one("select from areas where id = %s", [area]) is None:
        raise NotFound("no_such_area", "没有这个区域", "there is no such area")


def figures(tx: Tx, within: Within, chosen: Chosen = INDICATORS) -> list[dict[str, Any]]:
    """Every figure of the catalogue, or those chosen, as far as one may see."""
    rows = tx.rows(_scan(within, "", chosen), within.params)
    return told(rows, chosen)


def grouped(
    tx: Tx, within: Within, by: str, *, parent: UUID | None = None, chosen: Chosen = INDICATORS
) -> dict[Any, list[dict[str, Any]]]:
    """The same by sub-area of ``parent``, by unit, desk or type; None is what belongs to none."""
    found: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    for row in tx.rows(_scan(within, by, chosen), within.params | {"parent": parent}):
        found[row["key"]].append(row)
    return {key: told(rows, chosen) for key, rows in found.items()}


def told(rows: Iterable[Mapping[str, Any]], chosen: Chosen = INDICATORS) -> list[dict[str, Any]]:
    by_state = {State(row["state"]): row for row in rows}
    return [figure(n, one, by_state) for n, one in enumerate(chosen)]


def figure(n: int, one: Indicator, by_state: ByState) -> dict[str, Any]:
    """One figure from the counts of each state; without anything below there is no share."""
    base = f"base_{one.base.code}"

    def total(column: str, states: Iterable[State]) -> Any:
        return sum(by_state[state][column] for state in states if state in by_state)

    aside = total(f"aside_{n}", one.counted) if one.aside else 0
    below = total(base, one.counted) - aside
    found = {
        "code": one.code,
        "denominator": below,
        "left_out": {
            state.value: by_state[state][base]
            for state in State
            if state in one.left_out and state in by_state and by_state[state][base]
        },
        "aside": aside,
    }
    if one.is_mean:
        minutes = total(f"minutes_{n}", one.counted)
        mean = round(minutes / below, 1) if below else None
        return found | {"numerator": None, "share": None, "minutes": mean}
    above = total(f"above_{n}", one.states or one.counted)
    share = round(above / below, 4) if below else None
    return found | {"numerator": above, "share": share, "minutes": None}


def facts(tx: Tx, within: Within) -> list[dict[str, Any]]:
    """What could flatter the figures, counted in one scan; older open cases in one of their own."""
    here = [
        f"count(*) filter (where {fact.where}) as {fact.code}" for fact in FACTS if not fact.past
    ]
    row = tx.one(f"select {', '.join(here)} from cases c where {within.where}", within.params) or {}
    for fact in FACTS:
        if fact.past:
            where = f"{fact.where} and {fact.reach(within.where)}"
            past = f"select count(*) as {fact.code} from cases c where {where}"
            row |= tx.one(past, within.params) or {}
    return [
        {"code": fact.code, "name": {"zh": fact.zh, "en": fact.en}, "count": row[fact.code]}
        for fact in FACTS
    ]
