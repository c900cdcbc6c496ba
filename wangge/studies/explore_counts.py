"""Counting for the explorer: by the conditions of the figures, or from the cubes where they say it.

A count and the list that it opens have one condition (``figure_rows.as_they_stood``). The cubes of
the city screen count by the same words; they are asked only by who may see every row behind them.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from wangge.cases import figures
from wangge.cases.figure_rows import AS_OF, Within, as_they_stood
from wangge.kernel.db import Tx
from wangge.studies.explore_periods import Span
from wangge.studies.explore_question import Question
from wangge.studies.metrics import Kind, Metric

Key = Any  # an area's id, a type's code, or None: all, or what belongs to none
PLACES = " join areas a on a.id = any(%(places)s) and c.pos <@ a.span"
KEYS = {"": "null", "area": "a.id", "type": "coalesce(c.type, '')"}
# The cube's first column is its day of receipt, or the day by which it counts what was closed.
CUBE = """
select {day} as day, {key} as key, sum(c.{n})::int as n from {cube} c {places}
where {day} between %(first)s and %(last)s
    and (%(area)s::uuid is null or c.pos <@ (select span from areas where id = %(area)s))
    {kinds} group by 1, 2
"""
KINDS = "and (%(kinds)s::text[] = '{}' or c.type = any(%(kinds)s))"
STANDING = "select true_at, built_at from cube_state"
KEPT = "select cardinality(kept_from_me()) as n"
BEGUN = "select min(received_at) as at from cases"


@dataclass(slots=True)
class Counted:
    """One figure of one period: how many of how many, and what was left out."""

    n: int | None = None
    of: int | None = None
    value: float | None = None
    left_out: dict[str, int] = field(default_factory=dict)
    aside: int = 0


@dataclass(frozen=True, slots=True)
class Need:
    """Days of a flow by ``key``: of nothing further, of ``places``, or by type."""

    key: str
    places: tuple[UUID, ...] = ()
    area: UUID | None = None


Days = dict[Key, dict[date, int]]
Tally = dict[Need, Days]


def may_read_cubes(tx: Tx, question: Question) -> bool:
    """Whether the cubes count for this reader what his own rows would: all of them, as of now."""
    cube = question.metric.cube
    return (
        cube is not None
        and question.whole
        and question.as_of is None
        and (cube[0] == "cube_types" or not (question.codes or question.by == "type"))
        and (tx.one(KEPT) or {"n": 1})["n"] == 0
    )


def from_cubes(
    tx: Tx, question: Question, needs: Sequence[Need], spans: Sequence[Span]
) -> tuple[Tally, Any] | None:
    """What is needed, with the moment it was true; None while the cubes are being made."""
    standing = tx.one(STANDING) or {"built_at": None}
    if standing["built_at"] is None or question.metric.cube is None:
        return None
    cube, day, n = question.metric.cube
    found: Tally = {}
    for need in needs:
        query = CUBE.format(
            cube=cube, day=f"c.{day}", n=n, key=KEYS[need.key],
            places=PLACES if need.key == "area" else "",
            kinds=KINDS if cube == "cube_types" else "",
        )  # fmt: skip
        asked = {"area": need.area, "places": list(need.places), "kinds": list(question.codes)}
        found[need] = _days(tx, query, [asked | {"first": s.first, "last": s.last} for s in spans])
    return found, standing["true_at"]


def from_rows(tx: Tx, question: Question, needs: Sequence[Need], spans: Sequence[Span]) -> Tally:
    """The same from the cases themselves, as far as the reader may see them."""
    metric = question.metric
    found: Tally = {}
    for need in needs:
        asked = []
        for span in spans:
            within = question.within(tx, span).narrowed(area=need.area)
            rows = as_they_stood(metric.figure, within)
            query = (
                f"select (c.{metric.day} at time zone %(zone)s)::date as day,"
                f" {KEYS[need.key]} as key, count(*)::int as n from {_relation(within)} c"
                f" {PLACES if need.key == 'area' else ''} where {rows.where} group by 1, 2"
            )
            asked.append(
                (query, rows.params | {"zone": question.zone.key, "places": list(need.places)})
            )
        days: Days = defaultdict(dict)
        for query, params in asked:
            _put(days, tx.rows(query, params))
        found[need] = days
    return found


def _days(tx: Tx, query: str, asked: Sequence[dict[str, Any]]) -> Days:
    days: Days = defaultdict(dict)
    for params in asked:
        _put(days, tx.rows(query, params))
    return days


def _put(days: Days, rows: list[dict[str, Any]]) -> None:
    for row in rows:
        days[row["key"]][row["day"]] = row["n"]


def _relation(within: Within) -> str:
    return AS_OF if within.as_of else "cases"


def summed(days: dict[date, int], span: Span) -> int:
    return sum(n for day, n in days.items() if span.first <= day <= span.last)


def begun(tx: Tx, question: Question) -> date | None:
    """The first day of which there is anything; before it nothing is usual."""
    at = (tx.one(BEGUN) or {"at": None})["at"]
    return at.astimezone(question.zone).date() if at else None


def counted(
    tx: Tx,
    metric: Metric,
    within: Within,
    key: str = "",
    places: Sequence[UUID] = (),
    parent: UUID | None = None,
) -> dict[Key, Counted]:
    """One metric of one period, whole or by key; what is not counted there is not in it."""
    match metric.kind:
        case Kind.INDICATOR:
            chosen = (metric.indicator,)
            found = (
                figures.grouped(tx, within, key, parent=parent, chosen=chosen)
                if key
                else {None: figures.figures(tx, within, chosen)}
            )
            return {_told(one, key): _figure(shown[0]) for one, shown in found.items()}
        case Kind.RATIO:
            above, below = (
                _counts(tx, figure, within, key, places) for figure in (metric.figure, metric.below)
            )
            return {one: _share(above.get(one, 0), n) for one, n in below.items()}
        case _:
            counts = _counts(tx, metric.figure, within, key, places)
            return {one: Counted(n=n, value=n) for one, n in counts.items()}


def nothing(metric: Metric) -> Counted:
    """Where no row is: a count is nothing, and a share has nothing to divide by."""
    if metric.kind is Kind.INDICATOR and metric.mean:
        return Counted(of=0)
    return Counted(n=0, of=0) if metric.below else Counted(n=0, value=0)


def _told(key: Key, by: str) -> Key:
    return "" if by == "type" and key is None else key


def _figure(one: dict[str, Any]) -> Counted:
    value = one["minutes"] if one["numerator"] is None else one["share"]
    return Counted(one["numerator"], one["denominator"], value, one["left_out"], one["aside"])


def _share(above: int, below: int) -> Counted:
    return Counted(above, below, round(above / below, 4) if below else None)


def _counts(
    tx: Tx, figure: str, within: Within, key: str, places: Sequence[UUID]
) -> dict[Key, int]:
    rows = as_they_stood(figure, within)
    query = (
        f"select {KEYS[key]} as key, count(*)::int as n from {_relation(within)} c"
        f" {PLACES if key == 'area' else ''} where {rows.where} group by 1"
    )
    found = {
        row["key"]: row["n"] for row in tx.rows(query, {**rows.params, "places": list(places)})
    }
    return found or ({None: 0} if not key else {})
