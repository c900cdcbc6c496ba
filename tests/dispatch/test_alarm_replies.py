"""A fire wakes the roster whatever the gateway does, and a telephone's reply takes it in hand."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from tests.cases.test_loop import taken, told
from tests.dispatch.conftest import messages
from tests.dispatch.test_alarms import Opening, later, phone_of, roster
from tests.notices.conftest import gateway, platform, until
from tests.town import Town
from wangge.dispatch import jobs
from wangge.kernel import clock
from wangge.kernel.ids import new_id
from wangge.notices import replies
from wangge.notices.local_gateway import StandIn

__all__ = ["gateway", "jobs", "platform"]
FIRE = "东方社区5号楼着火了，冒浓烟"
SOLVED = "明火已扑灭，无人受伤"


def code_in(text: str) -> str:
    found: list[str] = re.findall(r"\d{4}", text.split("编号")[1])
    return found[-1]


@pytest.fixture
def fire(client: Any, town: Town, open_tx: Opening) -> str:
    """The first man's shift ended a minute ago; who is on duty now, and the leader, are there."""
    with open_tx() as tx:
        clock.freeze(tx)
    roster(town, on_duty="acceptor")
    roster(town, on_duty="dispatcher", leader="dutyleader")
    with open_tx() as tx:
        tx.run("update duty_shifts set span = tstzrange(lower(span), %s) where account_id = %s",
               [tx.now - timedelta(minutes=1), town.account("acceptor")])  # fmt: skip
    return str(client.post("/api/v1/public/cases", json=told(FIRE)).json()["id"])


def test_a_fire_wakes_the_roster_until_somebody_replies(
    town: Town, fire: str, work: Callable[[], None], gateway: StandIn, platform: str,
    open_tx: Opening,
) -> None:  # fmt: skip
    """Refused, then late, the first off duty, the second silent, the leader replies by SMS.

    Seen red with a reply that is not believed, one that stops nobody, and a result that only the
    one who answered hears.
    """
    gateway.behaviour.failures, gateway.behaviour.delay = [503], 0.3
    work()
    assert messages(gateway) == []
    with open_tx() as tx:  # asked again five seconds later: less than ten in all
        again = tx.one("select max(execute_after) - now() as wait from pgqueuer"
                       " where entrypoint = 'sms.send'") or {}  # fmt: skip
        tx.run("update pgqueuer set execute_after = now() where entrypoint = 'sms.send'")
    assert again["wait"] < timedelta(seconds=6)
    work()
    silent, third = phone_of(town, "dispatcher"), phone_of(town, "dutyleader")
    assert [phone for phone, _ in messages(gateway)] == [silent]

    later(open_tx, timedelta(minutes=2, seconds=55))
    work()
    assert len(messages(gateway)) == 1
    later(open_tx, timedelta(seconds=6))
    work()
    assert [phone for phone, _ in messages(gateway)] == [silent, third]

    answer_code = code_in(messages(gateway)[-1][1])
    gateway.reply(third, f"收到，{answer_code}，马上到")
    leader = town.person("dutyleader")
    until(lambda: leader.get("/alarms").json()["items"] == [])
    steps = leader.get(f"/cases/{fire}").json()["steps"]
    (step,) = [one for one in steps if one["action"] == "acknowledge_alarm"]
    assert step["actor"]["name"] == "陈刚"
    assert "短信" in step["note"]
    later(open_tx, timedelta(hours=1))
    work()
    assert len(messages(gateway)) == 2

    taken(town.person("acceptor"), fire, "accept", type="fire_danger")
    unit = town.unit("urban-379901")
    taken(town.person("dispatcher"), fire, "dispatch", unit_id=unit)
    handler = town.person("handler")
    taken(handler, fire, "acknowledge")
    taken(handler, fire, "finish", note="断电灭火", answer=SOLVED)
    closed = taken(town.person("lihong"), fire, "pass_check")
    assert closed.json()["state"] == "closed", closed.text
    work()
    heard = [phone for phone, text in messages(gateway) if SOLVED in text and "处置结果" in text]
    assert sorted(heard) == sorted([silent, third])


def test_a_reply_counts_where_it_can_mean_one_alarm_alone(
    town: Town, fire: str, client: Any, work: Callable[[], None], phones: StandIn, open_tx: Opening
) -> None:
    """收到 with two alarms open stops none, a stranger's code none; the right one stops its own."""
    said = told("东方社区2号楼燃气泄漏")
    other = str(client.post("/api/v1/public/cases", json=said).json()["id"])
    work()
    leader = town.person("dutyleader")
    number = phone_of(town, "dispatcher")
    texts = [text for phone, text in messages(phones) if phone == number]
    (of_fire,) = [code_in(text) for text in texts if FIRE in text]

    def open_ones() -> set[str]:
        return {one["case_id"] for one in leader.get("/alarms").json()["items"]}

    assert open_ones() == {fire, other}
    with open_tx() as tx:
        assert not replies.take(tx, "r1", number, "收到")
        assert not replies.take(tx, "r2", phone_of(town, "lihong"), of_fire)
        assert not replies.take(tx, "r3", number, f"1{of_fire}")
    assert open_ones() == {fire, other}
    with open_tx() as tx:
        assert replies.take(tx, "r4", number, "".join(chr(ord(d) + 0xFEE0) for d in of_fire))
    assert open_ones() == {other}
    with open_tx() as tx:
        assert replies.take(tx, "r4", number, "收到")  # the gateway says it once more
    assert open_ones() == {other}
    with open_tx() as tx:
        assert replies.take(tx, "r5", number, "收到。")
    assert open_ones() == set()


def test_a_reply_that_the_gateway_has_not_signed_is_refused(platform: str) -> None:
    body = {"id": str(new_id()), "phone": "13805460001", "text": "1"}
    answer = httpx2.post(f"{platform}/api/v1/gateway/replies", json=body)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_signed")
