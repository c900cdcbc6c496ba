"""One point, one grid: on borders and vertices too, in any order of loading, in any process."""

import random
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from wangge.areas.locator import Locator
from wangge.areas.models import Area, Ground, Level
from wangge.demo import ground, ground_tiling
from wangge.demo.ground import City


def _grids(city: City) -> list[tuple[Area, Ground]]:
    border = {draft.area_id: draft.ground for draft in city.borders}
    return [
        (
            Area(
                draft.id, draft.parent_id, draft.level, draft.kind, draft.code, draft.name,
                draft.short_name, [draft.name], 0, "", {},
            ),
            border[draft.id],
        )
        for draft in city.areas
        if draft.level is Level.GRID
    ]  # fmt: skip


class Laid:
    """The whole city's ground, laid out when first asked for: every process of a run reads this."""

    @cached_property
    def city(self) -> City:
        return ground.build()

    @cached_property
    def grids(self) -> list[tuple[Area, Ground]]:
        return _grids(self.city)

    @cached_property
    def by_code(self) -> dict[str, Ground]:
        return {area.code: held for area, held in self.grids}

    @cached_property
    def whole(self) -> Ground:
        return self.city.borders[0].ground

    @cached_property
    def tree(self) -> shapely.STRtree:
        return shapely.STRtree([held for _, held in self.grids])

    @cached_property
    def locator(self) -> Locator:
        return _locator(self.grids)

    @cached_property
    def shuffled(self) -> Locator:
        return _locator(random.Random(5).sample(self.grids, len(self.grids)))  # noqa: S311 - no secret


LAID = Laid()
A_GRID = st.deferred(lambda: st.integers(0, len(LAID.grids) - 1))


def _locator(pairs: list[tuple[Area, Ground]]) -> Locator:
    return Locator([area for area, _ in pairs], [held for _, held in pairs])


@pytest.fixture(scope="module", autouse=True)
def _laid_out() -> None:
    """Before the first example, which has its own deadline."""
    assert LAID.locator
    assert LAID.shuffled
    assert LAID.tree
    assert LAID.by_code
    assert LAID.whole


def _smallest_code_that_holds(lon: float, lat: float) -> str | None:
    held = LAID.tree.query(shapely.Point(lon, lat), predicate="intersects")
    return min((LAID.grids[i][0].code for i in held), default=None)


def _agree(lon: float, lat: float) -> str | None:
    here, there = LAID.locator.at(lon, lat), LAID.shuffled.at(lon, lat)
    code = here.code if here else None
    assert code == (there.code if there else None)
    assert code == _smallest_code_that_holds(lon, lat)
    return code


@given(which=A_GRID, corner=st.integers(0, 10_000))
def test_every_vertex_has_exactly_one_grid(which: int, corner: int) -> None:
    corners = shapely.get_coordinates(LAID.grids[which][1])
    lon, lat = corners[corner % len(corners)].tolist()

    assert _agree(lon, lat) is not None


@given(
    which=A_GRID,
    edge=st.integers(0, 10_000),
    along=st.floats(0, 1),
)
def test_points_along_edges_have_at_most_one_answer_and_it_touches(
    which: int, edge: int, along: float
) -> None:
    corners = shapely.get_coordinates(LAID.grids[which][1])
    one, two = corners[edge % (len(corners) - 1)], corners[edge % (len(corners) - 1) + 1]
    lon, lat = (one + along * (two - one)).tolist()

    code = _agree(lon, lat)
    if code is not None:
        assert LAID.by_code[code].distance(shapely.Point(lon, lat)) == 0
    else:  # a rounded point may fall outside of the city, never into a crack between grids
        assert LAID.whole.boundary.distance(shapely.Point(lon, lat)) < 1e-12


@given(lon=st.floats(118.0, 119.4), lat=st.floats(36.9, 38.2))
def test_no_point_of_the_city_is_without_a_grid(lon: float, lat: float) -> None:
    assert (_agree(lon, lat) is not None) == bool(shapely.intersects_xy(LAID.whole, lon, lat))


@pytest.mark.parametrize(
    ("lon", "lat"), [(117.0, 37.5), (118.6, 40.0), (0.0, 0.0), (180.0, 90.0), (119.3033, 37.64)]
)
def test_outside_the_city_there_is_no_grid(lon: float, lat: float) -> None:
    assert LAID.locator.at(lon, lat) is None


def test_not_a_number_is_nowhere() -> None:
    assert LAID.locator.at(float("nan"), 37.5) is None


def test_a_city_without_grids_locates_nothing() -> None:
    assert Locator([], []).at(118.6, 37.5) is None


def test_points_scattered_in_a_grid_are_found_there() -> None:
    rng = np.random.default_rng(1)
    for area, held in LAID.grids[::50]:
        for lon, lat in ground_tiling.scatter(held, 5, rng).tolist():
            found = LAID.locator.at(lon, lat)
            assert found is not None
            assert found.code == area.code


def test_threads_that_ask_at_once_get_the_same_answers() -> None:
    points = [held.centroid.coords[0] for _, held in LAID.grids[::7]]
    alone = [LAID.locator.at(lon, lat) for lon, lat in points]
    fresh = _locator(LAID.grids)

    def ask(_: int) -> list[Area | None]:
        return [fresh.at(lon, lat) for lon, lat in points]

    with ThreadPoolExecutor(8) as pool:
        assert all(answers == alone for answers in pool.map(ask, range(8)))
