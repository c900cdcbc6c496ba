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


def test_somebody_is_lent_by_name_until_a_day_and_is_back_by_himself(
    town: Town, open_tx: Opening
) -> None:
    """借调: with a last day and by a unit he is of; listed for both sides, flagged, gone after it.

    Seen red: without ``check`` one was lent for ever, and by a unit he had never been in; with the
    list asked by the place of the post alone the unit that lent him did not find him.
    """
    admin, squad, desk = town.person("sysadmin"), town.person("squad"), town.person("citydesk")
    with open_tx() as tx:
        today = posts.today(tx)
    home = town.unit("urban-379901001")
    post = {"role": "acceptor", "unit_id": town.unit("desk-3799"), "lent_by": home,
            "ends": (today + timedelta(days=2)).isoformat()}  # fmt: skip

    def lent(**otherwise: object) -> tuple[int, str]:
        body = {**post, "id": str(new_id()), **otherwise}
        answer = admin.post(f"/people/{squad.account_id}/posts", body)
        return answer.status_code, answer.json().get("code", "")

    assert lent(ends=None) == (422, "secondment_needs_end")
    assert lent(lent_by=town.unit("water-379901")) == (422, "not_of_that_unit")
    assert lent() == (201, "")

    for who in (desk, town.person("dutyleader"), squad):
        [row] = who.get("/people/secondments").json()["items"]
        assert (row["name"], row["days_left"], row["soon"]) == ("沈队", 2, True)
    assert town.person("liulin").get("/people/secondments").json()["items"] == []
    assert "to_accept" in shown(squad)
    with open_tx() as tx:
        clock.advance(tx, timedelta(days=3))
    assert "to_accept" not in shown(squad)
    assert desk.get("/people/secondments").json()["items"] == []
    held = admin.get(f"/people/{squad.account_id}/posts").json()["items"]
    assert [one["of_today"] for one in held if one["lent_by"]] == [False]


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
