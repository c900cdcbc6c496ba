"""Routing 派单目录: the most exact row wins; which row it was and why is kept and shown."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from wangge.areas.models import Area
from wangge.dispatch.directory import Directory, Unit
from wangge.dispatch.duty_lists import barred
from wangge.tenant.calendar import Days
from wangge.tenant.routing import ANY, DOWN, UP, Route
from wangge.tenant.rules import Rules

Loads = Callable[[Sequence[UUID]], Mapping[UUID, int]]


class Matter(NamedTuple):
    """What the directory is asked about; ``at`` is when it came in."""

    place: Area
    code: str | None
    desk_id: UUID | None
    at: datetime


class Picked(NamedTuple):
    """A unit, and with a shared load what each of them had open."""

    unit: Unit
    open: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Chosen:
    """The unit that a row names, the row, and which rows before it could not be followed."""

    unit: Unit
    route: Route
    area: str
    open: Mapping[str, int] | None = None
    passed: tuple[tuple[str, str], ...] = ()

    def reason(self, known: Rules) -> dict[str, Any]:
        """What a case keeps in ``route`` and every screen shows."""
        what = named(known, self.route.type)
        zh, en = self._because()
        found = {
            "unit_id": str(self.unit.id),
            "unit": self.unit.name,
            "rule": {"type": self.route.type, "area": self.route.area, "unit": self.route.unit},
            "version": known.versions.get("routes", 0),
            "ground": self.route.ground,
            "zh": f"派单目录：{self.area or '全市'}的“{what[0]}”由{self.unit.name}承办{zh}",
            "en": f"directory: {what[1]} in {self.area or 'the whole city'} → {self.unit.name}{en}",
        }
        if self.route.grid_first:
            found["grid_first"] = True
        return found

    def _because(self) -> tuple[str, str]:
        route, zh, en = self.route, list[str](), list[str]()
        plain = route.unit not in LEVELS and not (route.conditions or route.grid_first)
        if plain and not (self.open or self.passed):
            return "", ""
        if route.desk:
            zh, en = [*zh, "限本受理单位"], [*en, "for this desk"]
        if route.hours:
            said = HOURS.get(route.hours, (f"{route.hours}收到的", f"received {route.hours}"))
            zh, en = [*zh, said[0]], [*en, said[1]]
        if route.season:
            span = f"{route.season.first}至{route.season.last}"
            zh, en = [*zh, span], [*en, f"{route.season.first} to {route.season.last}"]
        if route.unit in LEVELS:
            zh, en = [*zh, LEVELS[route.unit][0]], [*en, LEVELS[route.unit][1]]
        if self.open:
            told = "、".join(f"{unit}{n}件" for unit, n in self.open.items())
            zh.append(f"按在办件数分派：{told}")
            en.append("least open: " + ", ".join(f"{unit} {n}" for unit, n in self.open.items()))
        zh += [one[0] for one in self.passed]
        en += [one[1] for one in self.passed]
        if route.grid_first:
            zh.append("格内专业网格员先办")
            en.append("the grid's professional worker first")
        return (f"（{'；'.join(zh)}）" if zh else ""), (f" ({'; '.join(en)})" if en else "")


HOURS = {
    "working": ("工作时间收到的", "received in working hours"),
    "off": ("非工作时间收到的", "received outside working hours"),
}
LEVELS = {UP: ("上一级", "one level up"), DOWN: ("下一级", "one level down")}


def named(known: Rules, code: str) -> tuple[str, str]:
    kind = known.types.by_code.get(code)
    return (kind.zh, kind.en) if kind else ("所有事项", "all matters")


def no_loads(_units: Sequence[UUID]) -> Mapping[UUID, int]:
    """Nobody has anything open: the first of those that share is taken."""
    return {}


def choose(
    known: Rules, places: Directory, matter: Matter, loads: Loads = no_loads
) -> Chosen | None:
    """The unit for a matter, or None when the directory says nothing; pure but for ``loads``."""
    passed: list[tuple[str, str]] = []
    for route in candidates(known, places, matter):
        picked = _pick(route, places, matter, loads)
        if picked is None:
            continue
        if barred(known, places, picked.unit, matter.code):
            name = picked.unit.name
            passed.append((f"{name}不在准入清单，已跳过", f"{name} may not lead it, passed over"))
            continue
        area = places.atlas.codes.get(route.area)
        return Chosen(
            picked.unit, route, area.short_name if area else "", picked.open, tuple(passed)
        )
    return None


def candidates(known: Rules, places: Directory, matter: Matter) -> Iterator[Route]:
    """Rows that hold for the matter, the most exact first."""
    by_place = known.routes.by_place
    classes = [*(kind.code for kind in known.types.line(matter.code)), ANY]
    for area in (*(here.code for here in reversed(places.line(matter.place))), ANY):
        for wanted in classes:
            for route in by_place.get((area, wanted), ()):
                if not route.conditions or _holds(route, known.calendar.days, places, matter):
                    yield route


def _holds(route: Route, days: Days, places: Directory, matter: Matter) -> bool:
    if route.desk and route.desk not in places.desks_above(matter.desk_id):
        return False
    local = matter.at.astimezone(days.zone)
    if route.season and not route.season.covers(f"{local:%m-%d}"):
        return False
    if route.hours in HOURS:
        working = any(first <= matter.at < last for first, last in days.at(matter.at).spans)
        return working == (route.hours == "working")
    if route.hours:
        first, last = route.hours.split("-")
        here = f"{local:%H:%M}"
        return first <= here < last if first <= last else here >= first or here < last
    return True


def _pick(route: Route, places: Directory, matter: Matter, loads: Loads) -> Picked | None:
    if route.unit in LEVELS:
        unit = places.beside(matter.desk_id, matter.place, down=route.unit == DOWN)
        return Picked(unit) if unit else None
    if route.unit.startswith("@"):
        unit = places.nearest(route.unit[1:], matter.place)
        return Picked(unit) if unit else None
    units = [places.units[code] for code in (route.unit, *route.share) if code in places.units]
    if len(units) < 2:
        return Picked(units[0]) if units else None
    open_ = loads([unit.id for unit in units])
    least = min(units, key=lambda unit: open_.get(unit.id, 0))
    return Picked(least, {unit.name: open_.get(unit.id, 0) for unit in units})
