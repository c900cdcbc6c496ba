"""Where areas lie in the counts, and their borders as the screen draws them; both by version."""

import gzip
from collections import OrderedDict, defaultdict
from dataclasses import dataclass
from functools import cached_property, lru_cache
from threading import Lock
from typing import Any
from uuid import UUID

import numpy as np
import orjson
import shapely
from numpy.typing import NDArray

from wangge.areas import atlas
from wangge.areas.atlas import Atlas
from wangge.areas.models import Area, Level
from wangge.kernel.db import Tx
from wangge.people.models import Intervals, intervals

KEPT = 20
KEPT_BORDERS = 200
# Half a pixel at 3840 across a city of 150 km; neighbours are simplified together.
DETAIL = 0.0002
DECIMALS = 5
SHOWN = (Level.COUNTY, Level.TOWNSHIP, Level.COMMUNITY, Level.GRID)
SPANS = "select id, span::text as span from areas"


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """Some areas, and the ranges of places that each of them has."""

    areas: list[Area]
    which: NDArray[np.int64]
    ends: NDArray[np.int64]

    def summed(self, counts: NDArray[Any]) -> NDArray[np.float64]:
        """Sum the counts of all places over each of the areas."""
        until = np.concatenate([[0], np.cumsum(counts)])
        low, high = np.minimum(self.ends, len(counts))
        weights = until[high] - until[low]
        found = np.bincount(self.which, weights=weights, minlength=len(self.areas))
        return found.astype(np.float64)


@dataclass(eq=False)
class Ground:
    """The tree of a day with each area's places in the counts."""

    book: Atlas
    spans: dict[UUID, Intervals]

    def grids(self, area_id: UUID) -> NDArray[np.int64]:
        """Every place inside an area, whatever stood there at any time."""
        ranges = [np.arange(low, high) for low, high in self.spans[area_id]]
        return np.concatenate(ranges) if ranges else np.zeros(0, np.int64)

    def inside(self, area: Area, level: Level) -> Frame:
        """Areas of a level within an area, in the order of the directory."""
        key = area.id, level
        if key not in self._frames:
            inside = [one for one in self.levels[level] if self._within(one, area)]
            self._frames[key] = self.frame(inside)
        return self._frames[key]

    @cached_property
    def _frames(self) -> dict[tuple[UUID, Level], Frame]:
        return {}

    def _within(self, one: Area, area: Area) -> bool:
        return any(low <= one.pos < high for low, high in self.spans[area.id])

    def covered(self, area: Area, reach: Intervals) -> bool:
        """Whether every place of an area lies within the ranges."""
        merged = _merged(reach)
        return all(any(a <= low and high <= b for a, b in merged) for low, high in
                   self.spans[area.id])  # fmt: skip

    def widest(self, reach: Intervals) -> Area | None:
        """The highest area that lies whole within the ranges; the first of several."""
        if reach not in self._widest:
            whole = [area for area in self.book.areas.values() if self.covered(area, reach)]
            first = min(whole, key=lambda area: (area.level.depth, area.code), default=None)
            self._widest[reach] = first
        return self._widest[reach]

    @cached_property
    def _widest(self) -> dict[Intervals, Area | None]:
        return {}

    def middle(self, area_id: UUID) -> tuple[float, float] | None:
        """A point well inside an area, in degrees; it tells the area and nothing finer."""
        if area_id not in self._middles:
            shape = self.book.grounds.get(area_id)
            point = None if shape is None else shapely.point_on_surface(shape)
            self._middles[area_id] = point and (round(point.x, 4), round(point.y, 4))
        return self._middles[area_id]

    @cached_property
    def _middles(self) -> dict[UUID, tuple[float, float] | None]:
        return {}

    def told(self, area_id: UUID) -> str:
        """The name by which a wall tells a place: its community, or what stands there instead."""
        area = self.book.areas.get(area_id)
        if area is None:
            return ""
        depth = Level.COMMUNITY.depth
        wide = next(
            (one for one in (area, *self.book.above(area)) if one.level.depth <= depth), area
        )
        return wide.short_name or wide.name

    @cached_property
    def levels(self) -> dict[Level, list[Area]]:
        found: dict[Level, list[Area]] = defaultdict(list)
        for area in sorted(self.book.areas.values(), key=lambda one: one.code):
            found[area.level].append(area)
        return found

    def frame(self, areas: list[Area]) -> Frame:
        """Where some areas lie in running sums."""
        ends = np.array([pair for area in areas for pair in self.spans[area.id]], np.int64)
        which = [n for n, area in enumerate(areas) for _ in self.spans[area.id]]
        return Frame(areas, np.array(which, np.int64), ends.reshape(-1, 2).T)

    @cached_property
    def _shapes(self) -> dict[Level, dict[UUID, shapely.Geometry]]:
        return {}

    @cached_property
    def _packed(self) -> OrderedDict[tuple[UUID, Level], bytes]:
        return OrderedDict()

    def borders(self, area: Area, level: Level) -> bytes:
        """GeoJSON of a level inside an area, packed; ``id`` is the place in the counts."""
        key = area.id, level
        if key not in self._packed:
            self._packed[key] = gzip.compress(self._draw(area, level), 6, mtime=0)
            while len(self._packed) > KEPT_BORDERS:
                self._packed.popitem(last=False)
        return self._packed[key]

    def _draw(self, area: Area, level: Level) -> bytes:
        shapes = self._simple(level)
        areas = [one for one in self.inside(area, level).areas if one.id in shapes]
        features = [_feature(one, shapes[one.id]) for one in areas]
        return orjson.dumps({"type": "FeatureCollection", "features": features})

    def _simple(self, level: Level) -> dict[UUID, shapely.Geometry]:
        """The level's shapes, simplified together so that common borders stay common."""
        if level not in self._shapes:
            areas = [area for area in self.levels[level] if area.id in self.book.grounds]
            shapes = np.array([self.book.grounds[area.id] for area in areas], dtype=object)
            if len(shapes):
                shapes = shapely.coverage_simplify(shapes, DETAIL)
                shapes = shapely.transform(shapes, lambda corners: np.round(corners, DECIMALS))
            self._shapes[level] = dict(zip((area.id for area in areas), shapes, strict=True))
        return self._shapes[level]


@lru_cache(maxsize=1_000)
def _merged(reach: Intervals) -> Intervals:
    """The same ground in ranges that do not touch each other."""
    found: list[tuple[int, int]] = []
    for low, high in sorted(reach):
        if found and low <= found[-1][1]:
            found[-1] = found[-1][0], max(high, found[-1][1])
        else:
            found.append((low, high))
    return tuple(found)


def _feature(area: Area, shape: shapely.Geometry) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": area.pos,
        "properties": {
            "id": str(area.id), "name": area.short_name or area.name, "level": area.level.value,
            "parent": str(area.parent_id or ""),
        },
        "geometry": shapely.geometry.mapping(shape),
    }  # fmt: skip


_kept: OrderedDict[tuple[str, str], Ground] = OrderedDict()
_shelf = Lock()


def of(tx: Tx) -> Ground:
    """The tenant's ground as it stands today."""
    book = atlas.of(tx)
    key = tx.cell.tenant, book.edition
    with _shelf:
        found = _kept.get(key)
    if found is None or found.book is not book:
        spans = {row["id"]: intervals(row["span"]) for row in tx.rows(SPANS)}
        found = Ground(book, spans)
        with _shelf:
            _kept[key] = found
            while len(_kept) > KEPT:
                _kept.popitem(last=False)
    return found
