"""Lights, changed rules and hours of one's own, as those see them who work by them."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.cases.test_loop import taken
from tests.dispatch.test_follows import noticed, report, rule
from tests.dispatch.test_late import sweep
from tests.town import Town
from wangge.kernel import clock
from wangge.kernel.db import Tx

Opening = Callable[..., AbstractContextManager[Tx]]
Work = Callable[[], None]
CITY = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def at(open_tx: Opening) -> Callable[[str], None]:
    """Set the city's clock: a day of November 2026 and an hour."""

    def setting(text: str) -> None:
        with open_tx() as tx:
            moment = datetime.fromisoformat(f"2026-11-{text}").replace(tzinfo=CITY)
            clock.set_to(tx, moment, frozen=True)

    return setting


def local(iso: str) -> str:
    return f"{datetime.fromisoformat(iso).astimezone(CITY):%d %H:%M}"


def limits(town: Town, *, move: bool = False, **stages: str) -> dict[str, Any]:
    """Change the city's limits by the door; returns what it said it would move, before it did."""
    admin = town.person("sysadmin")
    now = admin.get("/rules/types").json()
    body = {**now["body"], "limits": {**now["body"]["limits"], **stages}}
    effect: dict[str, Any] = admin.post("/rules/types/effect", {"body": body}).json()
    wanted = {"body": body, "version": now["version"], "note": "试", "move_open": move}
    assert admin.put("/rules/types", wanted).status_code == 200
    return effect


# --- lights -----------------------------------------------------------------------------------
def test_a_yellow_light_is_told_once_and_found_in_the_list(
    town: Town, client: Any, open_tx: Opening, work: Work, at: Callable[[str], None]
) -> None:
    """Three quarters of four working hours, over the lunch break."""
    limits(town, accept="4WH")
    at("18 09:00")
    case, acceptor = report(client), town.person("acceptor")
    assert local(acceptor.get(f"/cases/{case}").json()["due_at"]) == "18 14:30"

    at("18 11:59")
    sweep(open_tx, "yellow")
    assert acceptor.get(f"/cases/{case}").json()["light"] == "green"
    assert "case_warning" not in noticed(acceptor)
    assert acceptor.get("/cases", light="yellow").json()["items"] == []

    at("18 12:00")
    sweep(open_tx, "yellow")
    sweep(open_tx, "yellow")
    work()

    assert acceptor.get(f"/cases/{case}").json()["light"] == "yellow"
    assert noticed(acceptor).count("case_warning") == 1
    for light, found in (("yellow", [case]), ("green", []), ("red", [])):
        listed = acceptor.get("/cases", light=light).json()["items"]
        assert [card["id"] for card in listed] == found
    queued = acceptor.get("/cases", queue="to_accept", light="yellow").json()["items"]
    assert [card["id"] for card in queued] == [case]

    at("18 14:31")
    sweep(open_tx, "overdue")
    assert [c["id"] for c in acceptor.get("/cases", light="red").json()["items"]] == [case]
    assert noticed(acceptor).count("case_warning") == 1


def test_each_stage_has_a_yellow_light_of_its_own_and_late_is_not_told_as_nearly(
    town: Town, client: Any, open_tx: Opening, work: Work, at: Callable[[str], None]
) -> None:
    limits(town, accept="4WH", dispatch="2WH")
    at("18 09:00")
    case, acceptor, dispatcher = report(client), town.person("acceptor"), town.person("dispatcher")
    at("18 12:00")
    sweep(open_tx, "yellow")
    taken(acceptor, case, "accept", type="waterlogging")
    assert acceptor.get(f"/cases/{case}").json()["light"] == "green"

    at("18 17:00")
    sweep(open_tx, "yellow")
    sweep(open_tx, "overdue")
    work()

    assert noticed(dispatcher).count("case_warning") == 1  # of the first stage, none of the second
    assert noticed(dispatcher).count("case_overdue") == 1


