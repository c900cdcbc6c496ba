"""Swaps and stand-ins: both agree, the leader confirms, and who was on duty is answered."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.dispatch.test_follows import rule
from tests.people.test_roster import shift
from tests.town import Person, Town
from wangge.kernel import clock
from wangge.kernel.db import Tx
from wangge.reactions import REGISTERED

TUESDAY = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
DESK = "desk-379901001"
Opening = Callable[..., AbstractContextManager[Tx]]
assert REGISTERED


@pytest.fixture(autouse=True)
def _tuesday(open_tx: Opening) -> None:
    with open_tx() as tx:
        clock.set_to(tx, TUESDAY, frozen=True)


def hours(from_now: float, to: float) -> dict[str, str]:
    return {
        "begins": (TUESDAY + timedelta(hours=from_now)).isoformat(),
        "ends": (TUESDAY + timedelta(hours=to)).isoformat(),
    }


def written(town: Town, username: str, first: float, last: float) -> str:
    answer = shift(town, town.person("dutyleader"), username, **hours(first, last))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def asked(person: Person, kind: str, **body: Any) -> Any:
    return person.post(f"/roster/{kind}", {"id": str(uuid4()), **body})


def on_duty(town: Town, at: float) -> list[tuple[str, str | None]]:
    moment = (TUESDAY + timedelta(hours=at)).isoformat()
    answer = town.person("acceptor").get("/roster/at", unit=town.unit(DESK), at=moment)
    assert answer.status_code == 200, answer.text
    items = answer.json()["items"]
    return [(i["account"]["name"], i["instead_of"]) for i in items if i["duty"] == "on_duty"]


def test_a_swap_is_agreed_confirmed_and_answered_for_any_moment(
    town: Town, open_tx: Opening
) -> None:
    """Seen red: with ``s.account_id`` in place of who stands, 郑洁 was said to be on duty."""
    mine, his = written(town, "acceptor", 24, 36), written(town, "dispatcher", 48, 60)
    acceptor, dispatcher = town.person("acceptor"), town.person("dispatcher")
    leader = town.person("dutyleader")

    assert (
        asked(dispatcher, "swaps", shift_id=mine, other_id=his).json()["code"] == "not_your_shift"
    )
    change = asked(acceptor, "swaps", shift_id=mine, other_id=his, words="家里有事")
    assert change.status_code == 201, change.text
    path = f"/roster/changes/{change.json()['id']}"
    early = leader.post(f"{path}/decision", {"agree": True})
    assert (early.status_code, early.json()["code"]) == (409, "change_over")
    for name in ("acceptor", "lihong", "liulin"):
        said = town.person(name).post(f"{path}/answer", {"agree": True})
        assert said.json()["code"] == "not_asked_of_you", name
    (seen,) = dispatcher.get("/roster/mine").json()["changes"]
    assert (seen["may_answer"], seen["may_decide"], seen["from_name"]) == (True, False, "郑洁")
    assert leader.get("/roster/mine").json()["changes"] == []
    assert dispatcher.post(f"{path}/answer", {"agree": True}).status_code == 200
    assert on_duty(town, 25) == [("郑洁", None)]
    assert [c["may_decide"] for c in leader.get("/roster/mine").json()["changes"]] == [True]
    assert town.person("liulin").get("/roster/mine").json()["changes"] == []
    for name in ("acceptor", "dispatcher", "lihong", "liulin"):
        said = town.person(name).post(f"{path}/decision", {"agree": True})
        assert said.json()["code"] in ("not_allowed", "own_request"), name

    assert leader.post(f"{path}/decision", {"agree": True}).status_code == 200

    assert on_duty(town, 25) == [("冯涛", "郑洁")]
    assert on_duty(town, 49) == [("郑洁", "冯涛")]
    served = dispatcher.get("/roster/mine").json()["shifts"]
    assert [one["instead_of"] for one in served] == ["郑洁"]
    codes = {n["code"] for n in acceptor.get("/notices").json()["items"]}
    assert {"shift_agreed", "shift_confirmed"} <= codes
    assert "shift_to_confirm" in {n["code"] for n in leader.get("/notices").json()["items"]}
    week = acceptor.get("/roster", unit=town.unit(DESK)).json()
    stands = {item["account"]["name"]: item["stands"] for item in week["items"]}
    assert [one["account"]["name"] for one in stands["郑洁"]] == ["冯涛"]
    with open_tx() as tx:
        clock.advance(tx, timedelta(hours=25))
    now = acceptor.get("/roster", unit=town.unit(DESK)).json()["now"]
    assert [(t["account"]["name"], t["instead_of"]) for t in now] == [("冯涛", "郑洁")]


def test_where_the_city_wants_it_agreement_is_enough(town: Town) -> None:
    rule(town, "switches", swaps_confirmed=False)
    mine, his = written(town, "acceptor", 24, 36), written(town, "dispatcher", 48, 60)
    change = asked(town.person("acceptor"), "swaps", shift_id=mine, other_id=his).json()["id"]

    town.person("dispatcher").post(f"/roster/changes/{change}/answer", {"agree": True})

    assert on_duty(town, 25) == [("冯涛", "郑洁")]


def test_a_stand_in_for_a_part_and_one_appointed_by_the_leader(town: Town) -> None:
    whole = written(town, "acceptor", -2, 6)
    acceptor, leader = town.person("acceptor"), town.person("dutyleader")
    part = {"shift_id": whole, "to": town.account("dispatcher"), **hours(2, 4)}
    change = asked(acceptor, "stand-ins", **part).json()["id"]
    agreed = town.person("dispatcher").post(f"/roster/changes/{change}/answer", {"agree": True})
    assert agreed.status_code == 200
    assert leader.post(f"/roster/changes/{change}/decision", {"agree": True}).status_code == 200
    assert [on_duty(town, at) for at in (1.9, 2, 3.9, 4)] == [
        [("郑洁", None)], [("冯涛", "郑洁")], [("冯涛", "郑洁")], [("郑洁", None)],
    ]  # fmt: skip

    rest = {"shift_id": whole, "to": town.account("lihong"), **hours(4, 6)}
    assert asked(town.person("liulin"), "stand-ins", **rest).json()["code"] == "not_your_shift"
    assert asked(leader, "stand-ins", **rest, words="突然生病").status_code == 201
    assert on_duty(town, 5) == [("李红", "郑洁")]
    foreign = {"shift_id": whole, "to": town.account("liulin"), **hours(0, 1)}
    assert asked(acceptor, "stand-ins", **foreign).json()["code"] == "not_of_this_unit"
    outside = {"shift_id": whole, "to": town.account("lihong"), **hours(5, 9)}
    assert asked(acceptor, "stand-ins", **outside).json()["code"] == "outside_shift"


def test_refused_and_withdrawn_changes_leave_the_roster_as_it_was(town: Town) -> None:
    mine, his = written(town, "acceptor", 24, 36), written(town, "dispatcher", 48, 60)
    acceptor, dispatcher = town.person("acceptor"), town.person("dispatcher")
    first = asked(acceptor, "swaps", shift_id=mine, other_id=his).json()["id"]
    no = dispatcher.post(f"/roster/changes/{first}/answer", {"agree": False, "why": "有安排"})
    assert no.status_code == 200
    second = asked(acceptor, "swaps", shift_id=mine, other_id=his).json()["id"]
    assert (
        dispatcher.post(f"/roster/changes/{second}/withdraw").json()["code"] == "not_asked_by_you"
    )
    assert acceptor.post(f"/roster/changes/{second}/withdraw").status_code == 200
    late = dispatcher.post(f"/roster/changes/{second}/answer", {"agree": True})
    assert late.json()["code"] == "change_over"

    assert on_duty(town, 25) == [("郑洁", None)]
    started = written(town, "acceptor", -2, 6)
    begun = asked(acceptor, "swaps", shift_id=started, other_id=his)
    assert begun.json()["code"] == "shift_begun"


def test_nobody_comes_to_have_the_same_duty_twice(town: Town) -> None:
    mine, his = written(town, "acceptor", 24, 36), written(town, "dispatcher", 48, 60)
    written(town, "dispatcher", 30, 34)
    change = asked(town.person("acceptor"), "swaps", shift_id=mine, other_id=his).json()["id"]
    town.person("dispatcher").post(f"/roster/changes/{change}/answer", {"agree": True})

    said = town.person("dutyleader").post(f"/roster/changes/{change}/decision", {"agree": True})

    assert (said.status_code, said.json()["code"]) == (409, "shift_overlaps")


def test_the_week_says_what_the_calendar_says_and_what_is_missing(town: Town) -> None:
    written(town, "acceptor", -2, 6)
    week = town.person("acceptor").get("/roster", unit=town.unit(DESK)).json()["calendar"]
    assert [day["works"] for day in week] == [True] * 5 + [False] * 2
    assert (week[1]["missing"], week[2]["missing"]) == ([], ["on_duty"])
    assert week[5]["missing"] == ["on_duty", "leader"]
    holiday = town.person("acceptor").get("/roster", unit=town.unit(DESK), day="2026-10-01")
    (first,) = [day for day in holiday.json()["calendar"] if day["day"] == "2026-10-01"]
    assert (first["works"], "国庆" in first["name"]["zh"]) == (False, True)


def test_a_shift_that_was_served_stays_on_record(town: Town, open_tx: Opening) -> None:
    running = written(town, "acceptor", -2, 6)
    leader = town.person("dutyleader")

    assert leader.delete(f"/roster/{running}").status_code == 200

    assert on_duty(town, -1) == [("郑洁", None)]
    assert on_duty(town, 1) == [("陈刚", None)]
    assert leader.delete(f"/roster/{running}").json()["code"] == "shift_over"


def test_whoever_asks_is_shown_with_whom(town: Town) -> None:
    """Only one's own shift; shifts of others of the same duty to come, and who serves there.

    Seen red: without the check of one's own, anybody read who could stand in for another.
    """
    mine, his = written(town, "acceptor", 24, 36), written(town, "dispatcher", 48, 60)
    written(town, "dutyleader", -2, 20)
    acceptor = town.person("acceptor")

    found = acceptor.get(f"/roster/mine/{mine}/partners")
    assert found.status_code == 200, found.text
    assert [(one["id"], one["name"]) for one in found.json()["shifts"]] == [(his, "冯涛")]
    names = {one["name"] for one in found.json()["people"]}
    assert {"冯涛", "陈刚", "李红"} <= names
    assert not names & {"郑洁", "柳青", "许工"}
    for one in found.json()["people"]:
        asked_of = asked(acceptor, "stand-ins", shift_id=mine, to=one["id"])
        assert asked_of.status_code == 201, (one["name"], asked_of.text)
        acceptor.post(f"/roster/changes/{asked_of.json()['id']}/withdraw", {})
    assert acceptor.get(f"/roster/mine/{his}/partners").status_code == 404
