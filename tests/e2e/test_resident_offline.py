"""A resident without a network: what he said stays on his phone, goes by itself, and is his."""

import re

import pypdfium2
import zxingcpp
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.e2e.browsing import House, hindrances
from tests.e2e.pages import GARAGE, Resident
from tests.e2e.test_installed import until, woken
from tests.e2e.test_offline import KEPT, MOST_SECONDS, worked
from tests.e2e.test_slow_line import snapshot
from tests.fieldwork.conftest import GRID
from tests.town import Town
from wangge.kernel.db import transaction

OTHER = "小区北门井盖松动，夜里车过很响。"
MAN = "13705460031"


def signs_in(page: Page, house: House, town: Town, phone: str = MAN) -> None:
    page.goto(f"{house.origin}/r/mine")
    page.get_by_label("手机号码").fill(phone)
    page.get_by_role("button", name="获取验证码").click()
    expect(page.get_by_role("button", name=re.compile("秒后可重发"))).to_be_visible()
    with transaction(town.cell) as tx:
        row = tx.one("select text from sms_messages order by at desc, id desc limit 1") or {}
    digits = "".join(filter(str.isdigit, row["text"]))[:6]
    page.get_by_label("短信验证码").fill(digits)
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_text("已用 137****0031 登录这部手机")).to_be_visible()


def leaves(page: Page) -> None:
    page.goto(page.url.split("/r")[0] + "/r/mine")
    page.get_by_role("button", name="在这部手机上退出").click()
    expect(page.get_by_role("link", name="我要反映")).to_be_visible()


class BadLine:
    """Breaks under the second piece of a photo until it is mended; where each piece began.

    A first piece that a page took with it when it was left is sent once more: nobody has it.
    """

    def __init__(self, room: BrowserContext) -> None:
        self.pieces: list[int] = []
        self.broken: int | None = None
        room.route("**/api/v1/public/uploads/*", self._pass)

    def _pass(self, route: Route) -> None:
        if route.request.method != "PATCH":
            return route.continue_()
        begins = int(route.request.headers["upload-offset"])
        self.pieces.append(begins)
        breaks = begins > 0 and self.broken is None
        return route.abort() if breaks else route.continue_()

    def mend(self) -> None:
        self.broken = len(self.pieces)

    def goes_on(self) -> bool:
        """Whether what came after the break began where it broke, and went on from there."""
        after = self.pieces[self.broken :]
        return self.pieces == sorted(self.pieces) and after[0] > 0 and len(set(after)) > 1


def cards(town: Town) -> list[str]:
    items = town.person("acceptor").get("/cases").json()["items"]
    return sorted(card["text"] for card in items)


def files_of(town: Town, text: str) -> list[str]:
    acceptor = town.person("acceptor")
    [card] = [one for one in acceptor.get("/cases").json()["items"] if one["text"] == text]
    return [one["kind"] for one in acceptor.get(f"/cases/{card['id']}").json()["files"]]


