"""What an administrator changes is on everybody's page, without a new build."""

import re
import uuid

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browsing import PHONE, House
from tests.town import Town

GRID = "3799010010010001"
NAME = "彭李街道“联社联亲”网格化大数据平台"
SHORT = "联社联亲"
SCRIPTS = "() => [...document.querySelectorAll('script[src]')].map(at => at.src).sort()"


def built(page: Page) -> list[str]:
    found: list[str] = page.evaluate(SCRIPTS)
    return found


@pytest.mark.mission("PL-01")
def test_the_brand_changes_on_every_face_without_a_build(house: House) -> None:
    """PL-01: "change brand in settings; all apps and screens show it without rebuild"."""
    before = {}
    gate, home = house.seat().page, house.resident().page
    gate.goto(f"{house.origin}/")
    home.goto(f"{house.origin}/r")
    worker, desk = house.staff("李红", PHONE).page, house.staff("郑洁").page
    for page in (gate, home, worker, desk):
        expect(page).to_have_title("网格化服务管理平台")
        before[page] = built(page)

    admin = house.staff("孔管理").page
    admin.goto(f"{house.origin}/desk/rules/brand")
    admin.get_by_label("平台名称").fill(NAME)
    admin.get_by_label("简称").fill(SHORT)
    admin.get_by_label("口号").fill("联社联亲，服务到家")
    admin.get_by_label("主色", exact=True).fill("#8a1c1c")
    admin.get_by_role("button", name="预览差别").click()
    admin.get_by_role("button", name="保存为新版本").click()
    expect(admin.get_by_text("已保存，现为第 1 版")).to_be_visible()

    # Open pages hear of it; the two without a live line show it when they are next opened.
    expect(desk.locator(".desk-header .name")).to_contain_text(SHORT)
    gate.reload()
    home.reload()
    for page in (gate, home, worker, desk):
        expect(page).to_have_title(NAME)
        colour = "getComputedStyle(document.documentElement).getPropertyValue('--brand').trim()"
        assert page.evaluate(colour) == "#8a1c1c"
        assert built(page) == before[page]
    # Also a page that somebody opens from a link, without having been on the first one.
    deep = house.resident().page
    deep.goto(f"{house.origin}/r/find")
    expect(deep).to_have_title(NAME)
    expect(gate.get_by_text(NAME)).to_be_visible()
    expect(home.get_by_role("heading", name=NAME)).to_be_visible()
    expect(home.get_by_text("联社联亲，服务到家")).to_be_visible()


@pytest.mark.mission("BX-01")
def test_a_new_worker_stands_on_the_open_notice(house: House, town: Town) -> None:
    """BX-01: "new worker assigned → poster changes; residents' page opens without login"."""
    before = house.resident().page
    before.goto(f"{house.origin}/r/serve/{GRID}")
    expect(before.get_by_text("李红", exact=True)).to_be_visible()
    expect(before.get_by_text("田野", exact=True)).to_have_count(0)
    person = {
        "id": str(uuid.uuid4()),
        "username": "tianye",
        "name": "田野",
        "phone": "13805467788",
        "posts": [{"role": "grid_worker", "area_id": town.area(GRID), "public": True}],
    }
    hired = town.person("sysadmin").post("/people", person)
    assert hired.status_code == 201, hired.text

    after = house.resident().page
    after.goto(f"{house.origin}/r/?g={GRID}")
    after.goto(f"{house.origin}/r/serve/{GRID}")
    expect(after.get_by_text("田野", exact=True)).to_be_visible()
    call = after.get_by_role("link", name=re.compile("打电话给田野"))
    expect(call).to_have_attribute("href", "tel:13805467788")
    assert after.context.cookies() == []
