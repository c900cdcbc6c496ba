"""An emergency wakes the one on duty, then the next, until somebody has it in hand."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest

from tests.cases.test_loop import taken, told
from tests.dispatch.conftest import messages
from tests.town import Person, Town
from wangge.dispatch.alarms import raise_alarm
from wangge.kernel import clock, queue
from wangge.kernel.db import Tx, transaction
from wangge.kernel.ids import new_id
from wangge.notices.local_gateway import StandIn

GAS = "东方社区3号楼燃气泄漏"
Opening = Callable[..., AbstractContextManager[Tx]]
Work = Callable[[], None]


def phone_of(town: Town, username: str) -> str:
    with transaction(town.cell) as tx:
        row = tx.one("select phone from accounts where username = %s", [username])
    assert row
    return str(row["phone"])


def roster(town: Town, **turns: str) -> None:
    """Write who is on duty for the street's desk around now: duty=username."""
    with transaction(town.cell) as tx:
        for duty, username in turns.items():
            tx.run(
                "insert into duty_shifts (id, unit_id, duty, account_id, span)"
                " values (%s, %s, %s, %s, tstzrange(%s, %s))",
                [
                    new_id(),
                    town.unit("desk-379901001"),
                    duty,
                    town.account(username),
                    tx.now - timedelta(hours=1),
                    tx.now + timedelta(hours=12),
                ],
            )


def later(open_tx: Opening, by: timedelta) -> None:
    """Let city time pass, then sweep once as the worker does."""
    with open_tx() as tx:
        clock.advance(tx, by)
    queue.SWEEPS["escalation"][1](open_tx)


@pytest.fixture
def frozen(open_tx: Opening, town: Town) -> None:
    with open_tx() as tx:
        clock.freeze(tx)


@pytest.fixture
def leak(client: Any, town: Town, frozen: None) -> str:
    roster(town, on_duty="acceptor", leader="dutyleader", backup="dispatcher")
    answer = client.post("/api/v1/public/cases", json=told(GAS))
    assert answer.json()["emergency"] == ["gas"]
    return str(answer.json()["id"])


def test_the_one_on_duty_then_the_leader_then_the_one_who_stands_by(
    town: Town, leak: str, work: Work, phones: StandIn, open_tx: Opening
) -> None:
    work()
    woken = messages(phones)
    assert [phone for phone, _ in woken] == [phone_of(town, "acceptor")]
    assert "燃气泄漏" in woken[0][1]
    assert "东方社区地下车库" in woken[0][1]

    later(open_tx, timedelta(minutes=2, seconds=50))
    work()
    assert len(messages(phones)) == 1

    later(open_tx, timedelta(seconds=15))
    work()
    assert [phone for phone, _ in messages(phones)][1:] == [phone_of(town, "dutyleader")]

    later(open_tx, timedelta(minutes=3, seconds=5))
    later(open_tx, timedelta(minutes=30))
    work()
    assert [phone for phone, _ in messages(phones)][2:] == [phone_of(town, "dispatcher")]


def test_taking_it_in_hand_ends_the_waking(
    town: Town, leak: str, work: Work, phones: StandIn, open_tx: Opening
) -> None:
    work()
    acceptor = town.person("acceptor")
    assert [one["case_id"] for one in acceptor.get("/alarms").json()["items"]] == [leak]
    offered = acceptor.get(f"/cases/{leak}").json()["actions"]
    assert offered[0]["action"] == "acknowledge_alarm"

    body = {"id": str(new_id()), "note": "已通知燃气公司"}
    done = acceptor.post(f"/cases/{leak}/alarm/acknowledge", body)

    assert done.status_code == 200, done.text
    last = done.json()["steps"][-1]
    assert (last["action"], last["actor"]["name"]) == ("acknowledge_alarm", "郑洁")
    assert "acknowledge_alarm" not in {one["action"] for one in done.json()["actions"]}
    later(open_tx, timedelta(hours=1))
    work()
    assert len(messages(phones)) == 1
    assert acceptor.get("/alarms").json()["items"] == []
    assert acceptor.post(f"/cases/{leak}/alarm/acknowledge", body).status_code == 200
    second = town.person("dutyleader").post(
        f"/cases/{leak}/alarm/acknowledge", {"id": str(new_id())}
    )
    assert (second.status_code, second.json()["code"]) == (409, "no_open_alarm")