def test_a_report_without_a_network_goes_later_and_is_nobody_elses(
    house: House, town: Town
) -> None:
    """One phone, two people: what one wrote without a network waits unseen until it goes as his.

    He writes with a photo and no line: the page says where it is and that nobody has it yet. The
    line comes back but breaks at the door; he signs out. The next one on the phone sees nothing of
    it, and what he reports goes alone. When the first is back it goes by itself: the number is
    there while the photo is on its way, and when the line breaks in the middle of the photo it
    goes on from that byte.

    Seen red with one store for everybody on the phone, and with the photo begun anew each time.
    """
    house.watch.no_fault |= {"net::ERR_INTERNET_DISCONNECTED", "net::ERR_FAILED"}
    person = Resident(house.resident())
    page = person.seat.page
    room = page.context
    signs_in(page, house, town)
    person.writes(GARAGE)
    person.names_the_garage()
    page.wait_for_load_state("networkidle")
    room.set_offline(True)
    page.locator("input[type=file]").first.set_input_files([snapshot("车库.jpg")])
    expect(page.locator(".photo-picker li.kept")).to_have_count(1)
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.get_by_role("heading", name="写好的存在这部手机里了")).to_be_visible()
    expect(page.get_by_text("还没有送到任何人那里")).to_be_visible()
    room.route("**/api/v1/public/cases", lambda route: route.abort())
    room.set_offline(False)
    page.get_by_role("button", name="现在发送").click()
    expect(page.get_by_text("还是连不上")).to_be_visible()
    page.get_by_role("link", name="回到首页").click()
    waiting = page.get_by_role("region", name="还没发出去的")
    expect(waiting).to_contain_text(GARAGE[:8])

    leaves(page)
    room.unroute("**/api/v1/public/cases")
    expect(waiting).to_have_count(0)
    person.writes(OTHER)
    expect(page.locator(".photo-picker li")).to_have_count(0)
    person.names_the_garage()
    person.sends()
    assert cards(town) == [OTHER]

    bad = BadLine(room)
    signs_in(page, house, town)
    expect(page.get_by_role("heading", name="我反映过的")).to_be_visible()
    page.goto(f"{house.origin}/r")
    expect(waiting).to_contain_text("已送达，照片还在传")
    assert cards(town) == sorted([GARAGE, OTHER])
    waiting.get_by_role("link").click()
    expect(page.get_by_text(re.compile("编号 379901001-[0-9]+-[0-9]+，查询码"))).to_be_visible()
    expect(page.get_by_text("照片已传 0／1")).to_be_visible()
    until(page, lambda: any(bad.pieces))
    bad.mend()
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.get_by_text("照片已传 0／1")).to_have_count(0)
    assert bad.goes_on(), bad.pieces
    page.goto(f"{house.origin}/r")
    expect(page.get_by_role("heading", name="最近反映的")).to_be_visible()
    expect(waiting).to_have_count(0)
    expect(page.get_by_text(OTHER[:8])).to_have_count(0)
    assert cards(town) == sorted([GARAGE, OTHER])
    assert files_of(town, GARAGE) == ["image"]


def test_the_posters_code_and_a_start_without_a_network(house: House, town: Town) -> None:
    """The code on the poster opens the form in its grid; the app starts without a line and sends.

    He scans the poster in a stairwell, comes back without a network, writes, and closes the app.
    The browser wakes its worker when there is a line: the report is there, in the grid of the
    poster, and its code stands on the page when he looks again.

    Seen red with the worker deaf to what residents said.
    """
    house.watch.no_fault |= {"net::ERR_INTERNET_DISCONNECTED", "net::ERR_FAILED"}
    poster = town.person("lihong").client.get(f"/api/v1/public/serve/{GRID}/poster.pdf").content
    page_of_poster = pypdfium2.PdfDocument(poster)[0].render(scale=2).to_pil()
    [code] = zxingcpp.read_barcodes(page_of_poster)
    path = str(code.text).partition("/r")[2]

    seat = house.resident(service_workers="allow")
    seat.open(f"/r{path}")
    seat.page.evaluate(KEPT)
    assert hindrances(seat.page) == []
    room = seat.page.context
    seat.page.close()
    room.set_offline(True)
    page = seat.page = room.new_page()
    cost = worked(page)
    seat.open(f"/r{path}")
    report = page.get_by_role("link", name="我要反映")
    expect(report).to_be_visible()
    assert 0 < cost() <= MOST_SECONDS
    report.click()
    page.get_by_label("什么事", exact=True).fill(OTHER)
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.get_by_role("heading", name="写好的存在这部手机里了")).to_be_visible()
    assert cards(town) == []
    woken(seat, "wg-said")
    until(seat.page, lambda: cards(town) == [OTHER])
    [card] = town.person("acceptor").get("/cases").json()["items"]
    assert (card["place"]["state"], card["place"]["area_id"]) == ("located", town.area(GRID))
    seat.open("/r")
    expect(seat.page.get_by_role("heading", name="最近反映的")).to_be_visible()
    seat.page.get_by_role("link", name=re.compile(OTHER[:8])).click()
    expect(seat.page.get_by_text(card["number"])).to_be_visible()
