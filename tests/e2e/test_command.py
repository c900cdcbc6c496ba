"""The command desk, from opening to the last unit's word, without a mouse and without leaving."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Locator, Page, expect

from tests.cases.test_assisting import said
from tests.cases.test_loop import taken, told
from tests.dispatch.test_follows import rule
from tests.e2e.browsing import House
from tests.emergency.conftest import opened
from tests.town import Town
from tests.video.conftest import HEAD, imported, platform, row
from wangge.video.local_gateway import StandIn

__all__ = ["platform"]
UNITS = ("安东区城市管理局", "安东区供水公司", "安和街道综合执法队")
FIRE = "地下车库电动车着火了，冒浓烟，有人没出来"


@pytest.fixture
def filmed(town: Town, platform: StandIn) -> Iterator[None]:
    rule(town, "video", hosts=[platform.host])
    sites = HEAD + row(platform, "V-001", "东门路口", 118.101, 37.301)
    assert imported(town.person("sysadmin"), sites)["written"]
    yield


def types(page: Page, *what: str) -> None:
    """One after the other: the name of a key, or words behind a full stop."""
    for one in what:
        if one.startswith("."):
            page.keyboard.insert_text(one[1:])
        else:
            page.keyboard.press(one)


def reach(page: Page, field: Locator, key: str = "Tab") -> None:
    """By Tab, as one without a mouse comes to a field."""
    for _ in range(40):
        if field.evaluate("at => at === document.activeElement"):
            return
        types(page, key)
    raise AssertionError("no Tab leads there")


def opens(page: Page) -> Locator:
    """From the queue to the case with its place; then it is accepted."""
    queue = page.get_by_role("navigation", name="待处置")
    expect(queue.locator("[data-case]")).to_contain_text([FIRE[:10]])
    types(page, "?")
    expect(page.get_by_role("dialog", name="键盘操作")).to_contain_text("联动派遣：一次派几个单位")
    types(page, "?", "j")
    middle = page.locator("article.command-case")
    expect(middle.get_by_role("heading", level=2)).to_contain_text(FIRE[:10])
    picture = middle.locator("img.picture")
    expect(picture).to_be_visible()
    assert "lon=118.1&lat=37.3" in (picture.get_attribute("src") or "")
    types(page, "a")
    kind = middle.get_by_role("form", name="受理").get_by_role("combobox", name="事项类型")
    expect(kind).to_be_visible()
    reach(page, kind, "Shift+Tab")
    types(page, ".积水")
    expect(middle.get_by_role("option", name="积水", selected=True)).to_be_visible()
    types(page, "Enter", "Control+Enter")
    expect(middle.get_by_role("status").filter(has_text="已完成")).to_contain_text("受理")
    return middle


def orders(page: Page, middle: Locator) -> Locator:
    """Three units in one form, folded once on the way; the countdowns of the three."""
    types(page, "s")
    order = middle.get_by_role("form", name="联动派遣")
    expect(order.get_by_role("combobox", name="主办单位")).to_be_focused()
    types(page, f".{UNITS[0]}")
    expect(order.get_by_role("option", name=UNITS[0], selected=True)).to_be_visible()
    types(page, "Enter", "Tab")
    for one in UNITS[1:]:
        types(page, f".{one}")
        expect(order.get_by_role("option", name=one, selected=True)).to_be_visible()
        types(page, "Enter")
        expect(order.locator(".chips")).to_contain_text(one)
    types(page, "Tab", "Tab", ".带水泵和照明，封住北口", "Escape")
    expect(order).to_have_count(0)
    types(page, "s")
    expect(order.get_by_label("要做什么")).to_have_value("带水泵和照明，封住北口")
    expect(order.locator(".chips li")).to_have_count(2)
    types(page, "Control+Enter")
    calls = page.get_by_role("region", name="派出去的单位")
    expect(calls.locator("li.waiting")).to_have_count(3)
    expect(calls.locator("li").first.locator(".time")).to_contain_text("还剩 9:")
    return calls


def looks(page: Page) -> None:
    """At the nearest site: no reason, no picture."""
    types(page, "v", "Enter")
    look = page.get_by_role("region", name="调看视频点位")
    expect(look).to_contain_text("不录像、不分析画面、不识别人")
    types(page, "Control+Enter")
    expect(look.get_by_role("alert")).to_contain_text("至少两个字")
    types(page, ".看北口有没有封住", "Control+Enter")
    expect(look.locator("img")).to_be_visible()
    assert look.locator("img").evaluate("at => at.decode().then(() => at.naturalWidth)") == 960
    types(page, "Escape")


def tells(page: Page) -> None:
    """The worker of the grid, by his post."""
    types(page, "p")
    people = page.get_by_role("region", name="找人")
    expect(people.get_by_role("link", name="打给李红")).to_have_attribute("href", "tel:13805460000")
    reach(page, people.get_by_role("checkbox", name="告知李红"))
    types(page, " ")
    reach(page, people.get_by_label("告知什么"))
    types(page, ".请到北口引导消防车", "Control+Enter")


@pytest.mark.mission("DC-07", "BX-24")
def test_three_units_are_sent_from_one_desk_by_the_keyboard_alone(
    house: House, town: Town, filmed: None
) -> None:
    """Queue, place, order, words, camera and people on one page, by keys.

    DC-07: "from one desk an operator opens an event, sees the map position, dispatches and receives
    acknowledgement without leaving the page".

    BX-24: "dispatch to 3 units, confirmations timed".

    No mouse is touched. What was typed for the order is there again after it was folded.

    Meant to go red: with the queries of the right side not under the case, no word came by itself.
    """
    asker = TestClient(town.web, raise_server_exceptions=False)
    case = asker.post("/api/v1/public/cases", json=told(FIRE)).json()["id"]
    drill = opened(town.person("dutyleader"), drill=True)
    page = house.staff("陈刚").page
    expect(page.get_by_role("link", name="联动指挥")).to_be_visible()
    page.goto(page.url.split("/desk")[0] + "/desk/command")
    expect(page.get_by_role("status").filter(has_text="实时")).to_be_visible()
    page.evaluate("window.stayed = true")
    incidents = page.get_by_role("region", name="突发事件")
    expect(incidents).to_contain_text(drill["title"])
    expect(incidents).to_contain_text("演练")
    middle = opens(page)
    calls = orders(page, middle)

    desk = town.person("dutyleader")
    items = desk.get(f"/cases/{case}/tasks").json()["items"]
    tasks = {one["unit"]["name"]: one["id"] for one in items}
    assert said(town.person("water"), case, tasks[UNITS[1]], "acknowledge").is_success
    expect(calls.locator(f"li.answered[data-unit='{UNITS[1]}']")).to_contain_text("蒋师傅，用时 0:")
    assert taken(town.person("handler"), case, "acknowledge").is_success
    assert said(town.person("squad"), case, tasks[UNITS[2]], "acknowledge").is_success
    expect(calls.locator("li.answered")).to_have_count(3)
    log = page.get_by_role("region", name="办理过程")
    for who in ("许工", "蒋师傅", "沈队"):
        expect(log).to_contain_text(who)

    looks(page)
    [line] = desk.get("/video/views", case=case).json()["items"]
    assert (line["reason"], line["case_id"]) == ("看北口有没有封住", case)
    tells(page)
    expect(log).to_contain_text("告知李红（第1网格专职网格员）：请到北口引导消防车")
    assert page.evaluate("window.stayed")
