"""A resident behind a crowded address: told to wait, nothing lost; in danger nobody waits."""

import pytest
from playwright.sync_api import expect

from tests.e2e.browsing import House
from tests.e2e.pages import GARAGE, resident
from wangge.public_service import reporting


@pytest.fixture
def crowded(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Everybody before this one has used up the share of the address."""
    monkeypatch.setattr(reporting.REPORTS, "_burst", 0)
    return monkeypatch


def test_what_was_typed_stays_and_is_sent_later(house: House, crowded: pytest.MonkeyPatch) -> None:
    house.watch.expect(429, "/public/cases")
    someone = resident(house)
    someone.writes("路灯不亮三天了，晚上老人摔倒过。")
    someone.names_the_garage()
    page = someone.seat.page
    page.get_by_role("button", name="提交", exact=True).click()

    expect(page.get_by_role("heading", name="写好的存在这部手机里了")).to_be_visible()
    expect(page.get_by_text("系统这会儿忙")).to_contain_text("110")
    page.reload()
    expect(page.get_by_text("路灯不亮三天了，晚上老人摔倒过。")).to_be_visible()
    crowded.setattr(reporting.REPORTS, "_burst", 20)
    crowded.setattr(reporting.REPORTS, "_rate", 1e9)
    page.get_by_role("button", name="现在发送").click()
    expect(page.get_by_text("编号").first).to_be_visible()
    page.wait_for_url("**/sent/*")


def test_a_flooded_garage_does_not_wait(house: House, crowded: pytest.MonkeyPatch) -> None:
    someone = resident(house)
    someone.reports("地下车库着火了，有浓烟，" + GARAGE)

    someone.looks()
    expect(someone.seat.page.get_by_text("着火").first).to_be_visible()
