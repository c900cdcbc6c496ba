"""The same kind of matter again and again at one place: in one estate, or near by.

A case counts in one card of a rule. What comes to a card's place while the card is not ended is
written under it; a new card needs as many new cases.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil, cos, floor, hypot, radians
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from wangge.alerts.models import COUNTED, Found
from wangge.kernel.db import Tx
from wangge.tenant.alerts import Repeat
from wangge.tenant.rules import Rules

BEGINS = timedelta(days=7)  # how far back a new rule makes cards
DEGREE = 111_320.0  # metres of a degree of latitude
COLUMNS = "c.id, c.received_at, c.type, c.pos, c.lon, c.lat"
OF = f"""c.received_at > %(since)s and c.received_at <= %(now)s
    and c.type = any(%(types)s) and {COUNTED}"""
CARDS = """
left join alert_rows r on r.rule = %(rule)s and r.case_id = c.id
left join alerts a on a.id = r.alert_id
"""
KNOWN = f"""
select {COLUMNS}, r.alert_id, a.state = 'ended' as over from cases c {CARDS} where {OF}
"""
# Where something changed since the last look; the index of a place's days finds its cases.
FRESH = f"{KNOWN} and r.case_id is null and c.pos = any(%(moved)s)"
NEAR = f"""
{KNOWN} and (c.pos = any(%(grids)s)
    or (floor(c.lat / %(high)s)::int, floor(c.lon / %(wide)s)::int)
        in (select * from unnest(%(lines)s::int[], %(columns)s::int[])))
"""
ESTATES = """
select a.id, lower(r) as low, upper(r) as high from areas a, unnest(a.span) r
where a.level = 'estate'
"""


@dataclass(slots=True, eq=False)
class Told:
    """One case, and the card in which it counts already, if there is one."""

    id: UUID
    at: datetime
    family: str
    pos: int
    lon: float | None
    lat: float | None
    estate: UUID | None
    fresh: bool = True
    card: Any = None
    over: bool = False


@dataclass(slots=True)
class Joined:
    """A case that came to a place of which a card speaks already."""

    alert_id: UUID
    case_id: UUID


def families(rule: Repeat, known: Rules) -> dict[str, str]:
    """Of each type that the rule looks at, the family in which it counts.

    That is what the rule names, a type or a class of types; a rule that names nothing looks at
    every class by itself.
    """
    found: dict[str, str] = {}
    for kind in known.types.leaves:
        line = [one.code for one in known.types.line(kind.code)]
        if rule.types:
            named = next((code for code in line if code in rule.types), None)
            if named:
                found[kind.code] = named
        else:
            found[kind.code] = line[1] if len(line) > 1 else line[0]
    return found


def estates(tx: Tx) -> dict[int, UUID]:
    """The estate of each place that lies in one."""
    return {
        pos: row["id"] for row in tx.rows(ESTATES) for pos in range(row["low"], row["high"])
    }  # fmt: skip


def look(
    tx: Tx, rule: Repeat, known: Rules, moved: Sequence[int] | None
) -> tuple[list[Found], list[Joined]]:
    """New cards, and what joins old ones, of the places in which something changed.

    Without ``moved`` everywhere: a rule that begins looks at what came to its places this week.
    """
    of = families(rule, known)
    since = tx.now - timedelta(days=rule.days)
    values = {"rule": rule.code, "types": list(of), "since": since, "now": tx.now}
    where = estates(tx) if rule.same_estate else {}
    if moved is None:
        week = tx.now - BEGINS
        rows = tx.rows(KNOWN, {**values, "since": since - BEGINS})
        told = [_told(row, of, where, fresh=row["received_at"] > week) for row in rows]
        return _found(rule, known, told)
    fresh = tx.rows(FRESH, {**values, "moved": list(moved)})
    if not fresh:
        return [], []
    new = {row["id"] for row in fresh}
    rows = tx.rows(NEAR, {**values, "since": since - timedelta(days=rule.days),
                          **_around(rule, fresh, where)})  # fmt: skip
    return _found(rule, known, [_told(row, of, where, fresh=row["id"] in new) for row in rows])


def replayed(tx: Tx, rule: Repeat, known: Rules, first: datetime) -> list[Found]:
    """The cards that the rule would have made since ``first``, as if there had been none."""
    of = families(rule, known)
    values = {"rule": "", "types": list(of), "since": first - timedelta(days=rule.days),
              "now": tx.now}  # fmt: skip
    where = estates(tx) if rule.same_estate else {}
    told = [_told(row, of, where, fresh=row["received_at"] > first)
            for row in tx.rows(KNOWN, values)]  # fmt: skip
    return _found(rule, known, told)[0]


def _told(row: dict[str, Any], of: dict[str, str], where: dict[int, UUID], *,
          fresh: bool = True) -> Told:  # fmt: skip
    return Told(
        row["id"], row["received_at"], of[row["type"]], row["pos"], row["lon"], row["lat"],
        where.get(row["pos"]), fresh, row["alert_id"], bool(row["over"]),
    )  # fmt: skip


def _around(
    rule: Repeat, fresh: Iterable[dict[str, Any]], where: dict[int, UUID]
) -> dict[str, Any]:
    """The squares that hold everything near enough to these cases, and the places of estates."""
    high = rule.metres / DEGREE
    lat = max((abs(row["lat"]) for row in fresh if row["lat"] is not None), default=0.0)
    wide = high / max(cos(radians(min(lat + 1, 89))), 0.01)
    squares = {
        (floor(row["lat"] / high) + up, floor(row["lon"] / wide) + across)
        for row in fresh
        if row["lat"] is not None and row["lon"] is not None
        for up in (-1, 0, 1)
        for across in (-1, 0, 1)
    }
    mine = {where[row["pos"]] for row in fresh if row["pos"] in where}
    return {
        "high": high, "wide": wide,
        "lines": [line for line, _ in squares], "columns": [column for _, column in squares],
        "grids": [pos for pos, estate in where.items() if estate in mine],
    }  # fmt: skip


def metres(one: Told, other: Told) -> float:
    """How far apart two cases lie; infinite where a place is not known."""
    if None in (one.lon, one.lat, other.lon, other.lat):
        return float("inf")
    up = (one.lat - other.lat) * DEGREE  # type: ignore[operator]
    across = (one.lon - other.lon) * DEGREE * cos(radians(one.lat))  # type: ignore[operator,arg-type]
    return hypot(up, across)


class _Shelf:
    """Cases in the order of their time, found again by estate and by square of a kilometre."""

    def __init__(self, rule: Repeat) -> None:
        self.rule = rule
        self.reach = ceil(rule.metres / 1000)
        self.squares: dict[tuple[str, int, int], list[Told]] = defaultdict(list)
        self.estates: dict[tuple[str, UUID], list[Told]] = defaultdict(list)

    def put(self, one: Told) -> None:
        if one.estate:
            self.estates[one.family, one.estate].append(one)
        if one.lon is not None and one.lat is not None:
            self.squares[one.family, *_square(one)].append(one)

    def together(self, one: Told) -> Iterator[Told]:
        """Those of its family at its place within the rule's days before it, newest first."""
        found: dict[UUID, Told] = {}
        if one.estate:
            for other in self.estates[one.family, one.estate]:
                found[other.id] = other
        if one.lon is not None and one.lat is not None:
            line, column = _square(one)
            around = range(-self.reach, self.reach + 1)
            for up in around:
                for across in around:
                    for other in self.squares.get((one.family, line + up, column + across), ()):
                        if metres(one, other) <= self.rule.metres:
                            found[other.id] = other
        since = one.at - timedelta(days=self.rule.days)
        yield from sorted((other for other in found.values() if other.at > since),
                          key=lambda other: other.at, reverse=True)  # fmt: skip


