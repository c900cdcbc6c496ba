"""The command desk: units sent out in one act, their words timed, people reached by post."""

from datetime import datetime
from typing import Any

import pytest

from tests.cases.test_answers import Day, Opening, brought
from tests.cases.test_assisting import said
from tests.cases.test_loop import taken
from tests.dispatch.conftest import work
from tests.dispatch.test_follows import Work, noticed
from tests.town import Person, Town
from wangge.command import service
from wangge.kernel.db import transaction
from wangge.kernel.ids import new_id

__all__ = ["work"]
UNITS = ("water-379901", "urban-379901001")


@pytest.fixture
def registered(town: Town, client: Any) -> str:
    case = str(brought(town, client)["id"])
    answer = taken(town.person("dutyleader"), case, "accept", type="waterlogging")
    assert answer.json()["state"] == "registered", answer.text
    return case


def ordered(person: Person, case: str, town: Town, **more: Any) -> Any:
    body = {
        "id": str(new_id()), "words": "到车库抽水，封住北口", "minutes": 10,
        "lead": town.unit("urban-379901"), "assist": [town.unit(one) for one in UNITS], **more,
    }  # fmt: skip
    return person.post(f"/cases/{case}/command/orders", body)


def standing(person: Person, case: str) -> dict[str, tuple[str, bool | None]]:
    calls = person.get(f"/cases/{case}/command").json()["calls"]
    return {one["unit"]["name"]: (one["state"], one["on_time"]) for one in calls}


