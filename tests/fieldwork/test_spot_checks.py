"""现场督查: what was found on site stands, in the record and on the lists; what follows is done."""

from typing import Any

import pytest

from tests.cases.test_loop import taken
from tests.dispatch.test_follows import report
from tests.fieldwork.conftest import GRID, Field
from tests.files.shapes import picture
from tests.groups.test_groups import switched
from tests.supervision.conftest import in_hand, notices, steps
from tests.sync.phones import Phone
from tests.town import Person, Town
from wangge.kernel.ids import new_id

IN_GRID_1 = {"lon": 118.1, "lat": 37.3}


def found(finding: str, words: str, **more: Any) -> dict[str, Any]:
    follow = {"follow_id": str(new_id())} if more.get("follow", "none") != "none" else {}
    return {"id": str(new_id()), "finding": finding, "words": words, **follow, **more}


def sent(phone: Phone, said: dict[str, Any]) -> dict[str, Any]:
    [receipt] = phone.push(phone.op("check.record", said.get("case_id", said["id"]), said))
    return receipt


def checks(person: Person, **asked: Any) -> list[dict[str, Any]]:
    answer = person.get("/fieldwork/checks", **asked)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


@pytest.fixture
def case(field: Field, client: Any) -> str:
    return in_hand(field.town, client)


@pytest.mark.mission("PL-15")
def test_what_was_found_on_site_is_in_the_record_and_the_notice_goes_out(
    town: Town, field: Field, case: str
) -> None:
    """PL-15: "on-site spot check, supervision notice", without a line.

    Two hours later it comes: once, with the time it was found, its picture at the line of the
    history and on the list, and the notice that follows has its number with the handler. The
    desk reads it; a grid worker of another ground and the property next door do not.

    Seen red: without the line in the history; with the list not narrowed by ground; with the
    notice not issued.
    """
    supervisor, water = town.person("supervisor"), town.person("water")
    phone = Phone(supervisor, town.cell)
    at = field.now.isoformat()
    digest = phone.upload(picture())
    said = found("not_in_order", "井盖仍未修复，围挡已倒", follow="notice", case_id=case,
                 photos=[{"sha256": digest, "purpose": "other"}])  # fmt: skip
    operation = phone.op("check.record", case, said, done_at=at)
    field.passes(hours=2)

    [receipt] = phone.push(operation)
    assert (receipt["state"], receipt["result"]["number"]) == ("applied", "督字〔2026〕1号")
    assert phone.push(operation)[0]["again"]
    [line] = steps(town.person("acceptor"), case, "spot_check")
    assert (line["note"], line["actor"]["name"], line["data"]["finding"]) == (
        "井盖仍未修复，围挡已倒", "秦督", "not_in_order",
    )  # fmt: skip
    assert len(line["files"]) == 1
    [told] = notices(water, "supervision_notice")
    assert "围挡已倒" in told["text"]["zh"]

    for reader in (supervisor, town.person("acceptor"), town.person("dutyleader"), water):
        [row] = checks(reader)
        assert (row["id"], row["paper"], row["followed"]) == (said["id"], "督字〔2026〕1号", True)
        assert (row["case"]["id"], row["case"]["then"], row["unit"]["name"]) == (
            case, "handling", "安东区供水公司",
        )  # fmt: skip
        assert (row["done_at"], row["received_at"]) == (
            "2026-03-03T01:00:00Z", "2026-03-03T03:00:00Z",
        )  # fmt: skip
        assert [one["id"] for one in row["files"]] == line["files"]
    assert len(checks(supervisor, mine=True, finding="not_in_order")) == 1
    assert checks(town.person("dutyleader"), mine=True) == []
    assert checks(supervisor, finding="in_order") == []
    assert checks(town.person("handler")) == []


def test_what_is_said_done_and_is_not_goes_back_to_be_done_again(
    town: Town, field: Field, case: str
) -> None:
    """From its check, or straight from what is said done where the city checks by hand.

    Seen red: with the case left where it was; with what is not said done sent back; and, in the
    city that checks by hand, without the step that sends it to its check.
    """
    supervisor, water = town.person("supervisor"), town.person("water")
    phone = Phone(supervisor, town.cell)
    early = found("not_in_order", "还没动工", follow="rework", case_id=case)
    proposed = sent(phone, early)
    assert (proposed["state"], proposed["code"]) == ("proposal", "not_said_done")
    assert taken(water, case, "finish", note="已抽干", answer="已抽干").status_code == 200

    again = found("not_in_order", "路口仍有积水", follow="rework", case_id=case)
    assert sent(phone, again)["state"] == "applied"

    whole = supervisor.get(f"/cases/{case}").json()
    assert whole["state"] == "handling"
    assert [s["note"] for s in steps(supervisor, case, "fail_check")] == ["路口仍有积水"]
    rows = {row["id"]: row for row in checks(supervisor)}
    assert (rows[early["id"]]["followed"], rows[again["id"]]["followed"]) == (False, True)
    assert (rows[again["id"]]["case"]["then"], rows[again["id"]]["case"]["now"]) == (
        "checking", "handling",
    )  # fmt: skip

    # Where the city sends nothing to its check by itself, standing there is that check.
    switched(town, auto_check=False)
    assert taken(water, case, "finish", note="已抽干", answer="已抽干").status_code == 200
    assert supervisor.get(f"/cases/{case}").json()["state"] == "handled"
    third = found("not_in_order", "水泵还没装回去", follow="rework", case_id=case)
    assert sent(phone, third)["state"] == "applied"
    assert supervisor.get(f"/cases/{case}").json()["state"] == "handling"
    [asked] = [one for one in steps(supervisor, case, "send_check")
               if one["data"]["rule"] == "spot_check"]  # fmt: skip
    assert asked["actor"]["name"] != "秦督"
    assert [s["note"] for s in steps(supervisor, case, "fail_check")] == [
        "路口仍有积水", "水泵还没装回去",
    ]  # fmt: skip


