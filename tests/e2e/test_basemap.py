"""A base map beneath the grids: from the city's own file, from Tianditu, and dead."""

import io
from functools import partial
from pathlib import Path
from time import monotonic

from fastapi.testclient import TestClient
from PIL import Image
from playwright.sync_api import Locator, expect

from tests.basemaps.making import TEAL, Made
from tests.basemaps.tianditu import KEY, ORANGE, Tianditu
from tests.cases.test_loop import told
from tests.dispatch.test_follows import rule
from tests.e2e.browsing import DESK, PATIENCE, House
from tests.e2e.pages import FLOODED, GARAGE, at_desk
from tests.town import Town
from wangge.basemaps import service
from wangge.cockpit import cubes
from wangge.kernel.db import transaction

Colour = tuple[int, int, int]
PAPER: Colour = (247, 245, 239)  # a grid without a figure, by day


def shows(canvas: Locator, colour: Colour) -> None:
    """Wait until a third of the map is nearly this colour: it shows through empty grids."""
    ends, seen = monotonic() + PATIENCE / 1000, 0.0
    while seen < 0.3:
        assert monotonic() < ends, f"only {seen:.0%} of the map is nearly {colour}"
        canvas.page.wait_for_timeout(200)
        drawn = Image.open(io.BytesIO(canvas.screenshot())).convert("RGB").resize((80, 45))
        dots = [drawn.getpixel((x, y)) for x in range(80) for y in range(45)]
        near = [one for one in dots if isinstance(one, tuple) and apart(one, colour) < 40]
        seen = len(near) / len(dots)


def apart(one: tuple[int, ...], other: Colour) -> int:
    return max(abs(a - b) for a, b in zip(one, other, strict=True))


def test_a_base_map_lies_beneath_the_grids(
    drawing_house: House, town: Town, tmp_path: Path
) -> None:
    """An own file by its ranges, Tianditu with its key, and grids as ever when it is away.

    Meant to go red with the policy not opened for the servers, and with the grids made to show
    through before there is anything beneath them.
    """
    asker = TestClient(town.web, raise_server_exceptions=False)
    assert asker.post("/api/v1/public/cases", json=told(GARAGE)).status_code == 200
    cubes.keep_up(partial(transaction, town.cell))
    with transaction(town.cell) as tx:
        made = service.take(tx, Made().written(tmp_path / "own.pmtiles"))
    rule(town, "basemap", kind="pmtiles", file=str(made.id))
    seat = drawing_house.staff("尤主任", DESK)
    page = seat.page
    canvas = page.locator(".wall-map canvas")
    caption = page.locator(".wall-map figcaption small")
    beneath = page.locator(".wall-map [data-beneath]")

    with page.expect_response(lambda one: one.url.endswith(".pmtiles")) as part:
        seat.open("/wall/?still=1&theme=day&level=grid")
    assert part.value.status == 206
    expect(caption).to_contain_text("安城 测绘")
    expect(beneath).to_be_visible()
    shows(canvas, TEAL)

    desk = at_desk(drawing_house, "郑洁")
    desk.opens(FLOODED, "待受理")
    place = desk.pane.locator(".place-box")
    expect(place.locator("figcaption")).to_contain_text("安城 测绘")
    shows(place.locator("canvas"), TEAL)

    tianditu = Tianditu().start()
    drawing_house.watch.chosen = {tianditu.url}
    rule(town, "basemap", kind="tianditu", servers=[tianditu.url], key=KEY)
    page.reload()
    expect(caption).to_contain_text("天地图")
    expect(beneath).to_be_visible()
    shows(canvas, ORANGE)
    assert not tianditu.refused
    assert {layer for layer, *_ in tianditu.asked} == {"vec", "cva"}
    assert tianditu.pages == {f"{seat.origin}/"}

    tianditu.stop()
    page.reload()
    expect(page.locator(".wall-map [data-shown^='received grid']")).to_be_visible()
    shows(canvas, PAPER)
    expect(beneath).to_have_count(0)
