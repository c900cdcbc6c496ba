"""An installed app: woken with all windows closed, updated, locked from afar; two devices."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browsing import DESK, PHONE, House, Seat
from tests.e2e.test_airplane import BATCH, SENDS
from tests.e2e.test_offline import Phone, mine, phone, reports, synced, writes
from tests.fieldwork.conftest import GRID, Field
from tests.sync.phones import SPEAKS
from tests.sync.phones import Phone as Sender
from tests.town import Town
from wangge import app

__all__ = ["phone"]
NEW_VERSION = "0123456789ab"
ASKED = """() => {
  window.asked = []
  const register = SyncManager.prototype.register
  SyncManager.prototype.register = function (tag) {
    window.asked.push(tag)
    return register.call(this, tag)
  }
}"""
NO_SYNC = "delete ServiceWorkerRegistration.prototype.sync"
LOOKED_AT = "document.dispatchEvent(new Event('visibilitychange'))"
HELD = """async () => {
  const found = {outbox: 0, rows: 0}
  for (const {name} of await indexedDB.databases()) {
    const base = await new Promise(done => {
      const asked = indexedDB.open(name)
      asked.onsuccess = () => done(asked.result)
    })
    for (const store of Object.keys(found).filter(one => base.objectStoreNames.contains(one)))
      found[store] += await new Promise(done => {
        const asked = base.transaction(store).objectStore(store).count()
        asked.onsuccess = () => done(asked.result)
      })
    base.close()
  }
  return found
}"""
PATIENCE = 20.0


def until(page: Page, true: Callable[[], bool]) -> None:
    """Look again and again; the browser speaks only while it is asked something."""
    ends = monotonic() + PATIENCE
    while not true():
        assert monotonic() < ends
        page.wait_for_timeout(50)


def woken(seat: Seat, tag: str = "wg-outbox") -> None:
    """Every window of the app is closed; the network is back, and the browser tells its worker."""
    room = seat.page.context
    seat.page.close()
    seat.page = room.new_page()
    line, found = room.new_cdp_session(seat.page), list[Any]()
    line.on(
        "ServiceWorker.workerRegistrationUpdated", lambda said: found.extend(said["registrations"])
    )
    line.send("ServiceWorker.enable")
    until(seat.page, lambda: bool(found))
    room.set_offline(False)
    line.send("ServiceWorker.dispatchSyncEvent", {
        "origin": seat.origin, "registrationId": found[0]["registrationId"], "tag": tag,
        "lastChance": False,
    })  # fmt: skip


def released(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """The server is updated: the same pages as a newer release."""
    pages = folder / "dist"
    shutil.copytree(app.WEB, pages, ignore=shutil.ignore_patterns("assets"))
    shell = pages / "w.sw.js"
    old = shell.read_text("utf-8")
    shell.write_text(
        re.sub(r'"version":"\w+"', f'"version":"{NEW_VERSION}"', old, count=1), "utf-8"
    )
    monkeypatch.setattr(app, "WEB", pages)


def test_an_app_is_woken_updated_and_locked_and_loses_no_word(
    town: Town, phone: Phone, house: House, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Three reports, each on its own way to the city.

    The first goes with every window closed, because the browser wakes the worker; the second waits
    while a new release comes and goes by the button, in a browser that wakes nobody; the third was
    typed before the phone was locked from afar, and is handed in before it is emptied.

    Seen red with a worker that knows another tag, with one that does not take over, and with a
    lock that leaves the session of the phone as it is.
    """
    seat = phone()
    synced(seat.page)
    seat.page.evaluate(ASKED)  # this browser is asked, but keeps no list of what it was asked for
    seat.page.context.set_offline(True)
    reports(seat.page, "关了应用也要送到")
    expect(seat.page.get_by_text("有网会自动上报")).to_be_visible()
    assert seat.page.evaluate("window.asked") == ["wg-outbox"]
    assert mine(town) == []
    woken(seat)
    until(seat.page, lambda: len(mine(town)) == 1)

    seat.page.add_init_script(NO_SYNC)
    seat.page.route(BATCH, lambda route: route.abort())
    seat.open("/w/report")
    page = seat.page
    writes(page, "更新时还没送")
    expect(page.get_by_text("有网会自动上报")).to_be_visible()
    page.get_by_role("button", name="再报一件").click()
    released(monkeypatch, tmp_path)
    page.get_by_label("补充说明").fill("才写了一半")
    page.evaluate(LOOKED_AT)
    page.get_by_role("button", name="更新").click()
    expect(page.get_by_text("您正在填写的内容还没有提交")).to_be_visible()
    expect(page.get_by_label("补充说明")).to_have_value("才写了一半")
    page.get_by_label("补充说明").fill("")
    with page.expect_navigation():
        page.get_by_role("button", name="更新").click()
    expect(page.locator(".sync-word")).to_contain_text("1 条待上传")
    expect(page.get_by_role("button", name="更新")).to_have_count(0)
    assert f"wg-w-{NEW_VERSION}" in page.evaluate("caches.keys()")
    seat.open("/w/outbox")
    expect(page.get_by_role("button", name="现在发送")).to_be_enabled()
    page.unroute(BATCH)
    page.evaluate(SENDS)
    expect(page.get_by_text("编号 379901001-").first).to_be_visible()
    synced(page)

    locked(seat, town, house)
    words = [card["text"] for card in mine(town)]
    assert words == ["关了应用也要送到", "更新时还没送", "锁定前写的"]


