"""Limits run from receipt unless the city says otherwise, and no clock of a phone moves them."""

from datetime import datetime, timedelta
from typing import Any

from tests.fieldwork.conftest import Field, field
from tests.sync.phones import Phone
from tests.town import Town
from wangge.cases.clock import total_due
from wangge.tenant.service import rules

__all__ = ["field"]
WRONG = timedelta(days=3)


def switched(town: Town, hours: int) -> None:
    admin = town.person("sysadmin")
    known = admin.get("/rules/switches").json()
    body = {**known["body"], "limits_from_found_hours": hours}
    answer = admin.put("/rules/switches", {"body": body, "version": known["version"]})
    assert answer.status_code == 200, answer.text


def found(field: Field, phone: Phone, ago: timedelta, **more: Any) -> dict[str, Any]:
    """A report that was typed so long ago by a phone whose clock runs days ahead, as it knows."""
    said = (field.now - ago + WRONG).isoformat()
    op = phone.report(**more) | {"made_at": said, "found_at": said, "clock_ahead": 3 * 86400}
    assert phone.states(op) == ["applied"]
    case: dict[str, Any] = phone.person.get(f"/cases/{op['record']}").json()
    return case


def moment(said: str | None) -> datetime | None:
    return datetime.fromisoformat(said) if said else None


def why(phone: Phone, case: dict[str, Any]) -> str:
    lines = phone.person.get(f"/cases/{case['id']}/deadline").json()["lines"]
    return str(lines[0]["zh"])


def test_limits_run_from_receipt_unless_the_city_says_otherwise(town: Town, field: Field) -> None:
    """Both times stand on the case, and its deadline says from which of them it runs.

    With the switch on: from the discovery as the server put it right, at most so many hours back;
    what a browser says of the discovery moves nothing, and a new stage runs from its own beginning.

    Seen red: with the phone's own time taken, without the bound, and with the end of all stages
    still reckoned from receipt.
    """
    phone = Phone(town.person("lihong"), town.cell, ahead=WRONG)
    late = timedelta(hours=20)  # of yesterday, when the phone had no line
    usual = found(field, phone, late)
    assert usual["limits_from"] is None
    assert usual["found_at"] != usual["received_at"]
    assert why(phone, usual).endswith("时限从收到时起算")

    switched(town, 48)
    early = found(field, phone, late)
    assert moment(early["limits_from"]) == moment(early["found_at"]) == field.now - late
    assert moment(early["received_at"]) == field.now
    assert early["due_at"] < usual["due_at"]
    assert early["total_due_at"] < usual["total_due_at"]
    assert why(phone, early).endswith("本市规定时限从发现时起算")
    with field.open_tx() as tx:  # whatever changes later, all stages are reckoned from there
        row = tx.one("select * from cases where id = %s", [early["id"]])
        assert row is not None
        assert total_due(rules(tx), row, tx.now) == row["total_due_at"]

    switched(town, 6)
    bound = found(field, phone, late)
    assert moment(bound["limits_from"]) == field.now - timedelta(hours=6)
    assert moment(bound["found_at"]) == field.now - late
    assert why(phone, bound).endswith("最多往前算到 2026-03-03 03:00")

    body = {"id": phone.report()["record"], "text": "路灯不亮", "channel": "worker",
            "lon": 118.1, "lat": 37.3, "found_at": (field.now - late).isoformat()}  # fmt: skip
    assert phone.person.post("/cases", body).status_code == 200
    assert phone.person.get(f"/cases/{body['id']}").json()["limits_from"] is None


def test_a_phone_whose_times_cannot_be_right_moves_nothing(town: Town, field: Field) -> None:
    """Where one of its times still lies ahead, none of them moves a limit, likely as it may look.

    Seen red: with the discovery believed whatever the clock is.
    """
    switched(town, 48)
    phone = Phone(town.person("lihong"), town.cell)
    ahead = (field.now + timedelta(days=9)).isoformat()
    before = (field.now - timedelta(hours=3)).isoformat()
    report = phone.report() | {"made_at": ahead, "found_at": before, "clock_ahead": 0}
    [receipt] = phone.push(report)
    assert (receipt["state"], receipt["clock"]) == ("applied", "doubtful")
    case = phone.person.get(f"/cases/{report['record']}").json()
    assert case["limits_from"] is None
    assert case["found_at"] < case["received_at"]
