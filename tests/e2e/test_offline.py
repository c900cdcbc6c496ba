"""A telephone without a network: the app starts, shows what it holds, and loses no word."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from playwright.sync_api import Page, expect

from tests.cases.test_loop import taken, told
from tests.e2e.browsing import PHONE, House, Seat
from tests.e2e.pages import FLOODED, Desk, photo
from tests.fieldwork.conftest import GRID, Field
from tests.town import Town
from wangge.kernel import clock
from wangge.kernel.db import transaction

MOST_SECONDS = 2.0
LATER = timedelta(hours=3)
CITY = ZoneInfo("Asia/Shanghai")
IN_HIS_GRID: dict[str, Any] = {
    "geolocation": {"longitude": 118.1, "latitude": 37.3},
    "permissions": ["geolocation"],
}
KEPT = """async () => {
  await navigator.serviceWorker.ready
  const found = []
  for (const name of await caches.keys())
    found.push(...await (await caches.open(name)).keys())
  return found.map(request => new URL(request.url).pathname)
}"""
FULL = """() => {
  const put = IDBObjectStore.prototype.put
  IDBObjectStore.prototype.put = function (value, key) {
    if (this.name === 'outbox') throw new DOMException('full', 'QuotaExceededError')
    return put.call(this, value, key)
  }
}"""
ROWS = "rows => rows.map(row => [...row.children].map(one => one.innerText))"
HELD = [
    ["本辖区未办结的事件，和本人上报、承办、抽查的未办结事件：到现场核实、办理、核查要用", "1 项"],
    ["本网格的住户（脱敏）：入户走访要用", "3 项"],
    ["您写的、还没发出的", "0 条"],
]
Phone = Callable[..., Seat]


@pytest.fixture
def phone(house: House) -> Phone:
    """Somebody's own telephone, with the app installed on it when asked for."""
    house.watch.no_fault |= {"net::ERR_INTERNET_DISCONNECTED", "net::ERR_FAILED"}

    def made(name: str = "李红", *, installed: bool = True) -> Seat:
        how = "allow" if installed else "block"
        seat = house.staff(name, PHONE, service_workers=how, **IN_HIS_GRID)
        if installed:
            seat.page.evaluate(KEPT)
        return seat

    return made


def reopened(seat: Seat, path: str = "/w", *, offline: bool = True) -> Page:
    """The app is killed and opened anew."""
    room = seat.page.context
    seat.page.close()
    room.set_offline(offline)
    seat.page = room.new_page()
    seat.open(path)
    return seat.page


def reports(page: Page, text: str, *, picture: bool = False) -> None:
    page.get_by_role("link", name="上报").click()
    writes(page, text, picture=picture)


def writes(page: Page, text: str, *, picture: bool = False) -> None:
    page.get_by_label("补充说明").fill(text)
    if picture:
        page.locator("input[type=file]").first.set_input_files([photo(f"{text}.jpg")])
        expect(page.get_by_text("已存手机", exact=True)).to_be_visible()
    page.get_by_role("button", name="上报", exact=True).click()


def mine(town: Town, who: str = "lihong") -> list[dict[str, Any]]:
    items = town.person(who).get("/cases", queue="reported_by_me").json()["items"]
    return sorted(items, key=lambda card: str(card["text"]))


def _never(*_given: Any, **_more: Any) -> Any:
    raise AssertionError("the clock of these homes is not touched")


def synced(page: Page) -> None:
    expect(page.locator(".sync-word")).to_have_text("已同步")


def worked(page: Page) -> Callable[[], float]:
    """From now on: how many seconds of the processor the page's own thread has taken."""
    line = page.context.new_cdp_session(page)
    line.send("Performance.enable", {"timeDomain": "threadTicks"})

    def taken_so_far() -> float:
        metrics: list[dict[str, Any]] = line.send("Performance.getMetrics")["metrics"]
        return next(float(one["value"]) for one in metrics if one["name"] == "TaskDuration")

    return taken_so_far


