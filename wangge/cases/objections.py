"""派单异议: a unit says that a case is not its own; who is right is somebody else's to say.

The first one of a round is for the desk that dispatched; the second, by the same unit or the next,
goes a desk higher, which says who has to do it. That is the last word in the round.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from wangge.cases.models import Action, StepInput
from wangge.cases.requesting import Asking, Kind, Request, Status
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, Refusal
from wangge.tenant.deadline import due_at
from wangge.tenant.limits import Limit
from wangge.tenant.rules import Rules

RULED = frozenset({Status.GRANTED, Status.REFUSED})
LAST = 2


def ends_at(known: Rules, case: dict[str, Any]) -> datetime:
    """Until when the unit may object: so many working days after it was given the case."""
    given_at = case["dispatched_at"] or case["due_from"]
    return due_at(known.calendar, given_at, Limit.parse(f"{known.switches.objection_days}WD"))


def is_open(known: Rules, now: datetime, case: dict[str, Any]) -> bool:
    return now <= ends_at(known, case)


def _ask(asking: Asking, given: StepInput) -> StepInput:
    if not is_open(asking.known, asking.now, asking.case):
        raise Refusal(
            "objection_late",
            f"派单后 {asking.known.switches.objection_days} 个工作日内可以提出异议，现已超过；"
            "您填写的内容仍在",
            "the time for an objection to this dispatch is over; what you typed is kept",
            ended_at=ends_at(asking.known, asking.case),
        )
    ruled = [one for one in asking.of_round("objection") if one["status"] in RULED]
    if any(is_last(one) for one in ruled):
        raise Refusal(
            "objection_final",
            "承办单位已由上级裁定，本轮不能再提异议；您填写的内容仍在",
            "who has to do this was ruled on above, and that stands for this round;"
            " what you typed is kept",
        )
    return replace(given, data={**given.data, "level": LAST if ruled else 1})


def is_last(request: Request) -> bool:
    """Whether the request is for the second level, whose ruling stands."""
    return bool(request.get("data", {}).get("level") == LAST)


def _decide(asking: Asking, given: StepInput) -> StepInput:
    if given.action is Action.RULE and given.unit_id == asking.case["unit_id"]:
        raise Invalid(
            "same_unit",
            "这件事项就在这个单位；仍由它承办的，请用“异议不成立”",
            "this unit has the case; if it is to keep it, overrule the objection",
            field="unit_id",
        )
    return given


def _offers(request: Request, action: Action) -> bool:
    """The first level gives a case back to be dispatched again; the second names the unit."""
    return action is not (Action.UPHOLD if is_last(request) else Action.RULE)


OBJECTION = Kind(
    "objection",
    Action.RETURN,
    {
        Action.UPHOLD: Status.GRANTED,
        Action.RULE: Status.GRANTED,
        Action.OVERRULE: Status.REFUSED,
    },
    "case.dispatch",
    _ask,
    _decide,
    is_open,
    is_last,
    _offers,
)
UPHELD = """
select id from case_requests where case_id = %s and kind = 'objection' and status = 'granted'
    and round = %s and unit_id = %s limit 1
"""


def check_dispatch(tx: Tx, case: dict[str, Any], unit_id: UUID | None) -> None:
    """Refuse to send a case to a unit whose objection to it was upheld in this round."""
    known = unit_id in case["unit_ids"]
    if known and tx.one(UPHELD, [case["id"], case["round"], unit_id]) is not None:
        raise Refusal(
            "objection_upheld",
            "这个单位的异议本轮已成立，请改派其他单位",
            "this unit's objection was upheld in this round; choose another unit",
            field="unit_id",
        )
