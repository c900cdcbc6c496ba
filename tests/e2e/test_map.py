"""The city's own map, drawn in the browser from the city's own tiles."""

import re

from playwright.sync_api import expect

from tests.e2e.browsing import House
from tests.e2e.pages import FLOODED, GARAGE, Resident, at_desk


def test_the_map_shows_where_on_both_sides(drawing_house: House) -> None:
    person = Resident(drawing_house.resident())
    person.writes(GARAGE)
    page = person.seat.page
    with page.expect_response(re.compile(r"/public/areas/tiles/\d+/\d+/\d+\.mvt")) as tile:
        page.get_by_role("button", name="在地图上选").click()
    assert tile.value.ok
    canvas = page.locator(".map-view canvas")
    expect(canvas).to_be_visible()
    page.get_by_label("地点说明").fill("东方车库")
    page.get_by_role("button", name="东方社区地下车库").click()
    expect(page.locator(".map-pin")).to_have_count(1)
    person.sends()

    desk = at_desk(drawing_house, "郑洁")
    desk.opens(FLOODED, "待受理")
    expect(desk.pane.locator(".place-box canvas")).to_be_visible()
    expect(desk.pane.locator(".place-box .map-pin")).to_have_count(1)
