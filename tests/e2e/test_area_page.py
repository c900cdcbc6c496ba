"""A grid's own page: on the worker's telephone, and at the desk, where counts open their rows."""

import re

from playwright.sync_api import Page, expect

from tests.cases.test_loop import told
from tests.cases.test_mission_ground import DIRECTORY, GRID
from tests.cases.test_within_grid import ruled
from tests.e2e.browsing import PHONE, House
from tests.town import Town
from wangge.kernel.ids import new_id


def counters(page: Page) -> dict[str, int]:
    box = page.get_by_role("region", name="本月").locator(".counters > div")
    expect(box).to_have_count(5)
    return {one.locator("dt").inner_text(): int(one.locator("dd").inner_text())
            for one in box.all()}  # fmt: skip


def test_a_grids_page_names_whose_it_is_and_counts_its_month(house: House, town: Town) -> None:
    """BX-07: "for any type the grid page names the responsible person".

    BX-37: "grid page shows five counters equal to row counts". PL-39: "grid page shows services
    this month". What the doors answer is looked at in tests/cases/test_mission_ground.py.
    """
    ruled(town, "routes", routes=DIRECTORY[:2])
    ruled(town, "switches", short_path_sample_percent=0)
    worker = town.person("lihong")
    for kind in ("elderly_care", "elderly_care", "neighbour_dispute", "noise"):
        body = told("楼前办了一件事", channel="worker", asker=None, type=kind)
        body["self_handle"] = {"id": str(new_id()), "note": "当场办好"}
        assert worker.post("/cases", body).status_code == 200
    wanted = {"事项在网格发现": 4, "隐患在网格排查": 0, "矛盾在网格化解": 1,
              "服务在网格开展": 2, "问题在网格解决": 4}  # fmt: skip

    phone = house.staff("李红", PHONE)
    phone.open("/w/me")
    phone.page.get_by_role("link", name=re.compile("第 ?1 ?网格")).click()
    assert counters(phone.page) == wanted
    expect(phone.page.get_by_role("region", name="本月")).to_contain_text("养老助老")
    expect(phone.page.get_by_role("region", name="谁在这里服务")).to_contain_text("李红")
    cells = phone.page.get_by_role("region", name="每类事找谁").locator("li")
    types = {
        one["type"] for one in worker.get(f"/areas/{town.area(GRID)}/responsible").json()["items"]
    }
    expect(cells).to_have_count(len(types))
    assert all(re.search("许工|韩工|蒋师傅", cell) for cell in cells.all_inner_texts())
    phone.page.get_by_label("搜类型、单位或姓名").fill("停水")
    expect(cells).to_have_count(1)
    expect(cells).to_contain_text("蒋师傅")
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 360

    desk = house.staff("何伟")
    desk.open(f"/desk/area/{town.area(GRID)}")
    assert counters(desk.page) == wanted
    desk.page.get_by_role("link", name="服务在网格开展 2").click()
    expect(desk.page.locator("[data-case]")).to_have_count(2)
    desk.open(f"/desk/area/{town.area('379901001')}")
    expect(desk.page.get_by_text("每一格都有人，没有空白")).to_be_visible()
