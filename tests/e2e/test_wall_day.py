"""A day of the wall in a real page: its clock, as many words as a day has seconds, no growth."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson
import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, CDPSession, Page, Route

from tests.e2e import serving
from tests.e2e.browsing import DESK
from tests.proofs import Proof
from tests.town import Town
from wangge.cockpit import cubes, panels
from wangge.cockpit.stream import _event
from wangge.kernel.db import Tx, transaction
from wangge.kernel.web import COOKIE

SCENES = 4
DAY_SECONDS, BEGINS_AT = 86_400, 10  # the city's clock of the tests begins at ten
MIDNIGHT = (24 - BEGINS_AT) / 24  # of the words
PATIENCE = 600_000.0
KEPT_MB, KEPT_NODES = 3.0, 300
# A day over again takes 24 beats, and a minute later the wall is back at now.
REPLAY_MS = 90_000
DRAWN = ".wall-map .box[aria-busy=false]"
Message = MutableMapping[str, Any]


class Fed:
    """The application with another's hand at the wall's live line: it tells what it ``may``."""

    def __init__(self, web: FastAPI, picture: dict[str, Any], words: int, lifetime: int) -> None:
        self.web, self.picture, self.words, self.lifetime = web, picture, words, lifetime
        self.told = self.may = 0
        self.woken = asyncio.Event()
        self.loop: asyncio.AbstractEventLoop | None = None

    def allow(self, words: int) -> None:
        """Called beside the server: so many words may be told by now."""
        self.may = words
        if self.loop:
            self.loop.call_soon_threadsafe(self.woken.set)

    async def __call__(
        self,
        scope: Message,
        receive: Callable[[], Awaitable[Message]],
        send: Callable[[Message], Awaitable[None]],
    ) -> None:
        if scope.get("path") != "/api/v1/wall/live":
            await self.web(scope, receive, send)
            return
        headers = [(b"content-type", b"text/event-stream"), (b"cache-control", b"no-store")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        async for body in self._line():
            await send({"type": "http.response.body", "body": body, "more_body": True})
        if self.told < self.words:
            await send({"type": "http.response.body", "body": b"", "more_body": False})
            return
        while (await receive())["type"] != "http.disconnect":
            pass

    async def _line(self) -> AsyncIterator[bytes]:
        """Whole, then what the server itself would say of each change."""
        self.loop = asyncio.get_running_loop()
        yield _event("whole", self.picture)
        for _ in range(min(self.lifetime, self.words - self.told)):
            while self.told >= self.may:
                self.woken.clear()
                await self.woken.wait()
            self.told += 1
            old, self.picture = self.picture, self._changed(self.told)
            yield _event("wall", {**panels.changes(old, self.picture),
                                  "times": self.picture["times"]})  # fmt: skip
        if self.told < self.words:
            yield _event("bye", {})

    def _changed(self, n: int) -> dict[str, Any]:
        """One more matter: another figure and hour, other places of the map and lines."""
        now = orjson.loads(orjson.dumps(self.picture))
        today = n if n < self.words * MIDNIGHT else n - int(self.words * MIDNIGHT)
        now["now"] |= {"received": today, "open": n, "closed": today // 2}
        if today < n and today < 2:
            now["hours"]["today"] = [0] * 24
        now["hours"]["today"][(BEGINS_AT + 24 * n // self.words) % 24] += 1
        now["values"] = {str(7 + (n + k) % 6): n % 97 + k for k in range(1 + n % 5)}
        for panel in ("latest", "emergencies", "whistles"):
            for one in now[panel]:
                one["id"] = str(uuid4())
        return dict(now)


@dataclass(frozen=True)
class Kept:
    """What is left after the garbage is gone: the page's own memory, its nodes and listeners.

    ``process`` is the resident memory of all the browser's pages with their workers, in MB.
    """

    heap: float
    nodes: int
    listeners: int
    process: float


@dataclass
class Screen:
    """The wall's page of the test; its clock is moved by hand and else runs on."""

    page: Page
    browser: Browser
    devtools: CDPSession = field(init=False)
    themes: list[str] = field(default_factory=list)
    days: list[str] = field(default_factory=list)
    scenes: set[str] = field(default_factory=set)
    passed: float = 0.0

    def __post_init__(self) -> None:
        self.page.clock.install()
        self.page.route("**/api/v1/tenant", self._with_the_time)
        self.devtools = self.page.context.new_cdp_session(self.page)
        self.devtools.send("Performance.enable")

    def heard(self, words: int) -> None:
        """Wait until so many words of the line are on the page."""
        self.page.wait_for_function(
            "n => Number(document.querySelector('main')?.dataset.open) >= n",
            arg=words, timeout=PATIENCE,
        )  # fmt: skip

    def _with_the_time(self, route: Route) -> None:
        """The city tells its time now and then: by the clock of the page, not by the test's."""
        answer = route.fetch()
        city = answer.json()
        now = datetime.fromisoformat(city["now"]) + timedelta(seconds=self.passed)
        route.fulfill(response=answer, json=city | {"now": now.isoformat()})

    def passes(self, seconds: float, beats: int) -> None:
        """So much of the day, the last ``beats`` seconds one by one; what the page has become."""
        self.passed += seconds
        if seconds > beats:
            self.page.clock.fast_forward(round((seconds - beats) * 1000))
        self.page.clock.run_for(beats * 1000)
        theme, clock, title = self.page.evaluate(
            "() => [document.documentElement.dataset.theme,"
            " document.querySelector('.wall-header time').textContent,"
            " document.querySelector('.side h2 span').textContent]"
        )
        day = clock.split(" ")[0]
        self.scenes.add(title)
        self.themes += [theme] if self.themes[-1:] != [theme] else []
        self.days += [day] if self.days[-1:] != [day] else []

    def measured(self) -> Kept:
        """The least of all scenes, so that it does not depend on which one stands."""
        found = []
        for _ in range(SCENES):
            self.page.keyboard.press("s")
            for _ in range(3):
                self.devtools.send("HeapProfiler.collectGarbage")
            told = self.devtools.send("Performance.getMetrics")["metrics"]
            metrics = {one["name"]: one["value"] for one in told}
            found.append((metrics["JSHeapUsedSize"] / 1e6, int(metrics["Nodes"]),
                          int(metrics["JSEventListeners"])))  # fmt: skip
        heap, nodes, listeners = (min(one) for one in zip(*found, strict=True))
        return Kept(heap, nodes, listeners, self._process())

    def _process(self) -> float:
        told = self.browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")
        pages = [one["id"] for one in told["processInfo"] if one["type"] == "renderer"]
        status = [Path(f"/proc/{one}/status").read_text() for one in pages]
        return sum(int(one.split("VmRSS:")[1].split()[0]) for one in status) / 1024


