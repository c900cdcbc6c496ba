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


@dataclass(frozen=True, eq=False)
class Directory:
    """Read once per version of areas and organisations."""

    atlas: Atlas
    units: dict[str, Unit]
    at: dict[tuple[str, UUID | None], list[Unit]]
    _lines: dict[UUID, tuple[Area, ...]] = field(default_factory=dict)

    @cached_property
    def city(self) -> Area:
        return self.atlas.level(Level.CITY)[0]

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
select id, kind, code, short_name as name, area_id from organisations where active order by code
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
