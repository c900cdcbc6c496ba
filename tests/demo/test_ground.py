"""The demo city: as many areas as the real one has, and ground that tiles without a gap."""

from collections import Counter

import numpy as np
import pytest
import shapely

from wangge.areas.models import Level
from wangge.demo import ground
from wangge.demo.ground import City, area_id


@pytest.fixture(scope="module")
def city() -> City:
    return ground.build()


def test_the_city_has_as_many_areas_as_the_real_one(city: City) -> None:
    counted = Counter(area.level for area in city.areas)

    assert counted[Level.CITY] == 1
    assert counted[Level.COUNTY] == 7  # five counties and two development zones
    assert counted[Level.TOWNSHIP] == 52
    assert counted[Level.COMMUNITY] == 1921
    assert counted[Level.GRID] == 6098
    assert counted[Level.MICRO_GRID] > 200


@pytest.mark.parametrize("level", [Level.COUNTY, Level.TOWNSHIP, Level.COMMUNITY, Level.GRID])
def test_every_level_tiles_the_city_exactly(city: City, level: Level) -> None:
    of_level = {area.id for area in city.areas if area.level is level}
    grounds = np.array([b.ground for b in city.borders if b.area_id in of_level], dtype=object)
    whole = next(b.ground for b in city.borders if b.area_id == area_id("370500"))

    assert shapely.is_valid(grounds).all()
    assert shapely.coverage_is_valid(grounds)
    assert shapely.union_all(grounds).symmetric_difference(whole).area == 0.0


def test_micro_grids_tile_their_grids(city: City) -> None:
    border = {b.area_id: b.ground for b in city.borders}
    micro = [area for area in city.areas if area.level is Level.MICRO_GRID]
    for grid in {area.parent_id for area in micro}:
        below = [border[area.id] for area in micro if area.parent_id == grid]
        assert grid is not None
        assert shapely.union_all(below).symmetric_difference(border[grid]).area == 0.0


def test_surveyed_borders_are_told_from_invented_ones(city: City) -> None:
    code = {area.id: area.code for area in city.areas}
    surveyed = {code[b.area_id] for b in city.borders if not b.synthetic}

    assert surveyed == {"370500", "370505", "370522", "370523"}
    assert all("示意边界(合成)" in b.source for b in city.borders if b.synthetic)


def test_names_are_plain_and_the_register_wording_is_kept(city: City) -> None:
    by_code = {area.code: area for area in city.areas}

    assert by_code["370505001010"].name == "东方社区"
    assert by_code["370503001214"].name == "福祥村"
    assert by_code["370503001201"].name == "东五村"
    assert by_code["370523106223"].name == "李东村"
    assert by_code["370505001005"].name == "中兴社区"
    assert by_code["370505001005"].attributes["original"] == "中兴居民社区委员会"


def test_grids_have_households_as_the_rule_says(city: City) -> None:
    base = [area for area in city.areas if area.kind == "base"]

    assert all(150 <= area.attributes["households"] <= 200 for area in base)
    assert any(area.kind == "dedicated" for area in city.areas)


def test_grids_are_numbered_from_west_to_east_and_north_to_south(city: City) -> None:
    border = {b.area_id: b.ground for b in city.borders}
    first, second = (border[area_id(f"370505001010{n}")].centroid for n in (1001, 1002))

    assert first.x < second.x


def test_places_lie_in_the_grid_they_name(city: City) -> None:
    border = {b.area_id: b.ground for b in city.borders}

    assert len({place.id for place in city.places}) == len(city.places)
    for place in city.places:
        assert place.area_id is not None
        assert shapely.intersects_xy(border[place.area_id], place.lon, place.lat)
    names = {place.name for place in city.places}
    assert {"兴业小区", "东方社区地下车库", "福祥村", "东五村", "李东村"} <= names


def test_two_builds_are_one_city(city: City) -> None:
    ground.build.cache_clear()
    again = ground.build()

    assert again.areas == city.areas
    assert again.places == city.places
    assert all(a.ground.equals(b.ground) for a, b in zip(again.borders, city.borders, strict=True))
