"""The same matter twice, as the desk and a neighbour see it on their pages."""

import re
from typing import Any

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import expect

from tests.cases.test_loop import told
from tests.e2e.browsing import House
from tests.e2e.pages import at_desk, resident
from tests.town import Town

PIPE = "3号楼门前水管爆裂，水流了一地"
WORDS = "3号楼门前水管爆裂，正在抢修"


def reported(town: Town, text: str) -> Any:
    answer = TestClient(town.web).post("/api/v1/public/cases", json=told(text))
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_the_desk_merges_and_undoes_it(house: House, town: Town) -> None:
    lead = reported(town, PIPE)
    reported(town, f"{PIPE}，邻居302")
    desk = at_desk(house, "郑洁")
    desk.opens("邻居302", "待受理")
    box = desk.pane.locator(".related-box")
    expect(box.get_by_text("10 米内 · 同一天 · 用词相近")).to_be_visible()
    expect(desk.rows().filter(has_text="疑似重复 1")).to_have_count(2)

    box.get_by_role("button", name="并入这件").click()
    box.get_by_label("说明（内部）").fill("同一处水管")
    box.get_by_role("button", name="确认并案").click()

    expect(box.get_by_role("heading", name="已并入")).to_be_visible()
    expect(box.get_by_role("link").filter(has_text=lead["number"])).to_be_visible()
    expect(desk.pane.get_by_text("已并案").first).to_be_visible()
    box.get_by_role("button", name="撤销并案").click()
    expect(box.get_by_text("该环节时限从现在重新计算")).to_be_visible()
    box.get_by_role("button", name="撤销并案").click()
    expect(desk.pane.get_by_role("group", name="可办理的步骤")).to_be_visible()


def test_the_desk_splits_a_call(house: House, town: Town) -> None:
    reported(town, "路灯不亮，还有人摆摊")
    desk = at_desk(house, "郑洁")
    desk.opens("路灯不亮，还有人摆摊", "待受理")
    box = desk.pane.locator(".related-box")
    box.get_by_role("button", name="一诉多件").click()
    box.get_by_label("这一件说的是什么").fill("门口有人摆摊")
    box.get_by_role("button", name="确认分拆").click()

    expect(box.get_by_role("status").filter(has_text="已分出 1 件")).to_be_visible()
    expect(box.get_by_role("link").filter(has_text="门口有人摆摊")).to_be_visible()


def test_a_neighbour_follows_instead_of_telling_it_again(house: House, town: Town) -> None:
    case = reported(town, PIPE)
    acceptor = town.person("acceptor")
    answer = acceptor.put(f"/cases/{case['id']}/release", {"words": WORDS})
    assert answer.status_code == 204, answer.text
    somebody = resident(house)
    somebody.writes("门前水管爆裂，水流了一地")
    somebody.names_the_garage()
    page = somebody.seat.page

    known = page.locator(".is-it-this")
    expect(known.get_by_text(WORDS)).to_be_visible()
    known.get_by_role("button", name="我也遇到了").click()

    page.wait_for_url(re.compile(r"/r/f/"))
    expect(page.get_by_role("heading", name=WORDS)).to_be_visible()
    expect(page.get_by_text("1 人也遇到了")).to_be_visible()
    assert acceptor.get(f"/cases/{case['id']}/related").json()["followers"] == 1


@pytest.mark.mission("PL-13")
def test_what_is_nearest_is_followed_before_a_word_is_typed(house: House, town: Town) -> None:
    """PL-13: "nearest open cases to follow instead of reporting anew".

    At the place that the phone names he sees what is in hand there, follows one with a touch and
    finds it among his matters. Seen red: with nothing asked before there were words.
    """
    case = reported(town, PIPE)
    acceptor = town.person("acceptor")
    assert acceptor.put(f"/cases/{case['id']}/release", {"words": WORDS}).status_code == 204
    somebody = house.resident(
        geolocation={"longitude": 118.1004, "latitude": 37.3003}, permissions=["geolocation"]
    )
    somebody.open("/r/report")
    known = somebody.page.locator(".is-it-this")
    expect(known.get_by_role("heading", name="附近正在办的")).to_be_visible()
    known.get_by_role("button", name="我也遇到了").click()
    somebody.page.wait_for_url(re.compile(r"/r/f/"))
    somebody.open("/r/matters")
    row = somebody.page.get_by_role("link").filter(has_text=WORDS)
    expect(row).to_contain_text("关注")
    row.click()
    expect(somebody.page.get_by_role("heading", name=WORDS)).to_be_visible()
