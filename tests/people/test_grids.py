"""One person and several grids: what lies in his queues follows from the posts of the day."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from uuid import UUID

import pytest

from tests.town import Person, Town
from wangge.areas import service as areas
from wangge.areas.models import AreaDraft, Level
from wangge.kernel import clock
from wangge.kernel.db import Tx
from wangge.kernel.ids import new_id
from wangge.people import posts

GRID = "3799010010010002"
COMMUNITY = "379901001001"
Opening = Callable[..., AbstractContextManager[Tx]]


def report(town: Town, area: str) -> str:
    """Take a matter down at the city's desk, in a grid that is known."""
    body = {
        "id": str(new_id()),
        "text": "路灯不亮，晚上看不清路，请派人来修。",
        "area_id": area,
        "channel": "visit",
    }
    answer = town.person("citydesk").post("/cases", body)
    assert answer.status_code == 200, answer.text
    return body["id"]


def in_grid(person: Person) -> set[str]:
    answer = person.get("/cases", queue="in_grid", limit=100)
    return {card["id"] for card in answer.json()["items"]} if answer.status_code == 200 else set()


def shown(person: Person) -> dict[str, int]:
    return {queue["code"]: queue["count"] for queue in person.get("/cases/queues").json()}


@pytest.mark.mission("PL-24")
def test_an_urban_officer_joins_a_grid_from_a_day_to_a_day(town: Town, open_tx: Opening) -> None:
    """Assign an officer of the enforcement squad to a grid for a week, and look every day.

    Acceptance: "on assignment date officer sees the grid's queue".

    Seen red with ``p.valid @> today`` taken out of ``open_session`` (he saw it before the day),
    and with ``begins`` dropped from the draft (likewise).
    """
    with open_tx() as tx:
        today = posts.today(tx)
    case = report(town, town.area(GRID))
    squad = town.person("squad")
    post = {
        "role": "professional_worker",
        "area_id": town.area(GRID),
        "title": "城管队员(下沉)",
        "begins": (today + timedelta(days=2)).isoformat(),
        "ends": (today + timedelta(days=8)).isoformat(),
    }
    assigned = town.person("sysadmin").post(f"/people/{squad.account_id}/posts", post)
    assert assigned.status_code == 201, assigned.text

    seen = []
    for _ in range(10):
        seen.append((in_grid(squad) == {case}, squad.get(f"/cases/{case}").status_code))
        with open_tx() as tx:
            clock.advance(tx, timedelta(days=1))

    assert seen == [(False, 404)] * 2 + [(True, 200)] * 7 + [(False, 404)]


@pytest.mark.mission("BX-04")
def test_a_party_secretary_leads_thirteen_grids(town: Town, open_tx: Opening) -> None:
    """Let a community's secretary lead thirteen grids, each with a matter in it.

    Acceptance: "one account is leader of 13 grids; sees the union of their queues".

    Seen red with only the first post's area counted in ``open_session``.
    """
    grids = [new_id() for _ in range(14)]
    with open_tx() as tx:
        areas.load(
            tx,
            [
                AreaDraft(
                    grid,
                    parent_id=areas_id(tx, COMMUNITY),
                    level=Level.GRID,
                    kind="dedicated",
                    code=f"37990100100120{n:02d}",
                    name=f"第{n + 10}网格",
                )
                for n, grid in enumerate(grids)
            ],
            begun=posts.today(tx),
        )
    admin = town.person("sysadmin")
    secretary = admin.post("/people", {"username": "shuji", "name": "舒书记"}).json()["account_id"]
    for grid in grids[:13]:
        post = {"role": "grid_leader", "area_id": str(grid), "title": "社区党委书记、网格长"}
        assert admin.post(f"/people/{secretary}/posts", post).status_code == 201

    cases = [report(town, str(grid)) for grid in grids]

    shuji = town.person("shuji")
    assert len(shuji.me["posts"]) == 13
    assert in_grid(shuji) == set(cases[:13])
    assert shown(shuji)["in_grid"] == 13
    assert shuji.get(f"/cases/{cases[13]}").status_code == 404


def areas_id(tx: Tx, code: str) -> UUID:
    row = tx.one("select id from areas where code = %s", [code])
    assert row
    found: UUID = row["id"]
    return found