def test_what_can_no_longer_follow_waits_for_a_word_and_is_done_once(
    town: Town, field: Field, case: str
) -> None:
    """Urged enough today: what was found stands, the urging is on the list until the next day.

    Seen red: with the finding refused together with its urging; with the word given and no urging.
    """
    supervisor = town.person("supervisor")
    for words in ("一", "二"):
        assert taken(supervisor, case, "urge", note=f"再催{words}").status_code == 200
    phone = Phone(supervisor, town.cell)
    said = found("not_in_order", "现场无人施工", follow="urge", case_id=case)
    late = sent(phone, said)
    assert (late["state"], late["code"]) == ("proposal", "urged_enough")
    assert len(steps(supervisor, case, "spot_check")) == 1
    assert checks(supervisor)[0]["followed"] is False

    field.passes(days=1)
    path = f"/api/v1/sync/conflicts/{late['id']}"
    word = {"id": str(new_id()), "choice": "take", "note": ""}
    answer = phone.ask("POST", path.removeprefix("/api/v1"), word)
    assert answer.status_code == 200, answer.text
    assert checks(supervisor)[0]["followed"] is True
    assert len(steps(supervisor, case, "urge")) == 3
    assert len(steps(supervisor, case, "spot_check")) == 1


def test_a_ground_is_looked_at_and_a_new_case_opened(town: Town, field: Field) -> None:
    """No case: the place by the device, the picture with the record or at the case it became.

    Seen red: with the device's place not looked up; with no case opened; with the picture of the
    one, and of the other, left out.
    """
    supervisor = town.person("supervisor")
    phone = Phone(supervisor, town.cell)
    calm = found("in_order", "路面整洁，设施完好", photos=[
        {"sha256": phone.upload(picture()), "purpose": "other"}], **IN_GRID_1)  # fmt: skip
    bad = found("not_in_order", "消防通道被堆物堵住", follow="case", place_words="3号楼东侧",
                photos=[{"sha256": phone.upload(picture(size=(900, 700))), "purpose": "other"}],
                **IN_GRID_1)  # fmt: skip
    assert sent(phone, calm)["state"] == "applied"
    opened = sent(phone, bad)
    assert opened["state"] == "applied", opened

    rows = {row["id"]: row for row in checks(town.person("acceptor"))}
    assert rows[calm["id"]]["names"][-1] == rows[bad["id"]]["names"][-1]
    assert [len(rows[one["id"]]["files"]) for one in (calm, bad)] == [1, 1]
    new = rows[bad["id"]]["new_case"]
    assert new == {"id": bad["follow_id"], "number": opened["result"]["number"]}
    whole = town.person("acceptor").get(f"/cases/{new['id']}").json()
    assert (whole["text"], whole["place"]["words"], whole["place"]["lon"]) == (
        "消防通道被堆物堵住", "3号楼东侧", 118.1,
    )  # fmt: skip
    assert [one["id"] for one in whole["files"]] == [one["id"] for one in rows[bad["id"]]["files"]]
    page = supervisor.get("/fieldwork/checks", limit=1).json()
    rest = supervisor.get("/fieldwork/checks", limit=1, cursor=page["next"]).json()
    assert [page["items"][0]["id"], rest["items"][0]["id"], rest["next"]] == [
        bad["id"], calm["id"], None,
    ]  # fmt: skip


def test_whoever_handled_it_or_has_no_such_post_is_refused(
    town: Town, field: Field, case: str, client: Any
) -> None:
    """The water company's man is made a supervisor of the ground as well: his own case is not his.

    Seen red: with the steps that he took not looked for.
    """
    body = {"role": "supervisor", "area_id": town.area(GRID[:6])}
    path = f"/people/{town.account('water')}/posts"
    assert town.person("sysadmin").post(path, body).status_code in (200, 201)
    water = town.person("water")
    own = sent(Phone(water, town.cell), found("in_order", "办得很好", case_id=case))
    assert (own["state"], own["code"]) == ("refused", "own_work")
    other = report(client)
    assert sent(Phone(water, town.cell), found("in_order", "看过了", case_id=other))[
        "state"] == "applied"  # fmt: skip

    body = found("in_order", "看过了", case_id=case) | {"done_at": field.now.isoformat()}
    for name in ("lihong", "acceptor"):
        assert town.person(name).post("/fieldwork/checks", body).status_code == 403, name
    for wrong, code in (
        (found("in_order", "没有问题", case_id=case, follow="urge"), "nothing_follows"),
        (found("not_in_order", "乱", follow="notice", **IN_GRID_1), "invalid_input"),
        (found("not_in_order", "很乱", follow="notice", **IN_GRID_1), "case_needed"),
        (found("not_clear", "没带定位"), "grid_needed"),
    ):  # fmt: skip
        assert sent(Phone(town.person("supervisor"), town.cell), wrong)["code"] == code
    assert steps(town.person("acceptor"), case, "spot_check") == []
