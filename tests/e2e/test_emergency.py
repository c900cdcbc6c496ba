"""A drill at the desk and on the telephone: opened from a plan, taken by one touch, closed."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browsing import PHONE, House
from tests.emergency.conftest import kept
from tests.town import Town

LOOK = os.environ.get("WANGGE_LOOK", "")


def look(page: Page, name: str) -> None:
    """A picture to look at, where somebody wants one."""
    if LOOK:
        page.screenshot(path=Path(LOOK) / f"{name}.png", full_page=True)


def everything_is(page: Page, said: str) -> None:
    """The desk says it of every task that still waits for it."""
    while (left := page.get_by_role("button", name=said, exact=True)).count():
        before = left.count()
        left.first.click()
        expect(left).to_have_count(before - 1)


@pytest.mark.usefixtures("everybody_may_be_played")
def test_a_drill_is_opened_at_the_desk_and_taken_on_the_telephone(house: House, town: Town) -> None:
    """Meant to go red with a notice that leads nowhere.

    And with the task missing on the telephone.
    """
    kept(town, town.person("cityleader"), "BX-1", 118.12, 37.3, capabilities=["fire_fighting"],
         kind="team", name="安和微型消防站", measure="人", amount=6)  # fmt: skip
    desk = house.staff("陈刚")
    desk.open("/desk/incidents/new")
    page = desk.page
    page.get_by_text("演练", exact=True).first.click()
    page.get_by_label("发生了什么").fill("配电箱冒烟")
    page.get_by_text("火灾", exact=False).first.click()
    page.get_by_text("Ⅳ级（一般）").first.click()
    page.get_by_label("地点").first.fill("东方社区地下")
    page.get_by_role("option", name="东方社区地下车库").click()
    expect(page.get_by_text("疏散楼内人员")).to_be_visible()
    look(page, "new")
    page.get_by_role("button", name="启动演练").click()
    expect(page.get_by_role("heading", name="配电箱冒烟")).to_be_visible()
    expect(page.get_by_text("不计入事件数")).to_be_visible()
    expect(page.get_by_text("安和微型消防站")).to_be_visible()
    look(page, "board")
    page.get_by_role("button", name="调派").first.click()
    page.get_by_role("button", name="到达现场").click()
    expect(page.get_by_text("已到现场").first).to_be_visible()

    worker = house.staff("李红", size=PHONE)
    worker.open("/w")
    tasks = worker.page.get_by_role("region", name="我的应急任务")
    expect(tasks).to_contain_text("疏散楼内人员")
    expect(tasks).to_contain_text("演练")
    look(worker.page, "phone")
    tasks.get_by_role("button", name="签收").click()
    tasks.get_by_role("button", name="完成").click()
    expect(tasks).to_have_count(0)
    expect(page.get_by_text("李红", exact=False).filter(has_text="完成").first).to_be_visible()
    worker.open("/w/notices")
    worker.page.get_by_text("应急任务").first.click()
    expect(worker.page.get_by_role("heading", name="配电箱冒烟")).to_be_visible()
    look(worker.page, "phone-board")

    everything_is(page, "签收")
    everything_is(page, "完成")
    page.get_by_role("button", name="办结", exact=True).click()
    page.get_by_label("处置结果").fill("演练完成，各岗位到位")
    page.get_by_role("button", name="办结并通知").click()
    expect(page.get_by_text("已办结").first).to_be_visible()
    look(page, "closed")
    shown = {"": "配电箱冒烟", "/plans": "城市内涝处置", "/resources": "安和微型消防站"}
    for path, words in shown.items():
        desk.open(f"/desk/incidents{path}")
        expect(page.get_by_text(words).first).to_be_visible()
        look(page, f"page{path.replace('/', '-')}")
