"""Rows of the mission table that the areas show through their doors."""

import time

import mapbox_vector_tile
import pytest
from fastapi.testclient import TestClient
from shapely.geometry import box, mapping

from tests.areas.conftest import sign_in
from wangge.areas.geodesy import square_metres, tile_of
from wangge.kernel.db import Cell

API = "/api/v1"
CITY_BOX = (118.1063, 36.9360, 119.3032, 38.1569)


def _area(browser: TestClient, code: str) -> str:
    items = browser.get(f"{API}/areas", params={"q": code}).json()["items"]
    return str(next(item["id"] for item in items if item["code"] == code))


@pytest.mark.mission("DA-03")
def test_seeded_gap_and_overlap_are_found_in_square_metres(office: TestClient) -> None:
    """DA-03: seeded gap & overlap found; m² shown.

    Seen red with the overlaps left out of ``examine``, and with the gaps taken from the union
    of the children instead of from the parent.
    """
    community = _area(office, "379901001001")
    clean = office.get(f"{API}/areas/{community}/topology").json()
    assert (clean["gap"], clean["overlap"], clean["outside"]) == (0.0, 0.0, 0.0)

    # The northern grid reaches 0.002 degrees into the southern one and leaves a strip in the north.
    seeded = box(118.0, 37.198, 118.2, 37.399)
    answer = office.put(
        f"{API}/areas/{_area(office, '3799010010010001')}/border",
        json={"geometry": mapping(seeded), "source": "有意画错"},
    )
    assert answer.status_code == 200, answer.text

    found = office.get(f"{API}/areas/{community}/topology").json()
    flaws = {flaw["fault"]: flaw for flaw in found["flaws"]}
    gap, overlap = box(118.0, 37.399, 118.2, 37.4), box(118.0, 37.198, 118.2, 37.2)
    assert flaws["gap"]["square_metres"] == pytest.approx(square_metres(gap), abs=0.1)
    assert flaws["overlap"]["square_metres"] == pytest.approx(square_metres(overlap), abs=0.1)
    assert [area["code"] for area in flaws["gap"]["areas"]] == ["3799010010010001"]
    assert [area["code"] for area in flaws["overlap"]["areas"]] == [
        "3799010010010001",
        "3799010010010002",
    ]
    assert found["gap"] == flaws["gap"]["square_metres"]


@pytest.mark.mission("DA-03")
def test_the_whole_city_has_neither_gap_nor_overlap(
    city_cell: Cell, city_browser: TestClient
) -> None:
    """DA-03: seeded gap & overlap found; m² shown. Here: none is found where none was seeded.

    Seen red with 东方社区 moved east by one step of the lattice, 9 cm.
    """
    administrator = TestClient(city_browser.app)
    sign_in(city_cell, administrator, "system_admin", "370500")
    for code in ("370500", "370505", "370571", "370505001", "370505001010"):
        report = administrator.get(f"{API}/areas/{_area(administrator, code)}/topology").json()
        assert report["children"] > 0
        assert (report["gap"], report["overlap"], report["outside"]) == (0.0, 0.0, 0.0)


def test_all_grids_are_on_the_map_and_tiles_come_quickly(city_browser: TestClient) -> None:
    """DY-01: load 6,098 polygons; map pan 60 fps-ish, tiles <200 ms.

    This is the half of the server, and therefore no claim of the row: every polygon is in the
    tiles, and no tile has been cut before it is asked for. Frames on a graphics card are still
    to be measured (docs/performance.md). Seen red with the grids drawn from zoom 13 only.
    """
    assert city_browser.get(f"{API}/areas").status_code == 200  # the tree is in memory
    west, south, east, north = CITY_BOX
    left, top = tile_of(west, north, 12)
    right, bottom = tile_of(east, south, 12)
    seen: set[str] = set()
    took: list[float] = []  # seconds of work, which a busy machine does not stretch
    for x in range(left, right + 1):
        for y in range(top, bottom + 1):
            started = time.process_time()
            answer = city_browser.get(f"{API}/areas/tiles/12/{x}/{y}.mvt")
            took.append(time.process_time() - started)
            if answer.status_code == 200:
                layers = mapbox_vector_tile.decode(answer.content)
                seen |= {one["properties"]["id"] for one in layers["grid"]["features"]}

    assert len(seen) == 6098
    assert sorted(took)[len(took) * 95 // 100] < 0.2
