"""The city screen from a report to the figure, with many looking on, and through faults."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from pathlib import Path
from statistics import median, quantiles
from time import monotonic
from urllib.parse import urlsplit

import httpx2
import pytest
from playwright.sync_api import Page, expect, sync_playwright

from tests.e2e.browsing import DESK, NO_GL, QUIET, chromium
from tests.faults.platform import LONGEST, Platform, until
from tests.faults.reporters import report
from tests.faults.whole import LEADER
from tests.proofs import Proof

RECEIVED = re.compile(rb'"now":\{[^}]*"received":(\d+)')
MOST_SECONDS = 3.0
LATE_MS = 11_000  # ten seconds after it was last true a panel dims
TODAY = """
select count(*) from cases, clock
where (received_at at time zone zone)::date = city_today()
"""
_places = count(1)


@contextmanager
def signed_in(platform: Platform) -> Iterator[httpx2.Client]:
    (leader,) = platform.rows("select id from accounts where username = %s", [LEADER])
    with httpx2.Client(base_url=f"{platform.origin}/api/v1", timeout=30) as client:
        answer = client.post("/demo/session", json={"account_id": str(leader["id"])})
        assert answer.status_code == 200, answer.text
        yield client


@dataclass
class Viewers:
    """Open screens, each a connection of its own; when each first saw a figure."""

    origin: str
    cookie: str
    seen: dict[int, list[float]] = field(default_factory=dict)
    opened: int = 0
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    async def look(self) -> None:
        """One screen, which comes back when its line has ended."""
        while True:
            with suppress(OSError, asyncio.IncompleteReadError):
                await self._once()

    async def _once(self) -> None:
        at = urlsplit(self.origin)
        reader, writer = await asyncio.open_connection(at.hostname, at.port, limit=1 << 20)
        try:
            asked = f"GET /api/v1/wall/live HTTP/1.1\r\nHost: {at.netloc}\r\nCookie: {self.cookie}"
            writer.write(f"{asked}\r\n\r\n".encode())
            known = -1
            while line := await reader.readline():
                found = RECEIVED.search(line)
                if not found:
                    continue
                now, received = monotonic(), int(found.group(1))
                if known < 0:
                    self.opened += 1
                    known = received - 1
                for figure in range(known + 1, received + 1):
                    self.seen.setdefault(figure, []).append(now)
                known = max(known, received)
                self.changed.set()
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    def have_seen(self, figure: int, screens: int) -> bool:
        return len(self.seen.get(figure, ())) >= screens

    async def until(self, true: Callable[[], bool]) -> None:
        async with asyncio.timeout(LONGEST):
            while not true():
                self.changed.clear()
                await self.changed.wait()


@dataclass
class Screen:
    """A wall in a browser that nobody touches."""

    page: Page

    def dims(self, part: str) -> None:
        """Without the worker the server goes on telling how old its figures are."""
        if part == "serve":
            expect(self.page.get_by_text("连接中断，正在重连")).to_be_visible()
        if part != "work":
            self.page.clock.run_for(LATE_MS)
        expect(self.page.locator(".panel.late").first).to_be_visible()
        expect(self.page.get_by_text("数据停在").first).to_be_visible()

    def says(self, received: int) -> None:
        expect(self.page.locator(".main .big").first).to_have_text(f"{received}")
        expect(self.page.locator(".panel.late")).to_have_count(0)
        expect(self.page.get_by_text("连接中断，正在重连")).to_have_count(0)
        assert self.page.evaluate("window.stayed")


@contextmanager
def looked_at(platform: Platform, client: httpx2.Client) -> Iterator[Screen]:
    with sync_playwright() as playwright:
        expect.set_options(timeout=LONGEST * 1000)
        browser = playwright.chromium.launch(executable_path=chromium(), args=[*QUIET, *NO_GL])
        context = browser.new_context(viewport=DESK, locale="zh-CN")
        page = context.new_page()
        page.clock.install()
        context.add_cookies([{"name": name, "value": value, "url": platform.origin}
                             for name, value in client.cookies.items()])  # fmt: skip
        page.goto(f"{platform.origin}/wall/?still=1")
        expect(page.locator(".main .big").first).to_be_visible()
        page.evaluate("window.stayed = true")
        yield Screen(page)
        browser.close()


def resident(platform: Platform, number: int) -> float:
    """Report by the public door; gives when it was sent."""
    began = monotonic()
    place = next(_places)
    headers = {"X-Forwarded-For": f"10.9.{place // 250}.{place % 250 + 1}"}
    answer = httpx2.post(
        f"{platform.origin}/api/v1/public/cases", json=report(number), headers=headers, timeout=30
    )
    assert answer.status_code == 200, answer.text
    return began


def as_it_stands(platform: Platform) -> tuple[str, int]:
    """The cookie of somebody who may look, and what the wall says was received today."""
    with signed_in(platform) as client:
        cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
        return cookie, int(client.get("/wall").json()["now"]["received"])


@asynccontextmanager
async def looking(platform: Platform, cookie: str, screens: int) -> AsyncIterator[Viewers]:
    """So many open screens, which all have had their first picture."""
    viewers = Viewers(platform.origin, cookie)
    at_them = [asyncio.create_task(viewers.look()) for _ in range(screens)]
    try:
        await viewers.until(lambda: viewers.opened >= screens)
        yield viewers
    finally:
        for task in at_them:
            task.cancel()
        await asyncio.gather(*at_them, return_exceptions=True)


def memory(platform: Platform) -> float:
    """Resident memory of the server's process, in MB."""
    status = Path(f"/proc/{platform.parts['serve'].pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


@pytest.mark.mission("DY-33")
@pytest.mark.proof("A resident's report changes the figure on every open wall within 3 s")
def test_a_report_changes_the_figure_on_every_open_screen(platform: Platform, proof: Proof) -> None:
    """DY-33: "updates ≤3 s after event; runs 24 h without leak": the first half of it.

    From the public door to each of the open screens; the day is in tests/e2e/test_wall_day.py.

    With the stated counts the 99th of a hundred is held to it, with the reduced ones the quickest
    report: other tests have the machine too. Meant to go red with ``LOOK_SECONDS`` at five
    seconds, and with the worker not running (nothing is ever seen).
    """
    screens, reports = proof.count(20, stated=1_000), proof.count(4, stated=200)
    cookie, begun = as_it_stands(platform)

    async def watched() -> tuple[list[float], list[float], float, float]:
        every, slowest, before = [], [], 0.0
        async with looking(platform, cookie, screens) as viewers:
            for number in range(1, reports + 1):
                figure = begun + number
                sent = await asyncio.to_thread(resident, platform, number)
                await viewers.until(partial(viewers.have_seen, figure, screens))
                took = [at - sent for at in viewers.seen[figure]]
                every += took
                slowest.append(max(took))
                before = before if number > max(reports // 10, 1) else memory(platform)
            return every, slowest, before, memory(platform)

    every, slowest, before, after = asyncio.run(watched())

    late = quantiles(every, n=100)[98]
    assert min(slowest) <= MOST_SECONDS
    if reports >= 100:
        assert late <= MOST_SECONDS
    assert after <= before * 1.2 + 20
    proof.note(
        screens=screens,
        reports=reports,
        **{"median, s": round(median(every), 2), "p99, s": round(late, 2),
           "slowest screen of all, s": round(max(every), 2),
           "server's memory, MB": f"{before:.0f} → {after:.0f}"},
    )  # fmt: skip


@pytest.mark.proof("The server's memory is flat in 30 minutes of reports with open walls")
def test_the_servers_memory_is_flat_under_load(platform: Platform, proof: Proof) -> None:
    """Screens stay open while reports trickle in; memory is read after each has been seen by all.

    The first fifth warms it up; from then on no tenth of the time may need more than a tenth and
    ten megabytes above it. It must not run over the city's midnight, when the figure begins anew.
    Meant to go red with a word of the live line kept for every screen that it was sent to.
    """
    screens, reports = proof.count(20, stated=1_000), proof.count(10, stated=600)
    seconds = proof.count(2, stated=1_800)
    cookie, begun = as_it_stands(platform)

    async def watched() -> list[float]:
        samples = []
        async with looking(platform, cookie, screens) as viewers:
            began = monotonic()
            for number in range(1, reports + 1):
                # The pace of the load, not a wait for something to come true.
                await asyncio.sleep(max(0.0, began + number * seconds / reports - monotonic()))
                await asyncio.to_thread(resident, platform, number)
                await viewers.until(partial(viewers.have_seen, begun + number, screens))
                viewers.seen.clear()
                samples.append(memory(platform))
        return samples

    samples = asyncio.run(watched())

    part = len(samples) // 10
    tenths = [median(samples[n * part : (n + 1) * part]) for n in range(10)]
    warm = max(tenths[:2])
    assert max(tenths[2:]) <= warm * 1.1 + 10
    proof.note(
        screens=screens,
        reports=reports,
        seconds=seconds,
        **{"server's memory by tenths, MB": " ".join(f"{one:.0f}" for one in tenths)},
    )


@pytest.mark.proof("No figure of the wall is wrong after a part was killed")
@pytest.mark.parametrize("part", ["database", "serve", "work"])
def test_after_a_part_was_killed_no_figure_is_wrong(
    platform: Platform, proof: Proof, part: str
) -> None:
    """An open screen dims and says so; it comes back by itself, with what the cases say.

    Meant to go red with the worker left dead, and with ``onerror`` not opening the line anew.
    """
    kills = proof.count(1, stated=5)
    with signed_in(platform) as client, looked_at(platform, client) as screen:
        for number in range(kills):
            resident(platform, number)
            platform.cut_off(part)
            screen.dims(part)
            if part == "work":
                resident(platform, number)  # the doors are open meanwhile
            if part == "database":
                platform.server.start()
            else:
                platform.start(part)
            until(platform.answers, "the platform answers again")
            resident(platform, number)

            def right() -> bool:
                try:
                    view = client.get("/wall").json()
                except httpx2.TransportError:
                    return False
                now = view.get("now")
                today, open_now = platform.figure(TODAY), view.get("states", [])
                return bool(
                    now
                    and now["received"] == today
                    and sum(one["n"] for one in open_now) == now["open"]
                    and view["times"]["cubes"]["age"] < 10
                )

            until(right, f"the wall says what the cases say after {part}")
            screen.says(platform.figure(TODAY))
    proof.note(kills=kills)
