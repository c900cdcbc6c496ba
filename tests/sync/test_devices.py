"""Phones that are lost, shared, or belong to somebody who has left; clocks that are wrong."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from tests.sync.phones import SPEAKS, Phone, rows_of
from tests.town import Town
from wangge.kernel.clock import advance
from wangge.kernel.db import transaction
from wangge.people import leaving
from wangge.sync.jobs import past_keeping

DAY = timedelta(days=1)


@pytest.fixture
def phone(town: Town) -> Phone:
    return Phone(town.person("lihong"), town.cell)


def test_a_lost_phone_is_locked_delivers_what_was_typed_and_gets_nothing(
    town: Town, phone: Phone
) -> None:
    phone.push(phone.report("先前的"))
    phone.pull()
    waiting = phone.report("锁定前写的")
    security = Phone(town.person("secadmin"), town.cell)
    lock = f"/sync/devices/{phone.device}/lock"
    stranger = Phone(town.person("wangqiang"), town.cell)
    named = {"account": phone.person.account_id, "reason": "手机遗失"}

    assert stranger.ask("POST", lock, named).json()["code"] == "no_such_device"
    assert security.ask("POST", lock, named).status_code == 200
    told = phone.person.get("/me").json()

    assert (told["code"], told["details"]) == ("left_service", {"empty": True, "delivers": True})
    assert phone.post(waiting).json()["receipts"][0]["state"] == "applied"
    assert phone.ask("GET", f"/sync?device={phone.device}").status_code == 401
    again = Phone(town.person("lihong"), town.cell, device=phone.device)
    assert again.ask("GET", f"/sync?device={phone.device}").json()["code"] == "device_locked"
    assert again.post(again.report()).status_code == 423
    elsewhere = Phone(again.person, town.cell)
    assert len(elsewhere.pull()) == 2
    assert security.person.client.request(
        "DELETE", f"/api/v1{lock}", headers=SPEAKS, params={"account": phone.person.account_id}
    ).is_success
    assert len(again.pull()) == 2


def test_who_left_delivers_what_he_typed_before_and_nothing_that_moves_a_case(
    town: Town, phone: Phone
) -> None:
    report = phone.report("离岗前看到的")
    phone.push(report)
    note = phone.op("case.note", report["record"], {"note": "当时已断电"})
    step = phone.op("case.step", report["record"], {"action": "self_handle", "note": "修好了"})
    with transaction(town.cell) as tx:
        post = tx.one("select id from posts where account_id = %s", [phone.person.account_id])
        tx.run("update posts set valid = daterange(lower(valid), city_today())")
        assert post
        leaving.end_sessions(tx, [(UUID(phone.person.account_id), post["id"])])
    # Two minutes a clock may be out, so that a word of the last second is not refused.
    just = phone.report("离岗时还在写的")
    with transaction(town.cell) as tx:
        advance(tx, timedelta(minutes=3))
    late = phone.report("离岗后写的")

    assert phone.states(note, step, just, late) == [
        "applied", "proposal left_since", "applied", "refused made_after_leaving",
    ]  # fmt: skip
    assert phone.person.get("/me").status_code == 401
    assert rows_of(town.cell, "select count(*)::int as n from sync_conflicts") == [{"n": 1}]


def test_ones_phones_are_listed_and_an_emptied_one_begins_anew(phone: Phone) -> None:
    named = {"name": "红米 9A", "platform": "Android 10", "app": "1.4"}
    assert phone.ask("PUT", f"/sync/devices/{phone.device}", named).status_code == 200
    # The app says what it runs on; the name that its person gave stays.
    phone.ask("PUT", f"/sync/devices/{phone.device}", {"platform": "Android 11 · Chrome"})
    phone.push(phone.report())
    phone.pull()
    (listed,) = phone.ask("GET", "/sync/devices").json()

    assert listed["platform"] == "Android 11 · Chrome"
    assert (listed["name"], listed["holds"], listed["locked_at"]) == ("红米 9A", 1, None)
    phone.ask("DELETE", f"/sync/devices/{phone.device}")
    assert phone.page()["anew"]


@pytest.mark.parametrize("ahead", [-400 * DAY, -3 * DAY, 5 * DAY])
def test_a_clock_that_is_days_wrong_moves_no_deadline_and_refuses_nothing(
    town: Town, phone: Phone, ahead: timedelta
) -> None:
    """Found an hour ago, by a phone that never learnt its error; the same report by the door."""
    phone.ahead = ahead
    found = phone.now() - timedelta(hours=1)
    (receipt,) = phone.push({**phone.report("井盖松动"), "found_at": found.isoformat()})
    right = phone.person.post(
        "/cases", {"id": receipt["id"], "text": "井盖松动", "lon": 118.1, "lat": 37.3,
                   "channel": "worker"},
    ).json()["case"]  # fmt: skip
    case = phone.person.get(f"/cases/{receipt['record']}").json()

    received = datetime.fromisoformat(case["received_at"])
    assert receipt["clock"] == "corrected"
    assert abs(received - datetime.fromisoformat(case["found_at"]) - timedelta(hours=1)) < (
        timedelta(minutes=1)
    )
    gap = datetime.fromisoformat(right["due_at"]) - datetime.fromisoformat(case["due_at"])
    assert abs(gap) < timedelta(minutes=1)
    (kept,) = rows_of(town.cell, "select clock_ahead from sync_operations")
    assert abs(kept["clock_ahead"] - ahead.total_seconds()) < 60


def test_what_was_typed_before_the_clock_was_set_right_is_put_right_by_what_was_learnt(
    phone: Phone,
) -> None:
    made = phone.now() + 2 * DAY
    sent = {**phone.report(), "made_at": made.isoformat(), "found_at": made.isoformat()}
    unknown = {**phone.report(), "made_at": made.isoformat(), "found_at": made.isoformat()}

    known, doubtful = phone.push({**sent, "clock_ahead": round((2 * DAY).total_seconds())}, unknown)

    assert (known["clock"], doubtful["clock"]) == ("corrected", "doubtful")
    assert doubtful["found_at"] == doubtful["received_at"]


def test_words_are_not_kept_twice_for_ever(town: Town, phone: Phone) -> None:
    """The case keeps them; of the operation its receipt stays, and a repeat answers as before."""
    report = phone.report()
    (first,) = phone.push(report)
    with transaction(town.cell) as tx:
        advance(tx, timedelta(days=91))

    past_keeping(lambda: transaction(town.cell))

    assert rows_of(town.cell, "select said_sealed from sync_operations") == [{"said_sealed": None}]
    (again,) = phone.push(report)
    assert again == {**first, "again": True}