def test_three_units_in_one_act_and_each_word_at_its_time(
    town: Town, registered: str, open_tx: Opening, work: Work
) -> None:
    """One order, three units, ten minutes: two acknowledge, the silent one is noticed, then comes.

    Meant to go red: with the sweep asking only for the time, a unit that had acknowledged was late
    too.
    """
    day, desk = Day(open_tx), town.person("dutyleader")
    body = {"id": str(new_id())}
    sent = ordered(desk, registered, town, **body)
    assert sent.status_code == 200, sent.text
    assert ordered(desk, registered, town, **body).status_code == 200
    calls = sent.json()["calls"]
    assert [(one["unit"]["name"], one["lead"], one["state"]) for one in calls] == [
        ("安东区城市管理局", True, "waiting"), ("安和街道综合执法队", False, "waiting"),
        ("安东区供水公司", False, "waiting"),
    ]  # fmt: skip
    assert {
        (datetime.fromisoformat(one["answer_by"]) - datetime.fromisoformat(one["at"])).seconds
        for one in calls
    } == {600}
    case = desk.get(f"/cases/{registered}").json()
    assert (case["state"], [one["action"] for one in case["steps"]].count("assist")) == (
        "dispatched", 2,
    )  # fmt: skip
    work()
    for name in ("handler", "water", "squad"):
        assert "command_called" in noticed(town.person(name))
    [awaited] = desk.get("/command/awaited").json()["items"]
    assert (awaited["case_id"], len(awaited["units"]), awaited["late"]) == (registered, 3, False)
    assert town.person("liulin").get("/command/awaited").status_code == 403
    assert town.person("cityleader").get("/command/awaited").json()["items"]

    tasks = {one["unit"]["name"]: one["id"]
             for one in desk.get(f"/cases/{registered}/tasks").json()["items"]}  # fmt: skip
    day.passes(minutes=4)
    said(town.person("water"), registered, tasks["安东区供水公司"], "acknowledge")
    day.passes(minutes=5)
    taken(town.person("handler"), registered, "acknowledge")
    day.passes(minutes=2)
    with open_tx() as tx:
        assert service.mark_late(tx) == 1
        assert service.mark_late(tx) == 0
    assert standing(desk, registered) == {
        "安东区城市管理局": ("answered", True), "安东区供水公司": ("answered", True),
        "安和街道综合执法队": ("late", None),
    }  # fmt: skip
    work()
    assert "command_unanswered" in noticed(desk)
    assert "command_unanswered" not in noticed(town.person("liulin"))
    assert desk.get("/command/awaited").json()["items"][0]["units"] == ["安和街道综合执法队"]
    day.passes(minutes=9)
    said(town.person("squad"), registered, tasks["安和街道综合执法队"], "acknowledge")
    calls = desk.get(f"/cases/{registered}/command").json()["calls"]
    assert [(one["answered_by"], one["on_time"], one["seconds"] // 60) for one in calls] == [
        ("许工", True, 9), ("沈队", False, 20), ("蒋师傅", True, 4),
    ]  # fmt: skip
    assert desk.get("/command/awaited").json()["items"] == []


def test_an_order_is_all_or_nothing(town: Town, registered: str) -> None:
    """A unit that cannot be sent takes the whole order back; what was typed is told why.

    Meant to go red: with a transaction for each unit the lead had it and the others had not.
    """
    desk = town.person("dutyleader")
    for wrong, code in (
        ({"assist": [town.unit("desk-379901101")]}, "unit_without_people"),
        ({"words": "  "}, "field_needed"),
        ({"lead": None, "assist": []}, "field_needed"),
        ({"assist": [town.unit("urban-379901")]}, "too_many_units"),
        ({"version": 1}, "stale_version"),
        ({"minutes": 0}, "invalid_input"),
    ):
        refused = ordered(desk, registered, town, **wrong)
        assert refused.json()["code"] == code, refused.text
    assert desk.get(f"/cases/{registered}").json()["state"] == "registered"
    assert desk.get(f"/cases/{registered}/command").json()["calls"] == []
    for name, status in (("acceptor", 403), ("lihong", 403), ("liulin", 404), ("sysadmin", 404)):
        assert ordered(town.person(name), registered, town).status_code == status, name
    for name in ("liulin", "zhouping", "sysadmin", "handler"):
        assert town.person(name).get(f"/cases/{registered}/command").status_code == 404, name

    sent = ordered(desk, registered, town, assist=[])
    assert sent.json()["may_assist"]
    more = ordered(desk, registered, town, lead=None, assist=[town.unit("water-379901")])
    assert [one["lead"] for one in more.json()["calls"]] == [True, False]
    taken(desk, registered, "recall", note="派错了")
    assert standing(desk, registered)["安东区城市管理局"] == ("off", None)


def test_people_by_post_are_told_and_the_group_of_the_case_talks(
    town: Town, registered: str, work: Work
) -> None:
    """A sentence reaches who is on duty and who looks after the grid, and stands in the history.

    Meant to go red: with any account taken somebody of the next town was told. Seen red: the door
    of the group held a transaction open and asked for another of the same session, and hung.
    """
    desk, worker = town.person("dutyleader"), town.person("lihong")
    ordered(desk, registered, town)
    beside = desk.get(f"/cases/{registered}/command").json()
    people = {one["name"]: one for one in beside["people"]}
    assert {"陈刚", "李红", "吴华"} <= people.keys()
    assert (people["李红"]["group"], people["李红"]["post"]["zh"]) == ("ground", "专职网格员")
    assert people["李红"]["phone"]

    words = {"id": str(new_id()), "words": "请先到北口看住"}
    path = f"/cases/{registered}/command/words"
    stranger = desk.post(path, {**words, "to": [town.account("zhouping")]})
    assert (stranger.status_code, stranger.json()["code"]) == (403, "not_reached_here")
    told = {**words, "to": [people["李红"]["account_id"]]}
    assert desk.post(path, told).status_code == 200
    assert desk.post(path, told).status_code == 200
    work()
    assert noticed(worker).count("command_words") == 1
    last = desk.get(f"/cases/{registered}").json()["steps"][-1]
    assert last["note"] == "告知李红（第1网格专职网格员）：请先到北口看住"
    assert town.person("acceptor").post(path, told).status_code == 403

    # A session of a minute ago is written anew: two transactions of one request would both do it.
    with transaction(town.cell) as tx:
        tx.run("update sessions set seen_at = seen_at - interval '2 minutes'")
    together = desk.post(f"/cases/{registered}/command/group", {"id": str(new_id())})
    assert together.status_code == 200, together.text
    group = together.json()["group"]
    again = desk.post(f"/cases/{registered}/command/group", {"id": str(new_id())})
    assert again.json()["group"] == group
    message = {"id": str(new_id()), "text": "泵车十分钟后到"}
    assert desk.post(f"/groups/{group['id']}/messages", message).status_code == 200
    for name in ("handler", "water", "squad", "lihong"):
        items = town.person(name).get(f"/groups/{group['id']}/messages").json()["items"]
        assert [one["text"] for one in items] == ["泵车十分钟后到"], name
    assert town.person("liulin").get(f"/groups/{group['id']}/messages").status_code == 404
