"""From a point to the one area that answers for it, exactly and everywhere alike.

A coarse raster names the few candidates of a point and GEOS decides each exactly. On a border
or a vertex several areas hold the point: the smallest code among them answers. Neither the
order of loading nor the process matters, so two offices never both say "not ours".
"""

import math
from collections.abc import Callable, Sequence
from typing import Any, cast

import shapely
from shapely import lib

from wangge.areas.models import Area, Ground

# So many cells lie along the side of a ground of middling size; a whole city has no more of them.
FINE, MOST_CELLS = 8, 192
METRES = 111_320  # of a degree of latitude
# The ufunc behind shapely.intersects_xy: half of the time of a single point is in the wrapper.
_holds = cast("Callable[[Ground, float, float], Any]", lib.intersects_xy)
_Candidate = tuple[float, float, float, float, Ground, Area]


class Locator:
    """The grids of one city, ready to be asked for points one by one."""

    def __init__(self, areas: Sequence[Area], grounds: Sequence[Ground]) -> None:
        pairs = sorted(zip(areas, grounds, strict=True), key=lambda pair: pair[0].code)
        self._cells = min(MOST_CELLS, FINE * math.ceil(math.sqrt(len(pairs))))
        self._raster: list[list[_Candidate]] = [[] for _ in range(self._cells**2)]
        if not pairs:
            self.bounds = (0.0, 0.0, -1.0, -1.0)  # holds no point
            return
        held = [ground for _, ground in pairs]
        shapely.prepare(held)
        boxes: list[tuple[float, float, float, float]] = [ground.bounds for ground in held]
        for ground, (left, low, right, high) in zip(held, boxes, strict=True):
            # GEOS finishes a prepared shape at its first question, which must not be two threads'.
            _holds(ground, (left + right) / 2, (low + high) / 2)
        west, south = min(box[0] for box in boxes), min(box[1] for box in boxes)
        east, north = max(box[2] for box in boxes), max(box[3] for box in boxes)
        self.bounds = (west, south, east, north)
        # A hair less than the full width, so that the eastern and northern rims stay inside.
        self._across = self._cells / (east - west) * (1 - 1e-12)
        self._up = self._cells / (north - south) * (1 - 1e-12)
        for (area, ground), box in zip(pairs, boxes, strict=True):
            candidate = (*box, ground, area)
            for column in range(self._column(box[0]), self._column(box[2]) + 1):
                for row in range(self._row(box[1]), self._row(box[3]) + 1):
                    self._raster[column * self._cells + row].append(candidate)

    def _column(self, lon: float) -> int:
        return int((lon - self.bounds[0]) * self._across)

    def _row(self, lat: float) -> int:
        return int((lat - self.bounds[1]) * self._up)

    def at(self, lon: float, lat: float) -> Area | None:
        """Find the area of a WGS-84 point in a few microseconds; None outside of all."""
        west, south, east, north = self.bounds
        if not (west <= lon <= east and south <= lat <= north):
            return None
        cell = int((lon - west) * self._across) * self._cells + int((lat - south) * self._up)
        for left, low, right, high, ground, area in self._raster[cell]:
            if left <= lon <= right and low <= lat <= high and _holds(ground, lon, lat):
                return area
        return None

    def near(self, lon: float, lat: float, metres: float) -> list[Area]:
        """Find the areas that reach into the square of so many metres around a WGS-84 point."""
        up = metres / METRES
        across = up / max(math.cos(math.radians(lat)), 0.01)
        west, south, east, north = self.bounds
        left, right = max(lon - across, west), min(lon + across, east)
        low, high = max(lat - up, south), min(lat + up, north)
        if left > right or low > high:
            return []
        square, found = shapely.box(left, low, right, high), dict[str, Area]()
        for column in range(self._column(left), self._column(right) + 1):
            for row in range(self._row(low), self._row(high) + 1):
                for *_, ground, area in self._raster[column * self._cells + row]:
                    if area.code not in found and shapely.intersects(ground, square):
                        found[area.code] = area
        return list(found.values())