def _square(one: Told) -> tuple[int, int]:
    # At 60 degrees a degree of longitude is half as long; a square is wide enough up to there.
    return floor((one.lat or 0) * DEGREE / 1000), floor((one.lon or 0) * DEGREE / 2000)


def _found(rule: Repeat, known: Rules, told: list[Told]) -> tuple[list[Found], list[Joined]]:
    shelf, joined = _Shelf(rule), []
    groups: list[list[Told]] = []
    made: list[int] = []
    for one in sorted(told, key=lambda case: (case.at, str(case.id))):
        others = list(shelf.together(one))
        shelf.put(one)
        if one.card or not one.fresh:
            continue
        card = next((other.card for other in others if other.card and not other.over), None)
        if isinstance(card, UUID):
            one.card = card
            joined.append(Joined(card, one.id))
        elif card is not None:
            one.card = card
            card.append(one)
        else:
            group = _of_one_place(rule, one, [other for other in others if not other.card])
            if len(group) >= rule.at_least:
                groups.append(group)
                made.append(len(group))
                for case in group:
                    case.card = group
    zone = known.calendar.days.zone
    return [_card(rule, zone, *pair) for pair in zip(groups, made, strict=True)], joined


def _of_one_place(rule: Repeat, one: Told, others: Iterable[Told]) -> list[Told]:
    """The case with those that lie near each other, not only near it; or in its estate."""
    group = [one]
    for other in others:
        if (one.estate and other.estate == one.estate) or all(
            metres(other, member) <= rule.metres for member in group
        ):
            group.append(other)
    return sorted(group, key=lambda case: case.at)


def _card(rule: Repeat, zone: ZoneInfo, group: list[Told], made: int) -> Found:
    placed = [case for case in group if case.lon is not None and case.lat is not None]
    last = group[made - 1]
    estate = last.estate if all(case.estate == last.estate for case in group) else None
    figures: dict[str, Any] = {
        "n": len(group), "made": made, "days": rule.days, "at_least": rule.at_least,
        "family": last.family,
        "estate": str(estate) if estate else None, "metres": rule.metres,
    }  # fmt: skip
    return Found(
        subject=f"{last.family}:{group[0].id}",
        first=group[0].at.astimezone(zone).date(),
        last=last.at.astimezone(zone).date(),
        pos=last.pos,
        figures=figures,
        types=(last.family,),
        lon=sum(case.lon or 0 for case in placed) / len(placed) if placed else None,
        lat=sum(case.lat or 0 for case in placed) / len(placed) if placed else None,
        case_ids=tuple(case.id for case in group),
    )
