"""Routing 派单目录: the deepest area wins, then the most exact type; the reason is shown."""

from dataclasses import dataclass
from typing import Any

from wangge.areas.models import Area
from wangge.dispatch.directory import Directory, Unit
from wangge.tenant.case_types import Types
from wangge.tenant.routing import ANY, Route, Routes


@dataclass(frozen=True, slots=True)
class Chosen:
    """The unit that a rule names, and the rule in words."""

    unit: Unit
    route: Route
    area: str

    def reason(self, types: Types) -> dict[str, Any]:
        """What a case keeps in ``route`` and every screen shows."""
        kind = types.by_code.get(self.route.type)
        what = (kind.zh, kind.en) if kind else ("所有事项", "all matters")
        return {
            "unit_id": str(self.unit.id),
            "unit": self.unit.name,
            "rule": {"type": self.route.type, "area": self.route.area, "unit": self.route.unit},
            "ground": self.route.ground,
            "zh": f"派单目录：{self.area or '全市'}的“{what[0]}”由{self.unit.name}承办",
            "en": f"directory: {what[1]} in {self.area or 'the whole city'} → {self.unit.name}",
        }


def choose(
    routes: Routes, types: Types, directory: Directory, place: Area, code: str | None
) -> Chosen | None:
    """The unit for a type at a place, or None when the directory says nothing."""
    classes = [*(kind.code for kind in types.line(code)), ANY]
    for area in (*(here.code for here in reversed(directory.line(place))), ANY):
        for wanted in classes:
            route = routes.by_place.get((area, wanted))
            unit = route and _unit(route, directory, place)
            if route and unit:
                named = directory.atlas.codes.get(area)
                return Chosen(unit, route, named.short_name if named else "")
    return None


def _unit(route: Route, directory: Directory, place: Area) -> Unit | None:
    if route.unit.startswith("@"):
        return directory.nearest(route.unit[1:], place)
    return directory.units.get(route.unit)
