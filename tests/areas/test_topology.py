"""Gaps and overlaps are found and measured; the arithmetic is checked against known areas."""

import numpy as np
import pytest
from shapely.geometry import box

from wangge.areas.geodesy import square_metres, tile_bounds, tile_corner, tile_of, web_plane
from wangge.areas.models import Area, Level
from wangge.areas.topology import examine
from wangge.kernel.ids import new_id


def _area(code: str, level: Level = Level.GRID) -> Area:
    return Area(new_id(), None, level, "", code, code, code, [code], 0, "", {})


TOWN = _area("town", Level.COMMUNITY)


def test_a_degree_cell_has_the_area_of_the_ellipsoid() -> None:
    """Against the geodesic polygon with 4,000 corners that PROJ's Geod measures."""
    assert square_metres(box(0, 37, 1, 38)) == pytest.approx(9_813_951_873.55, rel=1e-9)


def test_the_whole_ellipsoid() -> None:
    assert square_metres(box(-180, -90, 180, 90)) == pytest.approx(5.10065621e14, rel=1e-7)


def test_borders_that_fit_have_no_flaw() -> None:
    report = examine(
        TOWN,
        box(0, 0, 2, 1),
        [(_area("1"), box(0, 0, 1, 1)), (_area("2"), box(1, 0, 2, 1))],
    )

    assert report.flaws == ()
    assert report.total("gap") == report.total("overlap") == 0.0


def test_gap_overlap_and_overreach_are_told_apart() -> None:
    one, two = _area("1"), _area("2")
    report = examine(
        TOWN,
        box(118, 37, 118.03, 37.01),
        [(one, box(118, 37, 118.012, 37.01)), (two, box(118.01, 37, 118.02, 37.011))],
    )

    by_fault = {flaw.fault: flaw for flaw in report.flaws}
    assert by_fault["overlap"].square_metres == pytest.approx(
        square_metres(box(118.01, 37, 118.012, 37.01)), rel=1e-9
    )
    assert by_fault["overlap"].areas == (one, two)
    assert by_fault["gap"].square_metres == pytest.approx(
        square_metres(box(118.02, 37, 118.03, 37.01)), rel=1e-9
    )
    assert by_fault["gap"].areas == (two,)
    assert by_fault["outside"].areas == (two,)


def test_an_area_without_a_border_is_named() -> None:
    lost = _area("lost")
    report = examine(TOWN, box(0, 0, 1, 1), [(_area("1"), box(0, 0, 1, 1)), (lost, None)])

    assert report.without_border == (lost,)


def test_the_last_digit_of_a_coordinate_is_no_flaw_but_a_square_metre_is() -> None:
    def gap(missing: float) -> float:
        short = box(118, 37, 118.01, 37.01 - missing)
        return examine(TOWN, box(118, 37, 118.01, 37.01), [(_area("1"), short)]).total("gap")

    assert gap(1e-13) == 0.0
    assert gap(1.1e-8) == pytest.approx(1.0, abs=0.2)


@pytest.mark.parametrize("z", [0, 5, 12, 16])
def test_a_tile_holds_its_point_and_begins_at_its_corner(z: int) -> None:
    x, y = tile_of(118.55, 37.59, z)
    west, south, east, north = tile_bounds(z, x, y)
    (across, up), (left, top) = web_plane(np.array([(118.55, 37.59), tile_corner(z, x, y)]))

    assert west <= across <= east
    assert south <= up <= north
    assert (left, top) == pytest.approx((west, north), abs=1e-3)
