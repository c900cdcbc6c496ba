"""Incidents as the mission asks for them, through the doors that people use."""

import io
from collections.abc import Callable
from datetime import timedelta
from math import acos, cos, radians, sin
from typing import Any

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from tests.dispatch.conftest import messages
from tests.dispatch.test_alarms import phone_of, roster
from tests.emergency.conftest import Opening, kept, later, opened, said, word
from tests.town import Town
from wangge.demo import emergencies
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


def by_hand(ours: tuple[float, float], there: tuple[float, float]) -> float:
    """The oracle: the angle between two points by the law of cosines, not by the product's way."""
    (lon, lat), (x, y) = ((radians(a), radians(b)) for a, b in (ours, there))
    return 6371008.8 * acos(min(1.0, sin(lat) * sin(y) + cos(lat) * cos(y) * cos(lon - x)))


@pytest.mark.mission("DY-42")
def test_times_are_stored_and_the_nearest_three_are_proposed(
    town: Town, work: Callable[[], None], phones: StandIn, open_tx: Opening
) -> None:
    """DY-42: what happened when, and which resources stand nearest.

    "alert→first action, →resource on site, →closed times stored; nearest 3 resources proposed
    correctly". Nearest by an oracle of another formula, over borders of streets; what cannot do
    it, is in repair or is away altogether is none. Seen red with degrees taken for metres (a point
    east seemed farther than one north), without the state, and with what is away.
    """
    with open_tx() as tx:
        clock.freeze(tx)
    city, leader = town.person("cityleader"), town.person("dutyleader")
    near = {  # from 118.20, 37.30; a hundredth of a degree is 0.88 km east, 1.11 km north
        "E2": (118.22, 37.30), "N2": (118.20, 37.318), "W3": (118.165, 37.30),
        "S3": (118.20, 37.27), "far": (118.55, 37.10), "other": (118.201, 37.30),
        "broken": (118.202, 37.30), "gone": (118.203, 37.30),
    }  # fmt: skip
    ids = {
        code: kept(
            town, city, code, *place,
            state="repair" if code == "broken" else "ready",
            capabilities=["medical"] if code == "other" else ["pumping"],
        )
        for code, place in near.items()
    }  # fmt: skip
    here = (118.20, 37.30)
    elsewhere = opened(leader, kind="waterlogging", plan="")
    body = {"id": str(new_id()), "resource_id": ids["gone"], "amount": 1}
    said(leader.post(f"/incidents/{elsewhere['id']}/resources", body))

    incident = opened(leader, kind="waterlogging", plan="flood", lon=here[0], lat=here[1])
    path = f"/incidents/{incident['id']}"
    proposed = said(leader.get(f"{path}/nearest", able="pumping"))

    able = {code: by_hand(here, near[code]) for code in ("E2", "N2", "W3", "S3", "far")}
    nearest = sorted(able, key=lambda code: able[code])[:3]
    assert nearest == ["E2", "N2", "W3"]  # 1.77, 2.00, 3.10 km; the next is 3.34 km away
    assert [one["code"] for one in proposed] == nearest
    assert [one["metres"] for one in proposed] == [
        pytest.approx(able[code], abs=2) for code in nearest
    ]

    later(open_tx, timedelta(minutes=4))
    task = incident["task_list"][0]
    said(word(leader, incident, task, "take"))
    later(open_tx, timedelta(minutes=2))
    key = str(new_id())
    said(leader.post(f"{path}/resources", {"id": key, "resource_id": ids["E2"], "amount": 1}))
    again = said(leader.get(f"{path}/nearest", able="pumping"))
    assert [one["code"] for one in again] == ["N2", "W3", "S3"]
    later(open_tx, timedelta(minutes=9))
    said(leader.post(f"{path}/resources/{key}/on_site", {"id": str(new_id())}))
    for one in incident["task_list"]:
        said(word(leader, incident, one, "done"))
    later(open_tx, timedelta(minutes=30))
    said(leader.post(f"{path}/close", {"id": str(new_id()), "result": "积水排完"}))

    times = said(leader.get(path))["times"]
    passed = {name: one and one["minutes"] for name, one in times.items()}
    assert passed == {"answered": None, "first_action": 4, "on_site": 15, "closed": 45}
    said(leader.post(f"{path}/resources/{key}/back", {"id": str(new_id())}))
    (back,) = [one for one in said(leader.get("/emergency-resources")) if one["code"] == "E2"]
    assert back["there"] == 1


@pytest.mark.mission("DY-43")
def test_a_year_of_emergencies_with_level_times_and_review(town: Town, open_tx: Opening) -> None:
    """DY-43: the register of a year, as a sheet, and each with its review report.

    "70 seeded emergencies with level, times, review report export". Seen red with the drills among
    the totals, and with the minutes left out of the sheet.
    """
    with open_tx() as tx:
        assert emergencies.seed(tx, incidents=70, drills=3, open_ones=1) == 73
    leader = town.person("dutyleader")

    first = said(leader.get("/incidents", limit=50))
    rest = said(leader.get("/incidents", limit=50, cursor=first["next"]))
    items = [*first["items"], *rest["items"]]
    real = [one for one in items if not one["drill"]]
    assert (len(real), len(items) - len(real)) == (70, 3)
    assert sum(one["n"] for one in first["totals"]) == 70
    assert {one["level"] for one in real} <= {"1", "2", "3", "4"}
    over = [one for one in real if one["state"] == "closed"]
    assert len(over) == 69
    for one in over:
        assert all(one["times"][name] for name in ("first_action", "on_site", "closed"))
        assert one["times"]["first_action"]["at"] <= one["times"]["on_site"]["at"]

    answer = leader.get("/incidents/register.xlsx", drill="real")
    (sheet,) = load_workbook(io.BytesIO(answer.content)).worksheets
    lines = list(sheet.iter_rows(values_only=True))
    column = [str(title).split()[0] for title in lines[0]]
    rows = [dict(zip(column, line, strict=True)) for line in lines[1:71]]
    assert {row["编号"] for row in rows} == {one["number"] for one in real}
    assert all(row["级别"] and row["性质"] == "实战 real" for row in rows)
    assert sum(isinstance(row["办结（分）"], int) for row in rows) == 69
    assert sum(bool(row["复盘与改进"]) for row in rows) == 69

    printed = leader.get(f"/incidents/{over[0]['id']}/report.pdf")
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(printed.content)).pages)
    for there in (over[0]["number"], "复盘与改进", "资源到达现场", "全过程记录"):
        assert there in text
