"""A picture of every screen to look at: ``python -m tests.e2e.pictures BASE_URL OUT [only]``.

It needs a running demo city. One report is made, so that its progress can be shown; nothing else
is changed. ``only`` keeps the screens whose name contains it.
"""

import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import (
    Browser,
    BrowserContext,
    Error,
    Page,
    ViewportSize,
    sync_playwright,
)
from playwright.sync_api import TimeoutError as StillBusyError

from tests.e2e.browsing import DESK, LARGE_PHONE, PHONE, QUIET, SOFTWARE_GL, chromium

QUIET_PAGE = """() => document.querySelector('main')?.innerText.trim()
  && !document.querySelector('main > p[role=status]')
  && ![...document.querySelectorAll('.waiting, .turning')].some(at => at.checkVisibility())
  && [...document.images].every(at => at.complete || at.loading === 'lazy')"""
PATIENCE = 15_000.0
PHONES = (PHONE, LARGE_PHONE)
ALL = (*PHONES, DESK)
SURVEY = "5d000000-0000-4000-8000-000000000001"
TEXT = "路灯不亮三天了，晚上老人摔倒过。"


class Screen(NamedTuple):
    """One address as one person sees it; ``case`` opens the first case of a queue."""

    name: str
    path: str
    role: str = ""
    sizes: tuple[ViewportSize, ...] = ALL
    elder: bool = False
    queue: str = ""
    person: str = ""