def locked(seat: Seat, town: Town, house: House) -> None:
    """The phone is lost; whoever finds it has nothing of it, and nothing typed is gone."""
    page, lihong = seat.page, town.person("lihong")
    seat.open("/w/report")
    page.route(BATCH, lambda route: route.abort())
    writes(page, "锁定前写的")
    expect(page.get_by_text("有网会自动上报")).to_be_visible()
    held = page.evaluate(HELD)
    assert held["outbox"] == 1
    assert held["rows"] >= 2
    device = page.evaluate("localStorage.getItem('wg.install')")
    told = town.person("secadmin").client.post(
        f"/api/v1/sync/devices/{device}/lock", headers=SPEAKS,
        json={"account": lihong.account_id, "reason": "手机遗失"},
    )  # fmt: skip
    assert told.status_code == 200, told.text
    house.watch.expect(401, "/api/v1/")
    with page.expect_response(lambda answer: answer.status == 401):
        page.reload()
    assert page.evaluate(HELD)["outbox"] == 1  # there is no line yet to hand it in
    page.unroute(BATCH)
    page.reload()
    page.wait_for_url("**/?left=1")
    assert page.evaluate(HELD) == {"outbox": 0, "rows": 0}

    house.watch.expect(423, "/api/v1/sync")
    page.get_by_role("button", name="李红").click()
    expect(page.locator(".sync-word")).to_have_text("这部手机已被锁定")
    assert page.evaluate(HELD)["rows"] == 0


def test_two_devices_change_one_home_and_both_values_wait_for_a_person(
    town: Town, house: House
) -> None:
    """Two changes of one's own are none; another's meanwhile is one, and both values are shown.

    Seen red while what is decided was written in the role of the door and not of the kind: it may
    not touch the register of homes.
    """
    lihong = town.person("lihong")
    [home] = Field(town, _never, town.area(GRID)).homes(lihong, 1)
    house.watch.no_fault |= {"net::ERR_INTERNET_DISCONNECTED", "net::ERR_FAILED"}
    seat, other = house.staff("李红", PHONE), Sender(lihong, town.cell)
    page = seat.page
    seat.open(f"/w/home/{home}")
    counted(page, "4", "3")
    page.context.set_offline(False)
    synced(page)
    assert lihong.get(f"/registers/homes/{home}").json()["people"] == 3

    counted(page, "2")
    theirs = {"based_on": {"fields": {"people": 3}}}
    assert other.states(other.op("home.correct", home, {"fields": {"people": 5}}, **theirs)) == [
        "applied"
    ]
    page.context.set_offline(False)
    synced(page)
    seat.open("/w/conflicts")
    card = page.locator("article.conflict")
    for size in (DESK, PHONE):
        page.set_viewport_size(size)
        for value in ("人口原来 3", "您写的2", "现在的5"):
            expect(card).to_contain_text(value)
    card.get_by_label("您写的").check()
    card.get_by_role("button", name="确定").click()
    expect(page.get_by_text("没有要您定的内容")).to_be_visible()
    assert lihong.get(f"/registers/homes/{home}").json()["people"] == 2
    decided = lihong.client.get("/api/v1/sync/conflicts?decided=true", headers=SPEAKS).json()
    assert [one["fields"] for one in decided["items"]] == [
        [{"field": "people", "base": 3, "mine": 2, "theirs": 5}]
    ]


def counted(page: Page, *people: str) -> None:
    """Written down without a line, one number after the other."""
    box = page.get_by_label("几口人")
    expect(box).to_be_visible()
    page.context.set_offline(True)
    for typed in people:
        box.fill(typed)
        page.get_by_role("button", name="核对、更新").click()
        expect(page.get_by_text("已存手机，有网会自动提交")).to_be_visible()


def _never(*_given: Any, **_more: Any) -> Any:
    raise AssertionError("the clock of this day is not touched")
