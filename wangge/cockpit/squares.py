"""Cases by tile: clusters counted in SQL, so that their sum is the count at every zoom.

Squares of the web map are numbered along a Z-order curve (migration 0069): a tile is one range of
them, and a cluster all squares of a coarser number. Every case lies in one square, so clusters of
any zoom add up to the same figure. No square is finer than about 120 metres.
"""

from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wangge.areas.geodesy import tile_bounds, web_plane
from wangge.areas.vector_tile import EXTENT, Dot, encode_dots
from wangge.kernel.db import Tx
from wangge.kernel.errors import NotFound

Spots = NDArray[np.float64]
Squares = NDArray[np.int64]
DEEPEST, FINEST = 16, 18
LAYER = "cases"
# Radius of a circle for one case and for 1,600 or more, as a share of its square.
NARROW, WIDE, LARGEST = 0.12, 0.3, 40
COUNTED = "select * from wall_squares(%s, %s, %s, %s::int4multirange, %s)"


class Detail(StrEnum):
    """How many squares a tile has at most: 16 to be read as numbers, 1,024 for a heat.

    On a screen of 3840 a number is twice as large as on one of 1920, and a tile is not: four.
    """

    LARGE = "large"
    CLUSTERS = "clusters"
    HEAT = "heat"

    @property
    def zooms(self) -> int:
        return {Detail.LARGE: 1, Detail.CLUSTERS: 2, Detail.HEAT: 5}[self]

    def margins(self, counts: Squares) -> Spots:
        """The share of a square along its rim in which its point does not stand.

        It is the radius of the circle that the page draws for so many (``drawMap.ts``), so that
        each circle stays within its square and no two of them overlap.
        """
        if self is Detail.HEAT:
            return np.zeros(len(counts))
        part = np.clip((np.sqrt(counts) - 1) / (LARGEST - 1), 0, 1)
        found: Spots = NARROW + (WIDE - NARROW) * part
        return found


class Show(StrEnum):
    OPEN = "open"
    LATE = "late"


def counted(
    tx: Tx, tile: tuple[int, int, int], ground: str, detail: Detail, show: Show
) -> list[dict[str, Any]]:
    """Squares of a tile with how many cases lie in each, as far as the session's scope reaches."""
    z, x, y = tile
    if not (0 <= z <= DEEPEST and 0 <= x < 2**z and 0 <= y < 2**z):
        raise NotFound("no_such_tile", "没有这块地图", "there is no such tile")
    up = 2 * (FINEST - z)
    number = _curve(x, y)
    shift = max(2 * (FINEST - z - detail.zooms), 0)
    asked = [number << up, (number + 1) << up, shift, ground, show is Show.LATE]
    return tx.rows(COUNTED, asked)


def tile(rows: list[dict[str, Any]], at: tuple[int, int, int], detail: Detail) -> bytes:
    """The squares as a vector tile.

    A point stands where its cases are, to about 100 metres, but off its square's rim (``margins``).
    """
    west, south, east, north = tile_bounds(*at)
    plane = web_plane(np.array([(row["lon"], row["lat"]) for row in rows]).reshape(-1, 2))
    across = (plane[:, 0] - west) / (east - west) * EXTENT
    down = (north - plane[:, 1]) / (north - south) * EXTENT
    zooms = min(detail.zooms, FINEST - at[0])
    number = np.array([row["square"] for row in rows], np.int64)
    margins = detail.margins(np.array([row["n"] for row in rows], np.int64))
    across = _off_the_rim(across, _every_other(number, zooms), EXTENT >> zooms, margins)
    down = _off_the_rim(down, _every_other(number >> 1, zooms), EXTENT >> zooms, margins)
    # Rounding may lead a hair over the rim, where the map would leave a point out.
    spots = np.clip(np.rint(np.column_stack([across, down])), 0, EXTENT - 1).astype(int).tolist()
    return encode_dots(
        LAYER,
        [
            Dot(a, b, {"n": str(row["n"]), "late": str(row["late"])})
            for (a, b), row in zip(spots, rows, strict=True)
        ],
    )


def _off_the_rim(spots: Spots, square: Squares, side: int, margins: Spots) -> Spots:
    return np.clip(spots, (square + margins) * side, (square + 1 - margins) * side)


def _every_other(numbers: Squares, bits: int) -> Squares:
    """One of the two coordinates that a number of the curve is woven of, within its tile."""
    found = np.zeros_like(numbers)
    for n in range(bits):
        found |= (numbers >> 2 * n & 1) << n
    return found


def _curve(x: int, y: int) -> int:
    return sum((x >> n & 1) << 2 * n | (y >> n & 1) << 2 * n + 1 for n in range(FINEST))
