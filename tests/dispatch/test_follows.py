"""What follows of a step by itself: the directory's unit, notices, SMS, late and silent cases."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from tests.cases.test_loop import taken, told
from tests.dispatch.conftest import messages
from tests.town import Person, Town
from wangge.kernel.db import Tx
from wangge.notices.local_gateway import StandIn

Opening = Callable[..., AbstractContextManager[Tx]]
Work = Callable[[], None]
PHONE = "13854600001"


def rule(town: Town, name: str, **changes: Any) -> None:
    """Change one document of the city's rules through its door, without a trial of it first."""
    admin = town.person("sysadmin")
    if name in ("routes", "duties"):
        switches = admin.get("/rules/switches").json()
        if switches["body"]["dry_run_first"]:
            rule(town, "switches", dry_run_first=False)
    now = admin.get(f"/rules/{name}").json()
    body = {"body": {**now["body"], **changes}, "version": now["version"], "note": "测试"}
    answer = admin.put(f"/rules/{name}", body)
    assert answer.status_code == 200, answer.text


def route(type_: str, area: str, unit: str, **more: Any) -> dict[str, Any]:
    return {"type": type_, "area": area, "unit": unit, **more}


def report(client: Any, **more: Any) -> str:
    answer = client.post("/api/v1/public/cases", json=told(**more))
    assert answer.status_code == 200, answer.text
    return str(answer.json()["id"])


# --- the directory ------------------------------------------------------------------------------
ROUTES = [
    route("*", "3799", "urban-379901"),
    route("city_appearance", "379901", "urban-379901"),
    route("waterlogging", "379901", "water-379901"),
    route("*", "379901001", "urban-379901001", ground="街道综合执法队统一受理"),
]
GRID_ROUTE = route("*", "3799010010010001", "property-dongfang")


@pytest.mark.parametrize(
    ("routes", "place", "type_", "unit"),
    [
        # The deepest area wins over the most exact type ...
        (ROUTES, (118.10, 37.30), "waterlogging", "安和街道综合执法队"),
        ([*ROUTES, GRID_ROUTE], (118.10, 37.30), "waterlogging", "东方物业"),
        # ... and in the same area the exact type over its class over anything.
        (ROUTES, (118.50, 37.30), "waterlogging", "安东区供水公司"),
        (ROUTES, (118.50, 37.30), "exposed_rubbish", "安东区城市管理局"),
        # A row that is switched off does not count.
        ([{**GRID_ROUTE, "active": False}, ROUTES[2]], (118.10, 37.30), "waterlogging",
         "安东区供水公司"),
    ],
)  # fmt: skip
def test_the_directory_sends_and_says_why(
    town: Town, client: Any, routes: list[Any], place: tuple[float, float], type_: str, unit: str
) -> None:
    rule(town, "routes", routes=routes)
    case = report(client, text="地上有东西", lon=place[0], lat=place[1])
    desk = town.person("acceptor" if place[0] < 118.4 else "liulin")

    done = taken(desk, case, "accept", type=type_).json()

    assert (done["state"], done["unit"]["name"]) == ("dispatched", unit)
    sent = done["steps"][-1]
    assert (sent["action"], sent["actor"]["kind"]) == ("dispatch", "system")
    assert sent["data"]["rule"] == "auto_dispatch"
    assert unit in done["route"]["zh"]
    assert done["route"]["en"]
    assert done["route"]["rule"]["area"] in {row["area"] for row in routes}


def test_without_the_switch_a_person_dispatches(town: Town, client: Any) -> None:
    rule(town, "routes", routes=ROUTES)
    rule(town, "switches", auto_dispatch=False)
    case = report(client)

    assert taken(town.person("acceptor"), case, "accept").json()["state"] == "registered"


def test_where_the_directory_is_silent_a_person_dispatches(town: Town, client: Any) -> None:
    rule(town, "routes", routes=[ROUTES[2]])
    case = report(client)

    done = taken(town.person("acceptor"), case, "accept", type="street_lamp").json()

    assert (done["state"], done["unit"]) == ("registered", None)


@pytest.mark.parametrize("unit", ["@desk", "desk-379901001"])
def test_a_rule_that_names_no_handler_holds_nothing_up(town: Town, client: Any, unit: str) -> None:
    """A desk has nobody who handles: the case waits for a person instead of getting stuck."""
    rule(town, "routes", routes=[route("*", "*", unit)])
    case = report(client)

    done = taken(town.person("acceptor"), case, "accept")

    assert (done.status_code, done.json()["state"]) == (200, "registered")


def test_outside_the_city_nothing_goes_by_itself(town: Town, client: Any) -> None:
    rule(town, "routes", routes=ROUTES)
    case = report(client, lon=100.0, lat=30.0)

    assert taken(town.person("citydesk"), case, "accept").json()["state"] == "registered"


