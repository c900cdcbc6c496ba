"""停表 and 挂账: a clock that stands until a day, and a case put by until its day of review.

Both are asked for by the unit that has the case and decided by somebody else. A stopped clock goes
on by itself at its day; a case that is put by never does: its review is due at the desk in charge.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from wangge.cases.models import Action, State, StepInput, Taker
from wangge.cases.requesting import Asking, Kind, Status
from wangge.kernel.errors import Invalid, Refusal
from wangge.tenant.deadline import due_at, worked_on, working_time
from wangge.tenant.limits import Limit
from wangge.tenant.rules import Rules

CaseRow = dict[str, Any]
STANDING = frozenset({State.HANDLING, State.SUSPENDED})


def stands(case: CaseRow, now: datetime) -> bool:
    """Whether the case's clock stands now; the last pause is the latest."""
    if not case["pauses"]:
        return False
    last = case["pauses"][-1][1]
    return last is None or datetime.fromisoformat(last) > now


def check_stands(case: CaseRow, given: StepInput, now: datetime) -> None:
    """Refuse to let a clock go on that runs."""
    if given.action is Action.RESUME_CLOCK and not stands(case, now):
        raise Refusal(
            "clock_runs",
            "这件事项正在计时，没有停表；您填写的内容仍在",
            "the clock of this case runs; what you typed is kept",
        )


def _may_pause(_known: Rules, now: datetime, case: CaseRow) -> bool:
    return bool(now <= case["due_at"]) and not stands(case, now)


def _may_suspend(_known: Rules, now: datetime, case: CaseRow) -> bool:
    return not stands(case, now)


def _ask_pause(asking: Asking, given: StepInput) -> StepInput:
    _check_runs(asking)
    if asking.now > asking.case["due_at"]:
        raise Refusal(
            "pause_late",
            "办理时限已过，不能再申请停表；您填写的内容仍在，可改为提交“超期说明”",
            "the limit is over, so its clock cannot be stopped; what you typed is kept:"
            " explain the lateness instead",
            due_at=asking.case["due_at"],
            instead=Action.EXPLAIN_LATENESS.value,
        )
    most = asking.known.switches.pause_most
    granted = [one for one in asking.of_round("pause") if one["status"] == Status.GRANTED]
    if len(granted) >= most:
        raise Refusal(
            "pauses_used_up",
            f"这一轮办理已停表 {len(granted)} 次，最多 {most} 次；需要更久的请申请挂账；"
            "您填写的内容仍在",
            f"the clock was stopped {len(granted)} times in this round, {most} at most; what takes"
            " longer may be put by. What you typed is kept",
            most=most,
        )
    _check_until(asking, given.until, _longest_pause(asking))
    _check_evidence(asking.known, given)
    return given


def _check_evidence(known: Rules, given: StepInput) -> None:
    """Refuse to stop a clock without its paper, where the city's reason asks for one."""
    asking_for_it = {one.code for one in known.lists.pause_reasons if one.evidence}
    if given.reason in asking_for_it and not given.file_ids:
        raise Invalid(
            "evidence_needed",
            "按这个理由停表须附依据（文书、通知或照片）；您填写的内容仍在",
            "for this reason a clock stands only with its evidence (a paper, notice or photo);"
            " what you typed is kept",
            field="files",
        )


def _ask_suspension(asking: Asking, given: StepInput) -> StepInput:
    _check_runs(asking)
    _check_until(asking, given.until, _longest_suspension(asking))
    return given


def _check_runs(asking: Asking) -> None:
    if stands(asking.case, asking.now):
        raise Refusal(
            "clock_stands",
            "这件事项正在停表，恢复计时以后才能再申请；您填写的内容仍在",
            "the clock of this case stands already; what you typed is kept",
        )


def _decide_pause(asking: Asking, given: StepInput) -> StepInput:
    """Until when the clock stands is what was asked for, unless whoever decides names another."""
    if given.action is not Action.GRANT_PAUSE or asking.request is None:
        return given
    until = given.until or asking.request["until_at"]
    _check_until(asking, until, _longest_pause(asking))
    data = {"until": until.isoformat(), **_moved_on(asking, until)}
    return replace(given, until=until, data={**given.data, **data})


