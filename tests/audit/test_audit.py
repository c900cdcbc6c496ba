"""The log: written once, read by the audit administrator alone, who is in it himself."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from uuid import UUID

import psycopg
import pytest

from tests.town import Town
from wangge.audit.service import record
from wangge.kernel import clock
from wangge.kernel.db import Tx
from wangge.kernel.ids import new_id

MORNING = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)
Opening = Callable[..., AbstractContextManager[Tx]]


def write(open_tx: Opening, many: int) -> list[UUID]:
    """Record reads of as many subjects, a minute apart."""
    subjects = [new_id() for _ in range(many)]
    for minute, subject in enumerate(subjects):
        with open_tx() as tx:
            clock.set_to(tx, MORNING + timedelta(minutes=minute), frozen=True)
        with open_tx() as tx:
            record(tx, "case.asker_read", subject, "回访核实", {"fields": ["phone"]})
    return subjects


def test_only_the_audit_administrator_reads_it(town: Town) -> None:
    for username in ("sysadmin", "secadmin", "leader", "cityleader", "lihong"):
        assert town.person(username).get("/audit").json()["code"] == "not_allowed", username
    assert town.person("auditor").get("/audit").status_code == 200


def test_who_did_what_and_why(town: Town) -> None:
    lihong = town.account("lihong")
    town.person("secadmin").post(f"/people/{lihong}/lock", {"locked": True, "reason": "手机丢失"})

    row = town.person("auditor").get("/audit", subject=lihong, action="people.").json()["items"][0]

    assert (row["action"], row["reason"], row["subject"]) == ("people.locked", "手机丢失", lihong)
    assert row["account"]["name"] == "曹安全"
    assert row["request_id"]


def test_reading_the_log_is_logged(town: Town) -> None:
    auditor = town.person("auditor")
    auditor.get("/audit", action="session.")

    row = auditor.get("/audit", action="audit.read").json()["items"][0]

    assert (row["account"]["id"], row["detail"]["action"]) == (auditor.account_id, "session.")


def test_pages_newest_first_without_gap_and_by_time(town: Town, open_tx: Opening) -> None:
    subjects = write(open_tx, 7)
    auditor = town.person("auditor")

    found: list[str] = []
    asked: dict[str, str] = {}
    while True:
        page = auditor.get("/audit", action="case.", limit=3, **asked).json()
        found += [row["subject"] for row in page["items"]]
        if page["next"] is None:
            break
        asked = {"cursor": page["next"]}

    assert found == [str(subject) for subject in reversed(subjects)]
    since = (MORNING + timedelta(minutes=2)).isoformat()
    until = (MORNING + timedelta(minutes=5)).isoformat()
    some = auditor.get("/audit", action="case.", since=since, until=until).json()["items"]
    assert [row["subject"] for row in some] == [str(subject) for subject in subjects[4:1:-1]]
    assert auditor.get("/audit", cursor="yesterday").json()["code"] == "bad_cursor"


@pytest.mark.parametrize(
    "statement", ["update audit_rows set reason = ''", "delete from audit_rows"]
)
def test_nobody_changes_it(statement: str, open_tx: Opening) -> None:
    write(open_tx, 1)
    for role in ("app", "intake"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), open_tx(role) as tx:
            tx.run(statement)
