"""网格吹哨、党员报到: members nearby with a skill are asked, and exactly so many come."""

from concurrent.futures import ThreadPoolExecutor
from time import monotonic
from typing import Any

import pytest

from tests.dispatch.conftest import phones, work
from tests.dispatch.test_follows import Work, noticed
from tests.town import Person, Town
from tests.whistles.test_whistles import Opening, concluded, ids, morning, shown
from wangge.kernel.ids import new_id

__all__ = ["morning", "phones", "work"]
EAST, WEST = "3799010010010001", "3799010010010002"  # one community, one above the other
BESIDE = "3799010010020001"  # of the next community; its border is EAST's own
WANTED = 3
FAR = "3799011012010001"  # of another town


def member(town: Town, number: int, area: str, *skills: str, post: str = "") -> Person:
    """A party member with an account, listed by his team, who says himself what he can do."""
    admin = town.person("sysadmin")
    name = f"dangyuan{number}"
    posts = [{"role": "building_head", "area_id": town.area(post)}] if post else []
    body = {"username": name, "name": f"党员{number}", "phone": f"1390546{number:04}",
            "posts": posts}  # fmt: skip
    assert admin.post("/people", body).status_code == 201
    seat = {"id": str(new_id()), "slot": "others", "kind": "member",
            "account_id": town.account(name)}  # fmt: skip
    answer = admin.post(f"/teams/{team(town)}/members", seat)
    assert answer.status_code == 200, answer.text
    person = town.person(name)
    place = town.area(area) if area else None
    given = person.put("/member/skills", {"skills": list(skills), "area_id": place})
    assert given.status_code == 200, given.text
    return person


def team(town: Town) -> str:
    admin = town.person("sysadmin")
    body = {"id": str(new_id()), "code": "dangyuan", "name": "党员志愿服务队",
            "area_id": town.area("3799")}  # fmt: skip
    admin.post("/teams", body)
    return str(admin.get("/teams", q="dangyuan").json()["items"][0]["id"])


def called(person: Person, town: Town, **more: Any) -> Any:
    body = {"id": str(new_id()), "reason": "hard", "words": "独居老人家里水管爆了，请来帮忙",
            "skill": "electric", "wanted": WANTED, "area_id": town.area(EAST), **more}  # fmt: skip
    return person.post("/whistles/to-members", body)


def asked(person: Person) -> list[str]:
    return [one["id"] for one in person.get("/member/calls").json()]


def answered(person: Person, whistle: str, what: str = "accept") -> Any:
    return person.post(f"/member/calls/{whistle}/{what}")


def at_once(open_tx: Opening, people: list[Person], whistle: str) -> list[Any]:
    """They answer while somebody else is writing the whistle, so that all of them wait for it."""
    waiting = "select count(*) as n from pg_locks where not granted"
    deadline = monotonic() + 20
    with ThreadPoolExecutor(len(people)) as hands:
        with open_tx() as tx:
            tx.one("select from whistles where id = %s for update", [whistle])
            said = [hands.submit(answered, one, whistle) for one in people]
            while (tx.one(waiting) or {"n": 0})["n"] <= WANTED and monotonic() < deadline:
                pass
        return [one.result() for one in said]


