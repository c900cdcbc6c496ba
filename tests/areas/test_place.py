"""Datums: published offsets, and there and back again."""

from math import cos, radians

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wangge.kernel.place import Datum, from_wgs84, metres_between, to_wgs84

DEGREE = 6371008.8 * radians(1)


@pytest.mark.parametrize(
    ("lon", "lat", "east", "north"),
    [
        (118.67, 37.43, 491, 66),  # Dongying
        (115.98, 36.45, 506, 8),  # Liaocheng
        (118.02, 37.38, 535, 90),  # Binzhou
        (117.16, 35.08, 537, -49),  # Tengzhou
    ],
)
def test_known_offsets_of_gcj02(lon: float, lat: float, east: float, north: float) -> None:
    x, y = from_wgs84(lon, lat, Datum.GCJ02)

    assert (x - lon) * DEGREE * cos(radians(lat)) == pytest.approx(east, abs=12)
    assert (y - lat) * DEGREE == pytest.approx(north, abs=12)


def test_known_point_of_bd09() -> None:
    """Tian'anmen: the pair both published converters give."""
    x, y = from_wgs84(116.404, 39.915, Datum.BD09)

    assert (x, y) == pytest.approx((116.41662724378733, 39.92269955319366), abs=1e-6)


@given(
    lon=st.floats(100, 125),
    lat=st.floats(20, 45),
    datum=st.sampled_from(list(Datum)),
)
def test_there_and_back_again(lon: float, lat: float, datum: Datum) -> None:
    back = to_wgs84(*from_wgs84(lon, lat, datum), datum)

    assert metres_between((lon, lat), back) < 0.01


def test_nothing_moves_outside_china() -> None:
    assert from_wgs84(2.35, 48.86, Datum.GCJ02) == (2.35, 48.86)
