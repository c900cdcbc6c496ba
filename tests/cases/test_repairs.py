"""What a person is told beside the form, what the printed file says, and a unit of one person."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

import pypdf
import pytest

from tests.cases.test_loop import taken, told
from tests.dispatch.conftest import drain
from tests.dispatch.test_follows import rule
from tests.town import Person, Town
from wangge.kernel import clock
from wangge.kernel.db import Tx, transaction
from wangge.kernel.ids import new_id
from wangge.tenant.service import as_of, rules

Opening = Callable[..., AbstractContextManager[Tx]]


def words(person: Person, case: str) -> str:
    """All words of the printed file, without blanks."""
    answer = person.get(f"/cases/{case}/print.pdf")
    assert answer.status_code == 200, answer.text
    pages = pypdf.PdfReader(io.BytesIO(answer.content)).pages
    return "".join("".join(page.extract_text().split()) for page in pages)


def sent_to(town: Town, case: str, unit: str) -> None:
    taken(town.person("acceptor"), case, "accept", type="exposed_rubbish")
    sent = taken(town.person("dispatcher"), case, "dispatch", unit_id=town.unit(unit))
    assert sent.status_code == 200, sent.text


@pytest.fixture
def case(client: Any) -> dict[str, Any]:
    found: dict[str, Any] = client.post("/api/v1/public/cases", json=told()).json()
    return found


def test_who_must_show_a_photo_reads_why_and_when_it_is_done(
    town: Town, case: dict[str, Any]
) -> None:
    """Red when the type's own words stood on no screen."""
    rule(town, "switches", auto_dispatch=False)
    assert town.person("acceptor").get(f"/cases/{case['id']}").json()["type_rule"] is None
    sent_to(town, case["id"], "urban-379901")
    handler = town.person("handler")
    taken(handler, case["id"], "acknowledge")

    seen = handler.get(f"/cases/{case['id']}").json()

    finish = next(one for one in seen["actions"] if one["action"] == "finish")
    needs = {need["field"]: need for need in finish["needs"]}
    assert needs["photo_after"]["required"]
    assert needs["photo_after"]["why"]["zh"] == "清理前后要能对照"
    assert needs["note"]["why"] is None
    assert seen["type_rule"]["closing"]["zh"] == "垃圾清理干净"
    assert "成堆垃圾" in seen["type_rule"]["condition"]["zh"]


@pytest.mark.parametrize(
    ("asker", "said"),
    [
        ({"phone": "13854600001"}, "未留姓名nonamegiven138****0001"),
        ({"name": "王桂英", "phone": "13854600001", "mode": "confidential"}, "保密confidential"),
        ({"mode": "anonymous"}, "匿名anonymous"),
    ],
)
def test_the_printed_file_says_why_no_name_stands_there(
    town: Town, client: Any, asker: dict[str, str], said: str
) -> None:
    """Red as an empty cell."""
    made = client.post("/api/v1/public/cases", json=told(asker=asker))
    assert made.status_code == 200, made.text

    printed = words(town.person("acceptor"), made.json()["id"])

    assert f"反映人Asker{said}" in printed


def test_a_matter_that_staff_found_has_no_asker(town: Town) -> None:
    case = str(new_id())
    body = {"id": case, "text": "路灯不亮", "lon": 118.1, "lat": 37.3, "channel": "worker"}
    lihong = town.person("lihong")
    assert lihong.post("/cases", body).status_code == 200

    assert "无（工作人员发现）" in words(lihong, case)


def reopened(town: Town, client: Any, case: dict[str, Any], handler: Person, unit: str) -> None:
    """Round one is handled by ``handler``, and the asker says that it is not solved."""
    rule(town, "switches", auto_dispatch=False)
    taken(town.person("acceptor"), case["id"], "accept", type="waterlogging")
    taken(town.person("dispatcher"), case["id"], "dispatch", unit_id=town.unit(unit))
    taken(handler, case["id"], "acknowledge")
    taken(handler, case["id"], "finish", note="已抽水", answer="积水已抽干")
    taken(town.person("lihong"), case["id"], "pass_check")
    again = client.post(
        f"/api/v1/public/cases/{case['code']}/answer",
        json={"id": str(new_id()), "solved": False, "text": "又进水了"},
    )
    assert again.json()["state"] == "reopened"
    taken(town.person("dispatcher"), case["id"], "dispatch", unit_id=town.unit(unit))


def test_a_company_with_one_manager_takes_the_second_round(
    town: Town, client: Any, case: dict[str, Any]
) -> None:
    """Red when a unit of one person had nobody who might take it: the case lay for ever."""
    manager = town.person("property")
    reopened(town, client, case, manager, "property-dongfang")
    offered = manager.get(f"/cases/{case['id']}").json()["actions"]
    assert "acknowledge" in {one["action"] for one in offered}

    took = taken(manager, case["id"], "acknowledge")

    assert took.status_code == 200, took.text
    last = took.json()["steps"][-1]
    assert (last["action"], last["data"]) == ("acknowledge", {"rule": "only_handler"})
    taken(manager, case["id"], "finish", note="换泵", answer="已换泵")
    # Nobody checks his own work, in no round.
    own = taken(manager, case["id"], "pass_check")
    assert own.status_code == 403
    closed = taken(town.person("lihong"), case["id"], "pass_check").json()
    assert closed["state"] == "closed"
    printed = words(town.person("acceptor"), case["id"])
    assert "反映人asker" in printed
    assert "系统system：办结后自动送核查" in printed