@pytest.mark.parametrize("username", ["lihong", "wuhua", "supervisor", "citydesk"])
def test_others_who_see_it_cannot_silence_it(
    town: Town, leak: str, work: Work, phones: StandIn, username: str
) -> None:
    work()
    person = town.person(username)
    body = {"id": str(new_id())}

    assert person.post(f"/cases/{leak}/alarm/acknowledge", body).status_code == 403
    assert taken(person, leak, "acknowledge_alarm").status_code == 403


@pytest.mark.parametrize("username", ["wangqiang", "liulin", "handler", "sysadmin"])
def test_alarms_stay_in_their_scope(
    town: Town, leak: str, work: Work, phones: StandIn, username: str
) -> None:
    work()
    person = town.person(username)

    answer = person.get("/alarms")

    assert answer.json().get("items", []) == []
    assert person.post(f"/cases/{leak}/alarm/acknowledge", {"id": str(new_id())}).status_code == 404


def test_the_job_run_twice_wakes_once(
    town: Town, leak: str, work: Work, phones: StandIn, open_tx: Opening
) -> None:
    work()
    with open_tx() as tx:
        raise_alarm(tx, new_id_of(leak), ["gas"])
    work()

    assert len(messages(phones)) == 1


def new_id_of(text: str) -> Any:
    return type(new_id())(text)


def test_an_empty_step_of_the_ladder_costs_no_minutes(
    town: Town, client: Any, frozen: None, work: Work, phones: StandIn, open_tx: Opening
) -> None:
    """Nobody leads tonight: three minutes after the first call the one who stands by is woken."""
    roster(town, on_duty="acceptor", backup="dispatcher")
    client.post("/api/v1/public/cases", json=told(GAS))
    work()

    later(open_tx, timedelta(minutes=3, seconds=1))
    work()

    assert [phone for phone, _ in messages(phones)] == [
        phone_of(town, "acceptor"),
        phone_of(town, "dispatcher"),
    ]


def test_somebody_without_a_number_is_passed_over(
    town: Town, client: Any, work: Work, phones: StandIn, open_tx: Opening
) -> None:
    """A gap in the staff's list keeps nobody asleep: the leader is woken at once."""
    roster(town, on_duty="acceptor", leader="dutyleader")
    with open_tx() as tx:
        tx.run("update accounts set phone = '' where username = 'acceptor'")
    case = client.post("/api/v1/public/cases", json=told(GAS)).json()["id"]

    work()

    assert [phone for phone, _ in messages(phones)] == [phone_of(town, "dutyleader")]
    opened = town.person("acceptor").get("/alarms").json()["items"]
    assert [one["case_id"] for one in opened] == [case]


def test_what_is_over_wakes_nobody_any_more(
    town: Town, client: Any, frozen: None, work: Work, phones: StandIn, open_tx: Opening
) -> None:
    roster(town, on_duty="acceptor", leader="dutyleader")
    receipt = client.post("/api/v1/public/cases", json=told(GAS)).json()
    work()
    gone = client.post(
        f"/api/v1/public/cases/{receipt['code']}/withdraw", json={"id": str(new_id())}
    )
    assert gone.json()["state"] == "withdrawn"

    later(open_tx, timedelta(minutes=4))
    work()

    assert len(messages(phones)) == 1


def test_without_any_roster_the_duty_leader_is_woken(
    town: Town, client: Any, work: Work, phones: StandIn
) -> None:
    client.post("/api/v1/public/cases", json=told(GAS))
    work()

    assert phone_of(town, "dutyleader") in {phone for phone, _ in messages(phones)}


def test_the_desk_has_an_urgent_notice(town: Town, leak: str, work: Work, phones: StandIn) -> None:
    work()

    def urgent(person: Person) -> list[str]:
        items = person.get("/notices").json()["items"]
        return [one["code"] for one in items if one["urgent"]]

    assert urgent(town.person("acceptor")) == ["emergency"]
    assert urgent(town.person("liulin")) == []


@pytest.mark.parametrize("words", ["我在窗前看着火车开过", "楼道灯坏了", "防溺水宣传栏掉了"])
def test_harmless_words_wake_nobody(
    town: Town, client: Any, work: Work, phones: StandIn, words: str
) -> None:
    answer = client.post("/api/v1/public/cases", json=told(words))
    work()

    assert answer.json()["emergency"] == []
    assert messages(phones) == []
    assert town.person("acceptor").get("/alarms").json()["items"] == []


def test_an_emergency_is_dispatched_by_a_person(
    town: Town, leak: str, work: Work, phones: StandIn
) -> None:
    """Even where the directory names a unit: an emergency gets a person's look."""
    state = taken(town.person("acceptor"), leak, "accept", type="leak").json()["state"]

    assert state == "registered"
