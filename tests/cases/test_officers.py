"""What officers of departments do in the grids they are posted to: theirs and the grid's."""

from typing import Any

import pytest

from tests.cases.test_loop import taken, told
from tests.cases.test_mission_figures import rows_behind
from tests.cases.test_within_grid import ruled
from tests.town import Person, Town
from wangge.kernel.ids import new_id

GRID = "3799010010010001"
BUREAU, SQUAD = "urban-379901", "urban-379901001"


def posted(town: Town, username: str) -> Person:
    """An officer of a department gets a post in the grid beside the one he has."""
    post = {"role": "professional_worker", "area_id": town.area(GRID), "title": "下沉干部"}
    answer = town.person("sysadmin").post(f"/people/{town.account(username)}/posts", post)
    assert answer.status_code == 201, answer.text
    return town.person(username)


def settled(by: Person) -> str:
    body = told("楼道堆物", channel="worker", asker=None)
    body["self_handle"] = {"id": str(new_id()), "note": "当场清走"}
    answer = by.post("/cases", body)
    assert answer.json()["case"]["state"] == "closed", answer.text
    return str(answer.json()["number"])


def sent(town: Town, client: Any, unit: str, by: Person, **place: float) -> tuple[str, str]:
    """A resident's matter that a unit is sent and handles; its id and number."""
    case = client.post("/api/v1/public/cases", json=told("路灯不亮", **place)).json()
    taken(town.person("acceptor"), case["id"], "accept", type="street_lamp")
    taken(town.person("dispatcher"), case["id"], "dispatch", unit_id=town.unit(unit))
    handled(by, case["id"])
    return case["id"], case["number"]


def handled(by: Person, case: str) -> None:
    for action, said in (
        ("acknowledge", {}), ("progress", {"note": "到现场"}), ("progress", {"note": "在修"}),
        ("finish", {"note": "修好", "answer": "已修好"}),
    ):  # fmt: skip
        answer = taken(by, case, action, **said)
        assert answer.status_code == 200, answer.text


@pytest.mark.mission("BX-08")
def test_an_officers_actions_count_for_both_and_an_event_once(town: Town, client: Any) -> None:
    """What he settles on the spot, what his department is sent there, what another's officer ends.

    BX-08: "officer's actions in the grid are counted for both department and grid without
    double-counting events".

    Seen red: with the sum added up over the departments there were four events for three; with the
    grid's post not asked the matter next door was the officers' too.
    """
    ruled(town, "switches", short_path_sample_percent=0, auto_dispatch=False)
    officer, other = posted(town, "handler2"), posted(town, "squad")
    own = settled(officer)
    _, ours = sent(town, client, BUREAU, officer)
    case = client.post("/api/v1/public/cases", json=told("井盖松动")).json()
    taken(town.person("acceptor"), case["id"], "send_verify")
    assert taken(officer, case["id"], "verify", note="属实").status_code == 200
    taken(town.person("acceptor"), case["id"], "accept", type="manhole_cover")
    taken(town.person("dispatcher"), case["id"], "dispatch", unit_id=town.unit(SQUAD))
    taken(other, case["id"], "acknowledge")
    shared = str(case["number"])
    _, elsewhere = sent(town, client, BUREAU, town.person("handler2"), lat=37.10)
    settled(town.person("lihong"))

    reader = town.person("leader")
    found = reader.get("/indicators/officers", area=town.area("379901001001")).json()

    def opened(line: dict[str, Any], key: str = "figure") -> set[str]:
        return rows_behind(reader, line[key], line.get("within", found["within"]))

    assert (found["total"]["events"], found["total"]["shared"]) == (3, 1)
    assert opened(found["total"]) == {own, ours, shared}
    bureau, squad = found["units"]
    assert (bureau["name"], bureau["events"], bureau["whole"]) == ("安东区城市管理局", 3, 4)
    assert opened(bureau) == {own, ours, shared}
    assert opened(bureau, "whole_figure") == {own, ours, shared, elsewhere}
    assert (squad["events"], opened(squad)) == (1, {shared})
    assert bureau["actions"] + squad["actions"] == found["total"]["actions"] == 2 + 4 + 1 + 1
    (grid,) = found["areas"]
    assert (grid["name"], grid["events"], opened(grid)) == ("第1网格", 3, {own, ours, shared})
    beside = town.person("liulin").get("/indicators/officers").json()
    assert (beside["total"]["events"], beside["units"]) == (0, [])
    wrong = reader.get("/cases", figure="officer_events:nobody", within=found["within"])
    assert (wrong.status_code, wrong.json()["code"]) == (422, "unknown_figure")
