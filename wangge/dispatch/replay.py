"""A proposed directory over past cases: which would have gone elsewhere, and why; nothing moves."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

from wangge.areas.models import Area
from wangge.dispatch.directory import Directory, Unit
from wangge.dispatch.duty_lists import barred
from wangge.dispatch.routing import Chosen, Matter, choose, named
from wangge.kernel.db import Tx
from wangge.tenant.rules import Rules

BATCH = 5000
MOST_ROWS = 300
MOST_GROUPS = 200
# A complaint is known to nobody but its desk, whoever writes the rules.
TOTAL = """
select count(*) as n, count(*) filter (where about_unit is not null or about_account is not null)
    as kept from cases where received_at >= %(since)s and received_at <= %(now)s
"""
CASES = """
select c.id, c.number, c.area_id, c.type, c.desk_id, c.unit_id, c.received_at,
    c.route -> 'suggested' -> 0 ->> 'code' as guess,
    case when c.type is null and %(heard)s then c.title || ' ' || c.text end as words
from cases c
where c.received_at >= %(since)s and c.received_at <= %(now)s
    and (c.received_at, c.id) > (%(at)s, %(id)s)
    and c.about_unit is null and c.about_account is null
order by c.received_at, c.id limit 5000
"""
NOBODY = ("派单员决定", "a dispatcher decides")
GRID = ("格内先办，再由", "the grid first, then ")


class Went(NamedTuple):
    """Where a case goes by some rules, and why; ``unit`` is None where they say nothing."""

    unit: Unit | None
    grid_first: bool
    zh: str
    en: str

    @property
    def name(self) -> tuple[str, str]:
        if self.unit is None:
            return NOBODY
        first = GRID if self.grid_first else ("", "")
        return first[0] + self.unit.name, first[1] + self.unit.name

    @property
    def key(self) -> tuple[UUID | None, bool]:
        return (self.unit.id if self.unit else None), self.grid_first


class Way:
    """One set of rules at work over many cases; what rests on place and type is asked once."""

    def __init__(self, known: Rules, places: Directory) -> None:
        self.known, self.places = known, places
        self.given: Counter[UUID] = Counter()
        self._simple = not any(
            route.active and (route.conditions or route.share) for route in known.routes.routes
        )
        self._kept: dict[tuple[UUID, str | None, UUID | None], Went] = {}

    def type_of(self, case: Mapping[str, Any]) -> str | None:
        if case["type"]:
            return str(case["type"])
        if case["words"] is None:
            return case["guess"] or None
        return next((one.type.code for one in self.known.suggester(case["words"])), None)

    def of(self, place: Area, case: Mapping[str, Any]) -> Went:
        code = self.type_of(case)
        key = place.id, code, case["desk_id"]
        went = self._kept.get(key) if self._simple else None
        if went is None:
            matter = Matter(place, code, case["desk_id"], case["received_at"])
            went = self._told(choose(self.known, self.places, matter, self._open_of))
            self._kept[key] = went
        if went.unit:
            self.given[went.unit.id] += 1
        return went

    def _open_of(self, units: Sequence[UUID]) -> Mapping[UUID, int]:
        """What was open then nobody knows now: what the trial itself gave out stands for it."""
        return {unit: self.given[unit] for unit in units}

    def _told(self, chosen: Chosen | None) -> Went:
        if chosen is None:
            said = ("派单目录没有说明", "the directory says nothing")
            return Went(None, False, *said)
        reason = chosen.reason(self.known)
        return Went(chosen.unit, chosen.route.grid_first, reason["zh"], reason["en"])


@dataclass(slots=True)
class Replay:
    """What a trial has found so far; ``result`` is what is kept of it."""

    before: Way
    after: Way
    cases: int = 0
    moved: int = 0
    silent: list[int] = field(default_factory=lambda: [0, 0])
    sent: int = 0
    agreed: list[int] = field(default_factory=lambda: [0, 0])
    pairs: Counter[tuple[tuple[str, str], tuple[str, str]]] = field(default_factory=Counter)
    units: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    rows: list[dict[str, Any]] = field(default_factory=list)
    against_list: int = 0
    listed: list[dict[str, Any]] = field(default_factory=list)

    def take(self, cases: Iterable[Mapping[str, Any]]) -> None:
        for case in cases:
            place = self.before.places.atlas.areas.get(case["area_id"])
            if place:
                self._take(place, case)

    def _take(self, place: Area, case: Mapping[str, Any]) -> None:
        was, now = self.before.of(place, case), self.after.of(place, case)
        self.cases += 1
        for n, went in enumerate((was, now)):
            self.silent[n] += went.unit is None
            self.units.setdefault(went.name, [0, 0])[n] += 1
            if case["unit_id"]:
                self.agreed[n] += bool(went.unit and went.unit.id == case["unit_id"])
        self.sent += case["unit_id"] is not None
        self._lead(place, case)
        if was.key == now.key:
            return
        self.moved += 1
        self.pairs[was.name, now.name] += 1
        if len(self.rows) < MOST_ROWS:
            self.rows.append(self._row(place, case, was, now))

    def _lead(self, place: Area, case: Mapping[str, Any]) -> None:
        """Whether a community led it that may not by the proposed list."""
        places, code = self.after.places, self.after.type_of(case)
        lead = places.by_id.get(case["unit_id"] or case["desk_id"])
        if lead is None or not barred(self.after.known, places, lead, code):
            return
        self.against_list += 1
        if len(self.listed) < MOST_ROWS:
            self.listed.append({**self._head(place, case), "lead": lead.name})

    def _head(self, place: Area, case: Mapping[str, Any]) -> dict[str, Any]:
        zh, en = named(self.after.known, self.after.type_of(case) or "")
        return {
            "number": case["number"],
            "type": {"zh": zh, "en": en},
            "area": "".join(place.names[1:]) or place.short_name,
            "received_at": case["received_at"].isoformat(),
        }

    def _row(self, place: Area, case: Mapping[str, Any], was: Went, now: Went) -> dict[str, Any]:
        actual = self.after.places.by_id.get(case["unit_id"])
        return {
            **self._head(place, case),
            "from": _said(was),
            "to": _said(now),
            "actual": actual.name if actual else None,
        }

    def result(self, left_out: int) -> dict[str, Any]:
        changed = sorted(
            self.units.items(), key=lambda item: (-abs(item[1][1] - item[1][0]), -item[1][1])
        )
        return {
            "cases": self.cases,
            "left_out": left_out,
            "moved": self.moved,
            "silent": self.silent,
            "sent": self.sent,
            "agreed": self.agreed,
            "units": [
                {"name": {"zh": name[0], "en": name[1]}, "before": n[0], "after": n[1]}
                for name, n in changed[:MOST_GROUPS]
            ],
            "pairs": [
                {"from": {"zh": a[0], "en": a[1]}, "to": {"zh": b[0], "en": b[1]}, "cases": n}
                for (a, b), n in self.pairs.most_common(MOST_GROUPS)
            ],
            "rows": self.rows,
            "against_list": self.against_list,
            "listed": self.listed,
        }


def _said(went: Went) -> dict[str, Any]:
    zh, en = went.name
    return {"name": {"zh": zh, "en": en}, "why": {"zh": went.zh, "en": went.en}}


@dataclass(slots=True)
class Period:
    """The cases of the last days, a batch at a time, each batch in a transaction of its own."""

    since: Any
    now: Any
    heard: bool
    at: Any
    id: UUID

    @classmethod
    def of(cls, tx: Tx, days: int, *, heard: bool) -> "Period":
        since = tx.now - timedelta(days=days)
        return cls(since, tx.now, heard, since - timedelta(seconds=1), UUID(int=0))

    @property
    def bounds(self) -> dict[str, Any]:
        return {
            "since": self.since, "now": self.now, "heard": self.heard, "at": self.at, "id": self.id,
        }  # fmt: skip

    def count(self, tx: Tx) -> tuple[int, int]:
        """Cases to be looked at, and complaints that are left out."""
        row = tx.one(TOTAL, self.bounds) or {"n": 0, "kept": 0}
        return row["n"] - row["kept"], row["kept"]

    def batch(self, tx: Tx) -> list[dict[str, Any]]:
        rows = tx.rows(CASES, self.bounds)
        if rows:
            self.at, self.id = rows[-1]["received_at"], rows[-1]["id"]
        return rows
