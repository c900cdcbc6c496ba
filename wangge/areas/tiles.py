"""Vector tiles of the tree, cut from the atlas in memory and kept until a border changes."""

import gzip
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import shapely
from numpy.typing import NDArray

from wangge.areas.atlas import Atlas
from wangge.areas.geodesy import HALF_WORLD, tile_bounds, web_plane
from wangge.areas.models import Area, Level
from wangge.areas.vector_tile import Feature, encode
from wangge.kernel.errors import NotFound

MEDIA_TYPE = "application/vnd.mapbox-vector-tile"
# The zoom from which a level is drawn: about where its areas grow wider than a finger.
FROM_ZOOM = {
    Level.CITY: 0,
    Level.COUNTY: 0,
    Level.TOWNSHIP: 8,
    Level.COMMUNITY: 10,
    Level.COMMITTEE: 12,
    Level.NATURAL_VILLAGE: 12,
    Level.ESTATE: 12,
    Level.GRID: 12,
    Level.MICRO_GRID: 14,
}
DEEPEST = 16
FULL_DETAIL = 10  # from here on outlines are drawn as they are; below only few and large ones
RIM = 64 / 4096  # drawn around a tile, so that outlines do not show its edge
KEPT = 2000
WORLD = (-180.0, -85.0511, 180.0, 85.0511)
FIELDS = dict.fromkeys(("id", "code", "name", "short_name", "level", "kind", "parent"), "String")


@dataclass
class _Sheet:
    """One level at one zoom: simplified shapes on the web plane and their index."""

    areas: list[Area]
    shapes: NDArray[Any]
    tree: shapely.STRtree


class Tiles:
    """All tiles of one atlas, made when first asked for."""

    def __init__(self, atlas: Atlas) -> None:
        self._plane: dict[Level, NDArray[Any]] = {}
        self._sheets: dict[tuple[Level, int], _Sheet] = {}
        self._tiles: OrderedDict[tuple[int, int, int], bytes] = OrderedDict()
        self._lock = Lock()
        self._areas = {
            level: [area for area in atlas.level(level) if area.id in atlas.grounds]
            for level in Level
        }
        self._grounds = atlas.grounds

    def tile(self, z: int, x: int, y: int) -> bytes:
        with self._lock:
            kept = self._tiles.get((z, x, y))
            if kept is None:
                kept = self._tiles[z, x, y] = self._cut(z, x, y)
                if len(self._tiles) > KEPT:
                    self._tiles.popitem(last=False)
            return kept

    def _cut(self, z: int, x: int, y: int) -> bytes:
        bounds = tile_bounds(z, x, y)
        rim = (bounds[2] - bounds[0]) * RIM
        wide = (bounds[0] - rim, bounds[1] - rim, bounds[2] + rim, bounds[3] + rim)
        window = shapely.box(*wide)
        layers: dict[str, list[Feature]] = {}
        for level in Level:
            if z < FROM_ZOOM[level] or not self._areas[level]:
                continue
            sheet = self._sheet(level, min(z, FULL_DETAIL))
            found = np.sort(sheet.tree.query(window))
            clipped = shapely.clip_by_rect(sheet.shapes[found], *wide)
            layers[level.value] = [
                Feature(sheet.areas[i].pos, shape, _properties(sheet.areas[i]))
                for i, shape in zip(found, clipped, strict=True)
                if not shape.is_empty
            ]
        drawn = encode(layers, bounds)
        return gzip.compress(drawn, 5, mtime=0) if drawn else b""

    def _sheet(self, level: Level, z: int) -> _Sheet:
        if (level, z) not in self._sheets:
            areas = self._areas[level]
            if level not in self._plane:
                grounds = np.array([self._grounds[area.id] for area in areas], dtype=object)
                self._plane[level] = shapely.transform(grounds, web_plane)
            shapes = self._plane[level]
            if z < FULL_DETAIL:
                pixel = 2 * HALF_WORLD / 2**z / 512
                # Neighbours are simplified together: their common border stays common.
                shapes = shapely.coverage_simplify(shapes, pixel / 2)
            self._sheets[level, z] = _Sheet(areas, shapes, shapely.STRtree(shapes))
        return self._sheets[level, z]


def _properties(area: Area) -> dict[str, str]:
    return {
        "id": str(area.id),
        "code": area.code,
        "name": area.name,
        "short_name": area.short_name,
        "level": area.level.value,
        "kind": area.kind,
        "parent": str(area.parent_id or ""),
    }


def extent(atlas: Atlas) -> tuple[float, float, float, float]:
    """West, south, east, north of every border, in degrees; the world where there is none."""
    if not atlas.grounds:
        return WORLD
    west, south, east, north = shapely.total_bounds(list(atlas.grounds.values())).tolist()
    return west, south, east, north


_tiles: WeakKeyDictionary[Atlas, Tiles] = WeakKeyDictionary()
_lock = Lock()


def tile(atlas: Atlas, z: int, x: int, y: int) -> bytes:
    """Cut the tile, packed by gzip; empty where nothing is drawn."""
    if not (0 <= z <= DEEPEST and 0 <= x < 2**z and 0 <= y < 2**z):
        raise NotFound("no_such_tile", "没有这块地图", "there is no such tile")
    with _lock:
        if atlas not in _tiles:
            _tiles[atlas] = Tiles(atlas)
    return _tiles[atlas].tile(z, x, y)