def test_the_app_starts_without_a_network_and_shows_the_day(
    web: FastAPI, town: Town, phone: Phone
) -> None:
    """What it holds and why stands on a page of its own, sort by sort, with how many.

    Seen red: with the number of each sort left out of the rows.
    """
    case = TestClient(web).post("/api/v1/public/cases", json=told()).json()
    taken(town.person("acceptor"), case["id"], "send_verify")
    Field(town, _never, town.area(GRID)).homes(town.person("lihong"), 3)
    seat = phone()
    expect(seat.page.get_by_role("link").filter(has_text=FLOODED)).to_be_visible()
    seat.open("/w/held")
    expect(seat.page.get_by_text("取回 ·")).to_be_visible()
    assert seat.page.locator("dl div").evaluate_all(ROWS) == HELD
    kept: list[str] = seat.page.evaluate(KEPT)
    page = reopened(seat, "/w/outbox")
    cost = worked(page)
    seat.open("/w")

    expect(page.get_by_role("link").filter(has_text=FLOODED)).to_be_visible()
    assert 0 < cost() <= MOST_SECONDS
    assert "/w.html" in kept
    assert [path for path in kept if path.startswith("/api")] == []
    manifest = page.request.get(f"{seat.origin}/w.webmanifest").json()
    assert manifest["start_url"] == manifest["scope"] == "/w"
    assert manifest["display"] == "standalone"

    page.get_by_role("link").filter(has_text=FLOODED).click()
    expect(page.get_by_text("取回的内容")).to_be_visible()
    expect(page.get_by_role("region", name="现在可以做")).to_be_visible()
    expect(page.get_by_text(FLOODED).first).to_be_visible()


@pytest.mark.mission("PL-12")
def test_what_is_reported_without_a_network_survives_the_kill_and_has_a_number(
    town: Town, phone: Phone, house: House
) -> None:
    """PL-12: "installs as PWA, works offline".

    A report with a photo is written in a stairwell, the app is killed, opened again, still without
    a network; when the network is back, three hours later, it goes by itself, once, and has a
    number. When it was found and when it came stand on its page on the phone and at the desk.

    Seen red: with the time it was found left out of the facts of the phone, and of those of the
    desk.
    """
    seat = phone()
    synced(seat.page)
    page = reopened(seat)
    reports(page, "井盖松动，车一过就响", picture=True)
    expect(page.get_by_text("有网会自动上报")).to_be_visible()
    page = reopened(seat)
    expect(page.locator(".sync-word")).to_contain_text("1 条存在手机")
    page = reopened(seat, "/w/outbox")
    expect(page.get_by_text("井盖松动，车一过就响")).to_be_visible()
    assert mine(town) == []

    with transaction(town.cell) as tx:
        clock.advance(tx, LATER)
    page.context.set_offline(False)
    expect(page.get_by_text("编号 379901001-")).to_be_visible()
    synced(page)
    (card,) = mine(town)
    assert card["text"] == "井盖松动，车一过就响"
    assert card["photo"]
    both_times(town, seat, house, card["id"])


def both_times(town: Town, seat: Seat, house: House, case: str) -> None:
    """When it was found and when it came, on the phone of whoever found it and at the desk."""
    whole = town.person("lihong").get(f"/cases/{case}").json()
    found, came = (datetime.fromisoformat(whole[at]) for at in ("found_at", "received_at"))
    assert LATER <= came - found < LATER + timedelta(minutes=10)
    seat.open(f"/w/case/{case}")
    facts = seat.page.locator(".case-facts")
    at = [when.astimezone(CITY).strftime("%H:%M") for when in (found, came)]
    for name, when in zip(("发现时间", "收到时间"), at, strict=True):
        expect(facts.locator("div").filter(has_text=name)).to_contain_text(when)
    desk = Desk(house.staff("郑洁"))
    desk.opens(whole["text"], "待受理")
    for name, when in zip(("发现", "收到"), at, strict=True):
        value = desk.pane.locator(f".facts dt:text-is('{name}') + dd")
        expect(value).to_have_text(when)


def test_a_shared_phone_shows_and_loses_nothing_of_the_one_before(
    town: Town, phone: Phone, house: House
) -> None:
    house.watch.expect(401, "/")
    seat = phone(installed=False)
    page = seat.page
    seat.open("/w/report")
    expect(page.locator(".type-chips button[aria-pressed]").first).to_be_visible()
    page.context.set_offline(True)
    writes(page, "只有李红知道的事")
    expect(page.get_by_text("有网会自动上报")).to_be_visible()
    page.route("**/api/v1/sync", lambda route: route.abort())
    page.context.set_offline(False)
    signs_in(seat, "王强")
    page.unroute("**/api/v1/sync")
    reports(page, "王强自己的事")
    expect(page.get_by_role("heading", name="已上报")).to_be_visible()
    seat.open("/w/outbox")
    expect(page.get_by_text("王强自己的事")).to_be_visible()
    assert "只有李红知道的事" not in page.content()
    assert mine(town) == []

    signs_in(seat, "李红")
    seat.open("/w/outbox")
    expect(page.get_by_text("编号 379901001-")).to_be_visible()
    assert [card["text"] for card in mine(town)] == ["只有李红知道的事"]
    assert [card["text"] for card in mine(town, "wangqiang")] == ["王强自己的事"]


def signs_in(seat: Seat, name: str) -> None:
    seat.open("/w/me")
    page = seat.page
    page.get_by_role("button", name="退出登录").click()
    page.get_by_role("button", name="确定退出").click()
    page.get_by_role("button", name=name).click()
    page.wait_for_url("**/w")


