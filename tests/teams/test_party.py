"""The party's own tree: as it stood on a day, from the street down to a branch on a grid."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.town import Person, Town
from wangge.areas import service as areas
from wangge.areas.models import AreaDraft, Level
from wangge.kernel import clock
from wangge.kernel.db import Tx
from wangge.kernel.ids import new_id
from wangge.people import posts
from wangge.teams.jobs import dissolved

STREET, EAST, RIVER, WILLOW = "379901001", "379901001001", "379901001002", "379901101201"
GRID, GRID2, GRID3 = "3799010010010001", "3799010010010002", "3799010010020001"
Opening = Callable[..., AbstractContextManager[Tx]]


def found(town: Town, code: str, kind: str, area: str, **more: Any) -> str:
    body = {"code": code, "name": f"党组织{code}", "kind": kind, "area_id": town.area(area)} | more
    answer = town.person("sysadmin").post("/party", body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def day(open_tx: Opening) -> date:
    with open_tx() as tx:
        return posts.today(tx)


def read(person: Person, organisation: str, **params: Any) -> dict[str, Any]:
    answer = person.get(f"/party/{organisation}", **params)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


@pytest.mark.mission("BX-06")
def test_from_the_street_to_a_branch_in_two_clicks_and_totals_add_up(town: Town) -> None:
    """Found a street's committee, two communities', and branches with groups on their grids.

    Acceptance: "from street party committee drill to a grid branch in 2 clicks; totals add up".

    Seen red with the totals not going below the first layer.
    """
    street = found(town, "jd", "committee", STREET)
    communities = [
        found(town, f"sq{n}", "committee", area, parent_id=street)
        for n, area in enumerate((EAST, RIVER))
    ]
    branches = [
        found(town, f"zb{n}", "branch", area, parent_id=communities[n > 1], grids=[town.area(grid)])
        for n, (area, grid) in enumerate(((EAST, GRID), (EAST, GRID2), (RIVER, GRID3)))
    ]
    found(town, "xz0", "group", EAST, parent_id=branches[0], grids=[town.area(GRID)])

    leader = town.person("leader")
    top = leader.get("/party").json()["items"]
    first = read(leader, top[0]["id"])
    second = read(leader, first["below"][0]["id"])

    assert [one["id"] for one in top] == [street]
    assert [one["id"] for one in second["below"]] == branches[:2]
    assert [link["id"] for link in read(leader, branches[0])["above"]] == [street, communities[0]]
    for whole in (first, second):
        for what, own in (("branches", "branch"), ("groups", "group"), ("grids", "")):
            below = sum(one["totals"][what] + (one["kind"] == own) for one in whole["below"])
            stood = below if own else len({GRID, GRID2, GRID3} if whole is first else {GRID, GRID2})
            assert whole["totals"][what] == stood
    assert first["totals"]["committees"] == 2


@pytest.mark.mission("BX-02")
def test_a_report_uses_the_tree_that_stood_on_the_day(town: Town, open_tx: Opening) -> None:
    """Let two general branches become one committee on a day, with a matter before and after it.

    Acceptance: "reports before/after the date use the right tree". The committee's ground is not a
    community's: party area ≠ administrative area.

    Seen red with the ties of today instead of those of the matter's day.
    """
    before = day(open_tx)
    old = [found(town, f"zz{n}", "general_branch", STREET) for n in range(2)]
    grids = (GRID, GRID3)  # of two communities
    branches = [
        found(town, f"zb{n}", "branch", STREET, parent_id=old[n], grids=[town.area(grids[n])])
        for n in range(2)
    ]
    desk, admin, leader = (town.person(name) for name in ("citydesk", "sysadmin", "leader"))
    report(town, desk, GRID)
    with open_tx() as tx:
        clock.advance(tx, timedelta(days=3))
    after = day(open_tx)
    new = found(town, "dw", "committee", STREET)
    for branch in branches:
        moved = admin.put(f"/party/{branch}/parent", {"parent_id": new})
        assert moved.status_code == 200, moved.text
    for one in old:
        assert admin.post(f"/party/{one}/end", {}).status_code == 204
    report(town, desk, GRID)
    report(town, desk, GRID3)

    def told(first: date, last: date) -> dict[str, int]:
        params = {"first": first.isoformat(), "last": last.isoformat()}
        rows = leader.get("/party/matters", **params).json()["items"]
        return {row["id"]: row["matters"] for row in rows}

    assert told(before, before) == {old[0]: 1}
    assert told(after, after) == {new: 2}
    assert told(before, after) == {old[0]: 1, new: 2}
    assert read(leader, old[1], on=before.isoformat())["totals"]["branches"] == 1
    assert leader.get(f"/party/{old[1]}").status_code == 404
    assert read(leader, new)["totals"]["branches"] == 2


def report(town: Town, person: Person, grid: str) -> None:
    answer = person.post(
        "/cases",
        {"id": str(new_id()), "text": "路灯不亮，请派人来修。", "area_id": town.area(grid),
         "channel": "visit"},
    )  # fmt: skip
    assert answer.status_code == 200, answer.text


@pytest.mark.mission("DC-04")
def test_branches_and_groups_are_loaded_from_a_table(town: Town, open_tx: Opening) -> None:
    """Bring one table with 423 grid branches and 235 building groups under two committees.

    Acceptance: "423 branches, 235 groups load".

    Seen red with the grids, and with the parents, of the table not read.
    """
    grids = [new_id() for _ in range(423)]
    with open_tx() as tx:
        row = tx.one("select id from areas where code = %s", [EAST])
        assert row
        drafts = [
            AreaDraft(grid, row["id"], Level.GRID, "base", f"{EAST}3{n:03}", f"第{n}网格")
            for n, grid in enumerate(grids)
        ]
        areas.load(tx, drafts, begun=posts.today(tx))
    lines = ["代码,名称,类别,上级代码,区域代码,网格代码,起始日期"]
    lines += [f"dw{n},第{n}党委,党委,,{EAST},,2026-01-01" for n in range(2)]
    lines += [
        f"zb{n},第{n}网格党支部,网格党支部,dw{n % 2},{EAST},{EAST}3{n:03},2026-01-01"
        for n in range(423)
    ]
    lines += [f"xz{n},第{n}党小组,楼栋党小组,zb{n},{EAST},,2026-01-01" for n in range(235)]
    admin = town.person("sysadmin")

    def bring(text: str, **params: Any) -> Any:
        upload = {"file": ("party.csv", text.encode("gb18030"), "text/csv")}
        return admin.client.post("/api/v1/teams/import", files=upload, params=params)

    wrong = bring("\n".join([*lines, f"x,错,党支部,nobody,{EAST},,2026-13-01"]))
    tried = bring("\n".join(lines), dry_run=True)
    done = bring("\n".join(lines))

    assert wrong.status_code == 422
    assert [(e["row"], e["column"]) for e in wrong.json()["details"]["errors"]] == [(662, "begins")]
    assert tried.json() == {"dry_run": True, "rows": 660, "written": 0, "errors": []}
    assert done.status_code == 200, done.text
    tops = admin.get("/party").json()["items"]
    assert sum(top["totals"]["branches"] for top in tops) == 423
    assert sum(top["totals"]["groups"] for top in tops) == 235
    assert sum(top["totals"]["grids"] for top in tops) == 423


@pytest.mark.mission("DC-05")
def test_a_worker_in_a_building_group_leaves_it_with_his_post(town: Town, open_tx: Opening) -> None:
    """Put a grid worker into a building group, and end his post.

    Acceptance: "worker page shows the group; removing the worker ends the link with a date,
    history kept".

    Seen red without the handler of ended posts.
    """
    branch = found(town, "zb", "branch", EAST, grids=[town.area(GRID)])
    group = found(town, "xz", "group", EAST, parent_id=branch)
    admin, leader = town.person("sysadmin"), town.person("leader")
    worker = town.account("lihong")
    joined = admin.post(f"/party/{group}/members", {"account_id": worker})
    assert joined.status_code == 200, joined.text
    with_others = admin.post(f"/party/{group}/members", {"account_id": town.account("wangqiang")})
    assert with_others.status_code == 200
    shown = leader.get(f"/people/{worker}/party").json()["items"]
    with open_tx() as tx:
        clock.advance(tx, timedelta(days=2))
    ended = day(open_tx)
    post = admin.get(f"/people/{worker}/posts").json()["items"][0]
    assert admin.post(f"/posts/{post['id']}/end", {}).status_code == 200

    assert [(one["name"], one["of_today"]) for one in shown] == [("党组织xz", True)]
    after = leader.get(f"/people/{worker}/party").json()["items"]
    assert [(one["of_today"], one["ends"]) for one in after] == [
        (False, (ended - timedelta(days=1)).isoformat())
    ]
    kept = {one["name"]: one["of_today"] for one in read(leader, group)["people"]}
    assert kept == {"李红": False, "王强": True}


@pytest.mark.mission("DC-03")
def test_a_grid_shows_both_its_chains(town: Town) -> None:
    """Read one grid: the chain of areas and the chain of the party.

    Acceptance: "a grid page shows both chains".

    Seen red with another grid's organisations asked for.
    """
    street = found(town, "jd", "committee", STREET)
    community = found(town, "sq", "committee", EAST, parent_id=street)
    branch = found(town, "zb", "branch", EAST, parent_id=community, grids=[town.area(GRID)])

    shown = town.person("lihong").get(f"/grids/{town.area(GRID)}/forces").json()

    assert shown["area"]["names"] == ["安东区", "安和街道", "东方社区", "第1网格"]
    assert [[link["id"] for link in chain] for chain in shown["chains"]] == [
        [street, community, branch]
    ]


def test_the_neighbour_sees_nothing_of_it(town: Town) -> None:
    """The next town's acceptor gets no list, no single read, no table of members.

    Seen red with everything seen by everybody.
    """
    organisation = found(town, "zb", "branch", EAST, grids=[town.area(GRID)])
    town.person("sysadmin").post(
        f"/party/{organisation}/members", {"account_id": town.account("lihong")}
    )
    neighbour = town.person("liulin")

    assert neighbour.get("/party").json()["items"] == []
    assert neighbour.get(f"/party/{organisation}").status_code == 404
    assert neighbour.get(f"/people/{town.account('lihong')}/party").json()["items"] == []
    assert neighbour.get(f"/grids/{town.area(GRID)}/forces").status_code == 404
    assert neighbour.get("/teams/lacks", area=town.area(EAST)).json()["lacks"][0]["areas"] == []
    assert neighbour.post(
        "/party", {"code": "x", "name": "x", "kind": "branch", "area_id": town.area(WILLOW)}
    ).status_code == 403  # fmt: skip


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"kind": "committee", "parent": True}, 422, "bad_parent"),
        ({"kind": "committee", "grids": True}, 422, "not_on_grids"),
        ({"code": "zb"}, 409, "code_taken"),
        ({"area_id": str(UUID(int=1))}, 404, "no_such_area"),
        ({"parent_id": str(UUID(int=1))}, 404, "no_such_party"),
    ],
)
def test_what_cannot_stand_is_refused(
    town: Town, change: dict[str, Any], status: int, code: str
) -> None:
    branch = found(town, "zb", "branch", EAST)
    body = {"code": "x", "name": "x", "kind": "group", "area_id": town.area(EAST)} | change
    if body.pop("parent", None):
        body["parent_id"] = branch
    if body.get("grids"):
        body["grids"] = [town.area(GRID)]

    answer = town.person("sysadmin").post("/party", body)

    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_what_stands_in_the_tree_is_a_unit_until_its_last_day(town: Town, open_tx: Opening) -> None:
    """Found a branch in the tree, find it among the units, and let its last day go by.

    Seen red with what has ended left active.
    """
    branch = found(town, "zb", "branch", EAST)
    admin = town.person("sysadmin")

    def units() -> dict[str, bool]:
        rows = admin.get("/organisations", kind="party", closed=True).json()["items"]
        return {row["id"]: row["active"] for row in rows}

    beside = {"kind": "party", "code": "zb2", "name": "第二支部", "area_id": town.area(EAST)}
    refused = admin.post("/organisations", beside)
    assert (refused.status_code, refused.json()["code"]) == (409, "party_has_a_tree")
    last = day(open_tx) + timedelta(days=2)
    assert admin.post(f"/party/{branch}/end", {"on": last.isoformat()}).status_code == 204
    before = units()
    with open_tx() as tx:
        clock.advance(tx, timedelta(days=2))
    dissolved(open_tx)

    assert (before, units()) == ({branch: True}, {branch: False})
