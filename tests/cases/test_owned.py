"""Everything has somebody: who takes a case when its post, its account or its unit is gone."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from tests.cases.test_loop import taken, told
from tests.dispatch.conftest import work
from tests.dispatch.test_follows import noticed
from tests.town import Person, Town
from wangge.cases import owners
from wangge.kernel import queue
from wangge.kernel.db import Cell, Tx, transaction
from wangge.kernel.ids import new_id

__all__ = ["work"]
Opening = Callable[..., AbstractContextManager[Tx]]


def report(client: Any, **more: Any) -> str:
    answer = client.post("/api/v1/public/cases", json=told(**more))
    assert answer.status_code == 200, answer.text
    return str(answer.json()["id"])


def dispatched(town: Town, client: Any, unit: str = "urban-379901") -> str:
    case = report(client)
    taken(town.person("acceptor"), case, "accept", type="waterlogging")
    sent = taken(town.person("dispatcher"), case, "dispatch", unit_id=town.unit(unit))
    assert sent.json()["state"] == "dispatched", sent.text
    return case


def listed(person: Person, code: str) -> list[str]:
    return [card["id"] for card in person.get("/cases", queue=code).json()["items"]]


def end_post(town: Town, username: str) -> Any:
    admin = town.person("sysadmin")
    post = admin.get(f"/people/{town.account(username)}/posts").json()["items"][0]["id"]
    return admin.post(f"/posts/{post}/end", {})


def dissolve(town: Town, code: str) -> Any:
    admin = town.person("sysadmin")
    rows = admin.get("/organisations", closed=True).json()["items"]
    unit = next(row for row in rows if row["code"] == code)
    body = {key: unit[key] for key in ("id", "parent_id", "kind", "code", "name", "short_name")}
    body |= {"area_id": unit["area"]["id"], "phone": unit["phone"], "active": False}
    return admin.put(f"/organisations/{unit['id']}", body)


def test_a_desk_without_a_dispatcher_hands_it_up(town: Town, work: Callable[[], None]) -> None:
    """A community has only an acceptor: what he accepts goes to the township's dispatcher."""
    community = town.person("dongfang")
    body = {**told(lon=None, lat=None), "channel": "phone"}
    made = community.post("/cases", body).json()
    assert made["case"]["desk"]["name"] == "东方社区工作站"

    done = taken(community, made["id"], "accept", type="waterlogging").json()
    work()

    last = done["steps"][-1] if done["steps"][-1]["action"] == "hand_over" else None
    shown = town.person("dispatcher").get(f"/cases/{made['id']}").json()
    last = last or shown["steps"][-1]
    assert (last["action"], last["actor"]["kind"]) == ("hand_over", "system")
    assert last["data"]["rule"] == "nobody_on_post"
    assert "东方社区工作站" in last["note"]
    assert "安和街道网格中心" in last["note"]
    assert shown["desk"]["name"] == "安和街道网格中心"
    assert listed(town.person("dispatcher"), "to_dispatch") == [made["id"]]
    assert "case_hand_over" in noticed(town.person("dispatcher"))


def test_the_last_handler_leaves_and_the_desk_has_it_again(town: Town, client: Any) -> None:
    case = dispatched(town, client)
    assert end_post(town, "handler").status_code == 200
    still = town.person("handler2")
    assert listed(still, "to_acknowledge") == [case]

    assert end_post(town, "handler2").status_code == 200

    assert listed(town.person("dispatcher"), "to_dispatch") == [case]
    back = town.person("dispatcher").get(f"/cases/{case}").json()
    assert (back["state"], back["unit"]) == ("registered", None)
    assert back["steps"][-1]["action"] == "take_back"
    assert "安东区城市管理局" in back["steps"][-1]["note"]
    assert back["due_at"]


def test_a_locked_account_owns_nothing(town: Town, client: Any) -> None:
    case = dispatched(town, client, "water-379901")
    taken(town.person("water"), case, "acknowledge")
    guard = town.person("secadmin")

    answer = guard.post(f"/people/{town.account('water')}/lock", {"locked": True, "reason": "离职"})

    assert answer.status_code == 200, answer.text
    assert listed(town.person("dispatcher"), "to_dispatch") == [case]


