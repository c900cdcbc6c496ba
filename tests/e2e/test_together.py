"""A whistle from the stairwell to its conclusion, and a task from the lead's pane to its result."""

from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from playwright.sync_api import expect

from tests.cases.test_loop import taken, told
from tests.e2e.browsing import PHONE, House
from tests.e2e.test_accessible import looks
from tests.town import Town

URBAN, WATER = "安东区城市管理局", "安东区供水公司"


@pytest.fixture
def case(town: Town, web: FastAPI) -> dict[str, Any]:
    found: dict[str, Any] = TestClient(web).post("/api/v1/public/cases", json=told()).json()
    return found


def test_a_whistle_is_blown_answered_and_concluded_on_phones(
    house: House, case: dict[str, Any]
) -> None:
    worker, handler = house.staff("李红", PHONE), house.staff("许工", PHONE)
    worker.open(f"/w/case/{case['id']}")
    worker.page.get_by_role("link", name="吹哨", exact=True).click()
    looks(worker.page)
    worker.page.get_by_label("联合执法").check()
    worker.page.get_by_label("要解决什么").fill("地下车库进水，请到场抽水")
    worker.page.get_by_label("呼叫哪些单位").fill("城市管理")
    worker.page.get_by_role("option", name=URBAN).click()
    worker.page.get_by_role("button", name="吹哨", exact=True).click()
    expect(worker.page.get_by_text("待报到")).to_be_visible()

    handler.open("/w/whistles")
    expect(handler.page.get_by_role("link", name=URBAN)).to_be_visible()
    looks(handler.page)
    handler.page.get_by_role("link", name=URBAN).click()
    handler.page.get_by_role("button", name="报到", exact=True).click()
    handler.page.get_by_role("button", name="报到", exact=True).click()
    expect(handler.page.get_by_text("已报到（待确认）")).to_be_visible()

    worker.page.get_by_role("button", name="确认报到").click()
    worker.page.get_by_role("button", name="确认报到").click()
    expect(worker.page.get_by_text("报到已确认")).to_be_visible()
    looks(worker.page)
    worker.page.get_by_role("button", name="作出结论").click()
    worker.page.get_by_label("已解决").check()
    worker.page.get_by_label("结论", exact=True).fill("积水已抽干")
    worker.page.get_by_role("button", name="作出结论").click()
    expect(worker.page.get_by_text("已有结论")).to_be_visible()

    neighbour = house.staff("王强", PHONE)
    neighbour.open("/w/whistles")
    expect(neighbour.page.get_by_text("没有等您处理的吹哨。")).to_be_visible()
    neighbour.page.get_by_role("button", name="已结束").click()
    expect(neighbour.page.get_by_text("还没有结束的吹哨。")).to_be_visible()


def test_the_lead_asks_another_unit_in_its_pane(
    house: House, town: Town, case: dict[str, Any]
) -> None:
    taken(town.person("acceptor"), case["id"], "accept", type="waterlogging")
    unit = town.unit("urban-379901")
    taken(town.person("dispatcher"), case["id"], "dispatch", unit_id=unit)
    taken(town.person("handler"), case["id"], "acknowledge")
    lead, helper = house.staff("许工"), house.staff("蒋师傅")
    lead.open(f"/desk/?queue=to_handle&case={case['id']}")
    lead.page.get_by_role("button", name="交办协办任务").click()
    form = lead.page.get_by_role("form", name="交办协办任务")
    form.get_by_label("协办单位").fill("供水")
    form.get_by_role("option", name=WATER).click()
    form.get_by_label("要做什么").fill("请关闭上游阀门")
    form.get_by_role("button", name="交办", exact=True).click()
    expect(lead.page.get_by_text("已交办（待签收）")).to_be_visible()
    looks(lead.page)

    helper.open("/desk/?queue=to_assist")
    helper.page.get_by_role("link", name="请关闭上游阀门").click()
    helper.page.get_by_role("button", name="签收协办").click()
    helper.page.get_by_role("button", name="签收协办").click()
    helper.page.get_by_role("button", name="协办完成").click()
    helper.page.get_by_label("说明").fill("阀门已关")
    helper.page.get_by_role("button", name="协办完成").click()
    expect(helper.page.get_by_text("阀门已关").first).to_be_visible()
    expect(lead.page.get_by_text("阀门已关").first).to_be_visible()
