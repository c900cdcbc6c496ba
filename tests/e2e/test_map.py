"""The city's own map, drawn in the browser from the city's own tiles."""

import re

from playwright.sync_api import expect

from tests.e2e.browsing import House
from tests.e2e.pages import FLOODED, GARAGE, Resident, at_desk


def test_a_touch_of_the_map_says_where(drawing_house: House) -> None:
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

    # Somewhere else in the town, once the map has flown to the garage.
    expect(page.locator(".map-view .box")).to_have_attribute("aria-busy", "false")
    canvas.click(position={"x": 140, "y": 150})
    expect(page.get_by_text("已标记的位置")).to_be_visible()
    expect(page.locator(".known")).to_contain_text("网格")
    person.sends()

    desk = at_desk(drawing_house, "郑洁")
    desk.opens(FLOODED, "待受理")
    expect(desk.pane.locator(".place-box canvas")).to_be_visible()
    expect(desk.pane.locator(".place-box .map-pin")).to_have_count(1)
