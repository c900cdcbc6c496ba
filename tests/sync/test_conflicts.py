"""Two people, one record: fields merge, both values are kept, steps too late are proposals."""

from hashlib import sha256
from typing import Any

import pytest

from tests.files.shapes import picture
from tests.sync.phones import Phone
from tests.town import Town
from wangge.kernel.ids import new_id


@pytest.fixture
def worker(town: Town) -> Phone:
    return Phone(town.person("lihong"), town.cell)


@pytest.fixture
def desk(town: Town) -> Phone:
    return Phone(town.person("dutyleader"), town.cell)


@pytest.fixture
def case(worker: Phone) -> str:
    report = worker.report("楼道灯不亮", level="normal", place_words="3号楼")
    worker.push(report)
    return str(report["record"])


def correction(phone: Phone, case: str, seen: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return phone.op("case.correct", case, {"fields": fields}, based_on={"fields": seen})


def test_fields_of_two_phones_merge_and_the_same_field_keeps_both_values(
    town: Town, desk: Phone, case: str
) -> None:
    """Primero 508: the same field on two devices, where the last one won without a word."""
    other = Phone(town.person("acceptor"), town.cell)
    seen = {"level": "normal", "place_words": "3号楼"}

    assert other.states(correction(other, case, seen, level="urgent")) == ["applied"]
    assert desk.states(correction(desk, case, seen, place_words="3号楼2单元")) == ["merged"]
    (receipt,) = desk.push(correction(desk, case, {"level": "normal"}, level="major"))

    assert (receipt["state"], receipt["details"]["fields"]) == (
        "conflict",
        [{"field": "level", "base": "normal", "mine": "major", "theirs": "urgent"}],
    )
    whole = desk.person.get(f"/cases/{case}").json()
    assert (whole["level"], whole["place"]["words"]) == ("urgent", "3号楼2单元")
    (listed,) = desk.ask("GET", "/sync/conflicts").json()["items"]
    assert (listed["why"], listed["mine"], listed["fields"]) == (
        "fields", True, receipt["details"]["fields"],
    )  # fmt: skip


def test_a_person_decides_and_both_values_stay_readable(desk: Phone, case: str) -> None:
    seen = {"place_words": "3号楼"}
    desk.push(correction(desk, case, seen, place_words="3号楼东侧"))
    (receipt,) = desk.push(correction(desk, case, seen, place_words="3号楼西侧"))
    door = f"/sync/conflicts/{receipt['id']}"
    decision = {"id": str(new_id()), "choices": {"place_words": "mine"}, "note": "现场核对过"}

    assert desk.ask("POST", door, {**decision, "choices": {}}).json()["code"] == "choices_needed"
    decided = desk.ask("POST", door, decision).json()
    assert desk.ask("POST", door, decision).json() == decided
    changed = {**decision, "choices": {"place_words": "theirs"}}
    assert desk.ask("POST", door, changed).json()["code"] == "decided_already"

    assert decided["decided"]["by"]["name"] == "陈刚"
    assert desk.person.get(f"/cases/{case}").json()["place"]["words"] == "3号楼西侧"
    assert desk.ask("GET", "/sync/conflicts").json()["items"] == []
    (kept,) = desk.ask("GET", "/sync/conflicts?decided=true").json()["items"]
    assert [kept["fields"][0][side] for side in ("base", "mine", "theirs")] == [
        "3号楼", "3号楼西侧", "3号楼东侧",
    ]  # fmt: skip


def test_a_step_too_late_is_a_proposal_and_its_words_stand(
    town: Town, worker: Phone, desk: Phone, case: str
) -> None:
    """He went to look for a day without a network; meanwhile the desk took the case back.

    What he wrote and the picture that he took count all the same.

    Seen red: with the photos of an offered step promised to nothing.
    """
    assert desk.states(desk.op("case.step", case, {"action": "send_verify"})) == ["applied"]
    seen = worker.pull()[case]["version"]
    desk.push(
        desk.op("case.step", case, {"action": "void", "reason": "no_matter", "answer": "误报"})
    )
    shot = picture(size=(320, 240))
    named = {"sha256": sha256(shot).hexdigest(), "purpose": "other"}
    verify = worker.op(
        "case.step", case, {"action": "verify", "note": "灯座进水，已断电", "photos": [named]},
        based_on={"version": seen},
    )  # fmt: skip

    (receipt,) = worker.push(verify)
    worker.upload(shot)

    assert (receipt["state"], receipt["code"]) == ("proposal", "stale_version"), receipt
    steps = desk.person.get(f"/cases/{case}").json()["steps"]
    assert steps[-1]["note"] == "灯座进水，已断电"
    assert steps[-1]["data"]["offered"] == "verify"
    files = desk.person.get(f"/cases/{case}").json()["files"]
    assert [(file["kind"], file["step_id"]) for file in files] == [("image", verify["id"])]
    leader = Phone(town.person("wuhua"), town.cell)
    (listed,) = leader.ask("GET", "/sync/conflicts").json()["items"]
    assert (listed["why"], listed["by"]["name"], listed["mine"]) == ("proposal", "李红", False)
    door = f"/sync/conflicts/{receipt['id']}"
    take = {"id": str(new_id()), "choice": "take"}
    assert leader.ask("POST", door, take).status_code == 409
    dropped = leader.ask("POST", door, {**take, "choice": "drop", "note": "已作废，不再核实"})
    assert dropped.json()["state"] == "decided"
    assert worker.ask("GET", "/sync/conflicts").json()["items"] == []
    stranger = Phone(town.person("zhouping"), town.cell)
    assert stranger.ask("POST", door, take).json()["code"] == "no_such_conflict"


def test_words_that_came_meanwhile_are_no_reason_to_refuse_a_step(
    worker: Phone, desk: Phone, case: str
) -> None:
    desk.push(desk.op("case.step", case, {"action": "send_verify"}))
    seen = worker.pull()[case]["version"]
    desk.push(desk.op("case.note", case, {"note": "住户催过一次"}))
    verify = worker.op(
        "case.step", case, {"action": "verify", "note": "属实"}, based_on={"version": seen}
    )

    assert worker.states(verify) == ["merged"]
    assert desk.person.get(f"/cases/{case}").json()["state"] == "reported"


def test_who_may_not_correct_proposes(worker: Phone, desk: Phone, case: str) -> None:
    (receipt,) = worker.push(
        correction(worker, case, {"place_words": "3号楼"}, place_words="3号楼地下室")
    )
    take = {"id": str(new_id()), "choice": "take"}
    accepted = desk.ask("POST", f"/sync/conflicts/{receipt['id']}", take)

    assert (receipt["state"], receipt["code"]) == ("proposal", "not_your_step")
    assert accepted.json()["decided"]["by"]["name"] == "陈刚"
    assert desk.person.get(f"/cases/{case}").json()["place"]["words"] == "3号楼地下室"
