"""两人同行: where the rule says so nobody goes alone, and whoever did loses none of his words."""

from datetime import timedelta
from typing import Any

from tests.fieldwork.conftest import Field
from tests.fieldwork.test_plans import ruled
from tests.sync.phones import Phone
from tests.town import Person, Town
from wangge.kernel.ids import new_id


def minded(field: Field, person: Person, home: str, kind: str = "quarrel", **more: Any) -> Any:
    note = {"id": str(new_id()), "kind": kind, "found_at": field.now.isoformat(), **more}
    return person.post(f"/registers/homes/{home}/cautions", note)


def two(person: Person) -> dict[str, list[str]]:
    return {one["id"]: one["two"] for one in person.get("/fieldwork/round").json()["homes"]}


def test_two_go_where_the_rule_says_so(town: Town, field: Field) -> None:
    """By what is minded at the door, or by the kind of care; the list says so before anybody goes.

    The note on the door ends by itself, at the latest after half a year; what is no reason for two
    (a dog) only warns. Who may come along: those of one's own ground, then those beside it.

    Seen red: with the rule not asked at the visit, with a note that never ends, and with the care
    left out of the rule.
    """
    lihong, wangqiang = town.person("lihong"), town.person("wangqiang")
    home, cared, free = field.homes(lihong, 3)
    assert minded(field, lihong, home).status_code == 200
    assert minded(field, lihong, free, "dog").status_code == 200
    late = (field.now + timedelta(days=200)).date().isoformat()
    assert minded(field, lihong, free, until=late).json()["code"] == "bad_time"
    assert minded(field, wangqiang, home).status_code == 404
    care = {
        "id": str(new_id()), "kind": "disabled", "purpose": "定期看望",
        "consent_at": field.now.isoformat(), "found_at": field.now.isoformat(),
    }  # fmt: skip
    assert lihong.post(f"/registers/homes/{cared}/care", care).status_code == 200
    assert two(lihong) == {home: ["quarrel"], cared: [], free: []}
    ruled(town, care=[{"kind": "disabled", "days": 30, "two": True}])
    assert two(lihong)[cared] == ["disabled"]
    along = {one["name"]: one for one in lihong.get("/fieldwork/round").json()["companions"]}
    assert (along["吴华"]["here"], along["王强"]["here"]) == (True, False)
    assert not {"李红", "赵敏", "郑洁"} & set(along)

    for door in (home, cared):
        [refused] = field.visit(lihong, field.called(door, words="敲门无人应"))
        assert refused["refusal"]["code"] == "partner_needed"
    visit = field.called(home, partner_id=wangqiang.account_id, words="情绪平稳")
    free_visit = field.called(free)
    assert [one["outcome"] for one in field.visit(lihong, visit, free_visit)] == ["taken"] * 2
    [kept] = lihong.get("/fieldwork/records", household=home).json()
    assert (kept["worker"], kept["partner"], kept["alone"]) == ("李红", "王强", False)
    assert [one["kind"] for one in wangqiang.get("/fieldwork/diary").json()["actions"]] == ["visit"]

    whole = lihong.get(f"/registers/homes/{home}").json()
    assert [one["until"] for one in whole["cautions"]] == ["2026-06-01"]
    field.passes(days=91)
    assert two(lihong)[home] == []


def test_a_visit_by_one_alone_keeps_its_words(town: Town, field: Field) -> None:
    """What a phone brings of a visit by one goes to his leader, words and all, and is never lost.

    He himself may name who came along and may not wave it through; the leader lets it stand as
    his, with the time it had and the mark that he was alone.

    Seen red: with the operation refused, with the record written as the leader's, and with its
    words shown to whoever leads the cases of the ground.
    """
    lihong, leader = town.person("lihong"), town.person("wuhua")
    homes = field.homes(lihong, 2)
    phone, hers = Phone(lihong, town.cell), Phone(leader, town.cell)
    begun = field.now
    words = {"result": "in", "words": "老人说楼道灯坏了"}
    visits = [
        phone.op("visit.record", str(new_id()), {"household_id": home, **words},
                 done_at=begun.isoformat())
        for home in homes
    ]  # fmt: skip
    for home in homes:  # noted by the leader while the phone had no line
        assert minded(field, leader, home).status_code == 200
    field.passes(hours=3)
    assert phone.states(*visits) == ["proposal partner_needed"] * 2
    assert lihong.get("/fieldwork/records", household=homes[0]).json() == []

    listed = {one["record"]: one for one in hers.ask("GET", "/sync/conflicts").json()["items"]}
    first, second = (listed[visit["record"]] for visit in visits)
    assert first["payload"]["words"] == words["words"]
    desk = Phone(town.person("dutyleader"), town.cell)  # leads the ground's cases, knows no home
    assert desk.ask("GET", "/sync/conflicts").json()["items"] == []
    take = {"id": str(new_id()), "choice": "take"}
    own = phone.ask("POST", f"/sync/conflicts/{first['id']}", take)
    assert own.json()["code"] == "partner_needed"
    assert hers.ask("POST", f"/sync/conflicts/{first['id']}", take).json()["state"] == "decided"
    [kept] = lihong.get("/fieldwork/records", household=homes[0]).json()
    assert (kept["worker"], kept["partner"], kept["alone"]) == ("李红", None, True)
    assert (kept["words"], kept["done_at"]) == (words["words"], "2026-03-03T01:00:00Z")

    named = phone.op(
        "visit.record", second["record"],
        {**second["payload"], "partner_id": leader.account_id}, done_at=begun.isoformat(),
    )  # fmt: skip
    assert phone.states(named) == ["applied"]
    drop = {"id": str(new_id()), "choice": "drop", "note": "已补同行的人"}
    assert phone.ask("POST", f"/sync/conflicts/{second['id']}", drop).status_code == 200
    [kept] = lihong.get("/fieldwork/records", household=homes[1]).json()
    assert (kept["partner"], kept["alone"]) == ("吴华", False)
