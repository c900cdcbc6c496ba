"""重复发生: what was closed and comes again within the published days, seen, linked and counted."""

from typing import Any

from tests.cases.test_answers import Day, Opening, brought, closed, day
from tests.cases.test_loop import taken
from tests.cases.test_requests import read
from tests.dispatch.test_follows import rule
from tests.town import Person, Town

__all__ = ["day"]
OTHER = {"name": "李四", "phone": "13900002222", "mode": "open"}


def registered(town: Town, case: str, type_: str = "waterlogging") -> dict[str, Any]:
    """Taken on by the desk that has it, with a type."""
    after: dict[str, Any] = taken(town.person("acceptor"), case, "accept", type=type_).json()
    assert after["state"] in ("registered", "dispatched"), after
    return after


def related(person: Person, case: str) -> dict[str, Any]:
    found: dict[str, Any] = person.get(f"/cases/{case}/related").json()
    return found


def elsewhere(**more: Any) -> dict[str, Any]:
    """In another community, by the same asker unless another is said."""
    return {"lon": 118.21, "lat": 37.31, "place_words": "河安社区门前", **more}


def test_what_comes_again_is_known_as_that_linked_and_counted(
    town: Town, client: Any, day: Day, open_tx: Opening
) -> None:
    """By place and type whoever tells it, by the asker wherever it is; after N days it is new.

    Seen red: with any type counted the bad lamp came again after the flooded road; with the days
    of the search for doubles in place of the city's own the sixth matter was linked too.
    """
    acceptor, leader = town.person("acceptor"), town.person("cityleader")
    first = brought(town, client)["id"]
    closed(town, first)
    day.passes(days=3)

    again = brought(town, client, asker=OTHER, text="路面积水很深，车过不去")["id"]
    [seen] = [one for one in acceptor.get(f"/cases/{again}/doubles").json() if one["recurs"]]
    assert seen["id"] == first
    assert seen["reason"]["zh"].startswith("10 米内 · 3 天前办结")
    body = {"text": "车库又积水了", "type": "waterlogging", "lon": 118.10, "lat": 37.30}
    told_now = acceptor.post("/doubles", body).json()
    assert [one["id"] for one in told_now if one["recurs"]] == [first]
    after = registered(town, again)
    assert after["recurs"] is True
    [line] = [step for step in after["steps"] if step["action"] == "register"]
    assert line["data"]["recurs_of"]["number"] == read(acceptor, first)["number"]
    assert line["note"].startswith("重复发生：同一地点同类事项")
    assert related(acceptor, again)["earlier"]["id"] == first
    assert related(acceptor, again)["earlier_why"] == "place"
    assert [one["id"] for one in related(acceptor, first)["again"]] == [again]

    lamp = brought(town, client, asker=OTHER, text="路灯不亮")["id"]
    assert registered(town, lamp, "street_lamp")["recurs"] is False
    same_asker = brought(town, client, **elsewhere())["id"]
    assert registered(town, same_asker)["recurs"] is True
    assert related(acceptor, same_asker)["earlier_why"] == "asker"
    stranger = brought(town, client, **elsewhere(asker=OTHER | {"phone": "13900003333"}))["id"]
    assert registered(town, stranger)["recurs"] is False

    rule(town, "switches", recurrence_days=2)
    late = brought(town, client, asker=OTHER | {"phone": "13900004444"})["id"]
    assert registered(town, late)["recurs"] is False

    day.passes(minutes=5)
    page = leader.get("/indicators/figures").json()
    [rate] = [one for one in page["figures"] if one["code"] == "recurrence_rate"]
    assert (rate["numerator"], rate["denominator"]) == (2, 6)
    assert page["recurrence_days"] == 2
    rows = leader.get("/cases", figure="recurrence_rate:numerator", within=page["within"]).json()
    assert {row["id"] for row in rows["items"]} == {again, same_asker}
    assert all(row["recurs"] for row in rows["items"])
