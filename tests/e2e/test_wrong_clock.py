"""A phone whose clock is nine days ahead, and no line: help is called, the diary is written."""

import re
from datetime import datetime, timedelta

from fastapi import FastAPI
from fastapi.testclient import TestClient
from playwright.sync_api import expect

from tests.cases.test_loop import taken, told
from tests.e2e.browsing import House, hindrances
from tests.e2e.pages import FLOODED
from tests.e2e.test_fieldwork import touch
from tests.e2e.test_installed import until
from tests.e2e.test_offline import Phone, phone, reopened, synced
from tests.sync.phones import city_now
from tests.town import Town

__all__ = ["phone"]
OWN = "今天腿疼，明天先走二单元"
# The phone has heard how far its clock is ahead; the word of the page says only that nothing waits.
HEARD = """async () => {
  for (const {name} of await indexedDB.databases()) {
    const shop = await new Promise(done => {
      const asked = indexedDB.open(name)
      asked.onsuccess = () => done(asked.result)
    })
    if (!shop.objectStoreNames.contains('meta')) { shop.close(); continue }
    const asked = shop.transaction('meta').objectStore('meta').get('standing')
    const found = await new Promise(done => { asked.onsuccess = () => done(asked.result) })
    shop.close()
    if (found?.clock_ahead > 8 * 86400) return true
  }
  return false
}"""
KEPT = "没有网络：求助存在手机里，有网马上发出"


def test_a_phone_with_a_wrong_clock_holds_its_day_calls_for_help_and_keeps_its_diary(
    house: House, web: FastAPI, town: Town, phone: Phone
) -> None:
    """Killed and opened without a line it still has what it was lent for a week.

    The app installs as a browser wants it. Without a line he calls for help, with 110 and his
    leader's number above, and writes his own words of the day; the page says that both are kept.
    With the line the call goes first by itself; it says its number and then who has taken it, and
    the desk has it with the city's time. The words are in the diary, under those of another phone.

    Seen red: with the end of the loan read off the phone's own clock, and with a call that waited
    never told that it has arrived.
    """
    case = TestClient(web).post("/api/v1/public/cases", json=told()).json()
    taken(town.person("acceptor"), case["id"], "send_verify")
    lihong = town.person("lihong")
    seat = phone()
    room = seat.page.context
    room.clock.set_system_time(city_now(town.cell) + timedelta(days=9))
    seat.page.reload()
    until(seat.page, lambda: bool(seat.page.evaluate(HEARD)))
    synced(seat.page)
    assert hindrances(seat.page) == []

    # What else the app will need it fetches while nothing happens.
    seat.page.wait_for_function("() => 'wg.last.help' in localStorage")

    page = reopened(seat)
    page.get_by_role("link").filter(has_text=FLOODED).click()
    expect(page.get_by_text("取回的内容")).to_be_visible()
    touch(page, "button", "返回")
    page.get_by_role("link", name="求助", exact=True).click()
    expect(page.locator("a[href='tel:110']")).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("吴华"))).to_have_attribute(
        "href", re.compile(r"^tel:138")
    )
    touch(page, "button", "求助")
    touch(page, "button", "确定，马上求助")
    expect(page.get_by_text(KEPT)).to_be_visible()
    touch(page, "button", "返回")
    touch(page, "link", "网格日记")
    expect(page.get_by_text("已在手机里，有网后记入")).to_be_visible()
    page.get_by_role("textbox", name="自己的话").fill(OWN)
    touch(page, "button", "保存")
    expect(page.get_by_text("没有网络，已存在手机上")).to_be_visible()
    page = reopened(seat, "/w/diary")
    expect(page.get_by_role("textbox", name="自己的话")).to_have_value(OWN)

    seat.open("/w/help")
    expect(page.get_by_text(KEPT)).to_be_visible()
    day = lihong.get("/fieldwork/diary").json()["day"]
    assert lihong.put(f"/fieldwork/diary/{day}/note", {"words": "早上开会"}).status_code == 200
    room.set_offline(False)
    expect(page.get_by_role("heading", name=re.compile("已经叫人，编号 3799"))).to_be_visible()
    expect(page.get_by_text("还没有人接手，正在叫。")).to_be_visible()
    [alarm] = town.person("dutyleader").get("/alarms").json()["items"]
    taken(town.person("dutyleader"), alarm["case_id"], "acknowledge_alarm")
    expect(page.get_by_text(re.compile("陈刚.*已接手"))).to_be_visible()
    called = lihong.get(f"/cases/{alarm['case_id']}").json()
    found, came = (datetime.fromisoformat(called[at]) for at in ("found_at", "received_at"))
    assert timedelta(0) <= came - found < timedelta(hours=1)

    synced(page)
    assert lihong.get("/fieldwork/diary").json()["note"] == f"早上开会\n\n{OWN}"
    touch(page, "button", "返回")
    seat.open("/w/diary")
    expect(page.get_by_role("textbox", name="自己的话")).to_have_value(f"早上开会\n\n{OWN}")
