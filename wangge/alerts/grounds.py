"""Which places belong to which area of a level, so that counts by place become counts by area."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray

from wangge.areas import atlas
from wangge.areas.models import Area, Level
from wangge.kernel.db import Tx

SPANS = """
select a.id, lower(r) as low, upper(r) as high from areas a, unnest(a.span) r
where a.level = %s
"""


@dataclass(frozen=True, eq=False)
class Grounds:
    """The areas of a level as they stand today; ``which`` names the area of each place, or -1."""

    areas: list[Area]
    which: NDArray[np.int64]
    shapes: dict[str, shapely.Geometry]

    @cached_property
    def centres(self) -> NDArray[np.float64]:
        """Longitude and latitude of a point inside each area; NaN where there is no border."""
        found = np.full((len(self.areas), 2), np.nan)
        for n, area in enumerate(self.areas):
            shape = self.shapes.get(str(area.id))
            if shape is not None:
                point = shape.representative_point()
                found[n] = point.x, point.y
        return found


def of(tx: Tx, level: Level) -> Grounds:
    """The level's areas by code; places that an area had at any time belong to it."""
    book = atlas.of(tx)
    areas = sorted(book.level(level), key=lambda one: one.code)
    index = {area.id: n for n, area in enumerate(areas)}
    last = tx.one("select max(pos) as last from areas") or {}
    which = np.full((last.get("last") or 0) + 1, -1, np.int64)
    for row in tx.rows(SPANS, [level.value]):
        if row["id"] in index:
            which[row["low"] : row["high"]] = index[row["id"]]
    shapes = {str(area.id): book.grounds[area.id] for area in areas if area.id in book.grounds}
    return Grounds(areas, which, shapes)


def common(tx: Tx, areas: Sequence[Area]) -> Area:
    """The lowest area within which all of them lie."""
    book = atlas.of(tx)
    lines = [[one, *book.above(one)][::-1] for one in areas]
    found = lines[0][0]
    for step in zip(*lines, strict=False):
        if any(one.id != step[0].id for one in step):
            break
        found = step[0]
    return found