def test_a_full_phone_says_so_and_keeps_the_words_on_the_page(phone: Phone) -> None:
    seat = phone(installed=False)
    page = seat.page
    synced(page)
    page.evaluate(FULL)
    reports(page, "楼道灯不亮")
    expect(page.get_by_role("alert")).to_contain_text("存储空间不够")
    expect(page.get_by_label("补充说明")).to_have_value("楼道灯不亮")
    page.reload()
    expect(page.get_by_label("补充说明")).to_have_value("楼道灯不亮")


SEVEN_TIMES = """() => new Promise((done) => {
  const asked = indexedDB.open(NAME)
  asked.onsuccess = () => {
    const shelf = asked.result.transaction('outbox', 'readwrite').objectStore('outbox')
    shelf.getAll().onsuccess = ({ target }) => {
      for (const item of target.result) shelf.put({ ...item, broke: 7, next: 0 }, item.id)
      shelf.transaction.oncomplete = () => { asked.result.close(); done() }
    }
  }
})"""


def test_what_the_server_always_breaks_over_says_so_and_how_to_go_on(
    town: Town, house: House, phone: Phone
) -> None:
    """It stays on the phone with every word, says why, and its person has ways to go on.

    Seven tries have failed before; the eighth fails too. He reads that it is not sent by itself any
    more, tells the administrator, who sees it without its words, and sends it when it is mended.

    Seen red with the count of tries never at its end.
    """
    house.watch.expect(500, "/api/v1/sync")
    seat = phone(installed=False)
    page = seat.page
    synced(page)
    page.get_by_role("link", name="上报").click()
    expect(page.get_by_label("补充说明")).to_be_visible()
    page.context.set_offline(True)
    writes(page, "楼道电线裸露", picture=True)
    expect(page.get_by_text("有网会自动上报")).to_be_visible()
    account = town.person("lihong").account_id
    page.evaluate(SEVEN_TIMES.replace("NAME", f"'wangge-{account}'"))
    broken = {"status": 500, "json": {"code": "internal", "message": {"zh": "出错", "en": "broke"}}}
    page.route("**/api/v1/sync", lambda route: route.fulfill(**broken))
    page.context.set_offline(False)
    seat.open("/w/outbox")
    card = page.get_by_role("listitem").filter(has_text="楼道电线裸露")
    expect(card).to_contain_text("没能收下，留在手机里")
    expect(page.locator(".sync-word")).to_have_text("1 条没能收下")
    expect(card).to_contain_text("系统连续 8 次处理这一条都出错")
    for way in ("再试一次", "复制文字", "存成文件", "不要这一条"):
        expect(card.get_by_role("button", name=way)).to_be_visible()
    card.get_by_role("button", name="告诉管理员").click()
    card.get_by_label("当时在做什么").fill("在楼道里上报")
    card.get_by_role("button", name="告诉他").click()
    expect(card.get_by_role("status")).to_contain_text("管理员已经知道")
    [told] = town.person("sysadmin").get("/sync/breakages").json()["items"]
    assert (told["kind"], told["tries"], "裸露" in str(told)) == ("case.report", 8, False)

    page.unroute("**/api/v1/sync")
    card.get_by_role("button", name="再试一次").click()
    expect(page.get_by_text("编号 379901001-")).to_be_visible()
    assert [one["text"] for one in mine(town)] == ["楼道电线裸露"]


def test_a_step_that_came_too_late_is_laid_before_its_person(
    web: FastAPI, town: Town, phone: Phone
) -> None:
    case = TestClient(web).post("/api/v1/public/cases", json=told()).json()
    taken(town.person("acceptor"), case["id"], "send_verify")
    seat = phone(installed=False)
    page = seat.page
    seat.open(f"/w/case/{case['id']}")
    page.get_by_role("button", name="核实", exact=True).click()
    form = page.locator("form.step-form")
    page.context.set_offline(True)
    form.get_by_text("还在，需要办").click()
    form.get_by_label("现场看到的情况").fill("水还有半米深")
    form.get_by_role("button", name="核实", exact=True).click()
    expect(page.get_by_text("有网会自动提交")).to_be_visible()
    first = taken(town.person("wuhua"), case["id"], "verify", note="水很深", solved=False)
    assert first.status_code == 200, first.text

    page.context.set_offline(False)
    synced(page)
    seat.open("/w/conflicts")
    expect(page.get_by_text("现在已经不能办了")).to_be_visible()
    expect(page.get_by_text("水还有半米深")).to_be_visible()
    page.get_by_role("button", name="不用办了").click()
    expect(page.get_by_text("没有要您定的内容")).to_be_visible()
    steps = town.person("lihong").get(f"/cases/{case['id']}").json()["steps"]
    assert "水还有半米深" in str(steps)
