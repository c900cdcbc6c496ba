"""Browsers of invented people, and an ear for everything that goes wrong in them."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    BrowserContext,
    Error,
    Page,
    Request,
    Response,
    ViewportSize,
)

# The shell draws pages and no window around them: a test takes a fifth less of the processor.
CHROMIUM = (
    "/usr/bin/chromium-headless-shell",
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
)
QUIET = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
SOFTWARE_GL = ["--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
NO_GL = ["--disable-gpu", "--disable-3d-apis"]
PHONE: ViewportSize = {"width": 360, "height": 640}
LARGE_PHONE: ViewportSize = {"width": 412, "height": 915}
DESK: ViewportSize = {"width": 1440, "height": 900}
PATIENCE = 20_000.0


def chromium() -> str:
    found = next((path for path in CHROMIUM if Path(path).exists()), None)
    assert found, "no Chromium on this machine: scripts/system chromium installs it"
    return found


def hindrances(page: Page) -> Any:
    """What Chromium itself names against installing the page's app."""
    line = page.context.new_cdp_session(page)
    return line.send("Page.getInstallabilityErrors")["installabilityErrors"]


@dataclass
class Watch:
    """What the pages of one test asked for and complained about."""

    origin: str
    faults: list[str] = field(default_factory=list)
    expected: list[tuple[int, str]] = field(default_factory=lambda: [(401, "/api/v1/me")])
    # A page that is left drops what it was still reading.
    no_fault: set[str] = field(default_factory=lambda: {"net::ERR_ABORTED"})
    # Another host that a test's city has chosen to ask, and may find away.
    chosen: set[str] = field(default_factory=set)

    def expect(self, status: int, path: str) -> None:
        """From now on an answer with this status from addresses matching ``path`` is no fault."""
        self.expected.append((status, path))

    def over(self, context: BrowserContext) -> None:
        context.on("request", self._asked)
        context.on("response", self._answered)
        context.on("requestfailed", self._failed)
        context.on("weberror", lambda broken: self.faults.append(f"page broke: {broken.error}"))
        context.on("console", lambda line: self._said(line.type, line.text))

    def _asked(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in {"data", "blob"}:
            return
        if f"{address.scheme}://{address.netloc}" not in {self.origin, *self.chosen}:
            self.faults.append(f"asked a foreign host: {request.url}")

    def _answered(self, response: Response) -> None:
        if response.status < 400:
            return
        path = urlsplit(response.url).path
        if any(response.status == status and re.search(at, path) for status, at in self.expected):
            return
        self.faults.append(f"{response.status} {response.request.method} {path}")

    def _failed(self, request: Request) -> None:
        if request.failure not in self.no_fault and not request.url.startswith((*self.chosen,)):
            self.faults.append(f"request failed: {request.url} {request.failure}")

    def _said(self, kind: str, text: str) -> None:
        # Answers are judged by their status above; the browser only repeats them here.
        if kind == "error" and "Failed to load resource" not in text:
            self.faults.append(f"console: {text}")


@dataclass
class Seat:
    """Somebody before a screen."""

    page: Page
    origin: str

    def open(self, path: str) -> None:
        self.page.goto(self.origin + path)

    def api(self, method: str, path: str, body: Any = None) -> Any:
        """The same session without the page: what somebody may try who knows the addresses."""
        me = self.page.request.get(f"{self.origin}/api/v1/me").json()
        return self.page.request.fetch(
            f"{self.origin}/api/v1{path}",
            method=method,
            data=body,
            headers={"X-CSRF-Token": me["csrf"]},
        )


@dataclass
class House:
    """The rooms of one test: everybody in a browser context of his own."""

    browser: Browser
    origin: str
    watch: Watch
    seats: list[Seat] = field(default_factory=list)

    def seat(self, size: ViewportSize = DESK, **context: Any) -> Seat:
        room = self.browser.new_context(
            **{
                "viewport": size,
                "has_touch": size["width"] < 900,
                "locale": "zh-CN",
                "timezone_id": "Asia/Shanghai",
                # Keeping the whole app is asked for by the tests that start it without a network.
                "service_workers": "block",
                **context,
            }
        )
        room.set_default_timeout(PATIENCE)
        self.watch.over(room)
        seat = Seat(room.new_page(), self.origin)
        self.seats.append(seat)
        return seat

    def resident(self, size: ViewportSize = PHONE, **context: Any) -> Seat:
        return self.seat(size, **context)

    def staff(self, name: str, size: ViewportSize = DESK, **context: Any) -> Seat:
        """Signs in through the demo's door that bears this person's name."""
        seat = self.seat(size, **context)
        seat.open("/")
        seat.page.get_by_role("button", name=name).click()
        seat.page.wait_for_url(re.compile(r"/(desk|w)(/|$|\?)"))
        return seat

    def photograph(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for number, seat in enumerate(self.seats):
            try:
                seat.page.screenshot(path=folder / f"{number}.png", full_page=True)
            except Error:
                continue

    def close(self) -> None:
        for seat in self.seats:
            seat.page.context.close()