SCREENS = [
    Screen("gate", "/"),
    Screen("gate-activate", "/activate"),
    Screen("resident-home", "/r", elder=True),
    Screen("resident-report", "/r/report", elder=True),
    Screen("resident-find", "/r/find", elder=True),
    Screen("resident-serve", "/r/serve/{grid}", elder=True),
    Screen("resident-matters", "/r/matters", elder=True),
    Screen("resident-progress", "/r/m/{code}", elder=True),
    Screen("resident-mailbox", "/r/mailbox", elder=True),
    Screen("resident-mailbox-board", "/r/mailbox/board", elder=True),
    Screen("resident-told", "/r/told?g={grid}", elder=True),
    Screen("resident-stations", "/r/stations", elder=True),
    Screen("resident-mine", "/r/mine", elder=True),
    Screen("resident-held", "/r/mine/held", elder=True),
    Screen("resident-opinions", "/r/opinions", elder=True),
    Screen("resident-sent", "/r/sent/{code}", elder=True),
    Screen("resident-wrong-code", "/r/m/NICHTDA", elder=True),
    Screen("worker-today", "/w", "grid_worker"),
    Screen("worker-case", "/w/case/{case}", "grid_worker", queue="to_check,in_grid,to_verify"),
    Screen("worker-grid", "/w/grid", "grid_worker"),
    Screen("worker-report", "/w/report", "grid_worker"),
    Screen("worker-whistles", "/w/whistles", "grid_worker"),
    Screen("worker-whistle-new", "/w/whistles/new", "grid_worker"),
    Screen("worker-mailbox", "/w/mailbox", "grid_worker"),
    Screen("supervisor-home", "/w", "supervisor", elder=True),
    Screen("supervisor-check", "/w/check", "supervisor", PHONES, elder=True),
    Screen("worker-notices", "/w/notices", "grid_worker"),
    Screen("worker-me", "/w/me", "grid_worker"),
    Screen("worker-area", "/w/area/{area}", "grid_worker"),
    Screen("worker-handovers", "/w/handovers", "grid_worker"),
    Screen("wall", "/wall?still=1", "leader"),
    Screen("desk-accept", "/desk/?queue=to_accept&case={case}", "acceptor", queue="to_accept"),
    Screen("desk-dispatch", "/desk/?queue=in_hand&case={case}", "dispatcher", queue="in_hand"),
    Screen("desk-empty", "/desk/?queue=all&q=没有这样的事项", "acceptor"),
    Screen("desk-entry", "/desk/new", "acceptor"),
    Screen("desk-calls", "/desk/calls", "caller"),
    Screen("desk-whistles", "/desk/whistles", "duty_leader"),
    Screen("desk-whistle-new", "/desk/whistles/new", "duty_leader"),
    Screen("desk-mailbox", "/desk/mailbox", "duty_leader"),
    Screen("desk-mailbox-openings", "/desk/mailbox?tab=openings", "duty_leader"),
    Screen("desk-mailbox-postings", "/desk/mailbox?tab=postings", "duty_leader"),
    Screen("desk-mailbox-talks", "/desk/mailbox?tab=talks", "duty_leader"),
    Screen("desk-talk-new", "/desk/mailbox/talks/new", "duty_leader"),
    Screen("desk-conflicts", "/desk/conflicts", "duty_leader"),
    Screen("desk-alerts", "/desk/alerts", "duty_leader"),
    Screen("desk-alert-rules", "/desk/alerts/rules", "duty_leader"),
    Screen("desk-rules-alerts", "/desk/rules/alerts", "system_admin"),
    Screen("admin-breakages", "/desk/breakages", "system_admin"),
    Screen("desk-services", "/desk/services", "acceptor"),
    Screen("desk-told", "/desk/estate/notices", "acceptor"),
    Screen("worker-told", "/w/estate/notices", "property_manager"),
    Screen("worker-patrols", "/w/patrols", "grid_worker"),
    Screen("worker-service", "/w/service", "grid_worker"),
    Screen("worker-outbox", "/w/outbox", "grid_worker"),
    Screen("desk-handovers", "/desk/handovers", "duty_leader"),
    Screen("desk-forces", "/desk/forces", "duty_leader"),
    Screen("desk-area", "/desk/area/{area}", "duty_leader"),
    Screen("desk-roster", "/desk/roster", "duty_leader"),
    Screen("desk-people", "/desk/people", "acceptor"),
    Screen("department", "/desk/?queue={queue}&case={case}", "handler", queue="to_handle,all"),
    Screen("property", "/desk/", "property_manager"),
    Screen("supervisor", "/desk/", "supervisor"),
    Screen("supervision", "/desk/supervision", "supervisor"),
    Screen("leader", "/desk/", "leader"),
    Screen("leader-figures", "/desk/figures", "leader"),
    Screen("leader-analyses", "/desk/studies", "leader"),
    Screen("leader-outcomes", "/desk/studies/outcomes", "leader"),
    Screen("resident-open", "/r/open", elder=True),
    Screen("leader-surveys", "/desk/studies/surveys", "leader"),
    Screen(
        "leader-survey",
        "/desk/studies/surveys/5d000000-0000-4000-8000-000000000001",
        "duty_leader",
        person="",
    ),
    Screen("resident-survey", "/r/survey/ANQUANGAN4", elder=True),
    Screen("resident-survey-result", "/r/survey/ANQUANGAN3"),
    Screen("leader-misroutes", "/desk/figures/misroutes", "leader"),
    Screen("admin-rules", "/desk/rules", "system_admin"),
    Screen("admin-brand", "/desk/rules/brand", "system_admin"),
    Screen("admin-types", "/desk/rules/types", "system_admin"),
    Screen("admin-calendar", "/desk/rules/calendar", "system_admin"),
    Screen("admin-directory", "/desk/rules/routes", "system_admin"),
    Screen("admin-directory-versions", "/desk/rules/routes/versions", "system_admin"),
    Screen("admin-switches", "/desk/rules/switches", "system_admin"),
    Screen("admin-people", "/desk/people", "system_admin"),
    Screen("hotline", "/desk/hotline", "acceptor"),
    Screen("hotline-import", "/desk/hotline/import", "acceptor"),
    Screen("admin-areas", "/desk/areas", "system_admin"),
    Screen("admin-audit", "/desk/audit", "audit_admin"),
    Screen("admin-demo", "/desk/demo", "system_admin"),
]


