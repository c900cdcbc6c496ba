"""Invented borders that tile exactly: Voronoi cells, joined on one lattice of 1e-6 degrees.

Cells are drawn freely and roughly, level by level. Only at the end are all their edges laid on
the lattice together, cut at every crossing, and closed to faces again; each face falls to the
cell it lies in. So neighbours share every vertex, and no ground is lost or claimed twice.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, cast

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import MultiPoint, MultiPolygon, Polygon

from wangge.areas.models import Ground

Points = NDArray[np.float64]
LATTICE = 1e-6
SQUEEZE = 0.793  # cosine of 37.5°: a degree of longitude beside a degree of latitude at Dongying
SAMPLES_EACH = 24
ROUNDS = 8


def parts(ground: Ground) -> list[Polygon]:
    return [cast("Polygon", part) for part in shapely.get_parts(ground)]


def scatter(ground: Ground, count: int, rng: np.random.Generator) -> Points:
    """Spread ``count`` points evenly over the ground, as (lon, lat) rows."""
    west, south, east, north = ground.bounds
    shapely.prepare(ground)
    kept: Points = np.empty((0, 2))
    while len(kept) < count:
        trial = rng.uniform((west, south), (east, north), (2 * count + 16, 2))
        kept = np.vstack([kept, trial[shapely.contains_xy(ground, trial[:, 0], trial[:, 1])]])
    return kept[:count]


def crowd(
    ground: Ground, seat: tuple[float, float], count: int, rng: np.random.Generator
) -> Points:
    """Points of the ground that crowd around the seat of a town of that many communities."""
    spread = 0.0045 * np.sqrt(count)
    trial = np.array(seat) + rng.normal(0, spread, (8 * count * SAMPLES_EACH, 2)) / (SQUEEZE, 1)
    inside: Points = trial[shapely.contains_xy(ground, trial[:, 0], trial[:, 1])]
    return inside[: count * SAMPLES_EACH]


def settle(samples: Points, count: int, rng: np.random.Generator) -> Points:
    """Find ``count`` centres, dense where the samples are dense (Lloyd's rounds)."""
    flat = samples * (SQUEEZE, 1)
    centres = flat[rng.choice(len(flat), count, replace=False)]
    for _ in range(ROUNDS):
        far = ((flat[:, None, :] - centres[None, :, :]) ** 2).sum(axis=2)
        nearest = far.argmin(axis=1)
        weight = np.bincount(nearest, minlength=count)
        held = weight > 0
        for axis in (0, 1):
            total = np.bincount(nearest, weights=flat[:, axis], minlength=count)
            centres[held, axis] = total[held] / weight[held]
    return centres / (SQUEEZE, 1)


def divide(ground: Ground, centres: Points) -> list[Ground]:
    """Cells of the ground around its centres, in their order, each in one piece if it can be."""
    if len(centres) == 1:
        return [ground]
    squeezed = MultiPoint(centres * (SQUEEZE, 1))
    hull = shapely.transform(ground, lambda xy: xy * (SQUEEZE, 1))
    rough = shapely.voronoi_polygons(squeezed, extend_to=hull, ordered=True)
    wide = shapely.transform(shapely.get_parts(rough), lambda xy: xy / (SQUEEZE, 1))
    return _in_one_piece(list(shapely.intersection(np.asarray(wide), ground)))


def _in_one_piece(cells: list[Ground]) -> list[Ground]:
    """Give what a bend of the border cuts off from its cell to the neighbour it lies against."""
    pieces = [sorted(parts(cell), key=lambda part: -part.area) for cell in cells]
    kept = [found[0] for found in pieces]
    for i, found in enumerate(pieces):
        for loose in found[1:]:
            near = shapely.buffer(loose, 1e-9)
            touch = [0.0 if j == i else near.intersection(k).area for j, k in enumerate(kept)]
            best = int(np.argmax(touch)) if max(touch) > 0 else i
            kept[best] = cast("Polygon", shapely.union(kept[best], loose, grid_size=1e-9))
    return list(kept)


def join(leaves: Sequence[Ground], borders: Sequence[Ground]) -> list[Ground]:
    """Lay all edges on the lattice at once and give each leaf its faces, exactly."""
    edges: Any = shapely.boundary(np.asarray([*leaves, *borders], dtype=object))
    network = shapely.unary_union(edges, grid_size=LATTICE)
    faces = shapely.get_parts(shapely.polygonize([network]))
    inside = shapely.point_on_surface(faces)
    tree = shapely.STRtree(list(leaves))
    owner = tree.nearest(inside)
    land = shapely.STRtree(list(borders)).query(inside, predicate="intersects")[0]
    held: dict[int, list[Polygon]] = defaultdict(list)
    for index in np.unique(land):
        held[int(owner[index])].append(faces[index])
    return [merge(held[i]) for i in range(len(leaves))]


def merge(grounds: Sequence[Ground]) -> Ground:
    """Dissolve shared edges and keep every vertex, so that the outside still fits around."""
    if len(grounds) == 1:
        return grounds[0]
    whole = shapely.coverage_union_all(np.asarray(grounds, dtype=object))
    single = shapely.get_parts(whole)
    return cast("Polygon", single[0]) if len(single) == 1 else MultiPolygon(list(single))


def reading_order(grounds: Sequence[Ground]) -> list[int]:
    """Indexes from west to east in rows from north to south, as grids are numbered."""
    middle = [(g.centroid.x, g.centroid.y) for g in grounds]
    if len(middle) < 2:
        return list(range(len(middle)))
    north, south = max(y for _, y in middle), min(y for _, y in middle)
    rows = max(1, round(np.sqrt(len(middle))))
    height = (north - south) / rows or 1.0
    return sorted(
        range(len(middle)),
        key=lambda i: (min(int((north - middle[i][1]) / height), rows - 1), middle[i][0]),
    )