def _moved_on(asking: Asking, until: datetime) -> dict[str, str]:
    """An extension that was granted runs on by the working time that the pause takes."""
    if asking.case["extended_to"] is None:
        return {}
    calendar = asking.known.calendar
    lost = working_time(calendar, asking.now, until)
    return {"extended_to": worked_on(calendar, asking.case["extended_to"], lost).isoformat()}


def _decide_suspension(asking: Asking, given: StepInput) -> StepInput:
    if given.action is not Action.GRANT_SUSPENSION or asking.request is None:
        return given
    until = given.until or asking.request["until_at"]
    _check_until(asking, until, _longest_suspension(asking))
    return replace(given, until=until, data={**given.data, "until": until.isoformat()})


def _longest_pause(asking: Asking) -> datetime:
    days = asking.known.switches.pause_days
    return due_at(asking.known.calendar, asking.now, Limit.parse(f"{days}WD"))


def _longest_suspension(asking: Asking) -> datetime:
    return asking.now + timedelta(days=asking.known.switches.suspension_days)


def _check_until(asking: Asking, until: datetime | None, longest: datetime) -> None:
    if until is None or until <= asking.now:
        raise Invalid(
            "until_too_early", "日期须晚于现在", "the date must be later than now", field="until"
        )
    if until > longest:
        latest = longest.astimezone(asking.known.calendar.days.zone)
        raise Invalid(
            "until_too_far",
            f"日期太远，最晚到 {latest:%Y-%m-%d %H:%M}",
            f"the date is too far away, {latest:%Y-%m-%d %H:%M} at the latest",
            field="until",
            longest=longest,
        )


# --- what the steps change of a case; pure ------------------------------------------------------
def paused(now: datetime, after: CaseRow, given: StepInput, _taker: Taker) -> None:
    after["pauses"] = [*after["pauses"], [now.isoformat(), given.data["until"]]]
    if later := given.data.get("extended_to"):
        after["extended_to"] = datetime.fromisoformat(later)


def suspended(now: datetime, after: CaseRow, given: StepInput, _taker: Taker) -> None:
    """A stop that still stands is over: no clock is stopped twice at a time."""
    after["pauses"] = [*ended(after["pauses"], now), [now.isoformat(), None]]
    reviewed(now, after, given, _taker)


def reviewed(now: datetime, after: CaseRow, given: StepInput, _taker: Taker) -> None:
    """Its review is due then; a day before, whoever has it is told."""
    until = given.until or after["due_at"]
    after |= {"due_at": until, "yellow_at": max(until - timedelta(days=1), now)}
    after |= {"overdue_at": None, "warned_at": None}


def resumed(now: datetime, after: CaseRow, _given: StepInput, _taker: Taker) -> None:
    after["pauses"] = ended(after["pauses"], now)


def ended(pauses: list[list[str | None]], now: datetime) -> list[list[str | None]]:
    """The pauses with the one that still stands ended now."""
    if not pauses:
        return pauses
    *before, (first, last) = pauses
    if last is not None and datetime.fromisoformat(last) <= now:
        return pauses
    return [*before, [first, now.isoformat()]]


def carry(now: datetime, after: CaseRow) -> None:
    """No clock stands in another stage than the one for which it was stopped."""
    if after["pauses"] and after["state"] not in STANDING:
        after["pauses"] = ended(after["pauses"], now)


PAUSE = Kind(
    "pause",
    Action.ASK_PAUSE,
    {Action.GRANT_PAUSE: Status.GRANTED, Action.REFUSE_PAUSE: Status.REFUSED},
    "case.decide",
    _ask_pause,
    _decide_pause,
    _may_pause,
)
SUSPENSION = Kind(
    "suspension",
    Action.ASK_SUSPENSION,
    {Action.GRANT_SUSPENSION: Status.GRANTED, Action.REFUSE_SUSPENSION: Status.REFUSED},
    "case.decide",
    _ask_suspension,
    _decide_suspension,
    _may_suspend,
)