def signed_in(context: BrowserContext, base: str, role: str, person: str = "") -> None:
    """By the demo's door, as the first of the cast with this role."""
    cast = context.request.get(f"{base}/api/v1/demo/accounts").json()["items"]
    found = next(one for one in cast if one["role"] == role and person in one["name"])
    answer = context.request.post(f"{base}/api/v1/demo/session", data={"account_id": found["id"]})
    assert answer.ok, answer.text()


def known(context: BrowserContext, base: str, screen: Screen, code: str) -> dict[str, Any]:
    """The ids that the screen's address asks for."""
    found: dict[str, Any] = {"code": code, "queue": screen.queue}
    if "{area}" in screen.path:
        posts = context.request.get(f"{base}/api/v1/me").json()["posts"]
        found["area"] = next(post["area"]["id"] for post in posts if post["area"])
    for queue in screen.queue.split(",") if screen.queue else []:
        params: dict[str, str | float | bool] = {} if queue == "all" else {"queue": queue}
        cards = context.request.get(f"{base}/api/v1/cases", params=params).json()["items"]
        shown = next((card for card in cards if card["photo"]), cards[0] if cards else None)
        if shown:
            return {**found, "queue": queue, "case": shown["id"]}
    return {**found, "case": ""}


def reported(context: BrowserContext, base: str) -> tuple[str, str]:
    """The follow code of a report that is made for the picture, and the code of its grid."""
    cast = context.request.get(f"{base}/api/v1/demo/accounts").json()["items"]
    words = next(one["place"] for one in cast if one["role"] == "grid_worker").split(" › ")[-2]
    places = context.request.get(f"{base}/api/v1/public/places", params={"q": words}).json()
    place = places["items"][0]
    point = {"lon": place["lon"], "lat": place["lat"]}
    area = context.request.get(f"{base}/api/v1/public/locate", params=point).json()["area"]
    body = {"id": str(uuid.uuid4()), "text": TEXT, "place_words": place["name"], **point}
    receipt = context.request.post(f"{base}/api/v1/public/cases", data=body).json()
    return receipt["code"], area["code"]


def say(line: str) -> None:
    sys.stdout.write(line + "\n")


def take(page: Page, url: str, path: Path) -> None:
    page.goto(url)
    try:
        page.wait_for_function(QUIET_PAGE, timeout=PATIENCE)
    except StillBusyError:
        say(f"still busy: {path.name}")
    page.evaluate("document.fonts.ready")
    page.screenshot(path=path)
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    if wide > 0:
        say(f"{wide} px beyond the edge: {path.name}")


def variants(screen: Screen) -> Iterator[tuple[str, bool, ViewportSize]]:
    for size in screen.sizes:
        for language in ("zh", "en"):
            yield language, False, size
    if screen.elder:
        for size in PHONES:
            yield "zh", True, size


def context_for(browser: Browser, language: str, size: ViewportSize, *, elder: bool) -> Any:
    context = browser.new_context(
        viewport=size, locale="zh-CN", timezone_id="Asia/Shanghai", has_touch=size["width"] < 900
    )
    context.add_init_script(
        f"localStorage.setItem('wg.language', '{language}');"
        f"localStorage.setItem('wg.elder', '{'yes' if elder else 'no'}')"
    )
    return context


def main(base: str, out: Path, only: str = "") -> None:
    out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(), args=[*QUIET, *SOFTWARE_GL]
        )
        first = context_for(browser, "zh", PHONE, elder=False)
        code, grid = reported(first, base)
        first.close()
        for screen in SCREENS:
            if only not in screen.name:
                continue
            for language, elder, size in variants(screen):
                context = context_for(browser, language, size, elder=elder)
                if screen.role:
                    signed_in(context, base, screen.role, screen.person)
                address = screen.path.format(grid=grid, **known(context, base, screen, code))
                mark = "-elder" if elder else ""
                path = out / f"{screen.name}-{size['width']}-{language}{mark}.png"
                try:
                    take(context.new_page(), base + address, path)
                except Error as error:
                    say(f"no picture of {path.name}: {error.message.splitlines()[0]}")
                context.close()
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"), Path(sys.argv[2]), *sys.argv[3:4])
