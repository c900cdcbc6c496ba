"""Quiet hours and digests: what waits, what passes, and that it comes once, to the right people."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.dispatch.conftest import phones, work
from tests.dispatch.test_follows import report, rule
from tests.handovers.conftest import TUESDAY, Opening, in_hand
from tests.people.test_roster import shift
from tests.town import Person, Town
from wangge.dispatch import jobs as dispatch_jobs
from wangge.handovers import jobs
from wangge.kernel import clock
from wangge.kernel.ids import new_id
from wangge.tenant.quiet import Quiet, next_at

__all__ = ["phones", "work"]
ZONE = ZoneInfo("Asia/Shanghai")
NIGHT = TUESDAY + timedelta(hours=13)  # eleven at night


def at(opening: Opening, moment: datetime) -> None:
    with opening() as tx:
        clock.set_to(tx, moment, frozen=True)


def codes(person: Person) -> list[str]:
    return [n["code"] for n in person.get("/notices", limit=200).json()["items"]]


@pytest.mark.parametrize(
    ("local", "until"),
    [
        ("2026-11-24 21:59", None),
        ("2026-11-24 22:00", "2026-11-25 07:00"),
        ("2026-11-25 06:59", "2026-11-25 07:00"),
        ("2026-11-25 07:00", None),
    ],
)
def test_hours_over_midnight(local: str, until: str | None) -> None:
    moment = datetime.fromisoformat(local).replace(tzinfo=ZONE)
    ends = Quiet(active=True).ends(moment, ZONE)
    assert (ends and ends.astimezone(ZONE).strftime("%Y-%m-%d %H:%M")) == until
    assert Quiet(active=False).ends(moment, ZONE) is None


def test_a_digest_is_the_next_time_of_its_minute() -> None:
    moment = datetime(2026, 11, 24, 8, 30, tzinfo=ZONE)
    assert next_at("08:30", moment, ZONE).astimezone(ZONE).day == 25
    assert next_at("08:31", moment, ZONE).astimezone(ZONE).day == 24


@pytest.mark.parametrize("wrong", [{"first": "25:00"}, {"first": "07:00"}, {"last": "20:00"}])
def test_a_document_that_makes_no_sense_is_refused(town: Town, wrong: dict[str, str]) -> None:
    admin = town.person("sysadmin")
    now = admin.get("/rules/quiet").json()
    body = {"body": {**now["body"], "active": True, **wrong}, "version": now["version"]}
    assert admin.put("/rules/quiet", {**body, "note": "测试"}).status_code == 422


def test_at_night_only_what_is_urgent_comes_and_the_rest_once_in_the_morning(
    town: Town, client: Any, open_tx: Opening, work: Any, phones: Any
) -> None:
    """Seen red: with ``deliver`` in place of ``sorted_out`` the acceptor was told at eleven."""
    rule(town, "quiet", active=True)
    leader = town.person("dutyleader")
    morning = NIGHT + timedelta(hours=8)
    shift(town, leader, "dispatcher", begins=(morning - timedelta(minutes=30)).isoformat(),
          ends=(morning + timedelta(hours=8)).isoformat())  # fmt: skip
    at(open_tx, NIGHT)
    report(client)
    report(client, text="东方社区三号楼燃气泄漏，味道很大", lon=118.11)
    work()

    acceptor, dispatcher = town.person("acceptor"), town.person("dispatcher")
    assert codes(acceptor) == ["emergency"]
    assert acceptor.get("/notices/settings").json()["waiting"] == 1
    jobs.held_notices(open_tx)
    assert "case_reported" not in codes(acceptor) + codes(dispatcher)

    at(open_tx, morning)
    jobs.held_notices(open_tx)
    jobs.held_notices(open_tx)

    assert codes(dispatcher).count("case_reported") == 1
    assert "case_reported" not in codes(acceptor) + codes(leader)


def test_whoever_has_the_night_shift_is_told_at_once(
    town: Town, client: Any, open_tx: Opening, work: Any, phones: Any
) -> None:
    rule(town, "quiet", active=True)
    begins, ends = NIGHT - timedelta(hours=1), NIGHT + timedelta(hours=9)
    shift(town, town.person("dutyleader"), "acceptor",
          begins=begins.isoformat(), ends=ends.isoformat())  # fmt: skip
    at(open_tx, NIGHT)
    report(client)
    work()

    assert codes(town.person("acceptor")) == ["case_reported"]
    assert codes(town.person("dispatcher")) == []


def test_the_askers_text_waits_for_the_morning(
    town: Town, client: Any, open_tx: Opening, work: Any, phones: Any
) -> None:
    rule(town, "quiet", active=True)
    at(open_tx, NIGHT)
    case = report(client)
    person = town.person("acceptor")
    step = {
        "id": "019aaaaa-0000-7000-8000-000000000001",
        "action": "accept",
        "type": "waterlogging",
    }
    assert person.post(f"/cases/{case}/steps", step).status_code == 200
    work()

    with open_tx() as tx:
        sms = tx.rows("select state, purpose from sms_messages")
        jobs_ = tx.one("select execute_after > now() + interval '7 hours' as later from pgqueuer"
                       " where entrypoint = 'sms.send' and status = 'queued'")  # fmt: skip
    assert sms == [{"state": "queued", "purpose": "asker"}]
    assert jobs_ == {"later": True}
    assert phones.kept == {}


def test_what_has_moved_on_by_morning_is_no_news(
    town: Town, client: Any, open_tx: Opening, work: Any, phones: Any
) -> None:
    rule(town, "quiet", active=True)
    at(open_tx, NIGHT)
    case = report(client)
    work()
    step = {
        "id": "019aaaaa-0000-7000-8000-000000000002",
        "action": "accept",
        "type": "waterlogging",
    }
    town.person("dutyleader").post(f"/cases/{case}/steps", step)
    at(open_tx, NIGHT + timedelta(hours=8))
    jobs.held_notices(open_tx)

    assert "case_reported" not in codes(town.person("acceptor"))


def test_reminders_come_once_a_day_to_whoever_chose_so(
    town: Town, client: Any, open_tx: Opening, work: Any, phones: Any
) -> None:
    cases = [in_hand(town, client), in_hand(town, client, lon=118.11)]
    handler, colleague = town.person("handler"), town.person("handler2")
    chosen = handler.put("/notices/settings", {"digest_at": "16:00"})
    assert (chosen.status_code, chosen.json()["own"]) == (200, "16:00")
    assert handler.put("/notices/settings", {"digest_at": "16:0"}).status_code == 422
    with open_tx() as tx:
        tx.run("update cases set due_at = %s where id = any(%s)",
               [TUESDAY - timedelta(minutes=1), cases])  # fmt: skip
    dispatch_jobs.overdue(open_tx)
    work()
    assert codes(colleague).count("case_overdue") == 2
    assert "case_overdue" not in codes(handler)

    at(open_tx, TUESDAY + timedelta(hours=6))
    jobs.held_notices(open_tx)
    jobs.held_notices(open_tx)

    told = [n for n in handler.get("/notices").json()["items"] if n["code"] == "digest"]
    assert [n["body"]["n"] for n in told] == [2]
    assert {item["case_id"] for item in told[0]["body"]["items"]} == set(cases)
    assert "2" in told[0]["text"]["zh"]
    assert handler.put("/notices/settings", {"digest_at": None}).json()["own"] is None


def test_a_posts_digest_is_the_citys_rule_and_a_person_may_leave_it(
    town: Town, client: Any, open_tx: Opening, work: Any
) -> None:
    rule(town, "quiet", digests=[{"role": "handler", "at": "08:30"}])
    case = in_hand(town, client)
    colleague = town.person("handler2")
    assert colleague.get("/notices/settings").json()["by_post"] == "08:30"
    colleague.put("/notices/settings", {"digest_at": ""})
    with open_tx() as tx:
        tx.run("update cases set due_at = %s where id = %s", [TUESDAY - timedelta(minutes=1), case])
    dispatch_jobs.overdue(open_tx)
    work()

    assert "case_overdue" in codes(colleague)
    assert "case_overdue" not in codes(town.person("handler"))


@pytest.mark.parametrize(("type_", "passes"), [("street_lamp", False), ("waterlogging", True)])
def test_an_urge_at_night_waits_for_the_morning_unless_the_matter_is_urgent(
    town: Town, client: Any, open_tx: Opening, work: Any, type_: str, *, passes: bool
) -> None:
    """Held whoever urges, delivered once at seven to whoever then is on duty; 24 hours pass.

    Seen red: with ``urgent`` set on the notice of an urge the handler was told at eleven.
    """
    rule(town, "quiet", active=True)
    case = in_hand(town, client, type_=type_)
    morning = NIGHT + timedelta(hours=8)
    with open_tx() as tx:
        tx.run("insert into duty_shifts (id, unit_id, duty, account_id, span) select %s, %s,"
               " 'on_duty', id, tstzrange(%s, %s) from accounts where username = 'handler2'",
               [new_id(), town.unit("urban-379901"), morning - timedelta(minutes=30),
                morning + timedelta(hours=8)])  # fmt: skip
    handler, colleague = town.person("handler"), town.person("handler2")
    at(open_tx, NIGHT)
    for note in ("请加紧", "再催一次"):
        step = {"id": str(new_id()), "action": "urge", "note": note}
        assert town.person("supervisor").post(f"/cases/{case}/steps", step).status_code == 200
    work()

    told = codes(handler) + codes(colleague)
    assert ("case_urged" in told) is passes
    at(open_tx, morning - timedelta(minutes=1))
    jobs.held_notices(open_tx)
    assert ("case_urged" in codes(handler) + codes(colleague)) is passes
    at(open_tx, morning)
    jobs.held_notices(open_tx)
    jobs.held_notices(open_tx)

    if not passes:
        assert (codes(handler).count("case_urged"), codes(colleague).count("case_urged")) == (0, 1)
