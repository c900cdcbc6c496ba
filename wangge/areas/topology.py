"""Where the borders below an area leave gaps, overlap, or reach beyond it, in square metres."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import shapely
from shapely import Geometry

from wangge.areas.geodesy import square_metres
from wangge.areas.models import Area, Ground

LEAST = 0.01  # square metres; below that it is the last digit of a coordinate, not ground
Fault = Literal["gap", "overlap", "outside"]


@dataclass(frozen=True, slots=True)
class Flaw:
    """One piece of ground that nobody has (gap), two have (overlap), or lies beyond the parent."""

    fault: Fault
    square_metres: float
    areas: tuple[Area, ...]
    ground: Geometry


@dataclass(frozen=True, slots=True)
class Topology:
    """All flaws among the children of one area, the largest first."""

    parent: Area
    children: int
    without_border: tuple[Area, ...]
    flaws: tuple[Flaw, ...]

    def total(self, fault: Fault) -> float:
        return sum(flaw.square_metres for flaw in self.flaws if flaw.fault == fault)


def examine(
    parent: Area, ground: Ground | None, children: Sequence[tuple[Area, Ground | None]]
) -> Topology:
    """Compare children with each other, and with the parent where it has a border of its own."""
    held = [(area, border) for area, border in children if border is not None]
    flaws = _overlaps(held)
    if ground is not None and held:
        flaws += _gaps(ground, held)
        for area, border in held:
            beyond = shapely.difference(border, ground)
            flaws += [Flaw("outside", m2, (area,), piece) for piece, m2 in _pieces(beyond)]
    return Topology(
        parent,
        len(children),
        tuple(area for area, border in children if border is None),
        tuple(sorted(flaws, key=lambda flaw: -flaw.square_metres)),
    )


def _pieces(ground: Geometry) -> list[tuple[Geometry, float]]:
    parts = [(part, square_metres(part)) for part in shapely.get_parts(ground)]
    return [(part, size) for part, size in parts if size >= LEAST]


def _overlaps(held: Sequence[tuple[Area, Ground]]) -> list[Flaw]:
    grounds = np.array([border for _, border in held], dtype=object)
    left, right = shapely.STRtree(grounds).query(grounds, predicate="intersects")
    flaws: list[Flaw] = []
    for i, j in zip(left[left < right], right[left < right], strict=True):
        common = shapely.intersection(grounds[i], grounds[j])
        pair = (held[i][0], held[j][0])
        flaws += [Flaw("overlap", size, pair, piece) for piece, size in _pieces(common)]
    return flaws


def _gaps(ground: Ground, held: Sequence[tuple[Area, Ground]]) -> list[Flaw]:
    grounds = np.array([border for _, border in held], dtype=object)
    tree = shapely.STRtree(grounds)
    flaws: list[Flaw] = []
    for piece, size in _pieces(shapely.difference(ground, shapely.union_all(grounds))):
        beside = sorted(int(i) for i in tree.query(piece, predicate="intersects"))
        flaws.append(Flaw("gap", size, tuple(held[i][0] for i in beside), piece))
    return flaws
