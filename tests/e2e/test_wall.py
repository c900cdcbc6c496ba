"""The city on one screen: figures that move by themselves, drilling down and back, rows behind."""

from contextlib import AbstractContextManager
from datetime import timedelta

from fastapi.testclient import TestClient
from playwright.sync_api import expect

from tests.cases.test_loop import told
from tests.cockpit.test_wall import ALERT, SITE
from tests.dispatch.test_follows import rule
from tests.e2e.browsing import DESK, House
from tests.e2e.pages import GARAGE
from tests.town import Town
from tests.video.conftest import HEAD, imported, platform, row
from wangge.cockpit import cubes
from wangge.kernel.db import Tx, transaction
from wangge.video.local_gateway import StandIn

__all__ = ["platform"]
LATE_MS = 25_000.0


def test_the_wall_moves_drills_opens_its_rows_and_dims(house: House, town: Town) -> None:
    """A report changes the open figure, areas lead down and back, a stopped source dims."""

    def open_tx() -> AbstractContextManager[Tx]:
        return transaction(town.cell)

    cubes.keep_up(open_tx)
    seat = house.staff("尤主任", DESK)
    seat.open("/wall/?still=1")
    page = seat.page
    received = page.locator(".main .big").first
    expect(received).to_have_text("0")
    page.evaluate("window.stayed = true")
    asker = TestClient(town.web, raise_server_exceptions=False)
    assert asker.post("/api/v1/public/cases", json=told(GARAGE)).status_code == 200
    cubes.keep_up(open_tx)

    expect(received).to_have_text("1")
    expect(page.get_by_text("截至").first).to_be_visible()
    page.get_by_role("button", name="安和街道").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("安和街道")
    page.get_by_role("button", name="东方社区").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("东方社区")
    expect(received).to_have_text("1")
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", level=1)).to_have_text("安和街道")
    assert page.evaluate("window.stayed")

    # Nobody counts any more: no worker runs beside this test.
    expect(page.locator(".panel.late").first).to_be_visible(timeout=LATE_MS)
    expect(page.get_by_text("数据停在").first).to_be_visible()
    cubes.keep_up(open_tx)
    expect(page.locator(".panel.late")).to_have_count(0)

    # Early warnings and video sites have their own scene; a leader's look is not asked for.
    with open_tx() as tx:
        tx.run(ALERT, {"day": tx.now.date(), "at": tx.now, "due": tx.now + timedelta(hours=2)})
        tx.run(SITE)
    for _ in range(3):
        page.keyboard.press("s")
    expect(page.locator("[data-alert]")).to_contain_text("30天内相距100米以内", timeout=LATE_MS)
    expect(page.get_by_text("文汇桥头")).to_be_visible()
    expect(page.get_by_text("旧桥头")).to_have_count(0)
    page.keyboard.press("s")

    received.click()
    expect(page.locator("[data-case]")).to_have_count(1)


def test_a_site_is_looked_at_on_the_wall_with_a_reason(
    house: House, town: Town, platform: StandIn
) -> None:
    """Each look is logged, from the wall itself.

    Without a reason there is nothing; with one the register has its line before the picture
    comes, and the picture leaves the wall by itself. Meant to go red with the look asked for
    before it is written down, and with the wall's keys taken for words of the reason.
    """
    rule(town, "video", hosts=[platform.host])
    sites = HEAD + row(platform, "V-001", "东门路口", 118.101, 37.301)
    assert imported(town.person("sysadmin"), sites)["written"]
    cubes.keep_up(lambda: transaction(town.cell))
    seat = house.staff("冯涛", DESK)
    page = seat.page
    page.clock.install()
    seat.open("/wall/?still=1&scene=4")
    page.get_by_role("button", name="东门路口").click()
    look = page.get_by_role("complementary", name="调看视频点位")
    expect(look.get_by_text("不识别人")).to_be_visible()
    look.get_by_role("button", name="看一张截图").click()
    expect(look.get_by_text("至少两个字").first).to_be_visible()
    assert town.person("dispatcher").get("/video/views").json()["items"] == []

    page.keyboard.type("nearby rescue, s n r")
    page.keyboard.press("Control+Enter")
    picture = look.get_by_role("img", name="东门路口的画面")
    expect(picture).to_be_visible()
    expect(page.get_by_role("heading", name="视频点位")).to_be_visible()  # no key changed the scene
    [line] = town.person("dispatcher").get("/video/views").json()["items"]
    assert (line["reason"], line["way"]) == ("nearby rescue, s n r", "snapshot")
    assert line["account_name"] == "冯涛"
    assert line["shown_at"]
    page.clock.fast_forward(125_000)
    expect(look).to_have_count(0)
