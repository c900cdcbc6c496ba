"""Areas in square metres and the map's plane, by closed formulas of the WGS-84 ellipsoid."""

from math import asinh, atan, degrees, pi, radians, sinh, sqrt, tan

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Geometry

Coordinates = NDArray[np.float64]
SEMI_MAJOR = 6378137.0
ECCENTRICITY = sqrt(0.00669437999014)
HALF_WORLD = pi * SEMI_MAJOR  # the half width of the web map's plane, in its metres


def square_metres(ground: Geometry) -> float:
    """Area on the ellipsoid, through the cylindrical equal-area projection."""
    return float(shapely.area(shapely.transform(ground, _equal_area)))


def _equal_area(lonlat: Coordinates) -> Coordinates:
    east = SEMI_MAJOR * np.radians(lonlat[:, 0])
    sine = np.sin(np.radians(lonlat[:, 1]))
    e = ECCENTRICITY
    q = (1 - e * e) * (
        sine / (1 - (e * sine) ** 2) - np.log((1 - e * sine) / (1 + e * sine)) / (2 * e)
    )
    return np.column_stack([east, SEMI_MAJOR * q / 2])


def web_plane(lonlat: Coordinates) -> Coordinates:
    """Web Mercator metres (EPSG:3857), in which vector tiles are cut."""
    x = lonlat[:, 0] / 180 * HALF_WORLD
    y = np.arctanh(np.sin(np.radians(lonlat[:, 1]))) / pi * HALF_WORLD
    return np.column_stack([x, y])


def tile_bounds(z: int, x: int, y: int) -> tuple[float, float, float, float]:
    """West, south, east, north of a tile on the web plane."""
    size = 2 * HALF_WORLD / 2**z
    west, north = x * size - HALF_WORLD, HALF_WORLD - y * size
    return west, north - size, west + size, north


def tile_of(lon: float, lat: float, z: int) -> tuple[int, int]:
    """Column and row of the tile that holds a point."""
    side = 2**z
    across = (lon + 180) / 360 * side
    down = (1 - asinh(tan(radians(lat))) / pi) / 2 * side
    return int(across), int(down)


def tile_corner(z: int, x: int, y: int) -> tuple[float, float]:
    """North-west corner of a tile in degrees."""
    side = 2**z
    return x / side * 360 - 180, degrees(atan(sinh(pi * (1 - 2 * y / side))))
