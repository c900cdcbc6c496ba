"""延期: more time for the unit that has a case in hand, asked for before its limit is over."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from wangge.cases.models import Action, StepInput, Taker
from wangge.cases.requesting import Asking, Kind, Status
from wangge.kernel.errors import Invalid, Refusal
from wangge.tenant.deadline import working_time
from wangge.tenant.rules import Rules

LONGEST = timedelta(days=366)


def _is_open(_known: Rules, now: datetime, case: dict[str, Any]) -> bool:
    return bool(now <= case["due_at"])


def _ask(asking: Asking, given: StepInput) -> StepInput:
    case = asking.case
    if not _is_open(asking.known, asking.now, case):
        raise Refusal(
            "extension_late",
            "办理时限已过，不能再申请延期；您填写的内容仍在，可改为提交“超期说明”",
            "the limit is over, so no extension can be asked for; what you typed is kept:"
            " explain the lateness instead",
            due_at=case["due_at"],
            instead=Action.EXPLAIN_LATENESS.value,
        )
    most = asking.known.switches.extension_most
    granted = [one for one in asking.of_round("extension") if one["status"] == Status.GRANTED]
    if len(granted) >= most:
        raise Refusal(
            "extensions_used_up",
            f"这件事项已延期 {len(granted)} 次，最多 {most} 次，不能再延；您填写的内容仍在",
            f"this case was extended {len(granted)} times already, {most} at most;"
            " what you typed is kept",
            most=most,
        )
    _check_until(asking, given.until)
    return given


def _decide(asking: Asking, given: StepInput) -> StepInput:
    """The granted date is the one that was asked for, unless whoever decides names another."""
    if given.action is not Action.GRANT_EXTENSION or asking.request is None:
        return given
    until = given.until or asking.request["until_at"]
    _check_until(asking, until)
    more = working_time(asking.known.calendar, asking.case["due_at"], until)
    data = {
        "until": until.isoformat(),
        "before": asking.case["due_at"].isoformat(),
        "minutes": int(more.total_seconds() // 60),
    }
    return replace(given, until=until, data={**given.data, **data})


def _check_until(asking: Asking, until: datetime | None) -> None:
    if until is None or until <= max(asking.case["due_at"], asking.now):
        raise Invalid(
            "until_too_early",
            "延期到的时间须晚于现在的办理时限",
            "the new date must be later than the present limit",
            field="until",
        )
    if until > asking.now + LONGEST:
        raise Invalid(
            "until_too_far",
            "延期到的时间太远，最多一年",
            "the new date is too far away, one year at most",
            field="until",
        )


def granted(_now: datetime, after: dict[str, Any], given: StepInput, _taker: Taker) -> None:
    """What the grant changes of a case: its stage is due then, and the whole so much later."""
    after["extended_to"] = given.until
    after["extended_minutes"] += given.data["minutes"]
    after["overdue_at"] = None


EXTENSION = Kind(
    "extension",
    Action.EXTEND,
    {Action.GRANT_EXTENSION: Status.GRANTED, Action.REFUSE_EXTENSION: Status.REFUSED},
    "case.decide",
    _ask,
    _decide,
    _is_open,
)