def test_the_share_is_the_citys_setting_and_running_lights_follow_it(
    town: Town, client: Any, work: Work, at: Callable[[str], None]
) -> None:
    limits(town, accept="2WH")
    at("18 09:00")
    case, acceptor = report(client), town.person("acceptor")
    told = acceptor.get(f"/cases/{case}/deadline").json()
    assert local(told["yellow_at"]) == "18 10:30"

    rule(town, "switches", yellow_percent=50)
    work()

    told = acceptor.get(f"/cases/{case}/deadline").json()
    assert (local(told["yellow_at"]), local(told["due_at"])) == ("18 10:00", "18 11:00")
    assert len(acceptor.get(f"/cases/{case}").json()["steps"]) == 1  # a light is no date


# --- changed rules ------------------------------------------------------------------------------
def test_changed_limits_show_what_they_would_move_and_move_nothing_unless_told_to(
    town: Town, client: Any, work: Work, at: Callable[[str], None]
) -> None:
    limits(town, accept="4WH")
    at("18 09:00")
    case, acceptor = report(client), town.person("acceptor")

    effect = limits(town, accept="1WH")
    work()

    assert (effect["open"], effect["moved"], effect["earlier"], effect["later"]) == (1, 1, 1, 0)
    row = effect["rows"][0]
    assert (row["id"], row["stage"]) == (case, "accept")
    assert (row["limit_before"], row["limit_after"]) == ("4WH", "1WH")
    assert (local(row["before"]), local(row["after"])) == ("18 14:30", "18 10:00")
    assert "text" not in row  # an administrator of rules reads no case
    taken(acceptor, case, "remark", note="仍按原时限")
    kept = acceptor.get(f"/cases/{case}").json()
    assert (local(kept["due_at"]), kept["due_limit"]) == ("18 14:30", "4WH")
    # What begins from now on has the new limit.
    assert local(acceptor.get(f"/cases/{report(client)}").json()["due_at"]) == "18 10:00"


def test_confirmed_the_clocks_follow_and_each_history_says_why(
    town: Town, client: Any, work: Work, at: Callable[[str], None]
) -> None:
    limits(town, accept="1WH")
    at("18 09:00")
    case, acceptor = report(client), town.person("acceptor")

    effect = limits(town, accept="6WH", move=True)
    assert local(acceptor.get(f"/cases/{case}").json()["due_at"]) == "18 10:00"
    work()

    moved = acceptor.get(f"/cases/{case}").json()
    assert effect["later"] == 1
    assert (local(moved["due_at"]), moved["due_limit"]) == ("18 16:30", "6WH")
    assert moved["due_at"] == effect["rows"][0]["after"]
    last = moved["steps"][-1]
    assert (last["action"], last["actor"]["kind"]) == ("reckon", "system")
    assert last["data"]["rule"] == "rules_types"
    assert last["note"] == (
        "事项类型第2版生效，本环节时限由2026年11月18日10:00改为2026年11月18日16:30。"
    )
    work()
    assert len(acceptor.get(f"/cases/{case}").json()["steps"]) == 2


def test_a_red_light_goes_out_when_the_new_time_is_not_over(
    town: Town, client: Any, open_tx: Opening, work: Work, at: Callable[[str], None]
) -> None:
    limits(town, accept="1WH")
    at("18 09:00")
    case, acceptor = report(client), town.person("acceptor")
    at("18 11:00")
    sweep(open_tx, "overdue")
    assert acceptor.get(f"/cases/{case}").json()["overdue"]

    limits(town, accept="6WH", move=True)
    work()

    seen = acceptor.get(f"/cases/{case}").json()
    assert (seen["overdue"], seen["light"]) == (False, "green")


def test_only_who_may_change_rules_is_shown_what_they_move(town: Town) -> None:
    asked = town.person("acceptor").post("/rules/types/effect", {"body": {}})

    assert (asked.status_code, asked.json()["code"]) == (403, "not_allowed")


def test_a_wrong_document_is_refused_before_anything_is_reckoned(town: Town) -> None:
    admin = town.person("sysadmin")
    body = admin.get("/rules/calendar").json()["body"]

    asked = admin.post("/rules/calendar/effect", {"body": {**body, "weekend": [8]}})

    assert (asked.status_code, asked.json()["code"]) == (422, "rules_invalid")


# --- hours of one's own -------------------------------------------------------------------------
WATER = {"zh": "供水公司", "en": "Waterworks", "weekend": [], "public_holidays": False,
         "spans": [{"first": "06:00", "last": "22:00"}]}  # fmt: skip


