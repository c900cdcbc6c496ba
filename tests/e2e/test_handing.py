"""Somebody leaves: his work is given at the desk and signed for on the phone, his own is emptied."""

from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from playwright.sync_api import expect

from tests.cases.test_loop import taken, told
from tests.e2e.browsing import PHONE, House
from tests.e2e.test_accessible import looks
from tests.handovers.conftest import leaves
from tests.town import Town


@pytest.fixture
def case(town: Town, web: FastAPI) -> dict[str, Any]:
    found: dict[str, Any] = TestClient(web).post("/api/v1/public/cases", json=told()).json()
    return found


def test_a_visit_is_given_on_and_the_leavers_phone_is_emptied(
    house: House, town: Town, case: dict[str, Any]
) -> None:
    taken(town.person("acceptor"), case["id"], "send_verify")
    worker, leader = house.staff("李红", PHONE), house.staff("吴华", PHONE)
    worker.open("/w")
    expect(worker.page.get_by_role("link", name="地下车库")).to_be_visible()
    assert worker.page.evaluate("localStorage.getItem('wg.last.today')")

    leaves(town, "lihong")
    house.watch.expect(401, "/api/v1/")
    worker.page.reload()
    expect(worker.page.get_by_text("本机保存的工作数据已清除")).to_be_visible()
    assert worker.page.evaluate("localStorage.getItem('wg.last.today')") is None

    leader.open("/w/handovers")
    expect(leader.page.get_by_text("李红离岗移交")).to_be_visible()
    looks(leader.page)
    leader.page.get_by_role("checkbox").check()
    leader.page.get_by_label("交给").select_option(label="吴华 · 网格长")
    leader.page.get_by_role("button", name="交办 1 件").click()
    leader.page.get_by_role("button", name="签收，由我接着办").click()
    expect(leader.page.get_by_text("没有待交接的工作")).to_be_visible()
