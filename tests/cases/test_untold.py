"""The nightly list of answers that did not reach their askers: kept, owed by somebody, marked."""

from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.cases.test_answers import Day, Opening, caller, closed, day, tried
from tests.cases.test_loop import taken
from tests.cases.test_merging import closed as closed_lead
from tests.cases.test_merging import merged, reported
from tests.dispatch.conftest import phones, work
from tests.town import Person, Town
from wangge.dispatch import jobs
from wangge.kernel.ids import new_id

__all__ = ["caller", "day", "phones", "work"]


def entered(desk: Person, channel: str, **asker: Any) -> str:
    case = str(new_id())
    body = {"id": case, "channel": channel, "text": f"{channel}：楼道积水", "lon": 118.1,
            "lat": 37.3, "asker": asker}  # fmt: skip
    answer = desk.post("/cases", body)
    assert answer.status_code == 200, answer.text
    return case


@pytest.fixture
def night(open_tx: Opening) -> Any:
    return lambda: jobs.untold_list(open_tx)


def test_a_night_keeps_who_was_not_told_and_by_whom(
    town: Town, client: Any, day: Day, work: Any, phones: Any, night: Any
) -> None:
    """The list is the desk's queue of that hour, each with who owes it; what is told is marked.

    Two askers of one merged matter stand in it each for himself, and one of them being told leaves
    the other. Seen red: with the list made of leads alone the merged asker was missing; with the
    marks left out of ``told`` everybody stayed owed.
    """
    desk, handler = town.person("acceptor"), town.person("handler")
    rang = entered(desk, "phone", name="王桂英", phone="05468880001")
    wrote = entered(desk, "letter", name="刘美兰")
    spoke = entered(desk, "home_visit", name="田大娘")
    for case in (rang, wrote, spoke):
        closed(town, case)
    lead, other = reported(client), reported(client)
    assert merged(desk, other["id"], lead["id"]).status_code == 200
    closed_lead(town, lead["id"])
    work()
    night()
    assert desk.get("/untold").json()["items"] == [], "today's answers have today to arrive"

    day.passes(hours=24)
    queue = {one["id"] for one in desk.get("/cases", queue="untold").json()["items"]}
    night()
    found = desk.get("/untold").json()
    assert {one["case_id"] for one in found["items"]} == queue
    assert queue == {rang, wrote, spoke, lead["id"], other["id"]}
    owed = {one["case_id"]: (one["way"], one["owes"]) for one in found["items"]}
    assert owed[rang] == ("call", "callers")
    assert owed[wrote] == ("letter", "desk")
    assert owed[spoke] == ("in_person", "unit")
    carried = {one["case_id"]: one["carried_by"] for one in found["items"]}
    assert carried[other["id"]] is not None
    assert carried[lead["id"]] is None
    assert (found["listed"], found["told"]) == (5, 0)

    tried(desk, rang, "answered", note="已告知")
    client.get(f"/api/v1/public/cases/{other['code']}")
    handed = {"id": str(new_id()), "way": "in_person", "note": "到家里说了"}
    assert handler.post(f"/cases/{spoke}/tellings", handed).status_code == 200
    taken(desk, wrote, "reopen", note="答复写错了")
    after = desk.get("/untold").json()
    how = {one["case_id"]: one["told_how"] for one in after["items"]}
    assert how[rang] == "call"
    assert how[other["id"]] == "page"
    assert how[lead["id"]] is None, "his neighbour was told, he was not"
    assert how[spoke] == "in_person"
    assert (after["listed"], after["told"]) == (5, sum(1 for one in how.values() if one))


def test_a_night_is_made_once_and_stays(
    town: Town, client: Any, day: Day, work: Any, phones: Any, night: Any
) -> None:
    """Made once a night, told once to the desk, looked at later, taken out as a sheet.

    Seen red: without the night's own row every run listed anew; with every night's rows told of as
    new the desk heard of the same answer each morning.
    """
    desk = town.person("acceptor")

    def heard() -> int:
        items = desk.get("/notices").json()["items"]
        return sum(1 for one in items if one["code"] == "untold_listed")

    wrote = entered(desk, "letter", name="刘美兰")
    closed(town, wrote)
    work()
    day.passes(hours=24)
    night()
    first = desk.get("/untold").json()
    late = entered(desk, "letter", name="孙大爷")
    closed(town, late)
    work()
    night()
    assert [one["case_id"] for one in desk.get("/untold").json()["items"]] == [wrote]
    assert heard() == 1
    day.passes(hours=24)
    night()
    second = desk.get("/untold").json()
    assert {one["case_id"]: one["nights"] for one in second["items"]} == {wrote: 2, late: 1}
    assert heard() == 2
    day.passes(hours=24)
    night()
    assert heard() == 2, "nobody new, nothing told again"
    assert desk.get("/untold", night=first["night"]).json()["items"] == [
        {**one, "night": first["night"]} for one in first["items"]
    ]
    letter = {"id": str(new_id()), "way": "letter", "note": "挂号信"}
    assert desk.post(f"/cases/{wrote}/tellings", letter).status_code == 200
    for one in (first["night"], second["night"]):
        shown = desk.get("/untold", night=one).json()["items"]
        assert {row["told_how"] for row in shown if row["case_id"] == wrote} == {"letter"}
    none = desk.get("/untold", night="2020-01-01")
    assert (none.status_code, none.json()["code"]) == (404, "no_such_night")

    sheet = desk.get("/untold/export.xlsx", night=second["night"])
    rows = list(load_workbook(BytesIO(sheet.content))["未告知清单"].iter_rows(values_only=True))
    said = [[str(cell) for cell in row] for row in rows]
    assert any("寄信" in row and "已寄信" in row and "受理台" in row for row in said)
    assert not any("刘美兰" in cell for row in said for cell in row)


def test_who_sees_the_list(
    town: Town, client: Any, day: Day, work: Any, phones: Any, night: Any
) -> None:
    """The desk that answers for it and who supervises the ground; a neighbour's desk sees nothing.

    Seen red: with the desks left out of the condition the neighbour's ground supervisor still saw
    nothing, the desk neither; with the ground left out the supervisor saw nothing.
    """
    desk = town.person("acceptor")
    wrote = entered(desk, "letter", name="刘美兰")
    closed(town, wrote)
    work()
    day.passes(hours=24)
    night()

    def seen(username: str) -> list[str]:
        return [one["case_id"] for one in town.person(username).get("/untold").json()["items"]]

    assert seen("acceptor") == [wrote]
    assert seen("supervisor") == [wrote]
    assert seen("liulin") == []
    for username in ("lihong", "handler"):
        refused = town.person(username).get("/untold")
        assert refused.status_code == 403, username
        assert refused.json()["code"] == "not_allowed"
