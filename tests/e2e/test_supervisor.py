"""督查通: a supervisor goes where something is late, whether or not there is a network."""

from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from playwright.sync_api import expect

from tests.cases.test_loop import taken
from tests.dispatch.test_follows import report
from tests.dispatch.test_late import Opening, sweep
from tests.e2e.browsing import House
from tests.e2e.pages import photo
from tests.e2e.test_offline import Phone, phone, reopened, synced
from tests.supervision.conftest import notices, steps
from tests.town import Town

__all__ = ["phone"]
WHY = "居民三次来电，请书面说明何时抽干"
SEEN = "现场仍有二十厘米积水，没有人在抽"


@pytest.mark.mission("PL-15")
def test_a_notice_written_in_a_cellar_reaches_the_handler(
    web: FastAPI, town: Town, phone: Phone, open_tx: Opening
) -> None:
    """PL-15: "supervisor opens overdue list offline-capable, issues a notice; handler gets it".

    The line is cut and the app killed: it opens with what is late, says how old that is, and keeps
    the notice. When the line is back it is issued once, with its number, and the handler has it.

    Seen red: with what is late not among what a phone holds the list failed to open; with the
    kind of operation not known the handler had nothing.
    """
    case = report(TestClient(web))
    taken(town.person("acceptor"), case, "accept", type="waterlogging")
    taken(town.person("dispatcher"), case, "dispatch", unit_id=town.unit("water-379901"))
    water = town.person("water")
    assert taken(water, case, "acknowledge").status_code == 200
    sweep(open_tx, "overdue", after=timedelta(days=14))
    seat = phone("秦督")
    expect(seat.page.get_by_text("安东区供水公司").first).to_be_visible()
    seat.open("/w/outbox")
    synced(seat.page)

    page = reopened(seat)
    expect(page.get_by_text("取回的内容")).to_be_visible()
    page.get_by_role("button", name="发督办单").click()
    page.get_by_label("督办事由").fill(WHY)
    page.get_by_role("button", name="发出", exact=True).click()
    expect(page.get_by_text("已存在手机，有网络就发出")).to_be_visible()
    assert notices(water, "supervision_notice") == []
    page = reopened(seat)
    expect(page.get_by_text("待发：发督办单")).to_be_visible()

    page.context.set_offline(False)
    synced(page)
    [told] = notices(water, "supervision_notice")
    assert told["case_id"] == case
    [paper] = water.get(f"/cases/{case}/supervision").json()["items"]
    assert (paper["reason"], paper["issued"]["name"], paper["state"]) == (WHY, "秦督", "open")
    assert "answer" in paper["may"]


@pytest.mark.mission("PL-15")
def test_a_spot_check_written_on_site_is_in_the_record_and_at_the_desk(
    web: FastAPI, town: Town, house: House, phone: Phone, open_tx: Opening
) -> None:
    """PL-15: "supervision list, on-site spot check, supervision notice", on site without a line.

    From the list of what is late he says what he finds, with a picture and an urging, and of a
    place that all is in order; the app is killed. With the line back both are there once: the
    case's record has words and picture, its unit is urged, his list and the desk's show them.

    Seen red: without the kind of operation both stayed on the phone; without the line in the
    history the case's page said nothing of it.
    """
    case = report(TestClient(web))
    taken(town.person("acceptor"), case, "accept", type="waterlogging")
    taken(town.person("dispatcher"), case, "dispatch", unit_id=town.unit("water-379901"))
    water = town.person("water")
    assert taken(water, case, "acknowledge").status_code == 200
    sweep(open_tx, "overdue", after=timedelta(days=14))
    seat = phone("秦督")
    expect(seat.page.get_by_text("安东区供水公司").first).to_be_visible()
    seat.open("/w/outbox")
    synced(seat.page)

    page = reopened(seat)
    page.get_by_role("link", name="现场督查", exact=True).click()
    page.get_by_role("button", name="记下来").click()
    expect(page.get_by_text("请选现场情况")).to_be_visible()
    page.get_by_text("有问题", exact=True).click()
    page.get_by_label("看到了什么").fill(SEEN)
    page.locator("input[type=file]").first.set_input_files([photo("check.jpg")])
    expect(page.get_by_text("已存手机", exact=True)).to_be_visible()
    page.get_by_text("催办", exact=True).click()
    page.get_by_role("button", name="记下来").click()
    expect(page.get_by_text("没有网络，已存在手机")).to_be_visible()
    page = reopened(seat)
    expect(page.get_by_text("待发：现场督查")).to_be_visible()
    page.get_by_role("link", name="督查一处地方").click()
    page.get_by_label("地点").fill("安东公园东门")
    page.get_by_text("没有问题", exact=True).click()
    page.get_by_label("看到了什么").fill("步道、座椅完好")
    page.get_by_role("button", name="记下来").click()
    expect(page.get_by_text("没有网络，已存在手机")).to_be_visible()
    assert steps(water, case, "spot_check") == []

    page.context.set_offline(False)
    page.get_by_role("link", name="回到督查通").click()
    synced(page)
    page.get_by_role("button", name="我的督查").click()
    mine = page.locator(".spot-checks li:has(> .head)")
    expect(mine).to_have_count(2)
    expect(mine.filter(has_text=SEEN)).to_contain_text("已催办")
    expect(mine.filter(has_text="座椅完好")).to_contain_text("安东公园东门")
    [line] = steps(water, case, "spot_check")
    assert (line["note"], line["actor"]["name"], len(line["files"])) == (SEEN, "秦督", 1)
    [urged] = notices(water, "case_urged")
    assert SEEN in urged["text"]["zh"]
    desk = house.staff("陈刚")
    desk.open("/desk/supervision")
    desk.page.get_by_role("button", name="现场督查").click()
    expect(desk.page.locator(".spot-checks li:has(> .head)").filter(has_text=SEEN)).to_contain_text(
        "秦督"
    )
