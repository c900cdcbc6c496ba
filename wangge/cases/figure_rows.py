"""Which rows a figure counts: one condition for the count and for the list that a click opens."""

import base64
import binascii
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson

from wangge.cases.catalogue import BY_CODE, Indicator
from wangge.cases.figure_facts import FACTS
from wangge.cases.figure_sets import COUNTED_AS, good
from wangge.cases.ground_rows import FIVE
from wangge.cases.milestones import WATCHED
from wangge.cases.models import State
from wangge.cases.officer_rows import CODES as OFFICERS
from wangge.cases.officer_rows import Rows, condition
from wangge.cases.wall_rows import WALL
from wangge.kernel.errors import Invalid

PLAIN = {"state": "text", "path": "text", "satisfaction": "text", "pos": "int", "solved": "bool"}
IDS = {"desk_id": "uuid", "unit_id": "uuid"}
KIND = {**dict.fromkeys(WATCHED, "timestamptz"), **PLAIN, **IDS}
COLUMNS = ("id", "received_at", *WATCHED)
# Cases that lasted longer than this have an index of their own, ``cases_long``.
LIFE = timedelta(days=31)
# What an address carried before there were types in it, and how 基本满意 counts.
LATER: tuple[Any, ...] = ([], False)
VALUES = 8
PARTS = ("numerator", "denominator", "left_out", "aside")
UNDONE = """
left join lateral (
    select jsonb_object_agg(first.key, first.value) as was from (
        select distinct on (e.key) e.key, e.value
        from case_steps s, jsonb_each(s.data -> 'was') e
        where s.case_id = c.id and s.at >= %(as_of)s
        order by e.key, s.seq) as first
) u on c.until_at >= %(as_of)s
"""


def _as_it_was(name: str) -> str:
    said = f"(u.was ->> '{name}')::{KIND[name]}"
    if name == "unit_ids":
        said = "array(select jsonb_array_elements_text(u.was -> 'unit_ids'))::uuid[]"
    return f"case when u.was ? '{name}' then {said} else c.{name} end as {name}"


# The rows as they stood at a moment: the present ones with every later step undone.
AS_OF = (
    f"(select c.id, c.received_at, c.until_at, {', '.join(map(_as_it_was, WATCHED))}"
    f" from cases c {UNDONE} where c.received_at < %(as_of)s)"
)


@dataclass(frozen=True, slots=True)
class Within:
    """A period, ``cap`` exclusive, and what it is narrowed to; ``as_of`` looks back in time.

    ``fairly``: 基本满意 counts as satisfied at the moment that is spoken of.
    """

    first: datetime
    cap: datetime
    area: UUID | None = None
    unit: UUID | None = None
    desk: UUID | None = None
    as_of: datetime | None = None
    types: tuple[str, ...] = ()
    fairly: bool = False

    def scanned(self, columns: str) -> str:
        """A statement for all rows of the period at once, as good as ``where`` and sooner done.

        A period of long ago reads its own weeks by one index, and by another the few that came in
        before them and lasted: not everything that came in since.
        """
        if self.as_of:
            return f"select {columns} from {AS_OF} c where {self.where}"
        lasting = "c.id = any((select lived_on(%(since)s, %(first)s))::uuid[])"
        reaches = ("c.received_at >= %(since)s", f"c.received_at < %(since)s and {lasting}")
        return " union all ".join(
            f"select {columns} from cases c where {reach} and {self.where}" for reach in reaches
        )

    @property
    def where(self) -> str:
        """The rows that the period can have to do with."""
        conditions = ["c.until_at >= %(first)s", "c.received_at < %(cap)s", self.ground]
        conditions += [f"c.{name}_id = %(in_{name})s" for name in ("unit", "desk")
                       if getattr(self, name)]  # fmt: skip
        return " and ".join(conditions)

    @property
    def ground(self) -> str:
        """The area and the types that it is narrowed to."""
        inside = "c.pos <@ (select span from areas where id = %(in_area)s)"
        kinds = "coalesce(c.type, '') = any(%(in_kinds)s)"
        return (
            " and ".join(
                said for said, asked in ((inside, self.area), (kinds, self.types)) if asked
            )
            or "true"
        )

    @property
    def params(self) -> dict[str, Any]:
        return {
            "first": self.first,
            "since": self.first - LIFE,
            "cap": self.cap,
            "in_area": self.area,
            "in_unit": self.unit,
            "in_desk": self.desk,
            "as_of": self.as_of,
            "in_kinds": list(self.types),
            "in_good": good(fairly=self.fairly),
        }

    @property
    def token(self) -> str:
        """What an address carries; it grants nothing, for rights are asked of each row."""
        said = list(asdict(self).values())
        return base64.urlsafe_b64encode(orjson.dumps(said)).rstrip(b"=").decode()

    def narrowed(self, **to: Any) -> "Within":
        return replace(self, **to)


