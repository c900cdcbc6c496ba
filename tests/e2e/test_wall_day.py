"""A day of the wall in a real page: as many words of its line as a day has, and no growth."""

from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import AbstractContextManager
from itertools import count
from typing import Any
from uuid import uuid4

import orjson
import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, CDPSession

from tests.e2e import serving
from tests.e2e.browsing import DESK
from tests.proofs import Proof
from tests.town import Town
from wangge.cockpit import cubes, panels
from wangge.cockpit.stream import _event
from wangge.kernel.db import Tx, transaction
from wangge.kernel.web import COOKIE

SCENES = 3
PATIENCE = 600_000.0
KEPT_MB, KEPT_NODES = 3.0, 300
Message = MutableMapping[str, Any]


class Fed:
    """The application with another's hand at the wall's live line: it tells as fast as is read."""

    def __init__(self, web: FastAPI, picture: dict[str, Any], words: int, lifetime: int) -> None:
        self.web, self.picture, self.words, self.lifetime = web, picture, words, lifetime
        self.told = 0

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
        yield _event("whole", self.picture)
        for _ in range(min(self.lifetime, self.words - self.told)):
            self.told += 1
            old, self.picture = self.picture, self._changed(self.told)
            yield _event("wall", {**panels.changes(old, self.picture),
                                  "times": self.picture["times"]})  # fmt: skip
        if self.told < self.words:
            yield _event("bye", {})

    def _changed(self, n: int) -> dict[str, Any]:
        """One more matter: another figure and hour, other places of the map and lines."""
        now = orjson.loads(orjson.dumps(self.picture))
        now["now"] |= {"received": n, "open": n, "closed": n // 2}
        now["hours"]["today"][n % 24] += 1
        now["values"] = {str(7 + (n + k) % 6): n % 97 + k for k in range(1 + n % 5)}
        for panel in ("latest", "emergencies", "whistles"):
            for one in now[panel]:
                one["id"] = str(uuid4())
        return dict(now)


def kept(devtools: CDPSession) -> tuple[float, int, int]:
    """After the garbage is gone: MB of the page's own memory, its nodes, its listeners."""
    for _ in range(3):
        devtools.send("HeapProfiler.collectGarbage")
    found = {
        one["name"]: one["value"] for one in devtools.send("Performance.getMetrics")["metrics"]
    }
    return found["JSHeapUsedSize"] / 1e6, int(found["Nodes"]), int(found["JSEventListeners"])


@pytest.mark.proof("The wall's page does not grow in a day of updates")
def test_a_day_of_updates_leaves_the_page_as_it_was(
    town: Town, drawing_browser: Browser, proof: Proof
) -> None:
    """DY-33: "runs 24 h without leak": a second of a day is one word of the line, 86,400 in all.

    Told as fast as the page reads, through its own line, which ends and begins anew all the while;
    scenes turn and the theme changes, which draws the map anew. What is measured is what is left
    after the garbage is gone, between the first tenth and the end. Meant to go red with ``open``
    not shutting the old line, and with markers of the map not removed.
    """
    words = proof.count(500, stated=86_400)
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
        devtools = context.new_cdp_session(page)
        devtools.send("Performance.enable")
        page.goto(f"{origin}/wall/?still=1")
        before: tuple[float, int, int] | None = None
        turns = 0
        for step in count(1):
            most = min(words, step * lifetime)
            page.wait_for_function(
                "n => Number(document.querySelector('.main .big')?.textContent ?? 0) >= n",
                arg=most,
                timeout=PATIENCE,
            )
            for _ in range(SCENES):
                page.keyboard.press("s")
                turns += 1
            if step % 20 == 2:
                page.keyboard.press("n")
                page.keyboard.press("n")
            if before is None and most >= max(words // 10, 2 * lifetime):
                before = kept(devtools)
            if most == words:
                break
        page.locator(".wall-map .box[aria-busy=false]").wait_for()
        after = kept(devtools)
        context.close()

    assert before
    assert faults == []
    assert after[0] <= before[0] + KEPT_MB
    assert after[1] <= before[1] + KEPT_NODES
    assert after[2] <= before[2] + KEPT_NODES
    proof.note(
        words=words, scenes=turns,
        **{"memory, MB": f"{before[0]:.1f} → {after[0]:.1f}", "nodes": f"{before[1]} → {after[1]}",
           "listeners": f"{before[2]} → {after[2]}"},
    )  # fmt: skip
