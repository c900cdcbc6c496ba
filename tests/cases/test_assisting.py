"""Assisting units: child tasks of a case, each with its own unit, words, time and result."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.cases.test_loop import taken
from tests.cases.test_owned import dispatched, end_post, listed
from tests.dispatch.conftest import work
from tests.dispatch.test_follows import Work, noticed
from tests.town import Person, Town
from wangge.cases import task_owners
from wangge.kernel import clock
from wangge.kernel.db import Tx, transaction
from wangge.kernel.ids import new_id
from wangge.whistles import owning

__all__ = ["work"]
DESKS = """
select o.code, r.code as rules from whistles w join organisations o on o.id = w.desk_id
join organisations r on r.id = w.ruling_desk_id
"""
Opening = Callable[..., AbstractContextManager[Tx]]


def given(person: Person, case: str, unit: str, words: str = "请关闭上游阀门", **more: Any) -> Any:
    body = {"id": str(new_id()), "unit_id": unit, "words": words, **more}
    return person.post(f"/cases/{case}/tasks", body)


def said(person: Person, case: str, task: str, action: str, **filled: Any) -> Any:
    body = {"id": str(new_id()), "action": action, **filled}
    return person.post(f"/cases/{case}/tasks/{task}/steps", body)


@pytest.fixture
def handling(town: Town, client: Any) -> str:
    case = dispatched(town, client)
    taken(town.person("handler"), case, "acknowledge")
    return case


def test_the_lead_unit_is_not_done_before_its_assistants(
    town: Town, handling: str, work: Work
) -> None:
    """One case, two assisting units: given, returned, given anew, done; the parent waits.

    Seen red: without the guard the parent was finished while 供水公司 had its task in hand.
    """
    lead, water, squad = town.person("handler"), town.person("water"), town.person("squad")
    dispatcher = town.person("dispatcher")
    assert water.get(f"/cases/{handling}").status_code == 404
    asked = given(lead, handling, town.unit("water-379901"), limit="4WH")
    assert asked.status_code == 200, asked.text
    [task] = asked.json()["items"]
    assert (task["state"], task["light"], task["limit"]["zh"]) == ("dispatched", "green", "4工作时")
    assert task["from_unit"]["name"] == "安东区城市管理局"

    assert listed(water, "to_assist") == [handling]
    [card] = water.get("/cases", queue="to_assist").json()["items"]
    assert datetime.fromisoformat(card["task"]["due_at"]) == datetime.fromisoformat(task["due_at"])
    assert card["task"]["words"] == "请关闭上游阀门"
    assert {row["code"]: row["count"] for row in water.get("/cases/queues").json()}["to_assist"]
    for name in ("property", "wangqiang", "liulin"):
        assert town.person(name).get(f"/cases/{handling}").status_code == 404
        assert town.person(name).get(f"/cases/{handling}/tasks").status_code == 404
    work()
    assert noticed(water)[0] == "task_given"

    refused = taken(lead, handling, "finish", note="已抽水", answer="已抽干")
    assert (refused.status_code, refused.json()["code"]) == (409, "tasks_open")
    assert refused.json()["details"]["units"] == ["安东区供水公司"]

    stranger = said(squad, handling, task["id"], "acknowledge")
    assert stranger.status_code == 404
    assert said(lead, handling, task["id"], "acknowledge").status_code == 403
    lacking = said(water, handling, task["id"], "return", note="不是我们的阀门")
    assert (lacking.status_code, lacking.json()["details"]["field"]) == (422, "reason")
    back = said(
        water, handling, task["id"], "return", reason="not_duty", note="阀门归街道管", version=1
    )
    assert back.json()["items"][0]["state"] == "returned"
    assert listed(water, "to_assist") == []
    assert listed(dispatcher, "assist_returned") == [handling]
    work()
    assert "task_returned" in noticed(dispatcher)
    assert "task_returned" in noticed(lead)
    assert taken(lead, handling, "finish", note="x", answer="y").json()["code"] == "tasks_open"

    again = said(
        dispatcher, handling, task["id"], "give_again",
        unit_id=town.unit("urban-379901001"), note="请街道执法队关阀",
    )  # fmt: skip
    assert again.json()["items"][0]["unit"]["name"] == "安和街道综合执法队"
    assert said(squad, handling, task["id"], "acknowledge").status_code == 200
    done = said(squad, handling, task["id"], "finish", note="阀门已关闭").json()["items"][0]
    assert (done["state"], done["result"], done["light"]) == ("done", "阀门已关闭", "none")

    finished = taken(lead, handling, "finish", note="已抽水", answer="积水已抽干")
    assert finished.json()["state"] == "checking"
    steps = [step for step in finished.json()["steps"] if step["action"] == "assist"]
    assert [(step["data"]["did"], step["unit"]) for step in steps] == [
        ("give", "安东区供水公司"), ("return", "安东区供水公司"),
        ("give_again", "安和街道综合执法队"), ("acknowledge", "安和街道综合执法队"),
        ("finish", "安和街道综合执法队"),
    ]  # fmt: skip
    assert given(lead, handling, town.unit("water-379901")).status_code in (403, 409)


def test_what_may_not_be_given(town: Town, handling: str) -> None:
    lead = town.person("handler")
    own = given(lead, handling, town.unit("urban-379901"))
    assert own.json()["code"] == "lead_unit"
    desk = given(lead, handling, town.unit("desk-379901101"))
    assert desk.json()["code"] == "unit_without_people"
    assert given(town.person("lihong"), handling, town.unit("water-379901")).status_code == 403
    body = {"id": str(new_id()), "unit_id": town.unit("water-379901"), "words": "请来人"}
    first = lead.post(f"/cases/{handling}/tasks", body)
    repeat = lead.post(f"/cases/{handling}/tasks", body)
    assert len(first.json()["items"]) == len(repeat.json()["items"]) == 1
    twice = given(lead, handling, town.unit("water-379901"))
    assert twice.json()["code"] == "task_stands"
    steps = lead.get(f"/cases/{handling}").json()["steps"]
    assert [step["action"] for step in steps].count("assist") == 1

    cancelled = said(lead, handling, first.json()["items"][0]["id"], "cancel", note="已自行解决")
    assert cancelled.json()["items"][0]["state"] == "cancelled"
    done = taken(lead, handling, "finish", note="已抽水", answer="已抽干")
    assert done.json()["state"] == "checking"


def test_a_task_is_never_nobodys_and_turns_red(
    town: Town, handling: str, open_tx: Opening, work: Work
) -> None:
    """When the unit's only person leaves, its task comes back to the desk; late ones are told.

    Seen red: without the handler of ended posts the task stayed with a unit without people.
    """
    task = given(town.person("handler"), handling, town.unit("water-379901")).json()["items"][0]
    assert end_post(town, "water").status_code == 200
    [now] = town.person("handler").get(f"/cases/{handling}/tasks").json()["items"]
    assert now["state"] == "returned"
    assert listed(town.person("dispatcher"), "assist_returned") == [handling]
    last = town.person("dispatcher").get(f"/cases/{handling}").json()["steps"][-1]
    assert (last["data"]["did"], last["actor"]["kind"]) == ("take_back", "system")
    with open_tx() as tx:
        assert task_owners.unowned(tx) == []
        clock.advance(tx, timedelta(days=20))
    with open_tx() as tx:
        assert task_owners.mark_overdue(tx) == 1
        assert task_owners.mark_overdue(tx) == 0
    work()
    assert "task_overdue" in noticed(town.person("dispatcher"))
    [late] = town.person("dispatcher").get(f"/cases/{handling}/tasks").json()["items"]
    assert (late["id"], late["light"], late["overdue"]) == (task["id"], "red", True)
    for name in ("dispatcher", "dutyleader"):
        assert end_post(town, name).status_code == 200
    with open_tx() as tx:
        assert task_owners.unowned(tx) == []
        desk = tx.one("select o.code from case_tasks t join organisations o on o.id = t.desk_id")
        assert desk == {"code": "desk-3799"}


def named(town: Town, case: str, **whom: Any) -> None:
    answer = town.person("acceptor").put(f"/cases/{case}/about", {"id": str(new_id()), **whom})
    assert answer.status_code == 200, answer.text


def test_a_task_does_not_stay_with_whom_the_case_is_about(town: Town, handling: str) -> None:
    """Taken back when he is named, and not given to him anew. Seen red at both places."""
    lead, water, desk = town.person("handler"), town.person("water"), town.person("dispatcher")
    unit = town.unit("water-379901")
    [task] = given(lead, handling, unit).json()["items"]

    named(town, handling, unit_id=unit)

    assert listed(water, "to_assist") == []
    assert water.get(f"/cases/{handling}").status_code == 404
    [now] = desk.get(f"/cases/{handling}/tasks").json()["items"]
    assert (now["state"], now["note"]) == ("returned", "安东区供水公司是反映的对象，收回另派。")
    again = said(desk, handling, task["id"], "give_again", unit_id=unit, note="仍请办理")
    assert (again.status_code, again.json()["code"]) == (409, "about_this_unit")
    other = town.unit("urban-379901001")
    anew = said(desk, handling, task["id"], "give_again", unit_id=other, note="请改办")
    assert anew.json()["items"][0]["state"] == "dispatched"


def test_a_task_does_not_come_back_to_the_desk_that_the_case_is_about(
    town: Town, handling: str
) -> None:
    """Its desk is the next one, which is not the one complained of. Seen red: nobody had it."""
    water, above = town.person("water"), town.person("cityleader")
    [task] = given(town.person("handler"), handling, town.unit("water-379901")).json()["items"]
    named(town, handling, unit_id=town.unit("desk-379901001"))

    back = said(water, handling, task["id"], "return", reason="not_duty", note="不归我们")

    assert back.status_code == 200, back.text
    [now] = above.get(f"/cases/{handling}/tasks").json()["items"]
    assert now["desk"]["name"] != "安和街道网格中心"
    assert now["state"] == "returned"
    with transaction(town.cell) as tx:
        assert task_owners.unowned(tx) == []


def test_a_whistle_does_not_call_whom_the_case_is_about(town: Town, handling: str) -> None:
    """His call is excused and its desk is another one. Seen red: he was called, and led it."""
    desk, squad = town.person("dispatcher"), town.person("squad")
    units = [town.unit("urban-379901001"), town.unit("water-379901")]
    body = {"id": str(new_id()), "reason": "joint", "words": "一起去看看", "case_id": handling}
    blown = desk.post("/whistles", {**body, "unit_ids": units})
    assert blown.status_code == 200, blown.text
    whistle = f"/whistles/{blown.json()['id']}"

    named(town, handling, unit_id=units[0])

    states = {call["unit"]["name"]: call["state"] for call in desk.get(whistle).json()["calls"]}
    assert states == {"安和街道综合执法队": "excused", "安东区供水公司": "called"}
    assert squad.get(whistle).status_code == 404

    named(town, handling, unit_id=town.unit("desk-379901001"))

    assert desk.get(whistle).status_code == 404
    with transaction(town.cell) as tx:
        row = tx.one(DESKS)
        assert row
        assert "desk-379901001" not in row.values()
        assert owning.unowned(tx) == []
