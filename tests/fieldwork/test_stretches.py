"""路段: stretches of a planned patrol are ticked as walked; nobody's way is kept."""

from typing import Any

from tests.fieldwork.conftest import Field
from tests.fieldwork.test_plans import planned, ruled, walked
from tests.sync.phones import Phone
from tests.town import Person, Town
from wangge.kernel.ids import new_id

WAY = [{"begins": "文汇路口", "ends": "为民市场"}, {"begins": "为民市场", "ends": "小区北门"},
       {"begins": "小区北门", "ends": "河安桥"}]  # fmt: skip


def standing(person: Person, key: str) -> list[bool]:
    [plan] = [one for one in person.get("/fieldwork/patrol-plans").json() if one["id"] == key]
    return [one["walked"] for one in plan["stretches"]]


def test_units_tick_the_stretches_of_one_plan(town: Town, field: Field) -> None:
    """What one has walked all see, whoever takes part; what is not of the plan is refused.

    The plan keeps that a stretch was walked, neither by whom nor when; the same tick from two
    phones is one. A phone brings its ticks later, once.

    Seen red: with the ticks not kept at the plan, and with any two names taken for a stretch.
    """
    leader, handler, lihong = (town.person(who) for who in ("wuhua", "handler", "lihong"))
    units = [town.unit("urban-379901"), town.unit("property-dongfang")]
    off = {"unit_ids": units, "stretches": WAY}
    body = {"area_id": field.grid, "title": "夜巡", "route": "文汇路一线", **off,
            "begins_at": field.now.isoformat(), "ends_at": "2026-03-03T21:00:00+08:00"}  # fmt: skip
    refused = leader.put(f"/fieldwork/patrol-plans/{new_id()}", body)
    assert refused.json()["code"] == "stretches_off"
    assert not town.person("lihong").get("/tenant").json()["patrol_stretches"]
    ruled(town, stretches=True)
    key = planned(field, leader, **off)
    assert standing(lihong, key) == [False] * 3
    phone = Phone(lihong, town.cell)
    walk = phone.op("patrol.record", str(new_id()), {"plan_id": key, "stretches": WAY[:2]})
    assert phone.states(walk) == ["applied"]
    assert walked(field, handler, plan_id=key, stretches=WAY[1:2]).status_code == 200
    for person in (lihong, handler, leader, town.person("property")):
        assert standing(person, key) == [True, True, False]
    elsewhere = [{"begins": "文汇路口", "ends": "河安桥"}]
    answer = walked(field, handler, plan_id=key, stretches=elsewhere)
    assert answer.json()["code"] == "unknown_stretch"
    whole = leader.get(f"/fieldwork/patrol-plans/{key}").json()
    assert [one["stretches"] for one in whole["records"]] == [
        [{**one, "minutes": None} for one in part] for part in (WAY[:2], WAY[1:2])
    ]


def test_a_city_that_switched_them_off_still_gets_the_patrol(town: Town, field: Field) -> None:
    """Seen red: with the patrol of a phone refused for the ticks that it was asked for before."""
    lihong = town.person("lihong")
    ruled(town, stretches=True)
    key = planned(field, lihong, stretches=WAY)
    phone = Phone(lihong, town.cell)
    payload: dict[str, Any] = {"plan_id": key, "stretches": WAY[:1], "words": "路灯都亮"}
    walk = phone.op("patrol.record", str(new_id()), payload)
    ruled(town, stretches=False)
    assert standing(lihong, key) == []
    assert phone.states(walk) == ["applied stretches_off"]
    assert all(one["again"] for one in phone.push(walk))
    [record] = lihong.get(f"/fieldwork/patrol-plans/{key}").json()["records"]
    assert (record["words"], record["stretches"]) == ("路灯都亮", [])
