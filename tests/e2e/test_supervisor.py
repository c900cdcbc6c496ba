"""督查通: a supervisor goes where something is late, whether or not there is a network."""

from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from playwright.sync_api import expect

from tests.cases.test_loop import taken
from tests.dispatch.test_follows import report
from tests.dispatch.test_late import Opening, sweep
from tests.e2e.test_offline import Phone, phone, reopened, synced
from tests.supervision.conftest import notices
from tests.town import Town

__all__ = ["phone"]
WHY = "居民三次来电，请书面说明何时抽干"


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
