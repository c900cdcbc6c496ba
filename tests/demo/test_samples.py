"""The sample towns: their counts as the newspapers give them, and what a person can click there."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import shapely
from fastapi.testclient import TestClient

from wangge.app import build
from wangge.areas import service as areas
from wangge.areas.models import Level
from wangge.demo import ground, loading, sample_forces, sample_plans, samples
from wangge.demo.recipes import BY_TENANT
from wangge.kernel.db import Cell, Cells, transaction
from wangge.kernel.ids import new_id
from wangge.people import service
from wangge.teams.models import Kind as PartyKind


def nothing_said(_: str) -> None:
    pass


@pytest.fixture
def browser(cells: Cells, empty: Cell) -> Iterator[TestClient]:
    app = build(cells, default_tenant=empty.tenant)
    with TestClient(app, raise_server_exceptions=False) as found:
        yield found


def play(browser: TestClient, cell: Cell, username: str) -> None:
    """Sign in by a click, as the front page of the demo does."""
    with transaction(cell) as tx:
        row = tx.one("select id from accounts where username = %s", [username])
    assert row, username
    body = {"account_id": str(row["id"])}
    me = browser.post("/api/v1/demo/session", json=body).json()
    browser.headers["X-CSRF-Token"] = me["csrf"]


def inside(browser: TestClient, area: str) -> dict[tuple[str, str, str], int]:
    found = browser.get(f"/api/v1/areas/{area}").json()["inside"]
    return {(one["level"], one["kind"], one["setting"]): one["count"] for one in found}


@pytest.mark.mission("DC-02")
def test_grids_of_the_district_by_kind_and_setting(browser: TestClient, empty: Cell) -> None:
    """Load the district and ask for what lies in it, whole and by its parts.

    Acceptance: "totals by kind match on load": 1,504 urban base grids and 312 dedicated, 723 rural
    and 146; each township's add up to the district's.

    Seen red with the setting not read: 2,227 and 458 grids in two lines.
    """
    drafts = ground.areas_of(sample_plans.district())
    with transaction(empty) as tx:
        areas.load(tx, drafts, begun=loading.BEGUN)
        service.first_administrator(tx, username="system.admin", name="孔管理")
    play(browser, empty, "system.admin")

    whole = inside(browser, str(drafts[0].id))

    assert {key[1:]: n for key, n in whole.items() if key[0] == "grid"} == {
        ("base", "urban"): 1504, ("dedicated", "urban"): 312,
        ("base", "rural"): 723, ("dedicated", "rural"): 146,
    }  # fmt: skip
    parts: Counter[tuple[str, str, str]] = Counter()
    for area in drafts:
        if area.level is Level.TOWNSHIP:
            parts.update(inside(browser, str(area.id)))
    assert {key: n for key, n in whole.items() if key[0] != "township"} == parts


@pytest.mark.mission("BX-14")
def test_seventy_stations_with_a_queue_each_on_three_levels(
    browser: TestClient, empty: Cell
) -> None:
    """List the stations of the street; report in a committee's grid, and hand down twice.

    Acceptance: "unit type station with queue; 70 stations, three levels".

    Seen red with stations of communities alone.
    """
    recipe = BY_TENANT["beixin"]
    loading.furnish(empty, recipe, recipe.build(), nothing_said)
    play(browser, empty, "system.admin")

    def listed(**params: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = browser.get("/api/v1/organisations", params=params).json()[
            "items"
        ]
        return found

    stations = listed(kind="station")
    assert Counter(one["area"]["level"] for one in stations) == {"committee": 60, "community": 10}
    assert all(one["name"].endswith("社会治理工作站") for one in stations)
    assert [one["code"] for one in listed(kind="desk") if not one["station"]] == [
        "desk-370481", "desk-370481003",
    ]  # fmt: skip

    street = next(one for one in listed(kind="desk") if one["code"] == "desk-370481003")["area"]
    held = inside(browser, street["id"])
    kinds = {key[1]: n for key, n in held.items() if key[0] == "grid"}
    assert kinds == {"base": 128, "dedicated": 48}
    people = browser.get("/api/v1/teams/members").json()["kinds"]
    assert {one["kind"]: one["people"] for one in people if one["kind"]} == {"member": 312}

    told = {"id": str(new_id()), "text": "楼道灯不亮", "area_code": "370481003014011001"}
    sent = browser.post("/api/v1/public/cases", json=told)
    assert sent.status_code == 200, sent.text
    case = sent.json()["id"]
    ladder = ("370481003", "370481003014", "37048100301401")
    for turn, where in enumerate(ladder):
        for other in (*ladder, "37048100301402"):
            play(browser, empty, f"acceptor{other}.1")
            queue = browser.get("/api/v1/cases", params={"queue": "to_accept"}).json()["items"]
            assert [one["id"] for one in queue] == ([case] if other == where else [])
        if where != ladder[-1]:
            play(browser, empty, f"acceptor{where}.1")
            step = {"id": str(new_id()), "action": "assign_down", "note": "请就近办理"}
            down = browser.post(f"/api/v1/cases/{case}/steps", json=step)
            assert (turn, down.status_code) == (turn, 200), down.text


@pytest.mark.parametrize(
    ("name", "town", "teams", "branches", "groups", "people"),
    [
        ("dongchangfu", lambda: ground.areas_of(sample_plans.district()), 423, 423, 235,
         {"mediator": 91, "legal": 104, "delegate": 107, "property": 1203}),
        ("beixin", lambda: sample_plans.beixin().areas, 60, 60, 0, {"member": 312}),
        ("dacun", lambda: sample_plans.dacun().areas, 115, 20, 0,
         {"auxiliary": 20, "welfare": 115, "volunteer": 230}),
    ],
)  # fmt: skip
def test_teams_branches_and_members_are_as_many_as_told(
    name: str, town: Any, teams: int, branches: int, groups: int, people: dict[str, int]
) -> None:
    """And every grid is some team's, none is two's.

    Seen red with teams shared out without a least of one: a community had none.
    """
    areas_, order = town(), samples.TEAMS[name]
    grids = [area.id for area in areas_ if area.level is Level.GRID]

    organised, raised = sample_forces.plan(areas_, (), order)

    assert len(raised) == teams
    served = [grid for team in raised for grid in team.grids]
    assert Counter(served) == Counter(grids)
    of = Counter(one.kind for one in organised)
    assert (of[PartyKind.BRANCH], of[PartyKind.GROUP]) == (branches, groups)
    assert Counter(seat.kind for team in raised for seat in team.seats if seat.kind) == people


def test_the_town_of_natural_villages_lies_on_borders_that_say_they_are_made_up() -> None:
    """115 villages, a grid each, 291 micro-grids, every border labelled; nothing lies twice."""
    town = sample_plans.dacun()

    counted = Counter(area.level for area in town.areas)
    assert (counted[Level.COMMUNITY], counted[Level.NATURAL_VILLAGE]) == (20, 115)
    assert (counted[Level.GRID], counted[Level.MICRO_GRID]) == (115, 291)
    assert {border.source for border in town.borders} == {"示意边界(合成)"}
    grounds = {border.area_id: border.ground for border in town.borders}
    grids = [grounds[area.id] for area in town.areas if area.level is Level.GRID]
    assert shapely.coverage_is_valid(np.array(grids, dtype=object))
    villages = [area.name for area in town.areas if area.level is Level.NATURAL_VILLAGE]
    assert all("示意" in name for name in villages)
