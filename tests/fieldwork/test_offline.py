"""What was recorded without a line arrives by sync: once, with the times it had."""

from datetime import timedelta
from typing import Any

import pytest

from tests.fieldwork.conftest import Field
from tests.sync.phones import Phone
from tests.town import Town
from wangge.kernel.ids import new_id


def row(field: Field, room: str) -> dict[str, Any]:
    found = field.row(room)
    return {name: found[name] for name in ("dwelling_id", "area_id", "building", "unit", "room")}


@pytest.mark.mission("PL-22")
def test_a_session_of_thirty_households_arrives_later(town: Town, field: Field) -> None:
    """PL-22, the whole acceptance.

    "screen 30 households offline in one session; all rows have source, date, worker; duplicates
    flagged on sync". The phone was without a line for two hours; what a colleague wrote down
    meanwhile is flagged in the receipt, both rows stay. The batch sent again changes nothing.

    Seen red: with the address not looked for, and with the time of arrival taken for that at the
    door.
    """
    lihong, leader = town.person("lihong"), town.person("wuhua")
    phone = Phone(lihong, town.cell)
    ops = [
        phone.op("home.screen", str(new_id()), row(field, f"{101 + n}"),
                 found_at=field.now.isoformat())
        for n in range(30)
    ]  # fmt: skip
    field.screen(leader, field.row("105", building="3栋", unit="2"))
    field.passes(hours=2)
    receipts = phone.push(*ops)
    assert {one["state"] for one in receipts} == {"applied"}
    flagged = [one["record"] for one in receipts if one["result"]["duplicate_of"]]
    assert flagged == [ops[4]["record"]]
    assert all(one["again"] for one in phone.push(*ops))
    homes = {one["id"]: one for one in lihong.get("/registers/homes").json()}
    assert len(homes) == 31
    said = ("source", "worker", "found_at", "received_at")
    assert {tuple(homes[op["record"]][name] for name in said) for op in ops} == {
        ("canvass", "李红", "2026-03-03T01:00:00Z", "2026-03-03T03:00:00Z"),
    }
    assert homes[flagged[0]]["duplicate_of"] is not None


@pytest.mark.mission("DC-11")
def test_an_edit_without_a_line_is_in_the_history(town: Town, field: Field) -> None:
    """DC-11, the whole acceptance: "edit offline, sync, history shows before/after, who, when".

    He saw two people and typed three; meanwhile the leader wrote down another kind of dwelling,
    which stands beside it. The history has both changes with their values before and after, who
    made them, when it was found and when it came; the day of verification is the one at the door.

    Seen red: with the time of arrival written as the one at the door, and with the value before
    read after the change.
    """
    lihong, leader = town.person("lihong"), town.person("wuhua")
    [home] = field.homes(lihong, 1)
    phone = Phone(lihong, town.cell)
    assert phone.pull()[home]["people"] is None
    field.passes(days=1)
    at_the_door = field.now
    edit = phone.op(
        "home.correct", home, {"fields": {"people": 3}, "note": "添了人口"},
        based_on={"fields": {"people": None}}, found_at=at_the_door.isoformat(),
    )  # fmt: skip
    body = {"id": str(new_id()), "kind": "rented", "found_at": at_the_door.isoformat()}
    assert leader.post(f"/registers/homes/{home}/corrections", body).status_code == 200
    field.passes(hours=5)
    [receipt] = phone.push(edit)
    assert receipt["state"] in ("applied", "merged"), receipt
    whole = lihong.get(f"/registers/homes/{home}").json()
    assert (whole["people"], whole["kind"]) == (3, "rented")
    assert whole["verified_at"] == "2026-03-04T01:00:00Z"
    mine, theirs = whole["changes"]
    changes = [(one["was"], one["became"], one["worker"]) for one in (mine, theirs)]
    assert changes == [
        ({"people": None}, {"people": 3}, "李红"),
        ({"kind": "home"}, {"kind": "rented"}, "吴华"),
    ]
    came = (mine["found_at"], mine["received_at"])
    assert came == ("2026-03-04T01:00:00Z", "2026-03-04T06:00:00Z")


