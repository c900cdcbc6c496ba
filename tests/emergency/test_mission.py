"""Incidents as the mission asks for them, through the doors that people use."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from pypdf import PdfReader

from tests.dispatch.conftest import messages
from tests.dispatch.test_alarms import phone_of, roster
from tests.emergency.conftest import Opening, later, opened, said, word
from tests.town import Town
from wangge.kernel import clock
from wangge.kernel.ids import new_id
from wangge.notices.local_gateway import StandIn

RESULT = "演练完成，各岗位均已到位"


def owner_of(town: Town, task: dict[str, Any]) -> str:
    """The username that acts for a task of the fire plan in the small town."""
    return {"赵敏": "zhaomin", "李红": "lihong", "吴华": "wuhua"}.get(task["owner"], "dutyleader")


@pytest.mark.mission("DY-36")
def test_a_drill_goes_from_the_alert_to_the_closing_report(
    town: Town, work: Callable[[], None], phones: StandIn, open_tx: Opening
) -> None:
    """DY-36: a plan becomes tasks, each is acknowledged and done, the report is printed.

    "drill: alert→tasks→all ack→close report". Seen red with a plan that gives no tasks, with a
    drill that closes over a task that nobody has done, and with messages without the mark 演练.
    """
    with open_tx() as tx:
        clock.freeze(tx)
    roster(town, on_duty="acceptor", leader="dutyleader", backup="dispatcher")
    leader = town.person("dutyleader")

    drill = opened(leader, drill=True)

    assert drill["number"].startswith("YL")
    work()
    (phone, text), *rest = messages(phones)
    assert (phone, rest) == (phone_of(town, "acceptor"), [])
    assert "【演练】" in text
    said(town.person("acceptor").post(f"/incidents/{drill['id']}/answer", {"id": str(new_id())}))

    tasks = drill["task_list"]
    assert len(tasks) == 6
    assert {task["state"] for task in tasks} == {"given"}
    assert {"李红", "吴华", "安和街道网格中心"} <= {task["owner"] for task in tasks}
    own = town.person("lihong").get("/incidents/tasks").json()
    assert [(one["incident"]["id"], one["incident"]["drill"]) for one in own] == [
        (drill["id"], True)
    ]

    closing = {"id": str(new_id()), "result": RESULT, "lessons": "联络电话要更新"}
    for n, task in enumerate(tasks):
        later(open_tx, timedelta(minutes=1))
        who = town.person(owner_of(town, task))
        said(word(who, drill, task, "take"))
        early = leader.post(f"/incidents/{drill['id']}/close", closing)
        assert (early.status_code, early.json()["code"]) == (409, "tasks_open")
        if n:
            said(word(who, drill, task, "done", "到位"))
    board = said(leader.get(f"/incidents/{drill['id']}"))
    assert {task["state"] for task in board["task_list"]} == {"taken", "done"}  # all have it
    said(word(leader, drill, tasks[0], "done"))

    closed = said(leader.post(f"/incidents/{drill['id']}/close", closing))

    assert closed["state"] == "closed"
    assert closed["times"]["first_action"]["minutes"] == 1
    work()
    assert [phone for phone, text in messages(phones) if RESULT in text and "【演练】" in text] == [
        phone_of(town, "acceptor")
    ]
    printed = leader.get(f"/incidents/{drill['id']}/report.pdf")
    assert printed.headers["content-type"] == "application/pdf", printed.text
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(printed.content)).pages)
    for said_there in (
        drill["number"],
        "突发事件处置总结报告",
        "【演练】",
        RESULT,
        "联络电话要更新",
    ):
        assert said_there in text
    assert leader.get("/incidents").json()["totals"] == []  # a drill is never counted
