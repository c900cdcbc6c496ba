"""No page of the phone apps breaks WCAG 2.2 AA, in neither language and in no size of type."""

import re
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from playwright.sync_api import Page, expect

from tests.cases.test_loop import taken, told
from tests.e2e.browsing import LARGE_PHONE, PHONE, House
from tests.e2e.test_accessible import broken
from tests.e2e.test_pairs import patrol_of, two_homes
from tests.groups.test_groups import founded, said
from tests.proofs import Proof
from tests.town import Town
from tests.whistles.test_whistles import blown
from wangge.kernel.db import Cell, transaction
from wangge.kernel.ids import new_id

WEB = Path(__file__).parents[2] / "web" / "src"
GRID = "3799010010010001"
MODES = [("zh", "no"), ("en", "no"), ("zh", "yes"), ("en", "yes")]
# To the page as a touch of a link leads there, without the app opened anew.
GOES = """path => {
  const there = location.pathname.replace(/\\/$/, '') === path.replace(/\\/$/, '')
  window.left = there ? null : document.querySelector('h1, h2')
  history.pushState(history.state, '', path)
  dispatchEvent(new PopStateEvent('popstate', { state: history.state }))
}"""
THERE = """() => !window.left?.isConnected && document.querySelector('h1, h2')
  && !document.querySelector('div.waiting')"""
WEARS = (
    "([language, elder]) => { localStorage['wg.language'] = language;"
    " localStorage['wg.elder'] = elder }"
)
NOT_MADE_HERE = {"/incidents/:id", "/mailbox/openings/:id", "/mailbox/talks/:id"}


def routes() -> set[str]:
    """Every page that the app of the field has, as its modules say."""
    app = (WEB / "apps" / "worker" / "main.ts").read_text("utf-8")
    modules = re.findall(r"from '@/modules/([\w-]+)'", app)
    found = set[str]()
    for module in modules:
        index = (WEB / "modules" / module / "index.ts").read_text("utf-8")
        found |= set(re.findall(r"path: '([^']+)'", index.split("export const residentBox")[0]))
    return found


def helper(town: Town, role: str, username: str, name: str) -> None:
    """A 楼栋长, who reports and has tasks, or a volunteer who visits; neither reads a case."""
    account = str(new_id())
    with transaction(town.cell) as tx:
        tx.run(
            "insert into accounts (id, username, name, profile, created_at)"
            """ values (%s, %s, %s, '{"demo": {"group": "grid"}}', %s)""",
            [account, username, name, tx.now],
        )
        tx.run(
            "insert into posts (id, account_id, role, title, area_id, valid)"
            " values (%s, %s, %s, '', %s, daterange('2020-01-01', null))",
            [new_id(), account, role, town.area(GRID)],
        )


def filled(town: Town, cell: Cell, web: FastAPI) -> dict[str, str]:
    """A day with something on every page; where each page with a parameter leads."""
    home = two_homes(town, cell)
    patrol_of(town)
    helper(town, "building_head", "loudong", "娄栋长")
    helper(town, "volunteer", "tian", "田志愿")
    case = TestClient(web).post("/api/v1/public/cases", json=told()).json()["id"]
    taken(town.person("acceptor"), case, "send_verify")
    lihong, wuhua = town.person("lihong"), town.person("wuhua")
    group = founded(town, {"account_id": lihong.account_id})["id"]
    said(wuhua, group, "请各楼栋看一下消防通道")
    whistle = blown(lihong, [town.unit("urban-379901001")]).json()["id"]
    done = lihong.get("/tenant").json()["now"]
    for kind, words in (("talk", "田头说排水沟淤了"), ("outreach", "防诈骗")):
        body = {"id": str(new_id()), "kind": kind, "words": words, "done_at": done, "people": 3}
        assert lihong.post("/fieldwork/services", body).status_code == 200
    visit = {
        "id": str(new_id()), "household_id": home, "result": "in", "done_at": done,
        "partner_id": wuhua.account_id, "words": "老人说灯坏了",
        "follow_ups": [{"id": str(new_id()), "words": "换灯泡"}],
    }  # fmt: skip
    assert lihong.post("/fieldwork/rounds", {"items": [visit]}).status_code == 200
    return {
        "/case/:id": f"/case/{case}", "/home/:id": f"/home/{home}", "/round/:id": f"/round/{home}",
        "/area/:id": f"/area/{town.area(GRID)}", "/groups/:id": f"/groups/{group}",
        "/groups/:id/about": f"/groups/{group}/about", "/whistles/:id": f"/whistles/{whistle}",
    }  # fmt: skip


def shown(page: Page, path: str) -> list[str]:
    page.evaluate(GOES, f"/w{path}")
    page.wait_for_function(THERE)
    return [f"{path} {one}" for one in broken(page)]


WHO: list[tuple[str, list[str] | None]] = [
    ("田志愿", ["/", "/round", "/round/new", "/service", "/diary", "/patrols", "/help"]),
    ("娄栋长", ["/", "/report", "/me"]),
    ("吴华", ["/", "/coverage", "/patrols", "/talks", "/groups", "/mailbox", "/handovers"]),
    ("秦督", ["/", "/supervision", "/me"]),
    ("杨经理", ["/", "/estate/people", "/estate/notices", "/me"]),
    ("李红", None),  # everything, also what she may not see
]


@pytest.mark.proof("Every page of the phone apps, in both languages and large type, keeps WCAG 2.2")
def test_every_page_of_the_phone_apps(
    proof: Proof, house: House, town: Town, cell: Cell, web: FastAPI
) -> None:
    """Each page in one of the four dresses, and in all four in the proof; no page is left out.

    And no page asks for what its person may not see, but where somebody goes by its address.

    Seen red: with the lines of a thread in a list that is none, with the number of a group's people
    not in the name of its link, and with a page that leads nowhere here.
    """
    made = filled(town, cell, web)
    all_pages = sorted(routes() - NOT_MADE_HERE)
    assert {path for path in all_pages if ":" in path} == set(made)
    dresses = proof.count(1, stated=len(MODES))
    looked, wrong = 0, list[str]()
    for at, (name, pages) in enumerate(WHO):
        if pages is None:
            house.watch.expect(403, "/api/v1/")
            house.watch.expect(404, "/api/v1/")
        seat = house.staff(name, PHONE if at % 2 else LARGE_PHONE)
        for n in range(dresses):
            per_dress: dict[int, list[str]] = {}
            for number, path in enumerate(pages or all_pages):
                dress = (number if pages is None else at) + n
                per_dress.setdefault(dress % len(MODES), []).append(path)
            for dress, paths in per_dress.items():
                seat.page.evaluate(WEARS, MODES[dress])
                seat.open("/w")
                expect(seat.page.locator("h1, h2").first).to_be_visible()
                for path in paths:
                    dressed = f"{name} {' '.join(MODES[dress])}"
                    said_ = shown(seat.page, made.get(path, path))
                    wrong += [f"{dressed} {one}" for one in said_]
                    looked += 1
        seat.page.context.close()
        house.seats.remove(seat)
    assert not wrong, "\n".join(wrong)
    proof.note(pages=looked)
