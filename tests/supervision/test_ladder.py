"""What stays late is told rung by rung, what lies still is told once, and many cost little."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bench import city
from tests.cases.test_loop import taken
from tests.dispatch.test_follows import report, rule
from tests.dispatch.test_late import Opening, sweep
from tests.supervision.conftest import notices, steps
from tests.town import Town
from wangge.kernel.db import transaction
from wangge.supervision import ladder, silence
from wangge.tenant.rules import bundle

ZONE = ZoneInfo("Asia/Shanghai")
CALENDAR = bundle({}, {}).calendar


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("due_from", "due_at", "limit", "after", "expected"),
    [
        # Two hours of work that end on Friday afternoon: half of them more is Monday morning.
        ("2026-11-20 15:30", "2026-11-20 17:30", "2WH", 50, "2026-11-23 09:30"),
        ("2026-11-20 15:30", "2026-11-20 17:30", "2WH", 0, "2026-11-20 17:30"),
        ("2026-11-20 16:00", "2026-11-20 18:00", "2CH", 50, "2026-11-20 19:00"),
        ("2026-11-20 16:00", "2026-11-20 18:00", "2UH", 100, "2026-11-20 20:00"),
    ],
)
def test_a_rung_comes_by_the_kind_of_its_limit(
    due_from: str, due_at: str, limit: str, after: int, expected: str
) -> None:
    assert ladder.rung_at(CALENDAR, at(due_from), at(due_at), limit, after) == at(expected)


def test_each_rung_is_told_once_and_stands_in_the_record(
    town: Town, client: Any, open_tx: Opening
) -> None:
    case = report(client)  # at the street's desk, two working hours to accept it
    citydesk = town.person("cityleader")
    sweep(open_tx, "overdue", after=timedelta(hours=2))
    sweep(open_tx, "supervision.ladder")
    assert steps(citydesk, case, "climb") == []

    for _ in range(12):
        sweep(open_tx, "overdue", after=timedelta(hours=8))
        sweep(open_tx, "supervision.ladder")
        sweep(open_tx, "supervision.ladder")

    told = steps(citydesk, case, "climb")
    assert [(step["data"]["after"], step["data"]["to"]) for step in told] == [
        (0, ["陈刚"]),  # the desk's own duty leader
        (50, ["陈刚"]),  # the street's: the same
        (100, ["何伟"]),  # the county's desk has nobody: the city's stands in
        (200, ["何伟"]),
    ]
    assert len(notices(town.person("dutyleader"), "case_escalated")) == 2
    assert len(notices(citydesk, "case_escalated")) == 2
    assert town.person("supervisor").get("/supervision/cases").json()["items"][0]["told_rung"] == 4


def test_what_moves_on_leaves_the_ladder(town: Town, client: Any, open_tx: Opening) -> None:
    case, acceptor = report(client), town.person("acceptor")
    sweep(open_tx, "overdue", after=timedelta(days=1))
    taken(acceptor, case, "accept")

    for _ in range(3):
        sweep(open_tx, "supervision.ladder", after=timedelta(hours=1))

    assert steps(acceptor, case, "climb") == []


def test_many_late_cost_few_statements_and_one_notice_each(
    town: Town, client: Any, open_tx: Opening
) -> None:
    for _ in range(12):
        report(client)
    sweep(open_tx, "overdue", after=timedelta(days=2))
    with transaction(town.cell) as tx, city.recording(tx) as said:
        assert ladder.climb(tx) == 12

    assert len(said) < 16
    leader = town.person("dutyleader")
    gathered = notices(leader, "cases_escalated")
    assert [one["body"]["n"] for one in gathered] == [12]
    assert notices(leader, "case_escalated") == []


def test_silence_is_told_once_to_the_holder_and_once_to_the_manager(
    town: Town, case: str, open_tx: Opening
) -> None:
    """Three working days, then one; a word begins it anew."""
    water, supervisor = town.person("water"), town.person("supervisor")
    sweep(open_tx, "supervision.silence", after=timedelta(days=3))
    assert notices(water, "case_silent") == []

    # A word of those who supervise is none of the holder's.
    taken(supervisor, case, "urge", note="在办吗")
    for _ in range(2):
        sweep(open_tx, "supervision.silence", after=timedelta(hours=9))
    assert len(notices(water, "case_silent")) == 1
    silent = supervisor.get("/supervision/cases", list="silent").json()
    assert [card["id"] for card in silent["items"]] == [case]
    for _ in range(3):
        sweep(open_tx, "supervision.silence", after=timedelta(days=2))
    assert len(notices(water, "case_silent")) == 1
    leader = town.person("dutyleader")  # the company has no manager
    assert len(notices(leader, "case_silent_manager")) == 1
    assert [s["data"]["told"] for s in steps(water, case, "silent")] == ["holder", "manager"]

    taken(water, case, "progress", note="水泵在路上")
    assert supervisor.get("/supervision/cases", list="silent").json()["items"] == []
    sweep(open_tx, "supervision.silence", after=timedelta(days=6))
    assert len(notices(water, "case_silent")) == 2


def test_a_city_without_a_rule_hears_no_silence(town: Town, case: str, open_tx: Opening) -> None:
    rule(town, "supervision", silence=None)
    sweep(open_tx, "supervision.silence", after=timedelta(days=30))
    assert steps(town.person("water"), case, "silent") == []


def test_the_moment_before_which_silence_counts() -> None:
    """Four o'clock on Friday is three working days after Tuesday, whatever the hour."""
    now = at("2026-11-27 18:00")
    first, second = silence.limits(CALENDAR, now, "3WD", "1WD")
    assert first.astimezone(ZONE).date().isoformat() == "2026-11-24"
    assert second.astimezone(ZONE).date().isoformat() == "2026-11-23"
