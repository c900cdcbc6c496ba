"""A whole day in airplane mode, and the evening's slow line that breaks again and again."""

from io import BytesIO
from random import Random
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import CDPSession, FilePayload, Page, Request, expect

from tests.e2e.browsing import House
from tests.e2e.test_offline import Phone, mine, phone, reopened, synced
from tests.fieldwork.conftest import GRID, Field
from tests.proofs import Proof
from tests.sync.phones import rows_of
from tests.town import Town

__all__ = ["phone"]
MEGABIT = 1_000_000 / 8
BATCH = "**/api/v1/sync"
SIDE = 800, 900  # pixels of grain, so that a photo takes several pieces


def weather(line: CDPSession, *, offline: bool, megabits: int = 1) -> None:
    """A line of 1 Mbit/s or more, or none."""
    line.send(
        "Network.emulateNetworkConditions",
        {
            "offline": offline,
            "latency": 100,
            "downloadThroughput": MEGABIT * megabits,
            "uploadThroughput": MEGABIT * megabits,
        },
    )


def snapshots(proof: Proof, n: int) -> list[FilePayload]:
    chance, side = proof.random, proof.count(*SIDE)
    return [
        {"name": f"{one}.jpg", "mimeType": "image/jpeg", "buffer": grain(chance, side)}
        for one in range(n)
    ]


def grain(chance: Random, side: int) -> bytes:
    out = BytesIO()
    Image.frombytes("RGB", (side, side), chance.randbytes(side * side * 3)).save(out, "JPEG")
    return out.getvalue()


def calls_at(page: Page, n: int) -> None:
    page.get_by_role("button", name="全部").click()
    doors = page.locator("button.in")
    expect(doors).to_have_count(n)
    for left in range(n, 0, -1):
        doors.first.click()
        expect(doors).to_have_count(left - 1)


def reports(page: Page, text: str, shot: FilePayload) -> None:
    page.get_by_label("补充说明").fill(text)
    page.locator("input[type=file]").first.set_input_files([shot])
    expect(page.get_by_text("已存手机", exact=True)).to_be_visible()
    page.get_by_role("button", name="上报", exact=True).click()
    expect(page.get_by_text("有网会自动上报")).to_be_visible()
    page.get_by_role("button", name="再报一件").click()


# Of one photo the page says how much is there, in words and as a bar.
SHARED = """() => [...document.querySelectorAll('li')].some(row => {
  const said = /\\d\\.jpg · \\d+ kB[^]*已传 ([1-9]\\d?)%/.exec(row.innerText)
  const bar = row.querySelector('progress')
  return said && Number(said[1]) === Math.round(100 * bar.value / bar.max)
})"""
VISITED = """
select count(*)::int as visits, count(distinct household_id)::int as homes from field_records
where account_id = %s and kind = 'visit'
"""
SENDS = """() => [...document.querySelectorAll('button:enabled')]
    .find(one => one.innerText.includes('现在发送'))?.click()"""


def slow(page: Page) -> CDPSession:
    """Out of the stairwell: the line is slow from its first byte on, and nothing has gone yet."""
    page.route(BATCH, lambda route: route.abort())
    page.context.set_offline(False)
    line = page.context.new_cdp_session(page)
    weather(line, offline=False)
    return line


def breaks(page: Page, line: CDPSession, turn: int) -> None:
    """The line goes while words, and later photos, are half under way, and comes back."""
    with page.expect_request(words if turn == 0 else second_piece):
        weather(line, offline=False)
        if turn == 0:  # by its button, unless the phone itself was quicker
            page.unroute(BATCH)
            page.evaluate(SENDS)
    if turn:
        page.wait_for_function(SHARED)
    weather(line, offline=True)
    expect(page.locator(".sync-word")).to_contain_text("无网络")


def words(request: Request) -> bool:
    return request.method == "POST"


def second_piece(request: Request) -> bool:
    return request.method == "PATCH" and request.headers["upload-offset"] != "0"


@pytest.mark.proof("A day in airplane mode arrives whole over 1 Mbit/s that breaks")
def test_a_day_in_airplane_mode_arrives_whole(
    proof: Proof, town: Town, house: House, phone: Phone
) -> None:
    """While a photo is on its way the page says of it how far it has come, at each break.

    Seen red: with the share of each photo never told to the page.
    """
    visits, told = proof.count(3, stated=50), proof.count(1, stated=10)
    times = proof.count(2, stated=5)
    lihong = town.person("lihong")
    Field(town, _never, town.area(GRID)).homes(lihong, visits)
    seat = phone()
    seat.open("/w/round")
    expect(seat.page.locator("button.in").first).to_be_visible()
    synced(seat.page)

    page = reopened(seat, "/w/round")
    calls_at(page, visits)
    page = reopened(seat, "/w/report")
    for n, shot in enumerate(snapshots(proof, told)):
        reports(page, f"第{n:02}件", shot)
    page = reopened(seat, "/w/outbox")
    expect(page.locator(".sync-word")).to_contain_text(f"{visits + told} 条存在手机")
    assert mine(town) == []

    line = slow(page)
    for turn in range(times):
        breaks(page, line, turn)
    weather(line, offline=False)
    expect(page.locator(".sync-word")).to_have_text("已同步", timeout=240_000)

    cards = mine(town)
    assert [card["text"] for card in cards] == [f"第{n:02}件" for n in range(told)]
    assert all(card["photo"] for card in cards)
    (kept,) = rows_of(town.cell, VISITED, lihong.account_id)
    assert kept == {"visits": visits, "homes": visits}
    proof.note(visits=visits, reports=told, breaks=times, lost=0, doubled=0)


def _never(*_given: Any, **_more: Any) -> Any:
    raise AssertionError("the clock of this day is not touched")
