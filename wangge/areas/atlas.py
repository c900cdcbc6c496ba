"""The tree and its borders in memory, as they stand on a day; one per tenant and version.

Reading 8,600 areas takes a fifth of a second, and afterwards every question about them is
answered without the database. The row ``areas`` of ``versions`` says when to read again.
"""

from collections import Counter, OrderedDict, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from threading import Lock
from typing import cast
from uuid import UUID
from zoneinfo import ZoneInfo

import shapely

from wangge.areas import queries
from wangge.areas.locator import Locator
from wangge.areas.models import Area, Ground, Level
from wangge.kernel import collector
from wangge.kernel.db import Tx
from wangge.kernel.errors import NotFound
from wangge.kernel.text import folded

CHANGED_HERE = 0  # the version inside a transaction that itself changed the areas
KEPT = 48


@dataclass(eq=False)
class Atlas:
    """All areas that stand from ``first`` up to, not including, ``last``."""

    version: int
    first: date
    last: date | None
    zone: ZoneInfo
    areas: dict[UUID, Area] = field(default_factory=dict)
    grounds: dict[UUID, Ground] = field(default_factory=dict)

    def holds(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day < self.last)

    @property
    def edition(self) -> str:
        """What an answer made of this atlas may be cached by."""
        return f"{self.version}.{self.first.toordinal()}"

    def area(self, area_id: UUID) -> Area:
        found = self.areas.get(area_id)
        if found is None:
            raise no_such_area()
        return found

    @cached_property
    def codes(self) -> dict[str, Area]:
        return {area.code: area for area in self.areas.values()}

    @cached_property
    def below(self) -> dict[UUID | None, list[Area]]:
        """Children of each area by code; the roots stand under None."""
        found: dict[UUID | None, list[Area]] = defaultdict(list)
        for area in self.areas.values():
            found[area.parent_id].append(area)
        return found

    def above(self, area: Area) -> Iterator[Area]:
        """Parents from the nearest up."""
        while area.parent_id in self.areas:
            area = self.areas[area.parent_id]
            yield area

    def counted(self, area: Area) -> Counter[tuple[Level, str, str]]:
        """Say how many areas lie inside by level; grids by kind, and by setting if it is said."""
        found: Counter[tuple[Level, str, str]] = Counter()
        waiting = list(self.below.get(area.id, ()))
        while waiting:
            one = waiting.pop()
            waiting += self.below.get(one.id, ())
            grid = one.level is Level.GRID
            setting = str(one.attributes.get("setting", "")) if grid else ""
            found[one.level, str(one.kind) if grid else "", setting] += 1
        return found

    def level(self, level: Level) -> list[Area]:
        return [area for area in self.areas.values() if area.level is level]

    @cached_property
    def locator(self) -> Locator:
        """Grids, and where an area has no grids yet, the area itself."""
        answering = [
            area
            for area in self.areas.values()
            if area.id in self.grounds
            and (
                area.level is Level.GRID
                or (area.level.depth < Level.GRID.depth and not self.below.get(area.id))
            )
        ]
        return Locator(answering, [self.grounds[area.id] for area in answering])

    def micro_grid(self, grid: Area, lon: float, lat: float) -> Area | None:
        """Find the micro-grid of a point in its grid, by the same rule on common borders."""
        for area in self.below.get(grid.id, []):
            ground = self.grounds.get(area.id)
            if ground is not None and shapely.intersects_xy(ground, lon, lat):
                return area
        return None

    @cached_property
    def _spoken(self) -> list[tuple[Area, tuple[str, str, str, str]]]:
        found = []
        for area in self.areas.values():
            syllables = area.sort_key.split()
            pinyin = "".join(syllable.rstrip("12345") for syllable in syllables)
            letters = "".join(syllable[0] for syllable in syllables)
            found.append((area, (folded(area.name), area.code, pinyin, letters)))
        return found

    def search(self, words: str, *, level: Level | None = None, most: int = 50) -> list[Area]:
        """Areas by name, code, pinyin or first letters: exact, then beginning, then containing."""
        wanted = folded(words).replace(" ", "")
        found: list[tuple[int, int, str, Area]] = []
        for area, spoken in self._spoken:
            if level is not None and area.level is not level:
                continue
            rank = _rank(wanted, spoken)
            if rank is not None:
                found.append((rank, area.level.depth, area.code, area))
        return [area for *_, area in sorted(found, key=lambda row: row[:3])[:most]]


def _rank(wanted: str, spoken: tuple[str, str, str, str]) -> int | None:
    if not wanted:
        return None
    if wanted in spoken:
        return 0
    if any(text.startswith(wanted) for text in spoken):
        return 1
    return 2 if wanted in spoken[0] else None


def no_such_area() -> NotFound:
    return NotFound("no_such_area", "没有这个区域", "there is no such area")


_kept: OrderedDict[tuple[str, int, date], Atlas] = OrderedDict()
_zones: dict[tuple[str, int], ZoneInfo] = {}
_shelf = Lock()
_reading: dict[str, Lock] = defaultdict(Lock)  # one reader a tenant; others need not wait


def today(tx: Tx) -> date:
    """Return the city's calendar day."""
    return tx.now.astimezone(_zone(tx)).date()


def of(tx: Tx, on: date | None = None) -> Atlas:
    """Return the tenant's atlas of a day, today if none is given."""
    day = on or today(tx)
    version = tx.versions.get("areas", CHANGED_HERE)
    if version == CHANGED_HERE:
        return _read(tx, version, day)
    if (atlas := _find(tx.cell.tenant, version, day)) is not None:
        return atlas
    with _reading[tx.cell.tenant]:
        atlas = _find(tx.cell.tenant, version, day)
        if atlas is None:
            atlas = _read(tx, version, day)
            _keep(tx.cell.tenant, atlas)
            collector.keep()
    return atlas


def _find(tenant: str, version: int, day: date) -> Atlas | None:
    with _shelf:
        for key, atlas in _kept.items():
            if key[:2] == (tenant, version) and atlas.holds(day):
                _kept.move_to_end(key)
                return atlas
    return None


def _keep(tenant: str, atlas: Atlas) -> None:
    with _shelf:
        _kept[tenant, atlas.version, atlas.first] = atlas
        while len(_kept) > KEPT:
            _kept.popitem(last=False)


def _zone(tx: Tx) -> ZoneInfo:
    key = (tx.cell.tenant, tx.versions.get("rules", 0))
    if key not in _zones:
        _zones[key] = ZoneInfo(queries.zone(tx))
    return _zones[key]


def _read(tx: Tx, version: int, day: date) -> Atlas:
    first, last = queries.turning_days(tx, day)
    atlas = Atlas(version, first, last, _zone(tx))
    rows = queries.standing(tx, day)
    borders = shapely.from_wkb([row.pop("wkb") for row in rows])
    for row, ground in zip(rows, borders, strict=True):
        area = Area(**{**row, "level": Level(row["level"])})
        atlas.areas[area.id] = area
        if ground is not None:
            atlas.grounds[area.id] = cast("Ground", ground)
    return atlas
