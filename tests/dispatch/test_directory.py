"""Finer rows of the directory: desk, hours, season, load, levels, grid first; duty lists."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from tests.cases.test_loop import taken, told
from tests.dispatch.test_follows import report, route, rule
from tests.town import Person, Town
from wangge.dispatch.directory import Directory, directory
from wangge.dispatch.routing import Matter, choose
from wangge.kernel.db import Tx
from wangge.kernel.ids import new_id
from wangge.tenant.rules import Rules, bundle

EAST = "3799010010010001"
WORKDAY = datetime(2026, 5, 12, 2, 0, tzinfo=UTC)  # 10:00 on a Tuesday
NIGHT = datetime(2026, 5, 12, 15, 30, tzinfo=UTC)  # 23:30
SUMMER_MONTHS = {"first": "06-01", "last": "09-30"}
SUMMER = datetime(2026, 7, 14, 2, 0, tzinfo=UTC)


@pytest.fixture
def places(tx: Tx) -> Directory:
    return directory(tx)


def rules_of(*routes: dict[str, Any], **duties: Any) -> Rules:
    return bundle({"routes": {"routes": list(routes)}, **duties}, {"routes": 7})


def asked(
    places: Directory, known: Rules, *, at: datetime = WORKDAY, desk: str = "desk-379901001",
    type_: str = "noise", loads: Any = None,
) -> Any:  # fmt: skip
    matter = Matter(places.atlas.codes[EAST], type_, places.units[desk].id, at)
    return choose(known, places, matter, *([loads] if loads else []))


def names(places: Directory, known: Rules, **more: Any) -> str | None:
    found = asked(places, known, **more)
    return found.unit.code if found else None


def test_narrower_rows_win_and_say_why(places: Directory) -> None:
    """By organisation, time of day and season."""
    known = rules_of(
        route("noise", "*", "urban-379901"),
        route("noise", "*", "urban-379901001", hours="off"),
        route(
            "noise", "*", "water-379901", hours="off", season={"first": "06-01", "last": "09-30"}
        ),
        route("street_lamp", "*", "urban-379901", hours="22:00-06:00"),
        route("street_lamp", "*", "water-379901", desk="desk-379901"),
    )

    assert names(places, known) == "urban-379901"
    assert names(places, known, at=NIGHT) == "urban-379901001"
    assert names(places, known, at=SUMMER.replace(hour=15)) == "water-379901"
    assert names(places, known, at=NIGHT, type_="street_lamp") == "urban-379901"
    assert names(places, known, type_="street_lamp") is None
    assert names(places, known, type_="street_lamp", desk="desk-379901") == "water-379901"
    said = asked(places, known, at=NIGHT).reason(known)
    assert "非工作时间收到的" in said["zh"]
    assert "outside working hours" in said["en"]
    assert said["version"] == 7


def test_a_desk_stands_for_those_below_it(places: Directory) -> None:
    known = rules_of(route("*", "*", "water-379901", desk="desk-3799"))
    below = places.units["desk-379901001"]._replace(parent_id=places.units["desk-3799"].id)
    under = Directory(places.atlas, {**places.units, below.code: below}, places.at)

    assert names(places, known) is None
    assert names(under, known) == "water-379901"


def test_the_load_is_shared_by_what_is_open(places: Directory) -> None:
    known = rules_of(route("*", "*", "urban-379901", share=["water-379901"]))
    busy = {places.units["urban-379901"].id: 5, places.units["water-379901"].id: 3}

    chosen = asked(places, known, loads=lambda _: busy)

    assert chosen.unit.code == "water-379901"
    assert "安东区城市管理局5件、安东区供水公司3件" in chosen.reason(known)["zh"]
    assert names(places, known) == "urban-379901"  # all alike: as written


def test_levels_are_relative_to_the_desk_in_charge(places: Directory) -> None:
    known = rules_of(route("noise", "*", "@up"), route("street_lamp", "*", "@down"))

    assert names(places, known) == "desk-379901"
    assert names(places, known, desk="desk-379901") == "desk-3799"
    assert names(places, known, desk="desk-3799") is None
    assert names(places, known, type_="street_lamp") == "desk-379901001001"
    assert "上一级" in asked(places, known).reason(known)["zh"]


LIST = {"zh": "社区清单", "en": "list", "types": ["neighbour_dispute"]}


def test_what_is_not_on_the_duty_list_is_passed_over(places: Directory) -> None:
    known = rules_of(
        route("*", EAST, "desk-379901001001"),
        route("*", "*", "urban-379901"),
        duties={"enforced": True, "lists": [LIST]},
    )

    assert names(places, known, type_="neighbour_dispute") == "desk-379901001001"
    passed = asked(places, known)
    assert passed.unit.code == "urban-379901"
    assert "东方社区工作站不在准入清单，已跳过" in passed.reason(known)["zh"]


def handed_down(town: Town, case: str) -> Any:
    return taken(town.person("acceptor"), case, "assign_down", note="请牵头")


def test_a_community_is_not_made_to_lead_what_is_not_its_duty(town: Town, client: Any) -> None:
    """A community may settle what its list names, by type or by class, and nothing else."""
    rule(town, "switches", auto_dispatch=False, auto_register=False)
    rule(town, "duties", enforced=True, lists=[LIST])
    lamp = report(client, text="路灯不亮")
    taken(town.person("acceptor"), lamp, "accept", type="street_lamp")
    quarrel = report(client, text="邻居吵架")
    taken(town.person("acceptor"), quarrel, "accept", type="neighbour_dispute")

    refused = handed_down(town, lamp)

    assert (refused.status_code, refused.json()["code"]) == (409, "not_on_duty_list")
    assert "准入清单" in refused.json()["message"]["zh"]
    assert "duty list" in refused.json()["message"]["en"]
    assert handed_down(town, quarrel).status_code == 200
    rule(town, "duties", enforced=True, lists=[LIST, {**LIST, "area": "379901001001",
                                                      "types": ["public_facility"]}])  # fmt: skip
    assert handed_down(town, lamp).status_code == 200  # its class is on the list of this community


@pytest.fixture
def market(town: Town) -> dict[str, Any]:
    """Words about what lies in the dedicated grid that has a professional of its own."""
    rule(town, "routes", routes=[route("food_safety", "*", "urban-379901", grid_first=True)])
    return {"lon": 118.30, "lat": 37.10, "type": "food_safety", "channel": "worker"}


def entered(town: Town, market: dict[str, Any]) -> str:
    body = told(text="熟食摊没有防尘罩", **{**market, "channel": "hotline"})
    answer = town.person("acceptor").post("/cases", body)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["id"])


@pytest.mark.mission("DA-06")
def test_the_grids_own_professional_settles_it_in_the_grid(
    town: Town, market: dict[str, Any]
) -> None:
    """格内先办: told to the desk, it is on the professional's list and never leaves the grid.

    DA-06: "event type handled by in-grid professional without leaving the grid". What of the same
    type lies in a grid without a professional goes its usual way.

    Seen red: with ``in_grid.send`` not called the case stood at `reported` before the desk.
    """
    case = entered(town, market)
    sunlei = town.person("sunlei")
    here = sunlei.get(f"/cases/{case}").json()
    assert here["state"] == "verifying"
    sent = here["steps"][-1]
    assert (sent["actor"]["kind"], sent["data"]["rule"]) == ("system", "grid_first")
    assert "格内专业网格员先办" in sent["data"]["route"]["zh"]

    done = taken(sunlei, case, "self_handle", note="已当场加盖防尘罩", answer="已整改")

    assert done.status_code == 200, done.text
    steps = done.json()["steps"]
    assert done.json()["path"] == "short"
    assert done.json()["unit"] is None  # no unit outside the grid ever had it
    assert [step["action"] for step in steps][:3] == ["report", "send_verify", "self_handle"]
    assert not [step for step in steps if step["action"] in ("register", "dispatch")]
    beside = entered(town, {**market, "lat": 37.30})
    assert town.person("acceptor").get(f"/cases/{beside}").json()["state"] == "reported"


def named(desk: Person, case: str, kind: str) -> Any:
    """The desk says what it is, in place of accepting it."""
    body = {"id": str(new_id()), "type": kind, "note": "电话问过"}
    body["version"] = desk.get(f"/cases/{case}").json()["version"]
    return desk.patch(f"/cases/{case}", body)


def test_what_nobody_named_goes_to_the_professional_by_its_words(
    town: Town, market: dict[str, Any], client: Any
) -> None:
    """A resident names no type. Clear words are enough for a look; who looked names it.

    What points nowhere waits for the desk, and goes to the grid as soon as the desk names it.

    Seen red: with ``c.type is not null`` it stood before the desk; without the handler of
    corrections what the desk had named went to no professional.
    """
    place = {"lon": market["lon"], "lat": market["lat"]}
    desk, sunlei = town.person("acceptor"), town.person("sunlei")
    case = report(client, text="饭店后厨卖过期食品，吃了拉肚子", **place)
    here = sunlei.get(f"/cases/{case}").json()
    assert (here["state"], here["type"]) == ("verifying", None)
    sent = here["steps"][-1]
    assert (sent["data"]["rule"], sent["data"]["guessed"]) == ("grid_first", "food_safety")
    assert "描述像“食品安全”" in sent["note"]
    filled = {"note": "已下架封存", "answer": "已下架封存", "type": "food_safety"}
    done = taken(sunlei, case, "self_handle", **filled).json()
    assert (done["path"], done["type"], done["unit"]) == ("short", "food_safety", None)

    vague = report(client, text="这里有点事，请来看看", **place)
    shown = desk.get(f"/cases/{vague}").json()
    assert (shown["state"], shown["type"]) == ("reported", None)
    assert named(desk, vague, "food_safety").status_code == 200
    assert desk.get(f"/cases/{vague}").json()["state"] == "verifying"
    back = taken(sunlei, vague, "verify", note="看过，要请食药所来").json()
    assert back["state"] == "reported"
    moved = {"id": str(new_id()), "version": back["version"], "place_words": "店后门"}
    assert desk.patch(f"/cases/{vague}", moved).status_code == 200
    assert desk.get(f"/cases/{vague}").json()["state"] == "reported"  # it does not go round


def test_without_a_professional_it_takes_the_usual_way(town: Town, market: dict[str, Any]) -> None:
    town.end_posts("sunlei")

    case = entered(town, market)

    assert town.person("acceptor").get(f"/cases/{case}").json()["state"] == "reported"


def test_what_the_field_reports_is_not_sent_back_to_it(town: Town, market: dict[str, Any]) -> None:
    body = told(text="摊位占道", **market)
    answer = town.person("sunlei").post("/cases", body)

    assert answer.status_code == 200, answer.text
    case = answer.json()["id"]
    assert town.person("acceptor").get(f"/cases/{case}").json()["state"] == "reported"


def test_what_is_open_is_counted_only_where_a_load_is_shared(places: Directory) -> None:
    counted: list[Sequence[UUID]] = []

    def count(units: Sequence[UUID]) -> Mapping[UUID, int]:
        counted.append(units)
        return {}

    asked(places, rules_of(route("*", "*", "urban-379901")), loads=count)
    assert counted == []
    shared = route("*", "*", "urban-379901", share=["water-379901"])
    asked(places, rules_of(shared), loads=count)
    assert len(counted) == 1
