"""Taking down for somebody on the telephone, by keyboard alone."""

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from playwright.sync_api import Page, expect

from tests.cases.test_loop import told
from tests.e2e.browsing import House
from tests.e2e.pages import FLOODED, at_desk, outside

CALLER = "13854600001"
MOST_TABS = 40
# The words a screen reader would say for what has the focus.
NAME_OF_FOCUS = """() => {
  const at = document.activeElement
  const tied = at.labels?.length ? at.labels[0].innerText : ''
  return tied || at.getAttribute('aria-label') || at.innerText || ''
}"""


@pytest.fixture
def earlier(web: FastAPI, origin: str) -> None:
    answer = TestClient(web).post("/api/v1/public/cases", json=told())
    assert answer.status_code == 200, answer.text


def tab_to(page: Page, name: str) -> None:
    for _ in range(MOST_TABS):
        if str(page.evaluate(NAME_OF_FOCUS)).strip().startswith(name):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"Tab never reaches {name}")


def test_a_call_is_taken_down_without_a_mouse(house: House, earlier: None) -> None:
    desk = at_desk(house, "郑洁")
    page = desk.seat.page
    page.get_by_role("link", name="代录").wait_for()
    keys = page.keyboard
    keys.press("n")

    expect(page.get_by_label("来电号码")).to_be_focused()
    keys.type(CALLER)
    before = page.locator(".caller-history")
    expect(before.get_by_text(FLOODED)).to_be_visible()

    tab_to(page, "反映的内容")
    keys.type("车库里电动车着火了，冒浓烟，有人打架，请快派人")
    for number in ("119", "120", "110"):
        expect(page.locator(f"a[href='tel:{number}']")).to_be_visible()

    tab_to(page, "地点")
    keys.type("东方车库")
    expect(page.get_by_role("option", name="东方社区地下车库")).to_be_visible()
    keys.press("ArrowDown")
    keys.press("Enter")
    expect(page.get_by_text("第1网格").or_(page.get_by_text("第 1 网格")).first).to_be_visible()

    tab_to(page, "公开")
    keys.press("ArrowRight")
    expect(page.get_by_role("radio", name="保密")).to_be_checked()
    keys.press("Control+Enter")

    sent = page.locator(".entry-sent")
    expect(sent.get_by_role("heading", name="已收到")).to_be_focused()
    expect(sent.get_by_text("379901001-").first).to_be_visible()
    keys.press("n")
    expect(page.get_by_label("来电号码")).to_be_focused()
    expect(page.get_by_label("来电号码")).to_have_value("")


def test_of_a_confidential_asker_only_the_desk_reads(house: House, origin: str) -> None:
    desk = at_desk(house, "郑洁")
    page = desk.seat.page
    page.goto(f"{origin}/desk/new")
    page.get_by_label("来电号码").fill(CALLER)
    page.get_by_label("姓名").fill("王桂英")
    page.get_by_label("反映的内容").fill("楼上长期养鸡，味道很大")
    page.get_by_role("combobox", name="地点").fill("东方车库")
    page.get_by_role("option", name="东方社区地下车库").click()
    page.get_by_text("保密", exact=True).click()
    page.get_by_role("button", name="提交", exact=True).click()
    page.get_by_role("link", name="打开这件事项").click()
    expect(desk.pane.get_by_role("heading", level=2)).to_contain_text("楼上长期养鸡")
    expect(desk.pane.locator(".asker")).to_contain_text("保密")
    expect(desk.pane.locator(".asker")).to_contain_text("王*")

    neighbour = outside(house, "李红")
    case = page.url.rsplit("case=", 1)[-1]
    neighbour.seat.open(f"/w/case/{case}")
    seen = neighbour.seat.page
    expect(seen.get_by_text("楼上长期养鸡").first).to_be_visible()
    asker = neighbour.seat.api("GET", f"/cases/{case}").json()["asker"]
    assert asker == {"mode": "confidential", "name_masked": "", "phone_masked": ""}
    expect(seen.get_by_text("王*")).to_have_count(0)
    expect(seen.get_by_text("138*")).to_have_count(0)
