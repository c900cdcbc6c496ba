"""Household visits: one tap a door, what follows is somebody's, and nobody else looks in."""

from datetime import timedelta

import pytest

from tests.fieldwork.conftest import Field
from tests.town import Town
from wangge.kernel.ids import new_id


@pytest.mark.mission("BX-11")
def test_a_visit_leaves_a_task_for_the_grid(town: Town, field: Field) -> None:
    """BX-11, the whole acceptance: "visit creates follow-up task".

    Who was met, what was talked about and what is needed is written down; the task stands in the
    list of whoever works on that ground until it is done, the day that was agreed is one too, and
    a demand becomes a case with its number. The same visit sent again changes nothing.

    Seen red: with the tasks of a record not written, and with the agreed day left out.
    """
    lihong = town.person("lihong")
    home, other = field.homes(lihong, 2)
    task, case = str(new_id()), str(new_id())
    visit = field.called(
        home, met="老人本人", topics=["safety", "health"], words="聊了用电安全", needs="要换灯泡",
        follow_ups=[
            {"id": task, "words": "带灯泡上门更换", "due_on": "2026-03-05"},
            {"id": case, "words": "楼道扶手松动，老人上下楼不安全", "as_case": True},
        ],
    )  # fmt: skip
    [done] = field.visit(lihong, visit)
    assert (done["outcome"], len(done["cases"])) == ("taken", 1)
    [again] = field.visit(lihong, visit)
    assert (again["outcome"], again["cases"]) == ("repeated", done["cases"])
    [changed] = field.visit(lihong, {**visit, "words": "别的"})
    assert changed["refusal"]["code"] == "id_taken"
    day = (field.now + timedelta(days=9)).date().isoformat()
    field.visit(lihong, field.called(other, "again", again_on=day))

    listed = lihong.get("/fieldwork/tasks").json()
    assert [(one["due_on"], one["place"]) for one in listed] == [
        ("2026-03-05", "3号楼2单元101"),
        (day, "3号楼2单元102"),
    ]
    assert listed[0]["words"] == "带灯泡上门更换"
    seen = lihong.get(f"/cases/{case}").json()
    assert (seen["channel"], seen["place"]["words"]) == ("home_visit", "3号楼2单元101")
    kept = lihong.get(f"/fieldwork/records/{visit['id']}").json()
    assert (kept["met"], kept["topics"], kept["cases"]) == (
        "老人本人", ["safety", "health"], done["cases"],
    )  # fmt: skip

    body = {"id": str(new_id()), "state": "done", "done_at": field.now.isoformat()}
    for _ in range(2):
        assert lihong.post(f"/fieldwork/tasks/{task}/end", body).status_code == 204
    assert [one["due_on"] for one in lihong.get("/fieldwork/tasks").json()] == [day]
    late = {**body, "id": str(new_id())}
    assert lihong.post(f"/fieldwork/tasks/{task}/end", late).json()["code"] == "task_over"


def test_the_neighbours_worker_sees_nothing_of_it(town: Town, field: Field) -> None:
    """Seen red with the policies of homes and records open, and with the door's check left out."""
    lihong, neighbour = town.person("lihong"), town.person("wangqiang")
    [home] = field.homes(lihong, 1)
    visit = field.called(
        home, words="家中情况", follow_ups=[{"id": str(new_id()), "words": "再来一趟"}]
    )
    field.visit(lihong, visit)
    assert neighbour.get("/registers/homes").json() == []
    assert neighbour.get("/fieldwork/round").json()["homes"] == []
    assert neighbour.get("/fieldwork/tasks").json() == []
    assert neighbour.get(f"/registers/homes/{home}").status_code == 404
    assert neighbour.get(f"/fieldwork/records/{visit['id']}").status_code == 404
    [tried] = field.visit(neighbour, field.called(home))
    assert tried["refusal"]["code"] == "no_such_household"
    for name in ("acceptor", "handler", "supervisor", "leader", "sysadmin"):
        assert town.person(name).get("/registers/homes").status_code == 403
    leader = town.person("wuhua")  # 网格长 of the community
    assert [one["id"] for one in leader.get("/registers/homes").json()] == [home]


def test_thirty_doors_one_tap_each_and_the_overdue_first(town: Town, field: Field) -> None:
    """A round in one go; each is answered for itself, and who was met is not due any more.

    Seen red: with the meeting not written at the home, and with one refusal undoing the round.
    """
    lihong = town.person("lihong")
    homes = field.homes(lihong, 30)
    care = {
        "id": str(new_id()), "kind": "lonely_elderly", "purpose": "定期上门看望",
        "consent_at": field.now.isoformat(), "found_at": field.now.isoformat(),
    }  # fmt: skip
    assert lihong.post(f"/registers/homes/{homes[20]}/care", care).status_code == 200
    field.passes(days=8)
    before = lihong.get("/fieldwork/round").json()
    assert [one["id"] for one in before["homes"] if one["overdue"]] == [homes[20]]
    assert before["homes"][0]["id"] == homes[20]
    assert before["progress"] == {"homes": 0, "quota": None}

    results = ["in"] * 25 + ["not_home"] * 3 + ["refused"] * 2
    visits = [field.called(home, how) for home, how in zip(homes, results, strict=True)]
    answers = field.visit(lihong, *visits, field.called(str(new_id())))
    assert [one["outcome"] for one in answers] == ["taken"] * 30 + ["refused"]
    after = lihong.get("/fieldwork/round").json()
    assert not any(one["overdue"] for one in after["homes"])
    assert [one["last_result"] for one in after["homes"]] == results
    assert after["progress"]["homes"] == 30
