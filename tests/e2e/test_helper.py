"""A building head tells what he hears; the grid's worker answers from memory, without a line."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Playwright, expect

from tests.cases.test_loop import taken
from tests.e2e.browsing import PHONE, House
from tests.e2e.conftest import housed, launched
from tests.e2e.test_accessible_phone import helper
from tests.e2e.test_offline import IN_HIS_GRID, KEPT, reopened, synced
from tests.town import Town

HEARD = "地下室水泵整夜响"
GRID = "3799010010010001"


@pytest.fixture
def hearing_house(
    playwright: Playwright, origin: str, request: pytest.FixtureRequest
) -> Iterator[House]:
    """Its phones have a microphone that hears a tone."""
    flags = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
    with launched(playwright, *flags) as browser, housed(browser, origin, request) as found:
        found.watch.no_fault |= {"net::ERR_INTERNET_DISCONNECTED", "net::ERR_FAILED"}
        yield found


@pytest.mark.mission("PL-12")
def test_a_building_head_reports_by_voice_and_the_worker_says_it_is_not_his_grid(
    hearing_house: House, town: Town
) -> None:
    """The helper reports and has tasks; of cases, people and homes he sees nothing.

    He says it into the phone. The grid's worker has the card of her grid in a cellar without
    having opened it before: its people, its places, its open cases; she answers there that the
    matter is not in her grid, with the reason, and the desk has it when the line is back.

    Seen red: without the card taken along; with a helper who may read cases the way to them stood
    on his page.
    """
    helper(town, "building_head", "loudong", "娄栋长")
    watch = hearing_house.watch
    for path in ("/registers/homes", "/people", "/fieldwork/round", "/fieldwork/checks"):
        watch.expect(403, path)
    seat = hearing_house.staff("娄栋长", PHONE, **IN_HIS_GRID)
    page = seat.page
    places = page.get_by_role("navigation", name="主要页面")
    expect(places.get_by_role("link")).to_have_count(4)
    expect(places.get_by_role("link", name="事件")).to_have_count(0)
    for path in ("/registers/homes", "/people", "/fieldwork/round", "/fieldwork/checks"):
        assert seat.api("GET", path).status == 403, path
    assert seat.api("GET", "/cases").json()["items"] == []
    page.get_by_role("link", name="上报", exact=True).click()
    page.get_by_label("补充说明").fill(HEARD)
    page.get_by_role("button", name="说一段").click()
    page.get_by_role("button", name=re.compile("说完了（[1-9]")).click()
    expect(page.get_by_text("已存手机", exact=True)).to_be_visible()
    page.get_by_role("button", name="上报", exact=True).click()
    expect(page.get_by_role("heading", name="已上报")).to_be_visible()
    seat.open("/w/outbox")
    synced(page)
    seat.open("/w")
    expect(page.get_by_role("region", name="我上报的")).to_contain_text(HEARD)
    acceptor = town.person("acceptor")
    [case] = [one for one in acceptor.get("/cases").json()["items"]
              if HEARD in one["text"]]  # fmt: skip
    taken(acceptor, case["id"], "send_verify")
    worker = hearing_house.staff("李红", PHONE, service_workers="allow", **IN_HIS_GRID)
    worker.page.evaluate(KEPT)
    expect(worker.page.get_by_role("link").filter(has_text=HEARD)).to_be_visible()
    worker.page.wait_for_function(
        "id => localStorage.getItem(`wg.last.area.${id}.area`)", arg=town.area(GRID)
    )
    worker.open("/w/outbox")
    synced(worker.page)
    page = reopened(worker, f"/w/area/{town.area(GRID)}")
    expect(page.get_by_role("region", name="谁在这里服务")).to_contain_text("李红")
    expect(
        page.get_by_role("region", name="这一格的地名").get_by_role("listitem")
    ).not_to_have_count(0)
    page.get_by_role("region", name="没办完的事").get_by_role("link", name=HEARD).click()
    page.get_by_role("button", name="不在我网格").click()
    page.get_by_label("理由").select_option(index=1)
    page.locator("form").get_by_role("button", name="不在我网格").click()
    expect(page.get_by_text("没有网络，已存在手机上")).to_be_visible()
    assert acceptor.get(f"/cases/{case['id']}").json()["state"] == "verifying"
    page.context.set_offline(False)
    synced(page)
    whole = acceptor.get(f"/cases/{case['id']}").json()
    assert whole["state"] == "reported"
    said = whole["steps"][-1]
    assert (said["action"], said["actor"]["name"], bool(said["reason"])) == (
        "not_here", "李红", True,
    )  # fmt: skip
    assert [one["kind"] for one in whole["files"]] == ["audio"]
