"""One matter through all five links of the closed loop, read back from its own record."""

from typing import Any

import pytest

from tests.cases.test_answers import Day, Opening, called
from tests.cases.test_loop import taken, told
from tests.cases.test_mission import appointed
from tests.files.shapes import picture
from tests.town import Person, Town
from wangge.kernel.ids import new_id

LINKS = {
    "前端发现报告": ("report",),
    "网上分级分流": ("accept", "dispatch"),
    "部门限时办理": ("acknowledge", "finish"),
    "全程跟踪督办": ("urge",),
    "办结回访评价": ("close", "evaluate"),
}


def photo(person: Person, purpose: str) -> str:
    file_id = str(new_id())
    sent = person.client.post(
        "/api/v1/files",
        files={"file": ("a.jpg", picture(), "image/jpeg")},
        data={"id": file_id, "purpose": purpose},
    )
    assert sent.status_code == 201, sent.text
    return file_id


@pytest.mark.mission("DC-21")
def test_one_event_passes_all_five_links(town: Town, open_tx: Opening) -> None:
    """DC-21: "one event passes all five; each has actor, time, evidence".

    A worker finds it with a picture, the desk sends it, a department handles it in time with a
    picture, a supervisor urges it, and the asker's word comes by a call-back. Seen red: with the
    caller's name left out of the step of his call the fifth link had nobody.
    """
    day = Day(open_tx)
    worker, handler = town.person("lihong"), town.person("handler")
    body = told(channel="worker", files=[photo(worker, "report")])
    assert worker.post("/cases", body).status_code == 200
    case = body["id"]
    day.passes(minutes=10)
    taken(town.person("acceptor"), case, "accept", type="waterlogging")
    taken(town.person("dispatcher"), case, "dispatch", unit_id=town.unit("urban-379901"))
    day.passes(minutes=10)
    taken(handler, case, "acknowledge")
    urged = taken(town.person("supervisor"), case, "urge", note="雨还在下，请抓紧")
    assert urged.status_code == 200, urged.text
    day.passes(minutes=30)
    shots = [photo(handler, "after")]
    done = taken(handler, case, "finish", note="已抽水", answer="积水已抽干", files=shots)
    assert done.status_code == 200, done.text
    taken(worker, case, "pass_check", note="现场已无积水")
    day.passes(hours=25)
    caller = appointed(town, "caller", "caller", "379901001", "desk-379901001")
    called(caller, case, "answered", solved=True, satisfaction="satisfied", note="很快，谢谢")

    shown = town.person("acceptor").get(f"/cases/{case}").json()
    assert shown["state"] == "evaluated"
    found: dict[str, list[dict[str, Any]]] = {
        link: [step for step in shown["steps"] if step["action"] in actions]
        for link, actions in LINKS.items()
    }
    for link, steps in found.items():
        assert steps, link
        assert any(step["actor"]["name"] for step in steps), link
        assert all(step["at"] for step in steps), link
        assert any(evidence(step) for step in steps), link
    order = [steps[-1]["seq"] for link, steps in found.items() if link != "全程跟踪督办"]
    assert order == sorted(order)
    finish = found["部门限时办理"][-1]
    limit = next(step["due_at"] for step in shown["steps"] if step["action"] == "acknowledge")
    assert finish["at"] < limit
    assert found["办结回访评价"][-1]["actor"]["name"] == "新同事"
    tries = town.person("acceptor").get(f"/cases/{case}/contacts").json()["items"]
    assert [(one["purpose"], one["result"]) for one in tries] == [("callback", "answered")]


def evidence(step: dict[str, Any]) -> bool:
    """A picture, words, or the unit and the rule by which it was sent."""
    return bool(step["files"] or step["note"] or step["answer"] or step["unit"])
