"""The city's areas and organisations in memory, as routing and intake need them."""

from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock
from typing import NamedTuple
from uuid import UUID

from wangge.areas import atlas
from wangge.areas.atlas import Atlas
from wangge.areas.models import Area, Level
from wangge.kernel.db import Tx


class Unit(NamedTuple):
    """An organisation that may be in charge."""

    id: UUID
    kind: str
    code: str
    name: str
    area_id: UUID | None
    parent_id: UUID | None = None


@dataclass(frozen=True, eq=False)
class Directory:
    """Read once per version of areas and organisations."""

    atlas: Atlas
    units: dict[str, Unit]
    at: dict[tuple[str, UUID | None], list[Unit]]
    _lines: dict[UUID, tuple[Area, ...]] = field(default_factory=dict)
    _above: dict[UUID | None, frozenset[str]] = field(default_factory=dict)

    @cached_property
    def city(self) -> Area:
        return self.atlas.level(Level.CITY)[0]

    @cached_property
    def by_id(self) -> dict[UUID, Unit]:
        return {unit.id: unit for unit in self.units.values()}

    def desks_above(self, unit_id: UUID | None) -> frozenset[str]:
        """Codes of the organisation itself and of those above it; worked out once for each."""
        if unit_id not in self._above:
            codes, here = [], self.by_id.get(unit_id) if unit_id else None
            while here and here.code not in codes:
                codes.append(here.code)
                here = self.by_id.get(here.parent_id) if here.parent_id else None
            self._above[unit_id] = frozenset(codes)
        return self._above[unit_id]

    def beside(self, desk_id: UUID | None, place: Area, *, down: bool) -> Unit | None:
        """The desk one level above the one in charge, or one below it on the way to ``place``."""
        desk = self.by_id.get(desk_id) if desk_id else None
        ground = self.atlas.areas.get(desk.area_id) if desk and desk.area_id else None
        if ground is None:
            return None
        line = self.line(place) if down else self.line(ground)
        if ground not in line:
            return None
        at = line.index(ground)
        way = line[at + 1 :] if down else reversed(line[:at])
        return next((found[0] for here in way if (found := self.at.get(("desk", here.id)))), None)

    def line(self, area: Area) -> tuple[Area, ...]:
        """From the city down to the area itself; worked out once for each area."""
        found = self._lines.get(area.id)
        if found is None:
            found = self._lines[area.id] = (*reversed(list(self.atlas.above(area))), area)
        return found

    def nearest(self, kind: str, area: Area) -> Unit | None:
        """The organisation of ``kind`` at the area itself or at the nearest one above it."""
        for here in reversed(self.line(area)):
            if found := self.at.get((kind, here.id)):
                return found[0]
        return None

    def above(self, area: Area, level: Level) -> Area:
        """The area of ``level`` that this one lies in, or itself when it lies higher."""
        return next((here for here in self.line(area) if here.level is level), area)


_kept: dict[str, tuple[int, Directory]] = {}
_lock = Lock()
UNITS = """
select id, kind, code, short_name as name, area_id, parent_id
from organisations where active and kind <> 'party' order by code
"""


def directory(tx: Tx) -> Directory:
    places, version = atlas.of(tx), tx.versions.get("units", 0)
    with _lock:
        kept = _kept.get(tx.cell.tenant)
    if kept and kept[0] == version and kept[1].atlas is places:
        return kept[1]
    units = [Unit(**row) for row in tx.rows(UNITS)]
    at: dict[tuple[str, UUID | None], list[Unit]] = {}
    for unit in units:
        at.setdefault((unit.kind, unit.area_id), []).append(unit)
    found = Directory(places, {unit.code: unit for unit in units}, at)
    with _lock:
        _kept[tx.cell.tenant] = (version, found)
    return found
