"""What waits for whom, and where nobody was met: lists of ground, never a ranking of people."""

from typing import Any

import pytest

from tests.fieldwork.conftest import Field
from tests.town import Person, Town
from wangge.kernel.ids import new_id

GRIDS = ("3799010010010001", "3799010010010002")


@pytest.fixture
def leader(town: Town, field: Field) -> Person:
    """Two homes in the first grid, five in the second, where a task waits and is late."""
    for name, code, n in (("lihong", GRIDS[0], 2), ("wangqiang", GRIDS[1], 5)):
        rows = [field.row(f"{201 + one}", area_id=town.area(code)) for one in range(n)]
        field.screen(town.person(name), *rows)
    return town.person("wuhua")


def also_in(town: Town, username: str, grid: str) -> None:
    body = {"role": "grid_worker", "area_id": town.area(grid)}
    answer = town.person("sysadmin").post(f"/people/{town.account(username)}/posts", body)
    assert answer.status_code in (200, 201), answer.text


def load(leader: Person) -> list[tuple[Any, ...]]:
    answer = leader.get("/fieldwork/load")
    assert answer.status_code == 200, answer.text
    return [
        (one["name"], [grid["code"] for grid in one["grids"]], one["tasks"], one["late_tasks"],
         one["homes"])
        for one in answer.json()
    ]  # fmt: skip


def talked(field: Field, worker: Person) -> str:
    body: dict[str, Any] = {"id": str(new_id()), "kind": "talk", "words": "田间路口雨天积水",
            "done_at": field.now.isoformat(), "people": 5}  # fmt: skip
    assert worker.post("/fieldwork/services", body).status_code == 200
    return str(body["id"])


def test_each_worker_stands_once_with_all_his_grids(
    town: Town, field: Field, leader: Person
) -> None:
    """In the order of the grids, whatever waits; what nobody looks after stands as nobody's.

    Seen red: with a line for each grid; in the order of the homes; with a task that somebody has
    counted for a colleague; without the grids of nobody, and without what somebody left there;
    with the right not asked.
    """
    wangqiang = town.person("wangqiang")
    home = wangqiang.get("/registers/homes").json()[0]["id"]
    task = {"id": str(new_id()), "words": "换楼道灯", "due_on": "2026-03-04"}
    [visit] = field.visit(wangqiang, field.called(home, follow_ups=[task]))
    assert visit["outcome"] == "taken", visit
    given = {"id": str(new_id()), "words": "联系村里修排水沟", "due_on": "2026-03-20",
             "owner_id": wangqiang.account_id}  # fmt: skip
    path = f"/fieldwork/talks/{talked(field, wangqiang)}/tasks"
    assert leader.post(path, given).status_code == 204
    field.passes(days=3)
    assert load(leader) == [("李红", [GRIDS[0]], 0, 0, 2), ("王强", [GRIDS[1]], 2, 1, 5)]
    also_in(town, "lihong", GRIDS[1])
    assert load(leader) == [("李红", [*GRIDS], 1, 1, 7), ("王强", [GRIDS[1]], 2, 1, 5)]
    town.end_posts("wangqiang")
    assert load(leader) == [("李红", [*GRIDS], 1, 1, 7)]
    town.end_posts("lihong")
    assert load(leader) == [("", [GRIDS[0]], 0, 0, 2), ("", [GRIDS[1]], 2, 1, 5)]
    for name in ("sunlei", "handler"):
        assert town.person(name).get("/fieldwork/load").status_code == 403, name


def test_where_nobody_was_for_longest_stands_first(
    town: Town, field: Field, leader: Person
) -> None:
    """Grids by when somebody was there last, homes by how many nobody was met at; places alone.

    Seen red: both in the order of the grids; homes with the fewest first, or by their number.
    """
    homes = dict[str, list[str]]()
    for name in ("wangqiang", "lihong"):
        worker = town.person(name)
        homes[name] = [one["id"] for one in worker.get("/registers/homes").json()]
        field.visit(worker, field.called(homes[name][0]))
        field.passes(days=10)
    field.passes(days=200)

    def listed(what: str, *names: str) -> list[tuple[Any, ...]]:
        found = leader.get("/fieldwork/coverage").json()[what]
        return [tuple(one[name] for name in names) for one in found]

    assert listed("gaps", "code") == [(GRIDS[1],), (GRIDS[0],)]
    assert listed("households", "code", "unseen", "homes") == [(GRIDS[1], 5, 5), (GRIDS[0], 2, 2)]
    field.visit(town.person("wangqiang"), *map(field.called, homes["wangqiang"][:4]))
    assert listed("gaps", "code") == [(GRIDS[0],)]
    assert listed("households", "code", "unseen", "homes") == [(GRIDS[0], 2, 2), (GRIDS[1], 1, 5)]
