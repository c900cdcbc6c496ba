"""What a step changes of a case: pure arithmetic on its row, an effect for each action."""

from collections.abc import Callable
from datetime import datetime

from wangge.cases import (
    assistance,
    extensions,
    joined,
    ladder,
    owners,
    request_kinds,
    stopping,
    unreasonable,
)
from wangge.cases.clock import CaseRow, set_due, total_due, total_rests_on
from wangge.cases.milestones import keep_times
from wangge.cases.models import Action, Duty, State, StepInput, Taker
from wangge.cases.rights import CaseMove
from wangge.cases.workflow import BEFORE_CLOSING, DUTY
from wangge.kernel.errors import Invalid
from wangge.tenant.rules import Rules

# What an action changes besides state, duty, type and due time: (now, row after, what was given,
# who took it). It reads and writes nothing but the row.
Effect = Callable[[datetime, CaseRow, StepInput, Taker], None]


def changed(
    known: Rules, now: datetime, case: CaseRow, move: CaseMove, given: StepInput, taker: Taker
) -> CaseRow:
    """The row after the step; nothing is read or written here."""
    after = dict(case)
    if given.type:
        if given.type not in known.types.by_code:
            raise Invalid("unknown_type", "没有这个事项类型", "no such case type", field="type")
        after["type"] = given.type
        named = known.types.by_code[given.type].level
        if after["level"] == "normal" and named in {row.code for row in known.lists.levels}:
            after["level"] = named
    if move.target:
        after["state"] = move.target
        after["duty"] = _duty(case, move.target)
    if move.action is Action.FAIL_CHECK and case["unit_id"] is None:
        # Whoever handled it himself has no unit that could do it again: the desk sends somebody.
        after |= {"state": State.REGISTERED, "duty": Duty.DESK, "path": "main"}
    if effect := EFFECTS.get(move.action):
        effect(now, after, given, taker)
    if "recurs_of" in given.data:
        after["recurs_at"] = now
    if case["asked"] or move.action in request_kinds.ASKED_BY:
        request_kinds.carry(case, after, given)
    stopping.carry(now, after)
    set_due(now, known, case, after)
    # Whoever changed the rules meanwhile moved the clocks of open cases alone.
    comes_back = case["state"] not in BEFORE_CLOSING and after["state"] in BEFORE_CLOSING
    if comes_back or total_rests_on(known, after) != total_rests_on(known, case):
        after["total_due_at"] = total_due(known, after, now)
    keep_times(now, case, after, move.action)
    return after


def _duty(case: CaseRow, target: State) -> Duty:
    if target is State.CHECKING and case["path"] == "short":
        return Duty.SUPERVISOR
    if target is State.CLOSED and not case["has_asker"]:
        return Duty.NONE
    return DUTY[target]


def _take_over(_now: datetime, after: CaseRow, given: StepInput, _taker: Taker) -> None:
    owners.take_over(after, given)


# What was heard in the words when the case came in stays, whatever the directory says later.
HEARD = ("suggested", "unsure", "model")


def _without_unit(_now: datetime, after: CaseRow, _given: StepInput, _taker: Taker) -> None:
    after |= {"unit_id": None, "holder_id": None}


def _registered(now: datetime, after: CaseRow, _given: StepInput, _taker: Taker) -> None:
    after["registered_at"] = after["registered_at"] or now


def _held(_now: datetime, after: CaseRow, _given: StepInput, taker: Taker) -> None:
    after["holder_id"] = taker.account_id


def _taken_on(_now: datetime, after: CaseRow, given: StepInput, taker: Taker) -> None:
    if given.data.get("kind") == "case":
        after["holder_id"] = taker.account_id


def _handled(now: datetime, after: CaseRow, given: StepInput, taker: Taker) -> None:
    after |= {"handled_at": now, "handler_id": taker.account_id}
    after["answer"] = given.answer or given.note
    if given.action is Action.SELF_HANDLE:
        after |= {"path": "short", "registered_at": now}


def _ended(now: datetime, after: CaseRow, given: StepInput, _taker: Taker) -> None:
    after |= {"closed_at": now, "answer": given.answer}


def _drafted(_now: datetime, after: CaseRow, given: StepInput, _taker: Taker) -> None:
    after["answer"] = given.answer if given.action is Action.DRAFT_ANSWER else ""


def _asker_said(_now: datetime, after: CaseRow, given: StepInput, _taker: Taker) -> None:
    after |= {"solved": given.solved, "satisfaction": given.satisfaction or None}
    if given.action is Action.REOPEN:
        after |= {"solved": False, "round": after["round"] + 1, "closed_at": None, "path": "main"}
        after |= {"unit_id": None, "holder_id": None}


def _give_to_unit(now: datetime, after: CaseRow, given: StepInput, _taker: Taker) -> None:
    after["unit_id"] = given.unit_id
    after["unit_ids"] = list(dict.fromkeys([*after["unit_ids"], given.unit_id]))
    after |= {"holder_id": None, "dispatched_at": now}
    if given.data.get("route"):
        heard = {key: after["route"][key] for key in HEARD if key in after["route"]}
        after["route"] = {**heard, **given.data["route"]}


EFFECTS: dict[Action, Effect] = {
    Action.DISPATCH: _give_to_unit,
    Action.HAND_OVER: _take_over,
    Action.TAKE_BACK: _take_over,
    **dict.fromkeys(ladder.MOVES, _take_over),
    **dict.fromkeys((Action.ASSIST, Action.WHISTLE, Action.MAILBOX), assistance.sees_it),
    Action.RECALL: _without_unit,
    Action.UPHOLD: _without_unit,
    Action.RULE: _give_to_unit,
    Action.REGISTER: _registered,
    Action.ACKNOWLEDGE: _held,
    Action.TAKE_ON: _taken_on,
    Action.FINISH: _handled,
    Action.SELF_HANDLE: _handled,
    Action.CLOSE: _ended,
    Action.DECLINE: _ended,
    Action.APPROVE_DECLINE: _ended,
    Action.DRAFT_ANSWER: _drafted,
    Action.RETURN_ANSWER: _drafted,
    Action.VOID: _ended,
    Action.EVALUATE: _asker_said,
    Action.REOPEN: _asker_said,
    Action.MERGE: joined.carried,
    Action.REJOIN: joined.carried,
    Action.UNMERGE: joined.set_free,
    Action.CLOSE_MERGED: _ended,
    Action.SPLIT_UP: joined.ended,
    Action.GRANT_EXTENSION: extensions.granted,
    Action.GRANT_PAUSE: stopping.paused,
    Action.GRANT_SUSPENSION: stopping.suspended,
    Action.RULE_UNREASONABLE: unreasonable.ruled,
    Action.REVIEW: stopping.reviewed,
    Action.RESUME: stopping.resumed,
    Action.RESUME_CLOCK: stopping.resumed,
}