def test_a_unit_works_by_its_own_calendar_and_the_explanation_says_whose(
    town: Town, client: Any, at: Callable[[str], None]
) -> None:
    """A Friday evening: the desk's stages rest until Monday, the waterworks' do not."""
    limits(town, dispatch="2WH", acknowledge="2WH", handle="4WH")
    rule(town, "switches", auto_dispatch=False)
    rule(town, "calendar", own={"water-379901": WATER})
    at("20 20:30")
    case, acceptor = report(client, text="路灯不亮"), town.person("acceptor")
    taken(acceptor, case, "accept", type="exposed_rubbish")
    assert local(acceptor.get(f"/cases/{case}").json()["due_at"]) == "23 10:30"
    assert acceptor.get(f"/cases/{case}/deadline").json()["calendar"] is None

    taken(town.person("dispatcher"), case, "dispatch", unit_id=town.unit("water-379901"))

    told = town.person("water").get(f"/cases/{case}/deadline").json()
    assert local(told["due_at"]) == "21 06:30"
    assert told["calendar"] == {"zh": "供水公司", "en": "Waterworks"}
    assert told["lines"][1]["zh"] == "按供水公司的工作日历计算"
    assert [piece["zh"] for piece in told["clock"]] == ["", "下班时间", ""]
    taken(town.person("water"), case, "acknowledge")
    assert local(acceptor.get(f"/cases/{case}").json()["due_at"]) == "21 08:30"


def test_a_unit_below_keeps_the_hours_of_the_one_above_it(
    town: Town, client: Any, open_tx: Opening, at: Callable[[str], None]
) -> None:
    limits(town, dispatch="2WH", acknowledge="2WH")
    rule(town, "switches", auto_dispatch=False)
    rule(town, "calendar", own={"urban-379901": WATER})
    at("20 20:30")
    case = report(client, text="路灯不亮")
    taken(town.person("acceptor"), case, "accept", type="exposed_rubbish")
    with open_tx() as tx:
        tx.run(
            "update organisations set parent_id = %s where code = 'urban-379901001'",
            [town.unit("urban-379901")],
        )

    sent = taken(
        town.person("dispatcher"), case, "dispatch", unit_id=town.unit("urban-379901001")
    ).json()

    assert local(sent["due_at"]) == "21 06:30"


def test_what_a_new_calendar_moves_is_shown_too(
    town: Town, client: Any, work: Work, at: Callable[[str], None]
) -> None:
    """A day off announced for everybody: what was due on it is due on the next day."""
    limits(town, accept="1WD")
    at("18 09:00")
    case, acceptor, admin = report(client), town.person("acceptor"), town.person("sysadmin")
    body = admin.get("/rules/calendar").json()["body"]
    off = {"zh": "暴雪停工", "en": "Blizzard", "first": "2026-11-19", "last": "2026-11-19"}
    body["years"]["2026"]["holidays"].append(off)

    effect = admin.post("/rules/calendar/effect", {"body": body}).json()
    said = {"body": body, "version": 0, "note": "暴雪", "move_open": True}
    assert admin.put("/rules/calendar", said).status_code == 200
    work()

    assert (effect["moved"], effect["on_trial"]) == (1, 0)
    assert local(effect["rows"][0]["after"]) == "20 17:30"
    seen = acceptor.get(f"/cases/{case}").json()
    assert local(seen["due_at"]) == "20 17:30"
    assert seen["steps"][-1]["data"]["rule"] == "rules_calendar"


def test_the_sweep_wakes_nobody_twice_for_many(
    town: Town, client: Any, open_tx: Opening, at: Callable[[str], None]
) -> None:
    limits(town, accept="2WH")
    at("18 09:00")
    for _ in range(3):
        report(client)
    at("18 10:40")
    sweep(open_tx, "yellow", after=timedelta(minutes=1))
    sweep(open_tx, "yellow")

    with open_tx() as tx:
        row = tx.one("select count(*) as n, count(distinct (account_id, case_id)) as once"
                     " from notices where code = 'case_warning'")  # fmt: skip
    assert row
    assert row["n"] == row["once"] > 0
