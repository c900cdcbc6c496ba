"""Everybody tries a step that is not his, on the page where it lets him, and keeps his text."""

from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from playwright.sync_api import expect

from tests.cases.test_loop import taken, told
from tests.e2e.browsing import House
from tests.e2e.pages import FLOODED, at_desk, outside, resident, tried
from tests.town import Town


@pytest.fixture
def case(town: Town, web: FastAPI) -> dict[str, Any]:
    found: dict[str, Any] = TestClient(web).post("/api/v1/public/cases", json=told()).json()
    return found


def state(town: Town, case: dict[str, Any]) -> str:
    return str(town.person("acceptor").get(f"/cases/{case['id']}").json()["state"])


def in_hand(town: Town, case: dict[str, Any]) -> None:
    taken(town.person("acceptor"), case["id"], "accept", type="waterlogging")
    unit = town.unit("urban-379901")
    taken(town.person("dispatcher"), case["id"], "dispatch", unit_id=unit)
    assert taken(town.person("handler"), case["id"], "acknowledge").status_code == 200


def test_the_dispatcher_does_not_accept_and_the_acceptor_does_not_dispatch(
    house: House, town: Town, case: dict[str, Any]
) -> None:
    house.watch.expect(403, "/steps")
    dispatcher = at_desk(house, "冯涛")
    dispatcher.seat.open(f"/desk/?queue=all&case={case['id']}")
    expect(dispatcher.pane.get_by_role("heading", level=2)).to_contain_text(FLOODED)
    dispatcher.seat.page.keyboard.press("a")
    expect(dispatcher.pane.get_by_text("这件事项现在不能“受理”")).to_be_visible()
    assert tried(dispatcher.seat, case["id"], "accept")[0] == 403
    assert state(town, case) == "reported"

    taken(town.person("acceptor"), case["id"], "accept", type="waterlogging")
    acceptor = at_desk(house, "郑洁")
    acceptor.seat.open(f"/desk/?queue=all&case={case['id']}")
    expect(acceptor.pane.get_by_role("heading", level=2)).to_contain_text(FLOODED)
    acceptor.seat.page.keyboard.press("d")
    expect(acceptor.pane.get_by_text("这件事项现在不能“派单”")).to_be_visible()
    unit = town.unit("urban-379901")
    assert tried(acceptor.seat, case["id"], "dispatch", unit_id=unit)[0] == 403
    assert state(town, case) == "registered"


def test_a_unit_sees_nothing_before_it_is_asked(
    house: House, town: Town, case: dict[str, Any]
) -> None:
    house.watch.expect(404, f"/cases/{case['id']}")
    handler = at_desk(house, "许工")
    handler.seat.open(f"/desk/?queue=all&case={case['id']}")
    expect(handler.seat.page.get_by_role("alert").first).to_be_visible()
    expect(handler.seat.page.get_by_text(FLOODED)).to_have_count(0)
    assert tried(handler.seat, case["id"], "finish", note="x", answer="y")[0] == 404


def test_the_grid_worker_does_not_finish_the_departments_work(
    house: House, town: Town, case: dict[str, Any]
) -> None:
    in_hand(town, case)
    house.watch.expect(403, "/steps")
    worker = outside(house, "李红")
    worker.seat.open(f"/w/case/{case['id']}")
    expect(worker.seat.page.get_by_text(FLOODED).first).to_be_visible()
    expect(worker.seat.page.get_by_role("button", name="部门办结")).to_have_count(0)
    assert tried(worker.seat, case["id"], "finish", note="抽水", answer="已抽干")[0] == 403
    assert state(town, case) == "handling"


def test_the_resident_does_not_rate_what_is_not_done(
    house: House, town: Town, case: dict[str, Any]
) -> None:
    house.watch.expect(409, "/answer")
    person = resident(house)
    person.code = case["code"]
    person.looks()
    expect(person.seat.page.get_by_text(FLOODED)).to_be_visible()
    expect(person.seat.page.get_by_text("问题解决了吗？")).to_have_count(0)
    answer = person.seat.page.request.post(
        f"{house.origin}/api/v1/public/cases/{person.code}/answer",
        data={"id": case["id"], "solved": False},
    )
    assert answer.status == 409
    assert answer.json()["message"]["zh"]


def test_whoever_comes_second_is_told_and_keeps_his_words(
    house: House, town: Town, case: dict[str, Any]
) -> None:
    in_hand(town, case)
    slow = at_desk(house, "许工")
    slow.opens(FLOODED, "办理中")
    form = slow.begins("部门办结")
    form.get_by_label("办理意见").fill("我写了很久的办理意见")
    form.get_by_label("对外答复").fill("我写了很久的答复")

    quick = town.person("handler2")
    assert taken(quick, case["id"], "finish", note="已抽水", answer="已抽干").status_code == 200

    expect(form.get_by_role("alert")).to_contain_text("现在已不能“部门办结”")
    expect(form.get_by_role("button", name="部门办结", exact=True)).to_be_disabled()
    expect(form.get_by_label("对外答复")).to_have_value("我写了很久的答复")
    expect(form.get_by_label("办理意见")).to_have_value("我写了很久的办理意见")
    expect(slow.pane.get_by_text("韩工").first).to_be_visible()