@pytest.mark.parametrize("state", ["dispatched", "handling"])
def test_a_dissolved_units_cases_go_back_to_the_desk(town: Town, client: Any, state: str) -> None:
    case = dispatched(town, client)
    if state == "handling":
        taken(town.person("handler"), case, "acknowledge")

    assert dissolve(town, "urban-379901").status_code == 200

    back = town.person("dispatcher").get(f"/cases/{case}").json()
    assert (back["state"], back["steps"][-1]["source"]) == ("registered", state)
    refused = taken(town.person("dispatcher"), case, "dispatch", unit_id=town.unit("urban-379901"))
    assert refused.json()["code"] == "unknown_unit"


def test_a_dissolved_desks_cases_go_to_the_desk_above(town: Town, client: Any) -> None:
    waiting, handed = report(client), dispatched(town, client)

    assert dissolve(town, "desk-379901001").status_code == 200

    city = town.person("cityleader")
    assert listed(city, "to_accept") == [waiting]
    shown = city.get(f"/cases/{handed}").json()
    assert (shown["state"], shown["desk"]["name"]) == ("dispatched", "安城市网格化服务管理中心")
    assert shown["steps"][-1]["data"]["rule"] == "unit_dissolved"
    assert listed(city, "in_hand") == [handed]


def test_the_citys_last_duty_leader_stays_until_there_is_another(town: Town, client: Any) -> None:
    guard, admin = town.person("secadmin"), town.person("sysadmin")
    account = town.account("cityleader")
    locked = guard.post(f"/people/{account}/lock", {"locked": True, "reason": "离职"})
    refusals = [end_post(town, "cityleader"), dissolve(town, "desk-3799"), locked]
    assert [(one.status_code, one.json()["code"]) for one in refusals] == [
        (409, "last_duty_leader")
    ] * 3

    post = {"role": "duty_leader", "unit_id": town.unit("desk-3799")}
    made = admin.post("/people", {"username": "jieti", "name": "接替", "posts": [post]})
    assert made.status_code == 201, made.text
    assert end_post(town, "cityleader").status_code == 200


def test_nothing_is_sent_to_a_unit_without_people(town: Town, client: Any) -> None:
    end_post(town, "water")
    case = report(client)
    taken(town.person("acceptor"), case, "accept", type="waterlogging")

    refused = taken(town.person("dispatcher"), case, "dispatch", unit_id=town.unit("water-379901"))

    assert (refused.status_code, refused.json()["code"]) == (409, "unit_without_people")


def test_a_vacant_grid_is_the_leaders_above(town: Town, client: Any) -> None:
    case = report(client)
    for username in ("lihong", "wuhua"):
        end_post(town, username)

    taken(town.person("acceptor"), case, "send_verify")

    assert listed(town.person("dutyleader"), "to_verify") == [case]


def test_what_the_facts_missed_the_sweep_finds(
    town: Town, client: Any, cell: Cell, open_tx: Opening
) -> None:
    """A post taken away behind the product's back, as by hand in the database."""
    case = dispatched(town, client, "water-379901")
    town.end_posts("water")
    with transaction(cell) as tx:
        assert [str(one) for one in owners.unowned(tx)] == [case]

    queue.SWEEPS["owners"][1](open_tx)

    with transaction(cell) as tx:
        assert owners.unowned(tx) == []
    assert listed(town.person("dispatcher"), "to_dispatch") == [case]


def test_a_correction_gives_the_new_desk_only_what_it_can_take(town: Town, client: Any) -> None:
    """柳林's desk has an acceptor and no dispatcher: a registered case goes on to the city's."""
    case = report(client)
    taken(town.person("acceptor"), case, "accept", type="waterlogging")
    desk = town.person("acceptor")
    version = desk.get(f"/cases/{case}").json()["version"]

    body = {"id": str(new_id()), "version": version, "lon": 118.5, "lat": 37.3}
    desk.patch(f"/cases/{case}", body)

    assert listed(town.person("cityleader"), "to_dispatch") == [case]


def test_a_new_type_means_a_new_sum_of_limits(town: Town, client: Any) -> None:
    case, acceptor = report(client), town.person("acceptor")
    before = acceptor.get(f"/cases/{case}").json()

    after = taken(acceptor, case, "accept", type="gas_leak").json()

    assert before["type"] is None
    assert after["total_due_at"] < before["total_due_at"]
