"""No page breaks a rule of WCAG 2.2 AA that a machine can see (axe-core)."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browsing import DESK, PHONE, House
from tests.e2e.pages import GARAGE, at_desk, outside, resident

AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
LOOK = """async () => {
  const runOnly = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
  const rules = { runOnly, resultTypes: ['violations'] }
  const { violations } = await axe.run(document, rules)
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(node => `${id}: ${node.html.slice(0, 160)} ${node.failureSummary}`))
}"""
AT_REST = """() => Promise.all(document.getAnimations()
  .filter(at => at.effect.getComputedTiming().endTime < Infinity)
  .map(at => at.finished.catch(() => undefined)))"""
GRID = "3799010010010001"


def broken(page: Page) -> list[str]:
    """What the page breaks when everything has arrived and nothing fades in any more."""
    page.wait_for_load_state("networkidle")
    page.evaluate(AT_REST)
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text())
    found: list[str] = page.evaluate(LOOK)
    return found


def looks(page: Page) -> None:
    assert broken(page) == [], page.url


@pytest.mark.parametrize("elder", ["", "yes"])
def test_of_the_resident(house: House, elder: str) -> None:
    person = resident(house)
    code = person.reports(GARAGE)
    page = person.seat.page
    page.evaluate("kept => localStorage.setItem('wg.elder', kept)", elder)
    pages = [
        "/r", "/r/report", "/r/find", "/r/stations", "/r/matters", f"/r/serve/{GRID}",
        f"/r/m/{code}", "/r/mine", "/r/mine/held", "/r/mailbox", "/r/mailbox/board", "/r/opinions",
        "/r/kept/0192f000-0000-7000-8000-000000000000",
    ]  # fmt: skip
    for path in ("/", "/activate", *pages):
        person.seat.open(path)
        expect(page.locator("h1, h2").first).to_be_visible()
        looks(page)


def test_of_the_grid_worker(house: House) -> None:
    resident(house).reports(GARAGE)
    desk = at_desk(house, "郑洁")
    case = desk.opens(GARAGE[:8], "待受理")
    worker = outside(house, "李红").seat
    worker.page.set_viewport_size(PHONE)
    for path in ("", "/grid", "/report", "/notices", "/me", f"/case/{case}"):
        worker.open(f"/w{path}")
        expect(worker.page.locator("h1, h2").first).to_be_visible()
        looks(worker.page)


def test_of_the_desk(house: House) -> None:
    resident(house).reports(GARAGE)
    desk = at_desk(house, "郑洁")
    page = desk.seat.page
    desk.opens(GARAGE[:8], "待受理")
    looks(page)
    actions = desk.pane.get_by_role("group", name="可办理的步骤").get_by_role("button")
    for at in range(actions.count()):
        actions.nth(at).click()
        looks(page)
    page.goto(f"{house.origin}/desk/new")
    expect(page.get_by_label("来电号码")).to_be_visible()
    looks(page)


@pytest.mark.parametrize(
    ("name", "paths"),
    [
        (
            "陈刚",
            [
                "/desk/?queue=in_grid",
                "/desk/conflicts",
                "/desk/alerts",
                "/desk/alerts/rules",
                "/desk/figures",
                "/desk/roster",
                "/desk/people",
                "/desk/demo",
            ],
        ),
        (
            "孔管理",
            [
                "/desk/rules/brand",
                "/desk/rules/types",
                "/desk/rules/calendar",
                "/desk/rules/alerts",
                "/desk/areas",
                "/desk/breakages",
            ],
        ),
        ("严审计", ["/desk/audit"]),
    ],
)
def test_of_those_who_lead_and_administer(house: House, name: str, paths: list[str]) -> None:
    seat = house.staff(name, DESK)
    for path in paths:
        seat.open(path)
        expect(seat.page.locator("main")).to_be_visible()
        looks(seat.page)