def test_a_day_of_visits_arrives_once_and_the_phone_holds_its_own_homes(
    town: Town, field: Field
) -> None:
    """Seen red with the homes of the neighbour's grid held, and with the phone's clock believed."""
    lihong = town.person("lihong")
    homes = field.homes(lihong, 3)
    phone, other = Phone(lihong, town.cell), Phone(town.person("wangqiang"), town.cell)
    held = phone.pull()
    assert set(homes) <= set(held)
    assert not set(homes) & set(other.pull())
    task = str(new_id())
    moment = (field.now + timedelta(days=3)).isoformat()  # the phone's clock runs three days ahead
    visits = [
        phone.op("visit.record", str(new_id()), {"household_id": home, "result": "in"},
                 done_at=moment, made_at=moment, clock_ahead=3 * 86400)
        for home in homes
    ]  # fmt: skip
    visits[0]["payload"]["follow_ups"] = [{"id": task, "words": "换灯泡"}]
    service = phone.op("serve.record", str(new_id()), {"kind": "service", "type": "tidying"})
    for _ in range(2):
        assert {one["state"] for one in phone.push(*visits, service)} == {"applied"}
    held = phone.pull()
    assert held[task]["words"] == "换灯泡"
    assert held[homes[0]]["last_result"] == "in"
    diary = lihong.get("/fieldwork/diary").json()["actions"]
    assert sorted(one["kind"] for one in diary) == ["screening", "service", *["visit"] * 3]
    ended = phone.op("task.end", task, {"state": "done"})
    assert [one["state"] for one in phone.push(ended)] == ["applied"]
    assert task not in phone.pull()


def test_what_another_phone_wrote_of_a_home_reaches_this_one(town: Town, field: Field) -> None:
    """A door where nobody opened, another day that was agreed, and whom to call there.

    Seen red: with a stamp that did not change with the last visit, nor with who can be reached.
    """
    lihong = town.person("lihong")
    [home] = field.homes(lihong, 1)
    phone, other = Phone(lihong, town.cell), Phone(lihong, town.cell)
    before = other.pull()[home]
    assert (before["last_result"], before["phone_mask"]) == (None, None)
    away = phone.op("visit.record", str(new_id()), {"household_id": home, "result": "not_home"})
    assert phone.states(away) == ["applied"]
    assert other.pull()[home]["last_result"] == "not_home"

    field.passes(hours=1)
    day = (field.now + timedelta(days=1)).date().isoformat()
    told = {"household_id": home, "result": "again", "again_on": day}
    person = {"household_id": home, "name": "王小明", "phone": "13805461234", "consent": "given",
              "purpose": "上门服务", "consent_at": phone.now().isoformat()}  # fmt: skip
    assert phone.states(
        phone.op("visit.record", str(new_id()), told),
        phone.op("resident.add", str(new_id()), person),
    ) == ["applied", "applied"]
    row = other.pull()[home]
    assert (row["again_on"], row["due_on"], row["phone_mask"]) == (day, day, "138****1234")
    assert Phone(lihong, town.cell).pull()[home] == row


def test_a_fast_clock_does_not_refuse_that_somebody_agreed(town: Town, field: Field) -> None:
    """Its phone has never heard how far it is ahead; agreed was when it was written down.

    Seen red: with the day that the phone says taken as it is.
    """
    lihong = town.person("lihong")
    [home] = field.homes(lihong, 1)
    phone = Phone(lihong, town.cell, ahead=timedelta(days=9))
    said = {"household_id": home, "purpose": "上门服务", "consent_at": phone.now().isoformat()}
    person = {**said, "name": "王小明", "consent": "given"}
    assert phone.states(
        phone.op("resident.add", str(new_id()), person),
        phone.op("care.add", str(new_id()), {**said, "kind": "hardship"}),
    ) == ["applied", "applied"]
    whole = lihong.get(f"/registers/homes/{home}").json()
    agreed = [one["consent_at"] for one in (*whole["residents"], *whole["care_entries"])]
    assert agreed == ["2026-03-03T01:00:00Z"] * 2
