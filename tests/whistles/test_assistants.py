"""党员楼栋长、街巷长: an assistant reports and sees his tasks; everything else is shut to him."""

from typing import Any

import pytest

from tests.cases.test_loop import told
from tests.doors.test_every_door import Door, doors, is_open
from tests.town import PEOPLE, Person, Town
from tests.whistles.test_members import EAST, answered, asked, called
from tests.whistles.test_whistles import URBAN, Opening, blown, morning

__all__ = ["URBAN", "Opening", "morning"]
NAME, PHONE = "诸葛明远", "13911112222"
# Lists of persons, and of what others reported; all of them are shut, whatever stands in them.
SHUT = {
    "listPeople", "listPosts", "listParty", "readGridForces", "listTeams", "listTeamMembers",
    "readStaffing", "listHomes", "readCase", "readAsker",
    "listHouseholds", "listWhistles", "readWhistle", "caseWhistles", "readFigures", "listAudit",
}  # fmt: skip


def hired(town: Town, username: str, role: str, area: str) -> Person:
    post = {"role": role, "area_id": town.area(area)}
    body = {"username": username, "name": username, "phone": "13905460088", "posts": [post]}
    assert town.person("sysadmin").post("/people", body).status_code == 201
    return town.person(username)


def reached(person: Person, town: Town, known: dict[str, str]) -> dict[str, str]:
    """Every door that reads and lets this person in, with what it says; ids are real ones."""
    found = {}
    for door in doors(town):
        if door.method == "get" and not is_open(door) and "live" not in door.path:
            answer = person.client.get(_filled(town, door, known), params=door.query)
            if answer.status_code < 400:
                found[door.name] = answer.text
    return found


def _filled(town: Town, door: Door, known: dict[str, str]) -> str:
    for path, methods in town.web.openapi()["paths"].items():
        if any(one.get("operationId") == door.name for one in methods.values()):
            filled = str(path)
            for name, value in known.items():
                filled = filled.replace(f"{{{name}}}", value)
            return filled if "{" not in filled else door.path
    raise LookupError(door.name)


@pytest.mark.mission("DY-14")
@pytest.mark.parametrize(
    ("role", "area"), [("building_head", EAST), ("street_head", "379901001001")]
)
def test_an_assistant_reports_and_has_tasks_and_opens_no_register(
    town: Town, client: Any, role: str, area: str
) -> None:
    """Every door of the platform that reads is tried with real ids, by both kinds of assistant.

    DY-14: "assistant app shows report + tasks only; cannot open person registers". (The page that
    shows them is web/src/modules/today/AssistantPage.vue.)

    Seen red: with the doors of whistles open to whoever reports, their list was open to him; with
    ``people.read`` among an assistant's rights he had more than to report.
    """
    case = client.post("/api/v1/public/cases", json=told(
        "家里老人走失", asker={"name": NAME, "phone": PHONE, "mode": "open"},
    )).json()  # fmt: skip
    whistle = blown(town.person("lihong"), [town.unit("urban-379901")]).json()
    one = hired(town, "xieguan", role, area)
    known = {
        "case_id": case["id"], "whistle_id": whistle["id"], "area_id": town.area(EAST),
        "account_id": town.account("lihong"), "unit_id": town.unit("urban-379901"),
        "organisation_id": town.unit("urban-379901"), "area_code": EAST,
    }  # fmt: skip

    mine = {**told("单元门锁坏了"), "channel": "worker", "asker": None}
    assert one.post("/cases", mine).status_code == 200
    given = one.put("/member/skills", {"skills": ["electric"], "area_id": None})
    assert given.status_code == 200, given.text
    task = called(town.person("lihong"), town, wanted=1).json()
    assert asked(one) == [task["id"]]
    assert answered(one, task["id"]).json()[0]["accepted_at"]
    reports = one.get("/reports/own").json()
    assert [report["id"] for report in reports] == [mine["id"]]

    assert set(one.me["permissions"]) - {"demo"} == {"case.report"}
    open_to_him = reached(one, town, known)
    assert set(open_to_him) >= {"ownReports", "memberCalls", "ownSkills"}
    assert not SHUT & set(open_to_him)
    assert {door.name for door in doors(town)} >= SHUT
    others = {name for username, name, *_ in PEOPLE if username != "lihong"}
    phones = {f"1380546{n:04}" for n in range(1, len(PEOPLE))}
    for name, text in open_to_him.items():
        for word in (NAME, PHONE, case["number"], whistle["number"], *others, *phones):
            assert word not in text, (name, word)
    refused = one.post(f"/cases/{case['id']}/steps", {"id": case["id"], "action": "accept"})
    assert refused.status_code in (403, 404)
