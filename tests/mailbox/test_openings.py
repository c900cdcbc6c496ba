"""The daily opening: whose day it is, what he records, and what nobody did."""

from datetime import datetime

import pytest

from tests.dispatch.test_follows import noticed
from tests.mailbox.conftest import Box
from tests.town import Town


@pytest.mark.mission("DC-29")
def test_a_missed_day_is_red_and_an_opening_has_its_time(town: Town, box: Box) -> None:
    """DC-29, the whole acceptance: "missed day → reminder & red; opening record with time".

    The day's person is reminded in the morning; when his time is over and nobody opened, he, the
    desk and the leader are told and the leader sees it red, until the desk says why. The next day
    it is opened, and the record has its time.

    Seen red: with the sweep not looking at what is due, and with the time taken from the task.
    """
    box.sweep()
    lihong, wangqiang = town.person("lihong"), town.person("wangqiang")
    today = {p.name: box.today(p, only="mine") for p in (lihong, wangqiang)}
    [(name, [task])] = [one for one in today.items() if one[1]]
    person = lihong if name == lihong.name else wangqiang
    other = wangqiang if name == lihong.name else lihong
    assert "mailbox_open_today" in noticed(person)
    assert noticed(other) == []
    assert (task["state"], task["light"]) == ("due", "yellow")

    leader, desk = town.person("leader"), town.person("dutyleader")
    assert box.today(leader, only="missed") == []
    box.passes(hours=9)
    box.sweep()
    box.sweep()
    [red] = box.today(leader, only="missed")
    assert (red["id"], red["state"], red["light"]) == (task["id"], "missed", "red")
    assert red["missed_at"]
    for who in (person, leader, desk):
        assert noticed(who).count("mailbox_missed") == 1

    explain = f"/mailbox/openings/{task['id']}/reason"
    assert leader.post(explain, {"reason": "x"}).status_code == 404
    assert desk.post(explain, {"reason": " "}).json()["details"]["field"] == "reason"
    closed = desk.post(explain, {"reason": "开箱人临时就医，未及时改派"}).json()
    assert (closed["state"], closed["light"]) == ("explained", "none")
    assert closed["missed_at"] == red["missed_at"]
    assert closed["closed_by_name"] == "陈刚"
    assert box.today(leader, only="missed") == []

    box.passes(hours=15)  # the next morning
    box.sweep()
    [next_task] = box.today(other, only="mine")
    record = box.record(other, next_task["id"], 2).json()
    assert (record["state"], record["letters"]) == ("opened", 2)
    assert datetime.fromisoformat(record["opened_at"]).isoformat() == "2026-03-04T01:00:00+00:00"
    assert record["recorded_at"] == record["opened_at"]
    assert (record["late"], record["backdated"]) == (False, False)


def test_no_letter_is_recorded_by_the_days_person_alone(town: Town, box: Box) -> None:
    """Seen red: with whoever sees the opening let in."""
    box.sweep()
    people = [town.person("lihong"), town.person("wangqiang")]
    [person] = [one for one in people if box.today(one, only="mine")]
    [other] = [one for one in people if one is not person]
    [task] = box.today(person, only="mine")
    for name, status in (("dutyleader", 403), ("leader", 403), ("zhouping", 404)):
        assert box.record(town.person(name), task["id"], 0).status_code == status, name
    assert box.record(other, task["id"], 0).status_code == 404
    assert box.record(person, task["id"], 0).json()["letters"] == 0
    assert box.record(person, task["id"], 0).status_code == 200  # the same again stands
    assert box.record(person, task["id"], 1).json()["code"] == "already_opened"


def test_what_is_recorded_afterwards_says_so(town: Town, box: Box) -> None:
    """Seen red: with the record's time taken from what its writer says."""
    box.sweep()
    [person] = [
        one for one in (town.person("lihong"), town.person("wangqiang"))
        if box.today(one, only="mine")
    ]  # fmt: skip
    [task] = box.today(person, only="mine")
    box.passes(hours=11)
    box.sweep()
    said = {"opened_at": "2026-03-03T16:00:00+08:00", "letters": 0}
    record = f"/mailbox/openings/{task['id']}/record"
    assert person.post(record, said).json()["details"]["field"] == "note"
    for wrong in ("2026-03-03T23:00:00+08:00", "2026-03-02T16:00:00+08:00"):
        answer = person.post(record, said | {"opened_at": wrong, "note": "x"})
        assert answer.json()["details"]["field"] == "opened_at"
    done = person.post(record, said | {"note": "手机没电，晚上补记"}).json()
    assert (done["backdated"], done["late"], done["state"]) == (True, True, "opened")
    assert done["recorded_at"] == "2026-03-03T12:00:00Z"
    assert done["missed_at"], "that it was missed stays written"


def test_the_desk_names_who_opens_instead(town: Town, box: Box) -> None:
    box.sweep()
    desk = town.person("dutyleader")
    [task] = box.today(desk)
    stand_in = town.person("zhouping")  # of another town, who would not see the box otherwise
    assert box.today(stand_in) == []
    name = f"/mailbox/openings/{task['id']}/opener"
    body = {"opener_id": stand_in.account_id}
    assert town.person("leader").post(name, body).status_code == 404
    assert town.person("liulin").post(name, body).status_code == 404
    assert desk.post(name, body).json()["opener"]["name"] == "周平"
    assert box.record(stand_in, task["id"], 0).status_code == 200


def test_who_left_is_passed_over_and_where_nobody_is_left_the_desk_hears(
    town: Town, box: Box
) -> None:
    town.end_posts("lihong")
    box.sweep()
    [task] = box.today(town.person("dutyleader"))
    assert task["opener"]["name"] == "王强"
    town.end_posts("wangqiang")
    box.passes(days=1)
    box.sweep()
    [task] = box.today(town.person("dutyleader"))
    assert task["opener"] is None
    assert "mailbox_nobody_opens" in noticed(town.person("dutyleader"))


def test_another_street_sees_no_box_and_no_opening(town: Town, box: Box) -> None:
    """Seen red: with the policy of boxes open."""
    box.sweep()
    neighbour, own = town.person("liulin"), town.person("acceptor")
    assert [one["code"] for one in own.get("/mailbox/boxes").json()["boxes"]] == ["AH-01"]
    assert len(box.today(own)) == 1
    assert neighbour.get("/mailbox/boxes").json() == {"boxes": [], "groups": []}
    assert box.today(neighbour) == []
    [task] = box.today(own)
    assert neighbour.get(f"/mailbox/openings/{task['id']}").status_code == 404
    body = {"code": "B", "name": "b", "lon": 118.10, "lat": 37.30}
    assert neighbour.put(f"/mailbox/boxes/{box.id}", body).status_code == 404
    assert town.person("lihong").put(f"/mailbox/boxes/{box.id}", body).status_code == 403
