"""Residents' talks: called on cases, decided case by case, each promise a task; the minutes."""

from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pypdf
import pytest

from tests.dispatch.test_follows import noticed
from tests.mailbox.conftest import Box
from tests.town import Person, Town
from wangge.kernel.ids import new_id

GARAGE = ("complaint", "地下车库三轮车乱停，消防通道进不去")
MARKET = ("suggestion", "夜市摊位和停车位重新划线")
AT = "2026-03-05T15:00:00+08:00"


def called(desk: Person, town: Town, cases: list[str], **more: Any) -> Any:
    body = {
        "id": str(new_id()), "title": "停车与夜市专题", "place_words": "东方社区议事厅",
        "held_at": AT, "chair": "社区书记 刘书记", "case_ids": cases,
        "units": [{"unit_id": town.unit("urban-379901"), "post": "分管局长"},
                  {"unit_id": town.unit("property-dongfang"), "post": "项目经理"}], **more,
    }  # fmt: skip
    return desk.post("/mailbox/talks", body)


def decided(desk: Person, talk: str, case: str, *promises: tuple[str, str], **more: Any) -> Any:
    body = {
        "id": str(new_id()), "case_id": case, "words": "城管划线，物业安装阻车桩",
        "promises": [{"id": str(new_id()), "unit_id": unit, "words": words, "due_on": "2026-03-15"}
                     for unit, words in promises], **more,
    }  # fmt: skip
    return desk.post(f"/mailbox/talks/{talk}/decisions", body)


def pages(content: bytes) -> str:
    return "".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(content)).pages)


@pytest.mark.mission("DC-31")
def test_minutes_and_tasks_of_a_talk_are_linked(town: Town, box: Box) -> None:
    """DC-31, the whole acceptance: "minutes and tasks linked".

    Departments are asked to a talk on two letters and see its cases from then on. Each decision is
    a line in its case's history; its promises are the case's dispatch and tasks, and the minutes,
    on the screen and as a PDF, say who does what by when and how far each is.

    Seen red: with promises written down and no task given, with the minutes' states left out, and
    with everybody who was asked printed as present before the day.
    """
    garage, market = box.cases(GARAGE, MARKET)
    desk, urban = town.person("dutyleader"), town.person("handler")
    for case in (garage, market):
        assert box.sort(desk, case, way="talk").json()["way"] == "talk"
    assert urban.get(f"/cases/{garage}").status_code == 404
    talk = called(desk, town, [garage, market]).json()
    assert [one["unit"] for one in talk["units"]] == ["东方物业", "安东区城市管理局"]
    assert noticed(urban) == ["mailbox_talk"]
    assert urban.get(f"/cases/{garage}").status_code == 200
    assert [one["id"] for one in urban.get("/mailbox/talks").json()] == [talk["id"]]
    assert desk.get("/mailbox/matters", box="talk").json()[0]["on_talk"] is True

    agenda = pages(desk.get(f"/mailbox/talks/{talk['id']}/minutes.pdf").content)
    assert "民情恳谈会议程" in agenda
    assert "到会单位" not in agenda, "nobody was there yet"

    end = f"/mailbox/talks/{talk['id']}/end"
    ending = {
        "held": True,
        "minutes": "居民代表12人参加，逐件商定。",
        "came": [talk["units"][0]["unit_id"]],
    }
    assert desk.post(end, ending).json()["code"] == "too_early"
    box.passes(days=2, hours=7)
    assert desk.post(end, ending).json()["code"] == "cases_undecided"
    bare = decided(desk, talk["id"], garage).json()
    assert bare["details"]["field"] == "promised_on", "who does what by when, or a day"
    assert decided(urban, talk["id"], garage, promised_on="2026-03-20").status_code == 404
    done = decided(
        desk, talk["id"], garage,
        (town.unit("urban-379901"), "划设停车线"), (town.unit("property-dongfang"), "安装阻车桩"),
    ).json()  # fmt: skip
    first = done["agenda"][0]
    assert [(p["unit"], bool(p["task_id"])) for p in first["promises"]] == [
        ("安东区城市管理局", False), ("东方物业", True)]  # fmt: skip
    case = desk.get(f"/cases/{garage}").json()
    assert (case["state"], case["unit"]["name"]) == ("dispatched", "安东区城市管理局")
    tasks = desk.get(f"/cases/{garage}/tasks").json()["items"]
    assert [(one["id"], one["words"]) for one in tasks] == [
        (first["promises"][1]["task_id"], "安装阻车桩")]  # fmt: skip
    said = [one for one in case["steps"] if one["data"].get("did") == "decided"]
    assert said[0]["data"]["talk"] == talk["id"]
    assert "划设停车线" in str(said[0]["data"]["promises"])
    decided(desk, talk["id"], market, promised_on="2026-03-25", words="四月底前另行研究并答复")
    held = desk.post(end, ending).json()
    assert held["state"] == "held"

    worker = town.person("property")
    [task] = worker.get(f"/cases/{garage}/tasks").json()["items"]
    step = f"/cases/{garage}/tasks/{task['id']}/steps"
    for action, note in (("acknowledge", ""), ("finish", "已安装6个")):
        answer = worker.post(step, {"id": str(new_id()), "action": action, "note": note})
        assert answer.status_code == 200, answer.text
    states = [
        p["state"] for p in desk.get(f"/mailbox/talks/{talk['id']}").json()["agenda"][0]["promises"]
    ]
    assert states == ["open", "done"]
    paper = pages(desk.get(f"/mailbox/talks/{talk['id']}/minutes.pdf").content)
    for words in ("民情恳谈会纪要", case["number"], "安装阻车桩", "已完成", "办理中", "2026-03-15",
                  "四月底前另行研究并答复", "居民代表"):  # fmt: skip
        assert words in paper, words
    assert decided(desk, talk["id"], market, promised_on="2026-03-30").json()["code"] == "talk_over"


def test_a_promise_that_is_broken_is_listed_at_night(town: Town, box: Box) -> None:
    [garage] = box.cases(GARAGE)
    desk = town.person("dutyleader")
    box.sort(desk, garage, way="talk")
    talk = called(desk, town, [garage]).json()
    decided(desk, talk["id"], garage, promised_on="2026-03-04")
    assert desk.get("/mailbox/violators").json() == []
    box.passes(days=2)
    assert [one["why"] for one in desk.get("/mailbox/violators").json()] == ["promise_broken"]


def test_another_street_neither_sees_a_talk_nor_brings_this_ones_cases(
    town: Town, box: Box
) -> None:
    """Seen red: with the policy of talks open."""
    [garage] = box.cases(GARAGE)
    desk, neighbour = town.person("dutyleader"), town.person("liulin")
    talk = called(desk, town, [garage]).json()
    assert neighbour.get("/mailbox/talks").json() == []
    assert neighbour.get(f"/mailbox/talks/{talk['id']}").status_code == 404
    assert neighbour.get(f"/mailbox/talks/{talk['id']}/minutes.pdf").status_code == 404
    assert decided(neighbour, talk["id"], garage, promised_on="2026-03-20").status_code == 404
    answer = called(neighbour, town, [garage])
    assert (answer.status_code, answer.json()["details"]["field"]) == (422, "case_ids")
    late = (datetime.fromisoformat(AT) - timedelta(days=9)).isoformat()
    assert called(desk, town, [garage], held_at=late).json()["details"]["field"] == "held_at"
