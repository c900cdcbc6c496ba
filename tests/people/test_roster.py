"""The duty roster: a week at a desk, who is to be woken now, and who if nobody is written."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.town import Person, Town
from wangge.kernel import clock
from wangge.kernel.db import Tx
from wangge.people import roster

TUESDAY = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)  # ten in the morning in 安城
Opening = Callable[..., AbstractContextManager[Tx]]


@pytest.fixture(autouse=True)
def _tuesday(open_tx: Opening) -> None:
    with open_tx() as tx:
        clock.set_to(tx, TUESDAY, frozen=True)


def shift(
    town: Town, person: Person, username: str, *, unit: str = "desk-379901001", **other: Any
) -> Any:
    body = {
        "id": str(uuid4()),
        "unit_id": town.unit(unit),
        "duty": "on_duty",
        "account_id": town.account(username),
        "begins": (TUESDAY - timedelta(hours=2)).isoformat(),
        "ends": (TUESDAY + timedelta(hours=6)).isoformat(),
    }
    return person.post("/roster", body | other)


def woken(town: Town, open_tx: Opening, unit: str) -> set[tuple[str, str, bool]]:
    with open_tx("app") as tx:
        turns = roster.on_duty(tx, UUID(town.unit(unit)))
    return {(turn.duty, turn.name, turn.written) for turn in turns}


def test_a_week_of_a_desk(town: Town) -> None:
    leader = town.person("dutyleader")
    assert shift(town, leader, "acceptor", note="白班").status_code == 201
    assert shift(town, leader, "dutyleader", duty="leader").status_code == 201

    seen = town.person("lihong").get("/roster", unit=town.unit("desk-379901001")).json()

    assert seen["days"][0] == "2026-11-23"
    assert len(seen["days"]) == 7
    assert {(item["duty"], item["account"]["name"], item["note"]) for item in seen["items"]} == {
        ("on_duty", "郑洁", "白班"),
        ("leader", "陈刚", ""),
    }
    assert {turn["account"]["name"] for turn in seen["now"]} == {"郑洁", "陈刚"}
    last = town.person("lihong").get("/roster", unit=town.unit("desk-379901001"), day="2026-11-30")
    assert last.json()["items"] == []


def test_an_empty_desk_hands_each_duty_up(town: Town, open_tx: Opening) -> None:
    shift(town, town.person("dutyleader"), "acceptor")
    shift(town, town.person("cityleader"), "cityleader", unit="desk-3799", duty="leader")

    assert woken(town, open_tx, "desk-379901001001") == {
        ("on_duty", "郑洁", True),
        ("leader", "何伟", True),
    }
    assert woken(town, open_tx, "water-379901") == {
        ("leader", "何伟", True),
        ("on_duty", "何伟", False),
    }


def test_with_no_roster_at_all_the_nearest_duty_leader_is_woken(
    town: Town, open_tx: Opening
) -> None:
    assert woken(town, open_tx, "desk-379901001002") == {("on_duty", "陈刚", False)}
    assert woken(town, open_tx, "desk-379901101") == {("on_duty", "何伟", False)}


def test_a_shift_counts_from_its_first_moment_to_before_its_last(
    town: Town, open_tx: Opening
) -> None:
    shift(town, town.person("dutyleader"), "acceptor")
    desk = UUID(town.unit("desk-379901001"))

    with open_tx() as tx:
        for moment, written in ((-2, True), (5.99, True), (6, False), (-2.01, False)):
            at = TUESDAY + timedelta(hours=moment)
            assert [turn.written for turn in roster.on_duty(tx, desk, at=at)] == [written]


def test_only_the_desks_own_leader_writes_its_roster(town: Town) -> None:
    for username in ("acceptor", "dispatcher", "lihong", "handler", "secadmin"):
        answer = shift(town, town.person(username), "acceptor")
        assert answer.json()["code"] == "not_allowed", username
    elsewhere = shift(town, town.person("dutyleader"), "liulin", unit="desk-379901101")
    assert elsewhere.json()["code"] == "not_allowed"
    below = shift(town, town.person("dutyleader"), "dongfang", unit="desk-379901001001")
    assert below.status_code == 201
    assert shift(town, town.person("sysadmin"), "liulin", unit="desk-379901101").status_code == 201


def test_nobody_is_written_twice_nor_somebody_of_another_town(town: Town) -> None:
    leader = town.person("dutyleader")
    one = str(uuid4())
    assert shift(town, leader, "acceptor", id=one).status_code == 201
    assert shift(town, leader, "acceptor", id=one).status_code == 201

    assert shift(town, leader, "acceptor").json()["code"] == "shift_overlaps"
    assert shift(town, leader, "acceptor", duty="backup").status_code == 201
    assert shift(town, leader, "liulin").json()["code"] == "not_of_this_unit"
    assert shift(town, leader, "lihong").status_code == 201
    assert shift(town, leader, "acceptor", duty="boss").json()["code"] == "bad_duty"
    for ends in (TUESDAY - timedelta(hours=2), TUESDAY + timedelta(days=9)):
        answer = shift(town, leader, "dutyleader", ends=ends.isoformat())
        assert answer.json()["code"] == "bad_shift"
    assert shift(town, leader, "dutyleader", ends="2026-11-24T09:00:00").status_code == 422


def test_a_shift_is_taken_back(town: Town, open_tx: Opening) -> None:
    leader = town.person("dutyleader")
    made = shift(town, leader, "acceptor").json()["id"]

    assert town.person("cityleader").delete(f"/roster/{made}").status_code == 200

    assert leader.delete(f"/roster/{made}").json()["code"] == "shift_over"
    coming = shift(
        town, leader, "acceptor", begins="2026-11-25T00:00:00Z", ends="2026-11-25T08:00:00Z"
    )
    assert leader.delete(f"/roster/{coming.json()['id']}").status_code == 200
    assert leader.delete(f"/roster/{coming.json()['id']}").json()["code"] == "no_such_shift"
    assert woken(town, open_tx, "desk-379901001") == {("on_duty", "陈刚", False)}
