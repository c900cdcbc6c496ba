"""Datums of Chinese maps: WGS-84 inside, everything else is converted at the edge."""

from collections.abc import Callable
from enum import StrEnum
from math import atan2, cos, hypot, pi, radians, sin, sqrt

# Krasovsky 1940, as both published offset formulas use it.
SEMI_MAJOR = 6378245.0
ECCENTRICITY_SQUARED = 0.00669342162296594323
BD_ANGLE = pi * 3000.0 / 180.0
BD_SHIFT = (0.0065, 0.006)
INVERSE_STEPS = 30
INVERSE_PRECISION = 1e-11  # degrees: a micrometre

Lonlat = tuple[float, float]


class Datum(StrEnum):
    """What a pair of degrees is measured in. CGCS2000 equals WGS-84 to within centimetres."""

    WGS84 = "wgs84"
    CGCS2000 = "cgcs2000"
    GCJ02 = "gcj02"
    BD09 = "bd09"


def to_wgs84(lon: float, lat: float, datum: Datum) -> Lonlat:
    """Invert by iteration: there and back again is the same place to a micrometre."""
    match datum:
        case Datum.GCJ02:
            return _invert(_wgs84_to_gcj02, lon, lat)
        case Datum.BD09:
            return _invert(_wgs84_to_bd09, lon, lat)
        case _:
            return lon, lat


def from_wgs84(lon: float, lat: float, datum: Datum) -> Lonlat:
    match datum:
        case Datum.GCJ02:
            return _wgs84_to_gcj02(lon, lat)
        case Datum.BD09:
            return _wgs84_to_bd09(lon, lat)
        case _:
            return lon, lat


def metres_between(a: Lonlat, b: Lonlat) -> float:
    """Distance on a local plane: right to 0.1 % within a county, which is where it is used."""
    east = radians(b[0] - a[0]) * cos(radians((a[1] + b[1]) / 2))
    return hypot(east, radians(b[1] - a[1])) * 6371008.8


def _invert(forward: Callable[[float, float], Lonlat], lon: float, lat: float) -> Lonlat:
    x, y = lon, lat
    for _ in range(INVERSE_STEPS):
        there = forward(x, y)
        off_x, off_y = there[0] - lon, there[1] - lat
        x, y = x - off_x, y - off_y
        if abs(off_x) < INVERSE_PRECISION and abs(off_y) < INVERSE_PRECISION:
            break
    return x, y


def _wgs84_to_bd09(lon: float, lat: float) -> Lonlat:
    x, y = _wgs84_to_gcj02(lon, lat)
    far = hypot(x, y) + 0.00002 * sin(y * BD_ANGLE)
    angle = atan2(y, x) + 0.000003 * cos(x * BD_ANGLE)
    return far * cos(angle) + BD_SHIFT[0], far * sin(angle) + BD_SHIFT[1]


def _wgs84_to_gcj02(lon: float, lat: float) -> Lonlat:
    if not (72.004 <= lon <= 137.8347 and 0.8293 <= lat <= 55.8271):
        return lon, lat  # the offset is published for China only
    x, y = lon - 105.0, lat - 35.0
    phi = radians(lat)
    magic = 1 - ECCENTRICITY_SQUARED * sin(phi) ** 2
    north = SEMI_MAJOR * (1 - ECCENTRICITY_SQUARED) / (magic * sqrt(magic))
    east = SEMI_MAJOR / sqrt(magic) * cos(phi)
    off_x = _wave(x) + _easting(x, y)
    off_y = _wave(x) + _northing(x, y)
    return lon + off_x * 180.0 / (east * pi), lat + off_y * 180.0 / (north * pi)


def _wave(x: float) -> float:
    return (20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)) * 2.0 / 3.0


def _easting(x: float, y: float) -> float:
    return (
        300.0
        + x
        + 2.0 * y
        + 0.1 * x * x
        + 0.1 * x * y
        + 0.1 * sqrt(abs(x))
        + (20.0 * sin(x * pi) + 40.0 * sin(x / 3.0 * pi)) * 2.0 / 3.0
        + (150.0 * sin(x / 12.0 * pi) + 300.0 * sin(x / 30.0 * pi)) * 2.0 / 3.0
    )


def _northing(x: float, y: float) -> float:
    return (
        -100.0
        + 2.0 * x
        + 3.0 * y
        + 0.2 * y * y
        + 0.1 * x * y
        + 0.2 * sqrt(abs(x))
        + (20.0 * sin(y * pi) + 40.0 * sin(y / 3.0 * pi)) * 2.0 / 3.0
        + (160.0 * sin(y / 12.0 * pi) + 320.0 * sin(y * pi / 30.0)) * 2.0 / 3.0
    )