@pytest.mark.mission("DC-18")
def test_members_nearby_are_asked_and_the_first_so_many_come(
    town: Town, open_tx: Opening, work: Work
) -> None:
    """A grid asks for three plumbers; seven of the neighbourhood answer in the same moment.

    DC-18: "members nearby with skill notified; first N accept". Nearby is where somebody has
    registered or holds a post: the grid, its community, the grids whose borders meet it.

    Seen red: without the lock of the whistle more than three of seven came; with the grids beside
    left out the neighbour heard nothing; with the answer written under his name the history kept
    who had come and gone.
    """
    near = [member(town, n, EAST, "electric") for n in range(4)]
    near += [member(town, 4, "379901001001", "electric"), member(town, 5, WEST, "electric")]
    near.append(member(town, 6, "", "electric", post=BESIDE))
    other = member(town, 7, EAST, "legal")
    far = member(town, 8, FAR, "electric")
    worker = town.person("lihong")

    whistle = called(worker, town).json()
    work()

    assert [noticed(one) for one in near] == [["whistle_members"]] * 7
    assert not [*noticed(other), *noticed(far), *asked(other), *asked(far)]
    (card,) = near[0].get("/member/calls").json()
    assert (card["near"], card["coming"], card["caller_phone"]) == ("grid", 0, "")
    assert near[6].get("/member/calls").json()[0]["near"] == "neighbour"

    answers = at_once(open_tx, near, whistle["id"])

    came = [one for one, said in zip(near, answers, strict=True) if said.status_code == 200]
    late = [said.json() for said in answers if said.status_code != 200]
    assert (len(came), {said["code"] for said in late}) == (3, {"enough_came"})
    assert "谢谢" in late[0]["message"]["zh"]
    now = shown(worker, whistle)
    assert {one["name"] for one in now["members"]} == {one.name for one in came}
    assert all(one["phone"] for one in now["members"])
    assert came[0].get("/member/calls").json()[0]["caller_phone"] == "13805460000"
    work()
    assert "whistle_member_came" in noticed(worker)
    assert ids(worker, "todo") == [whistle["id"]]

    away = next(one for one in near if one not in came)
    assert answered(away, whistle["id"], "put-away").json() == []
    assert answered(came[0], whistle["id"], "put-away").json() == []
    free = next(one for one in near if one not in (*came, away))
    assert answered(free, whistle["id"]).status_code == 200
    assert answered(free, whistle["id"]).status_code == 200  # a repeat takes no second place
    now = shown(worker, whistle)
    assert len(now["members"]) == now["coming"] == 3
    assert not [one.name for one in (away, came[0]) if one.name in str(now["steps"])]
    with open_tx() as tx:
        kept = tx.rows(
            "select account_id from whistle_members where account_id = any(%s)",
            [[away.account_id, came[0].account_id]],
        )
        named = tx.rows(
            "select * from whistle_steps where account_id = any(%s)",
            [[one.account_id for one in near]],
        )
    assert not [*kept, *named]

    assert concluded(worker, whistle).json()["state"] == "concluded"
    assert answered(near[4], whistle["id"]).status_code in (200, 404, 409)
    work()
    assert "whistle_concluded" in noticed(free)
    assert "whistle_concluded" not in noticed(away)


def test_skills_are_ones_own_and_can_be_taken_back(town: Town) -> None:
    """Only listed members give skills, nobody else reads them, and taking them back counts now."""
    one = member(town, 1, EAST, "electric", "driving")
    worker = town.person("lihong")
    first = called(worker, town, wanted=1).json()
    assert asked(one) == [first["id"]]
    given = one.get("/member/skills").json()
    assert {skill["code"] for skill in given["skills"] if skill["given"]} == {
        "electric", "driving",
    }  # fmt: skip

    assert one.put("/member/skills", {"skills": []}).json()["area"] is None

    assert asked(one) == []
    assert answered(one, first["id"]).status_code == 404
    refused = called(worker, town)
    assert (refused.status_code, refused.json()["code"]) == (409, "no_members_near")
    resident = worker.put("/member/skills", {"skills": ["electric"]})
    assert (resident.status_code, resident.json()["code"]) == (403, "not_a_member")
    wrong = one.put("/member/skills", {"skills": ["flying"]})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "unknown_skill")
    wide = one.put("/member/skills", {"skills": ["legal"], "area_id": town.area("3799")})
    assert wide.json()["code"] == "area_too_wide"
    for missing in ({"skill": "flying"}, {"wanted": 0}):
        assert called(worker, town, **missing).json()["code"] == "field_needed"
    beyond = called(worker, town, area_id=town.area(FAR))
    assert beyond.status_code == 403
    assert town.person("squad").get(f"/whistles/{first['id']}").status_code == 404


def test_a_volunteer_by_his_post_is_called_like_a_member(town: Town) -> None:
    """走访志愿者 holds a post and stands in no list. Seen red with the post left out of who may."""
    admin = town.person("sysadmin")
    body = {"username": "zhiyuan", "name": "志愿者", "phone": "13905460099",
            "posts": [{"role": "volunteer", "area_id": town.area(EAST)}]}  # fmt: skip
    assert admin.post("/people", body).status_code == 201
    volunteer = town.person("zhiyuan")
    given = volunteer.put("/member/skills", {"skills": ["electric"], "area_id": None})
    assert given.status_code == 200, given.text

    whistle = called(town.person("lihong"), town, wanted=1).json()

    assert asked(volunteer) == [whistle["id"]]
    assert answered(volunteer, whistle["id"]).status_code == 200