def test_steps_that_run_by_themselves_are_switches(town: Town, client: Any) -> None:
    rule(town, "switches", auto_register=False, auto_check=False, auto_close=False)
    case, leader = report(client), town.person("dutyleader")

    assert taken(leader, case, "accept", type="waterlogging").json()["state"] == "accepted"
    assert taken(leader, case, "register").json()["state"] == "registered"
    taken(leader, case, "dispatch", unit_id=town.unit("water-379901"))
    water = town.person("water")
    taken(water, case, "acknowledge")
    assert taken(water, case, "finish", note="已抽", answer="抽干").json()["state"] == "handled"
    assert taken(leader, case, "send_check").json()["state"] == "checking"
    assert taken(town.person("lihong"), case, "pass_check").json()["state"] == "checked"
    assert taken(leader, case, "close", answer="积水已抽干").json()["state"] == "closed"


# --- who is told --------------------------------------------------------------------------------
def noticed(person: Person) -> list[str]:
    return [one["code"] for one in person.get("/notices").json()["items"]]


def test_whoever_has_the_next_step_has_a_notice(town: Town, client: Any, work: Work) -> None:
    case = report(client)
    work()
    acceptor, handler, lihong = (town.person(name) for name in ("acceptor", "handler", "lihong"))
    assert noticed(acceptor) == ["case_reported"]

    taken(acceptor, case, "accept", type="waterlogging")
    unit = town.unit("urban-379901")
    taken(town.person("dispatcher"), case, "dispatch", unit_id=unit)
    work()
    assert noticed(handler) == noticed(town.person("handler2")) == ["case_dispatched"]
    assert noticed(town.person("water")) == []

    taken(handler, case, "acknowledge")
    taken(handler, case, "finish", note="已抽水", answer="积水已抽干")
    work()
    assert noticed(lihong) == ["case_checking"]
    assert noticed(town.person("wangqiang")) == []


def test_what_lies_in_no_grid_is_the_grid_leaders(town: Town, client: Any, work: Work) -> None:
    case = report(client, lon=None, lat=None, area_code="379901001001")

    taken(town.person("acceptor"), case, "send_verify")
    work()

    assert noticed(town.person("wuhua")) == ["case_verifying"]


def test_the_asker_hears_when_it_is_taken_up_and_when_it_is_done(
    town: Town, client: Any, work: Work, phones: StandIn
) -> None:
    case = report(client)
    taken(town.person("acceptor"), case, "accept", type="waterlogging")
    taken(town.person("dispatcher"), case, "dispatch", unit_id=town.unit("water-379901"))
    work()
    assert [phone for phone, _ in messages(phones)] == [PHONE]

    water = town.person("water")
    taken(water, case, "acknowledge")
    taken(water, case, "finish", note="已抽", answer="积水已全部抽干")
    taken(town.person("lihong"), case, "pass_check")
    work()

    told_ = messages(phones)
    assert [phone for phone, _ in told_] == [PHONE, PHONE]
    assert "积水已全部抽干" in told_[1][1]


def test_no_sms_where_the_city_sends_none(
    town: Town, client: Any, work: Work, phones: StandIn
) -> None:
    rule(town, "switches", sms_to_asker=False)
    taken(town.person("acceptor"), report(client), "accept")
    work()

    assert messages(phones) == []


def test_an_anonymous_asker_leaves_no_number(
    town: Town, client: Any, work: Work, phones: StandIn
) -> None:
    asker = {"name": "王桂英", "phone": PHONE, "mode": "anonymous"}
    case = report(client, asker=asker)
    taken(town.person("acceptor"), case, "accept")
    work()

    assert messages(phones) == []
    plain = town.person("acceptor").get(f"/cases/{case}/asker", reason="核实").json()
    assert (plain["name"], plain["phone"]) == ("", "")


# --- a worker that dies -------------------------------------------------------------------------
JOBS = "select priority, entrypoint, payload, execute_after, 'queued' as status from pgqueuer"
SAID = """
select (select count(*) from notices) as notices, (select count(*) from sms_messages) as messages
"""


def test_a_job_that_runs_again_after_its_commit_says_nothing_twice(
    town: Town, client: Any, open_tx: Opening, work: Work, phones: StandIn
) -> None:
    """Seen red: the asker's SMS and the handler's notice were written twice."""
    case = report(client, text="路灯不亮", asker={"name": "王桂英", "phone": PHONE})
    taken(town.person("acceptor"), case, "accept", type="street_lamp")
    with open_tx() as tx:
        jobs = tx.rows(JOBS)
    work()
    with open_tx() as tx:
        once = tx.one(SAID)
        tx.insert("pgqueuer", jobs)
    work()
    with open_tx() as tx:
        assert tx.one(SAID) == once
    assert once is not None
    assert once["notices"] > 0
    assert len([text for phone, text in messages(phones) if phone == PHONE]) == once["messages"] > 0