@pytest.mark.mission("DY-33")
@pytest.mark.proof("The wall's page does not grow in a day of updates")
def test_a_day_of_updates_leaves_the_page_as_it_was(
    town: Town, drawing_browser: Browser, proof: Proof
) -> None:
    """DY-33: "updates ≤3 s after event; runs 24 h without leak": the second half of it.

    The page's clock is moved through a day, from ten to ten over midnight, while its line tells as
    many words as a day has seconds, and ends and begins anew all the while. Scenes turn, day and
    night change by the clock and in a breath by hand, clusters, heat and a day over again come and
    go. What is measured is what is left after the garbage is gone, between the first tenth and the
    end. An earlier form was red with the map made anew at each change of the theme, where two
    changes in a breath made two maps and kept one of them (10.4 → 14.5 MB).
    """
    words, turns = proof.count(250, stated=86_400), proof.count(24, stated=4_320)
    beats = proof.count(1, stated=20)
    # The line ends and begins anew each ten minutes, which are 600 words.
    lifetime = proof.count(100, stated=600)

    def open_tx() -> AbstractContextManager[Tx]:
        return transaction(town.cell)

    cubes.keep_up(open_tx)
    leader = town.person("cityleader")
    for n in range(8):
        body = {"id": str(uuid4()), "text": f"路灯不亮 {n}", "lon": 118.05 + n / 20, "lat": 37.3}
        assert leader.client.post("/api/v1/public/cases", json=body).status_code == 200
    cubes.keep_up(open_tx)
    picture = leader.get("/wall").json()
    assert picture["latest"]
    fed = Fed(town.web, picture, words, lifetime)
    with serving.served(fed) as origin:  # type: ignore[arg-type]  # any application will do
        context = drawing_browser.new_context(viewport=DESK, locale="zh-CN")
        context.add_cookies([{"name": COOKIE, "value": str(leader.client.cookies[COOKIE]),
                              "url": origin}])  # fmt: skip
        page = context.new_page()
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        screen = Screen(page, drawing_browser)
        page.goto(f"{origin}/wall/")
        # Until it knows the city's time a wall goes by the machine's.
        page.wait_for_function("() => 'wg.last.tenant' in localStorage")
        tenths = list[Kept]()
        for turn in range(1, turns + 1):
            fed.allow(words * turn // turns)
            screen.heard(fed.may)
            screen.passes(DAY_SECONDS / turns, beats)
            if turn % (turns // 12) == 0:
                _played_with(page, turn // (turns // 12))
            if turn * 10 // turns > len(tenths):
                page.locator(DRAWN).wait_for()
                tenths.append(screen.measured())
        context.close()

    before, after = tenths[0], tenths[-1]
    assert len(tenths) == 10
    assert faults == []
    assert screen.themes == ["day", "night", "day"]
    assert len(screen.days) == 2
    assert len(screen.scenes) == SCENES
    assert after.heap <= before.heap + KEPT_MB
    assert after.nodes <= before.nodes + KEPT_NODES
    assert after.listeners <= before.listeners + KEPT_NODES
    proof.note(
        words=words, turns=turns, themes=" ".join(screen.themes),
        **{"memory, MB": f"{before.heap:.1f} → {after.heap:.1f}",
           "nodes": f"{before.nodes} → {after.nodes}",
           "listeners": f"{before.listeners} → {after.listeners}",
           "process by tenths of the day, MB": " ".join(f"{one.process:.0f}" for one in tenths)},
    )  # fmt: skip


def _played_with(page: Page, time: int) -> None:
    """What somebody before the wall does now and then; it is left as it was found."""
    for _ in range(2):
        page.keyboard.press("n")
    spread = page.locator("select").nth(2)
    for kind in ("clusters", "heat", "none"):
        spread.select_option(kind)
        page.locator(DRAWN).wait_for()
    if time % 6 == 0:
        with page.expect_response(lambda one: "/wall/day" in one.url):
            page.get_by_role("button", name="回放", exact=True).click()
        page.clock.run_for(REPLAY_MS)
        page.locator(".replay").wait_for(state="detached")
