"""The clock of a case: which limit runs on whose calendar, when it is over, when it was stopped."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from wangge.cases.models import STAGE, TOTAL_STAGES, State
from wangge.tenant.calendar import Calendar
from wangge.tenant.case_types import Stage
from wangge.tenant.deadline import due_at, worked_on, yellow_at
from wangge.tenant.limits import Limit
from wangge.tenant.pauses import Pause, Stretch, closed
from wangge.tenant.rules import Rules

CaseRow = dict[str, Any]
# As a step needs it. An asker is looked up by each case's key: ``exists`` may be hashed, and the
# askers of a whole city are then read for the sake of a few late cases.
CASE_ROW = """c.*, coalesce((select k.code_hash is not null or k.phone_sealed is not null
    from case_askers k where k.case_id = c.id), false) as has_asker"""
AT_UNIT: frozenset[Stage] = frozenset({"acknowledge", "handle"})
NOTHING_DUE: CaseRow = {
    "due_at": None, "due_from": None, "due_limit": None, "overdue_at": None, "yellow_at": None,
    "warned_at": None, "extended_to": None,
}  # fmt: skip


def set_due(now: datetime, known: Rules, before: CaseRow, after: CaseRow) -> None:
    """A new stage starts its own clock; the same stage keeps the one that runs.

    A change of the rules moves no clock: whoever changes them is shown what would move, and says
    so (``dispatch.reckoning``).
    """
    stage = STAGE.get(after["state"])
    if stage is None:
        after |= NOTHING_DUE
        return
    if after["state"] == State.SUSPENDED:
        return  # its review is due, which the step has said
    if stage != STAGE.get(before["state"]) or after["due_from"] is None:
        after |= NOTHING_DUE | {"due_from": now}
    elif _rests_on(after) == _rests_on(before):
        return
    if not after["due_limit"] or _kind(after) != _kind(before):
        after["due_limit"] = str(stage_limit(known, after["type"], stage, after["level"]))
    after |= still_lit(after, ends(known, after, stage, now), now)


def still_lit(case: CaseRow, found: CaseRow, now: datetime) -> CaseRow:
    """A light that went on stays on only while its moment is over."""
    overdue = case["overdue_at"] if found["due_at"] <= now else None
    warned = case["warned_at"] if found["yellow_at"] <= now else None
    return {**found, "overdue_at": overdue, "warned_at": warned}


def _kind(case: CaseRow) -> tuple[Any, ...]:
    return case["type"], case["level"]


def _rests_on(case: CaseRow) -> tuple[Any, ...]:
    whose = case["desk_id"], case["unit_id"]
    return (*_kind(case), *whose, case["pauses"], case["extended_to"])


def ends(known: Rules, case: CaseRow, stage: Stage, now: datetime) -> CaseRow:
    """When the running stage's limit is over, and when its light turns yellow."""
    calendar, limit = calendar_of(known, case, stage), Limit.parse(case["due_limit"])
    start, stood = case["due_from"], held(case, now)
    due = due_at(calendar, start, limit, stood)
    due = max(due, case["extended_to"] or due)
    percent = known.switches.yellow_percent
    return {
        "due_at": due,
        "yellow_at": yellow_at(calendar, start, limit, due, percent, stood),
    }


def first_due(known: Rules, now: datetime, code: str | None, level: str, desk_id: UUID) -> CaseRow:
    """The clocks of a case that is reported now: of its first stage, and of all stages."""
    limit = stage_limit(known, code, "accept", level)
    case: CaseRow = {
        "type": code, "level": level, "desk_id": desk_id, "unit_id": None, "pauses": [],
        "extended_to": None, "extended_minutes": 0,
        "received_at": now, "due_from": now, "due_limit": str(limit),
    }  # fmt: skip
    found = ends(known, case, "accept", now)
    return {**found, "due_limit": str(limit), "total_due_at": total_due(known, case, now)}


def calendar_of(known: Rules, case: CaseRow, stage: Stage) -> Calendar:
    """What a unit does runs on its calendar, all else on that of the desk in charge."""
    at_unit = stage in AT_UNIT and case["unit_id"]
    return known.calendar_of(case["unit_id"] if at_unit else case["desk_id"])


def held(case: CaseRow, now: datetime) -> list[Stretch]:
    """When the case's clock stood, as far as ``now`` for what still stands."""
    return closed(pauses(case), now) if case["pauses"] else []


def pauses(case: CaseRow) -> Iterable[Pause]:
    for first, last in case["pauses"]:
        yield Pause(datetime.fromisoformat(first), datetime.fromisoformat(last) if last else None)


def total_due(known: Rules, case: CaseRow, now: datetime) -> datetime:
    """The end of all stages one after the other, each within its limit, and the time granted."""
    end: datetime = case.get("limits_from") or case["received_at"]
    stood = held(case, now)
    for stage in TOTAL_STAGES:
        limit = stage_limit(known, case["type"], stage, case["level"])
        end = due_at(calendar_of(known, case, stage), end, limit, stood)
    return worked_on(known.calendar, end, timedelta(minutes=case["extended_minutes"]))


def total_rests_on(known: Rules, case: CaseRow) -> tuple[Any, ...]:
    """What the end of all stages depends on besides the rules."""
    whose = (case["desk_id"], case["unit_id"]) if known.own_hours else ()
    return (*_kind(case), case["pauses"], case["extended_minutes"], *whose)


def stage_limit(known: Rules, code: str | None, stage: Stage, level: str) -> Limit:
    """A stage that no rule limits is held to one working day: nothing is without a due time."""
    return known.types.limit(code, stage, level) or Limit.parse("1WD")
