"""Whose it is 责任到人: for every type of matter on a piece of ground, the unit and the person.

The directory names the unit, and where it has the grid first, the grid's own professional worker;
of a unit's people comes first whoever is posted to the grid. A cell without anybody is a gap.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from wangge.areas.models import Area, Level
from wangge.dispatch.directory import Unit, directory
from wangge.dispatch.routing import Chosen, Matter, choose
from wangge.kernel.db import Tx
from wangge.tenant.case_types import CaseType
from wangge.tenant.service import rules

# Whoever may take it at a unit, or at a desk that keeps it; the manager stands for the others.
AT_UNIT = (
    "department_manager", "property_manager", "handler", "duty_leader", "acceptor", "dispatcher",
)  # fmt: skip
STAFF = """
select p.account_id, p.role, p.title, p.unit_id, p.area_id, a.name
from posts p join accounts a on a.id = p.account_id and a.active
where p.valid @> city_today() and (p.unit_id is not null or p.area_id = any(%s))
order by p.deputy, a.name, p.role
"""


@dataclass(frozen=True, slots=True)
class Cell:
    """One type on one piece of ground; ``gap`` says why nobody is named."""

    area: Area
    type: CaseType
    unit: Unit | None = None
    person: dict[str, Any] | None = None
    by: str = ""
    gap: str = ""


@dataclass(frozen=True, slots=True)
class Staff:
    """Today's posts: of the units, and of the areas that are asked about."""

    of_unit: dict[UUID, list[dict[str, Any]]]
    of_area: dict[UUID, list[dict[str, Any]]]

    @classmethod
    def read(cls, tx: Tx, areas: Sequence[Area]) -> "Staff":
        found = cls({}, {})
        for row in tx.rows(STAFF, [[area.id for area in areas]]):
            for of, key in ((found.of_unit, row["unit_id"]), (found.of_area, row["area_id"])):
                if key:
                    of.setdefault(key, []).append(row)
        return found

    def worker(self, area: Area) -> dict[str, Any] | None:
        """The grid's own professional, who has first what the directory leaves to the grid."""
        here = self.of_area.get(area.id, [])
        return next((row for row in here if row["role"] == "professional_worker"), None)

    def at(self, unit: Unit, area: Area) -> tuple[dict[str, Any] | None, str]:
        """The unit's person for the area, and whether by a post in it."""
        posted = {row["account_id"] for row in self.of_area.get(area.id, [])}
        people = [row for row in self.of_unit.get(unit.id, []) if row["role"] in AT_UNIT]
        people.sort(key=lambda row: (row["account_id"] not in posted, AT_UNIT.index(row["role"])))
        first = people[0] if people else None
        return first, "posted" if first and first["account_id"] in posted else "unit"


def cells(tx: Tx, areas: Sequence[Area]) -> Iterator[Cell]:
    """Every type that is in use, on each of these pieces of ground."""
    known, units, staff = rules(tx), directory(tx), Staff.read(tx, areas)
    for area in areas:
        for kind in known.types.leaves:
            chosen = choose(known, units, Matter(area, kind.code, None, tx.now))
            yield _cell(chosen, staff, area, kind)


def _cell(chosen: Chosen | None, staff: Staff, area: Area, kind: CaseType) -> Cell:
    if chosen is None:
        return Cell(area, kind, gap="no_unit")
    if chosen.route.grid_first and (worker := staff.worker(area)):
        return Cell(area, kind, chosen.unit, worker, "grid")
    person, by = staff.at(chosen.unit, area)
    return Cell(area, kind, chosen.unit, person, by, "" if person else "nobody_on_post")


def grids_of(tx: Tx, area: Area) -> list[Area]:
    """The grids on an area, or the area itself where it is one or has none."""
    book = directory(tx).atlas
    found, waiting = [], [area]
    while waiting:
        here = waiting.pop()
        if here.level is Level.GRID:
            found.append(here)
        else:
            waiting += book.below.get(here.id, [])
    return sorted(found, key=lambda one: one.code) or [area]