def read_token(token: str) -> Within:
    try:
        padded = token.encode() + b"=" * (-len(token) % 4)
        first, cap, *places, as_of, types, fairly = _said(
            orjson.loads(base64.urlsafe_b64decode(padded))
        )
        area, unit, desk = (UUID(place) if place else None for place in places)
        moments = [datetime.fromisoformat(first), datetime.fromisoformat(cap)]
        past = datetime.fromisoformat(as_of) if as_of else None
        kinds = tuple(types)
    except (binascii.Error, ValueError, TypeError, AttributeError) as error:
        raise bad_figure() from error
    if any(moment.tzinfo is None for moment in [*moments, *([past] if past else [])]):
        raise bad_figure()
    if not all(isinstance(one, str) for one in kinds):
        raise bad_figure()
    return Within(moments[0], moments[1], area, unit, desk, past, kinds, fairly is True)


def _said(values: list[Any]) -> list[Any]:
    """An address that was kept before it carried all of this stays good."""
    missing = VALUES - len(values)
    return [*values, *LATER[-missing:]] if 0 < missing <= len(LATER) else values


def bad_figure() -> Invalid:
    return Invalid(
        "unknown_figure",
        "没有这个指标或这一部分，请从指标页重新点开",
        "there is no such figure; open it again from the page of figures",
        field="figure",
    )


def rows_of(figure: str, token: str) -> Rows:
    """Read ``code:part``, ``code:left_out:state``, ``code:type,type`` or ``code:unit``."""
    within = read_token(token)
    code, _, part = figure.partition(":")
    if code in OFFICERS:
        return condition(code, part, within)
    found = as_they_stood(figure, within)
    if within.as_of:
        return Rows(f"(c.id in (select c.id from {AS_OF} c where {found.where}))", found.params)
    return Rows(f"({found.where})", found.params)


def as_they_stood(figure: str, within: Within) -> Rows:
    """The condition of a figure over its rows as they stood at the moment that is spoken of."""
    code, _, part = figure.partition(":")
    part, _, state = part.partition(":")
    params: dict[str, Any] = {}
    if code in WALL:
        inner = f"{WALL[code]} and {within.ground}"
    elif code in FACTS:
        inner = f"{FACTS[code].where} and {FACTS[code].reach(within.where)}"
    elif code in FIVE:
        inner = f"{FIVE[code].where} and {within.where}"
        params = {"in_types": part.split(",")}
    elif code in BY_CODE and part in PARTS:
        where, states = _part(BY_CODE[code], part)
        chosen = {one.value for one in states}
        inner = f"{where} and {COUNTED_AS} = any(%(in_states)s) and {within.where}"
        params = {"in_states": sorted(chosen & {state} if state else chosen)}
    else:
        raise bad_figure()
    return Rows(inner, within.params | params)


def _part(indicator: Indicator, part: str) -> tuple[str, frozenset[State]]:
    match part:
        case "numerator":
            where = f"{indicator.counted_where} and ({indicator.where})"
            return where, indicator.states or indicator.counted
        case "left_out":
            return indicator.base.where, indicator.left_out
        case "aside" if indicator.aside:
            return f"{indicator.base.where} and {indicator.aside[1]}", indicator.counted
        case _:
            return indicator.counted_where, indicator.counted