def test_where_the_unit_has_another_handler_he_takes_it(
    town: Town, client: Any, case: dict[str, Any]
) -> None:
    handler = town.person("handler")
    reopened(town, client, case, handler, "urban-379901")

    refused = taken(handler, case["id"], "acknowledge")

    assert (refused.status_code, refused.json()["code"]) == (403, "own_work")
    town.end_posts("handler2")
    assert taken(handler, case["id"], "acknowledge").status_code == 200


# --- the rules of a case's own time ---------------------------------------------------------------
def limited(town: Town, text: str) -> None:
    now = town.person("sysadmin").get("/rules/types").json()["body"]["limits"]
    rule(town, "types", limits={**now, "accept": text})


def test_an_old_case_is_explained_by_the_rules_it_began_with(town: Town, client: Any) -> None:
    """Red when the limit of today explained a time that was set by yesterday's."""
    limited(town, "2CH")
    old = client.post("/api/v1/public/cases", json=told()).json()["id"]
    limited(town, "5CH")
    new = client.post("/api/v1/public/cases", json=told()).json()["id"]
    acceptor = town.person("acceptor")

    for case, hours, version in ((old, "2小时", 1), (new, "5小时", 2)):
        said = acceptor.get(f"/cases/{case}/deadline").json()
        assert said["limit"]["zh"] == hours
        shown = acceptor.get(f"/cases/{case}").json()["due_at"]
        assert datetime.fromisoformat(said["due_at"]) == datetime.fromisoformat(shown)
        assert said["rules"] == {"types": version, "calendar": 0}
    then = acceptor.get("/rules/types", version=1).json()
    assert (then["body"]["limits"]["accept"], then["version"]) == ("2CH", 1)
    assert acceptor.get("/rules/types", at=then["since"]).json()["version"] == 1
    assert acceptor.get("/rules/types", version=0).json()["since"] is None
    missing = acceptor.get("/rules/types", version=7)
    assert (missing.status_code, missing.json()["code"]) == (404, "no_such_version")


def test_what_was_in_force_is_put_together_again(town: Town, client: Any) -> None:
    limited(town, "2CH")
    case = client.post("/api/v1/public/cases", json=told()).json()["id"]
    limited(town, "5CH")
    rule(town, "switches", auto_dispatch=False)

    with transaction(town.cell) as tx:
        row = tx.one("select rules_version, received_at from cases where id = %s", [case])
        assert row is not None
        then = as_of(tx, row["rules_version"], row["received_at"])
        now = rules(tx)

    assert (then.types.limits.accept, now.types.limits.accept) == ("2CH", "5CH")
    assert (then.switches.auto_dispatch, now.switches.auto_dispatch) == (True, False)
    assert then.versions == {"types": 1}


def test_a_time_on_trial_is_shown_and_reckoned_anew_once_the_year_is_entered(
    town: Town, client: Any, open_tx: Opening
) -> None:
    """Received in the last days of 2026; the first of January is a holiday that nobody entered."""
    limited(town, "5WD")
    with open_tx() as tx:
        clock.set_to(tx, tx.now.replace(year=2026, month=12, day=29, hour=3), frozen=True)
    case = client.post("/api/v1/public/cases", json=told()).json()["id"]
    acceptor = town.person("acceptor")
    before = acceptor.get(f"/cases/{case}").json()
    assert before["due_provisional"]
    warned = town.person("sysadmin").get("/rules").json()["warnings"]
    assert [one["path"] for one in warned] == ["calendar.years.2027"]

    years = town.person("sysadmin").get("/rules/calendar").json()["body"]["years"]
    day = {"zh": "元旦", "en": "New Year", "first": "2027-01-01", "last": "2027-01-01"}
    rule(town, "calendar", years={**years, "2027": {"holidays": [day]}})
    drain(town.cell)

    after = acceptor.get(f"/cases/{case}").json()
    assert not after["due_provisional"]
    assert after["due_at"] > before["due_at"]
    assert after["total_due_at"] > before["total_due_at"]
    last = after["steps"][-1]
    assert (last["actor"]["kind"], last["data"]["rule"]) == ("system", "calendar_year")
    was = {name: before[name].replace("Z", "+00:00") for name in ("due_at", "total_due_at")}
    assert last["data"]["before"] == was


# --- a county's desk ------------------------------------------------------------------------------
def test_a_countys_desk_sees_what_lies_with_the_desks_below_it(town: Town, client: Any) -> None:
    """Red when its queues held what is its own alone, which is next to nothing."""
    below = client.post("/api/v1/public/cases", json=told()).json()["id"]
    own = {"id": str(new_id()), "text": "区里有人反映，位置不明", "channel": "phone",
           "area_id": town.area("379901")}  # fmt: skip
    made = town.person("sysadmin").post(
        "/people",
        {"username": "county", "name": "区台", "posts": [
            {"role": "duty_leader", "area_id": town.area("379901"),
             "unit_id": town.unit("desk-379901")}]},
    )  # fmt: skip
    assert made.status_code == 201, made.text
    county = town.person("county")
    assert county.post("/cases", own).status_code == 200

    counts = {one["code"]: one["count"] for one in county.get("/cases/queues").json()}
    assert (counts["below"], counts["to_accept"], counts["to_locate"]) == (1, 1, 1)
    assert [one["id"] for one in county.get("/cases", queue="below").json()["items"]] == [below]
    assert taken(county, own["id"], "accept").status_code == 200
    assert taken(county, below, "remark", note="请抓紧").status_code == 200
    assert taken(county, below, "accept").json()["code"] == "not_your_step"
    # A township's desk has no desk of its own kind below it.
    street = {one["code"] for one in town.person("acceptor").get("/cases/queues").json()}
    assert "below" not in street
