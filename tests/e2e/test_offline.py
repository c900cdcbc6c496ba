"""A telephone without a network: the app starts, shows what it holds, and loses no word."""

from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from playwright.sync_api import Page, expect

from tests.cases.test_loop import taken, told
from tests.e2e.browsing import PHONE, House, Seat
from tests.e2e.pages import FLOODED
from tests.town import Town

MOST_SECONDS = 2.0
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


@pytest.fixture
def phone(house: House) -> Seat:
    """The grid worker's own telephone, with the app installed on it."""
    house.watch.no_fault.add("net::ERR_INTERNET_DISCONNECTED")
    seat = house.staff("李红", PHONE, service_workers="allow", **IN_HIS_GRID)
    seat.page.evaluate(KEPT)
    return seat


def without_a_network(seat: Seat) -> Page:
    """The app is closed and opened anew in a stairwell."""
    room = seat.page.context
    seat.page.close()
    room.set_offline(True)
    seat.page = room.new_page()
    seat.open("/w")
    return seat.page


def test_the_app_starts_without_a_network_and_shows_the_day(
    web: FastAPI, town: Town, phone: Seat
) -> None:
    case = TestClient(web).post("/api/v1/public/cases", json=told()).json()
    taken(town.person("acceptor"), case["id"], "send_verify")
    expect(phone.page.get_by_role("link").filter(has_text=FLOODED)).to_be_visible()
    kept: list[str] = phone.page.evaluate(KEPT)
    page = without_a_network(phone)

    expect(page.get_by_role("link").filter(has_text=FLOODED)).to_be_visible()
    line = page.context.new_cdp_session(page)
    line.send("Performance.enable")
    metrics = {one["name"]: one["value"] for one in line.send("Performance.getMetrics")["metrics"]}
    assert metrics["ProcessTime"] <= MOST_SECONDS, metrics["ProcessTime"]
    assert "/w.html" in kept
    assert [path for path in kept if path.startswith("/api")] == []
    manifest = page.request.get(f"{phone.origin}/w.webmanifest").json()
    assert manifest["start_url"] == manifest["scope"] == "/w"
    assert manifest["display"] == "standalone"
