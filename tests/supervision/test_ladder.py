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
from wangge.kernel.ids import new_id
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


def test_where_the_holder_of_a_post_is_away_his_deputy_is_called(
    town: Town, client: Any, open_tx: Opening
) -> None:
    """At his own place first; a rung never tells nobody; who is back hears of it again.

    Seen red: with the rank by depth alone both were told; without ``away`` the record named the
    duty leader who was not there.
    """
    admin, leader, deputy = (
        town.person("sysadmin"),
        town.person("dutyleader"),
        town.person("liulin"),
    )
    desk = town.unit("desk-379901001")
    post = {"role": "duty_leader", "unit_id": desk, "deputy": True}
    assert admin.post(f"/people/{town.account('liulin')}/posts", post).status_code == 201
    case = report(client)
    sweep(open_tx, "overdue", after=timedelta(hours=8))
    sweep(open_tx, "supervision.ladder")
    assert notices(deputy, "case_escalated") == []

    away = {"id": str(new_id()), "begins": at("2026-11-20 08:00").isoformat(),
            "ends": at("2026-12-20 08:00").isoformat()}  # fmt: skip
    for _ in range(2):
        assert leader.post("/roster/absences", away).status_code == 201
    again = leader.post("/roster/absences", away | {"id": str(new_id())})
    assert (again.status_code, again.json()["code"]) == (409, "absent_already")
    wrong = leader.post("/roster/absences", away | {"id": str(new_id()), "ends": away["begins"]})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "bad_absence")
    sweep(open_tx, "supervision.ladder", after=timedelta(hours=8))

    first, second = steps(leader, case, "climb")[:2]
    assert (first["data"]["to"], second["data"]["to"]) == (["陈刚"], ["柳青"])
    assert "值班长（副职）柳青（陈刚不在岗）" in second["note"]
    assert len(notices(deputy, "case_escalated")) == 1
    [mine] = leader.get("/roster/mine").json()["absences"]
    assert leader.post(f"/roster/absences/{mine['id']}/end").status_code == 200
    assert leader.get("/roster/mine").json()["absences"] == []
    acceptor = town.person("acceptor")
    other = away | {"id": str(new_id()), "account_id": str(acceptor.account_id)}
    assert acceptor.post("/roster/absences", other | {
        "account_id": str(leader.account_id)}).json()["code"] == "not_your_people"  # fmt: skip
    assert town.person("handler").post("/roster/absences", other).status_code == 403
    assert leader.post("/roster/absences", other).status_code == 201
    [his] = leader.get("/roster/mine").json()["absences"]
    assert (his["name"], his["own"]) == ("郑洁", False)
    assert town.person("dispatcher").post(f"/roster/absences/{his['id']}/end").status_code == 404
    assert leader.post(f"/roster/absences/{his['id']}/end").status_code == 200
    assert acceptor.get("/roster/mine").json()["absences"] == []


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
