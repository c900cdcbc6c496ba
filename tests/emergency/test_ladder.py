"""Who is woken, how it reached: SMS and calls over the network, against both stand-ins."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from tests.dispatch.conftest import messages
from tests.dispatch.test_alarms import phone_of, roster
from tests.emergency.conftest import Opening, later, opened, said, word
from tests.notices.conftest import gateway, platform, until
from tests.town import Person, Town
from wangge.emergency import jobs
from wangge.kernel import clock, queue
from wangge.kernel.ids import new_id
from wangge.notices import local_voice
from wangge.notices.local_gateway import StandIn
from wangge.notices.voice import voice_token
from wangge.settings import settings
from wangge.tenant.exchange import plain
from wangge.tenant.service import rules, save

__all__ = ["gateway", "jobs", "platform"]


@pytest.fixture
def voices(monkeypatch: pytest.MonkeyPatch) -> Iterator[local_voice.StandIn]:
    """The voice gateway's stand-in on a port of its own; it says at once how a call ended."""
    behaviour = local_voice.Behaviour(result_delay=0)
    server = local_voice.StandIn(0, voice_token(), behaviour).start()
    monkeypatch.setattr(settings(), "voice_url", server.url)
    yield server
    server.stop()


def calls(who: Person, incident: dict[str, Any]) -> list[tuple[str, str, str]]:
    board = said(who.get(f"/incidents/{incident['id']}"))
    return sorted((one["name"], one["way"], one["receipt"]) for one in board["calls"])


def test_who_cannot_be_reached_costs_no_minutes_and_a_key_answers(
    town: Town, work: Callable[[], None], gateway: StandIn, platform: str,
    voices: local_voice.StandIn, open_tx: Opening,
) -> None:  # fmt: skip
    """The first is busy and his SMS fails: the leader is woken at once, and does not pick up.

    Three minutes later the backup is called and presses the key. Meant to go red with receipts
    that wake nobody, and with a key that is taken for an ordinary call.
    """
    with open_tx() as tx:
        clock.freeze(tx)
        body = {**plain(rules(tx).plans), "voice": True}
        save(tx, "plans", body, version=0, author_id=None)
    roster(town, on_duty="acceptor", leader="cityleader", backup="dispatcher")
    first, second, third = (phone_of(town, one) for one in ("acceptor", "cityleader", "dispatcher"))
    gateway.behaviour.undelivered = [first]
    voices.behaviour.busy, voices.behaviour.no_answer = [first], [second]
    voices.behaviour.pressing, voices.behaviour.failures = [third], [503]
    leader = town.person("dutyleader")

    incident = opened(leader)
    work()
    with open_tx() as tx:  # the voice gateway was away once: it is asked again
        tx.run("update pgqueuer set execute_after = now() where entrypoint = 'voice.call'")
    work()
    until(lambda: any(name == "何伟" for name, *_ in calls(leader, incident)))
    work()
    until(lambda: ("何伟", "voice", "no_answer") in calls(leader, incident))
    assert {("郑洁", "sms", "failed"), ("郑洁", "voice", "busy")} < set(calls(leader, incident))
    later(open_tx, timedelta(minutes=2, seconds=55))
    queue.SWEEPS["incident_ladder"][1](open_tx)
    assert len(calls(leader, incident)) == 4
    later(open_tx, timedelta(seconds=6))
    queue.SWEEPS["incident_ladder"][1](open_tx)
    work()
    until(lambda: ("冯涛", "voice", "heard") in calls(leader, incident))

    board = said(leader.get(f"/incidents/{incident['id']}"))
    assert board["times"]["answered"]["minutes"] == 3
    assert board["next_call_at"] is None
    (answered,) = [one for one in board["log"] if one["kind"] == "answered"]
    assert (answered["words"], answered["data"]) == ("冯涛", {"way": "voice"})
    assert any("请按 1" in one["text"] for one in voices.kept.values())

    for task in incident["task_list"]:
        said(word(leader, incident, task, "done"))
    end = {"id": str(new_id()), "result": "明火已扑灭"}
    said(leader.post(f"/incidents/{incident['id']}/close", end))
    work()
    told = [phone for phone, text in messages(gateway) if "明火已扑灭" in text]
    assert sorted(told) == sorted([first, second, third])


def test_a_result_that_the_gateway_has_not_signed_is_refused(platform: str) -> None:
    body = {"id": str(new_id()), "provider_id": "x", "state": "acknowledged"}
    answer = httpx2.post(f"{platform}/api/v1/gateway/calls", json=body)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_signed")


def test_a_late_task_is_told_once(town: Town, open_tx: Opening) -> None:
    with open_tx() as tx:
        clock.freeze(tx)
    incident = opened(town.person("dutyleader"))
    later(open_tx, timedelta(minutes=11))
    for _ in range(2):
        queue.SWEEPS["incident_tasks"][1](open_tx)
    board = said(town.person("dutyleader").get(f"/incidents/{incident['id']}"))
    late = [one["owner"] for one in board["task_list"] if one["late_at"]]
    assert len(late) == 4  # those of 3 and of 10 minutes; of 15 and 60 there is time left
    assert [one["kind"] for one in board["log"]].count("task_late") == 4
    notices = said(town.person("lihong").get("/notices"))["items"]
    assert [one["code"] for one in notices].count("incident_task_late") == 1
