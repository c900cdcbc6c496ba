"""Old and small telephones: browsers of 2020, a line of 3G, a slow processor, little memory."""

from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests.e2e.browsing import PHONE, House
from tests.e2e.pages import outside, resident

# 3G as web page tests know it: 1.6 Mbit/s down, 768 kbit/s up, 300 ms there and back.
DOWN, UP, ROUND_TRIP = 1_600_000 / 8, 768_000 / 8, 0.3
FIRST_LOAD_SECONDS, REPORT_SECONDS = 5.0, 20.0
MOST_CODE = 250_000
# A telephone with 1 GB leaves a page about 100 MB before it is thrown out; scripts get a third.
MOST_HEAP = 32_000_000
# What came after Chromium 87, Firefox 78 or Safari 14; a page that needs it breaks there.
YOUNGER = {
    "Array.prototype": "at findLast findLastIndex toSorted toReversed toSpliced with",
    "String.prototype": "at isWellFormed toWellFormed",
    "Object.getPrototypeOf(Uint8Array).prototype": "at findLast toSorted with",
    "Object": "hasOwn groupBy",
    "Map": "groupBy",
    "Array": "fromAsync",
    "Promise": "withResolvers try",
    "Set.prototype": "union intersection difference isSubsetOf",
    "Crypto.prototype": "randomUUID",
    "AbortSignal": "timeout any",
    "AbortSignal.prototype": "throwIfAborted",
    "window": "structuredClone requestIdleCallback cancelIdleCallback BroadcastChannel WeakRef"
    " FinalizationRegistry CompressionStream navigation scheduler cookieStore reportError",
    "Navigator.prototype": "locks userAgentData connection virtualKeyboard",
    "Element.prototype": "checkVisibility setHTMLUnsafe",
    "HTMLElement.prototype": "popover inert",
    "Document.prototype": "startViewTransition",
    "URL": "canParse parse",
    "Intl": "Segmenter supportedValuesOf",
}
TAKE_AWAY = "".join(
    f"delete {owner}['{name}'];" for owner, names in YOUNGER.items() for name in names.split()
)


OLD = "!('at' in Array.prototype || 'structuredClone' in window || 'locks' in navigator)"


def throttled(page: Page) -> CDPSession:
    """A slow line and a slow processor, as the browser's own tools make them."""
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": ROUND_TRIP * 1000,
            "downloadThroughput": DOWN,
            "uploadThroughput": UP,
        },
    )
    line.send("Emulation.setCPUThrottlingRate", {"rate": 6})
    return line


class Line:
    """What came over the line, in order: address, bytes, and what asked for it."""

    def __init__(self, line: CDPSession) -> None:
        self.sizes: dict[str, int] = {}
        self.paths: dict[str, str] = {}
        line.on("Network.requestWillBeSent", self._asked)
        line.on("Network.loadingFinished", self._came)

    def _asked(self, event: dict[str, Any]) -> None:
        self.paths[event["requestId"]] = event["request"]["url"]

    def _came(self, event: dict[str, Any]) -> None:
        path = self.paths.get(event["requestId"], "")
        self.sizes[path] = self.sizes.get(path, 0) + int(event["encodedDataLength"])

    def of(self, *endings: str) -> int:
        return sum(size for path, size in self.sizes.items() if path.endswith(endings))


def test_the_first_page_comes_over_3g(house: House) -> None:
    """Bytes and trips are measured and priced at 3G: not even this machine's speed is in it."""
    seat = house.resident(PHONE)
    wire = Line(throttled(seat.page))
    seat.page.goto(f"{house.origin}/r")
    expect(seat.page.get_by_role("link", name="我要反映")).to_be_visible()
    painted = wire.of(".js", ".css", "/r")

    # The connection, the page, what it names at once, and what the city's name and colour ask.
    trips = 4
    seconds = trips * ROUND_TRIP + painted / DOWN
    assert 20_000 < wire.of(".js", ".css") <= MOST_CODE, wire.sizes
    assert seconds <= FIRST_LOAD_SECONDS, (seconds, wire.sizes)
    assert not [path for path in wire.sizes if "maplibre" in path], "the map waits to be asked"


def test_a_report_over_3g_is_three_touches_and_a_few_small_messages(house: House) -> None:
    seat = house.resident(PHONE, geolocation={"longitude": 118.1, "latitude": 37.3},
                          permissions=["geolocation"])  # fmt: skip
    page = seat.page
    line = throttled(page)
    touches: list[str] = []

    def touched(tag: str) -> None:
        touches.append(tag)

    page.expose_function("touched", touched)
    page.add_init_script("addEventListener('click', (e) => touched(e.target.tagName), true)")
    page.goto(f"{house.origin}/r")
    page.get_by_role("link", name="我要反映").click()
    page.get_by_label("什么事", exact=True).fill("路灯不亮三天了，晚上老人摔倒过。")
    expect(page.get_by_text("东方社区").first).to_be_visible()
    wire = Line(line)
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.get_by_role("heading", name="我们收到了")).to_be_visible()

    asked = [path for path in wire.sizes if "/api/" in path]
    assert len(touches) <= 3, touches
    assert len(asked) <= 6, asked
    seconds = len(wire.sizes) * ROUND_TRIP + sum(wire.sizes.values()) / DOWN
    assert seconds <= REPORT_SECONDS, (seconds, wire.sizes)


@pytest.mark.parametrize("path", ["/r", "/r/report", "/r/find"])
def test_a_residents_page_is_small_in_memory(house: House, path: str) -> None:
    seat = house.resident(PHONE)
    seat.open(path)
    expect(seat.page.locator("#app")).not_to_be_empty()

    assert heap(seat.page) <= MOST_HEAP


def test_a_workers_day_is_small_in_memory(house: House) -> None:
    worker = outside(house, "李红")
    for path in ("/w", "/w/grid", "/w/report"):
        worker.seat.open(path)
        expect(worker.seat.page.locator("#app")).not_to_be_empty()

        assert heap(worker.seat.page) <= MOST_HEAP


def heap(page: Page) -> int:
    line = page.context.new_cdp_session(page)
    line.send("HeapProfiler.collectGarbage")
    line.send("Performance.enable")
    metrics = {one["name"]: one["value"] for one in line.send("Performance.getMetrics")["metrics"]}
    return int(metrics["JSHeapUsedSize"])


def test_a_browser_of_2020_reports_and_takes_on(house: House) -> None:
    """Without anything younger: a matter from a resident's phone is seen on the worker's."""
    someone = resident(house)
    someone.seat.page.add_init_script(TAKE_AWAY)
    someone.reports()
    assert (
        someone.seat.page.evaluate("'at' in Array.prototype || 'structuredClone' in window")
        is False
    )
    someone.looks()
    expect(someone.seat.page.get_by_text("第1网格").first).to_be_visible()

    seat = house.seat(PHONE)
    seat.page.add_init_script(TAKE_AWAY)
    seat.open("/")
    seat.page.get_by_role("button", name="李红").click()
    seat.page.wait_for_url("**/w**")
    seat.open("/w/grid")
    expect(seat.page.get_by_text("地下车库").first).to_be_visible()
