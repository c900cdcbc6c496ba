"""Who may take which step on which case: the same answer for the buttons and for the step."""

from typing import Any

from wangge.cases import approval, ladder, refusing, stopping
from wangge.cases.endings import has_asker
from wangge.cases.models import Action, Duty, State
from wangge.cases.owners import owning_of
from wangge.cases.request_kinds import ASKED_BY, to_decide
from wangge.cases.requests import asked_by, is_own
from wangge.cases.workflow import DECIDER, LOOP, OFFERED
from wangge.kernel.db import Tx
from wangge.kernel.errors import NotAllowed
from wangge.kernel.workflow import Move
from wangge.people.models import Actor
from wangge.tenant.rules import Rules
from wangge.tenant.service import rules
from wangge.tenant.step_names import ActionRule

CaseMove = Move[State, Action]


def refused_handler(move: CaseMove) -> NotAllowed:
    if move.action is Action.ACKNOWLEDGE:
        return NotAllowed(
            "own_work",
            "上一轮由您办理，反映人说没有解决，这一轮须由其他人办理；您填写的内容仍在",
            "you handled the last round and it was not solved; somebody else takes this one;"
            " what you typed is kept",
        )
    if move.by == DECIDER:
        return NotAllowed(
            "own_request",
            "不能审批自己或本岗位提出的申请，也不能审批自己经办的事项，请由他人审批；"
            "您填写的内容仍在",
            "nobody decides on his own request, on that of his post, or on a case he handles;"
            " what you typed is kept",
        )
    return NotAllowed(
        "own_work",
        "不能核查自己办理的事项，请由他人核查；您填写的内容仍在",
        "nobody checks his own work; somebody else must check; what you typed is kept",
    )


def may_take(actor: Actor, case: dict[str, Any], move: CaseMove, named: ActionRule | None) -> bool:
    """Whether one of the actor's posts is the one that this step belongs to.

    ``named`` is the tenant's own rule for the step, which may narrow it to some roles.
    """
    if named and named.roles and not any(post.role in named.roles for post in actor.posts):
        return False
    match move.by:
        case Duty.DESK | "caller":
            pos = case["pos"] if move.by == "caller" else None
            return actor.may_at(move.permission, desk_id=case["desk_id"], pos=pos)
        case Duty.UNIT:
            return actor.may_at(move.permission, unit_id=case["unit_id"])
        case Duty.GRID | "overseer":
            return actor.may_at(move.permission, pos=case["pos"])
        case "checker":
            permission = "case.supervise" if case["duty"] == Duty.SUPERVISOR else "case.check"
            return actor.may_at(permission, pos=case["pos"])
        case "reporter":
            return case["created_by"] == actor.id and actor.may_at(move.permission, pos=case["pos"])
        case "decider":
            asked = to_decide(case, move.action)
            return asked is not None and actor.may_at(move.permission, desk_id=asked["desk_id"])
        case "applicant":
            return bool(asked_by(actor, case))
        case "anybody":
            return actor.may(move.permission)
        case _:
            return False


OTHERS = """
select 1 from posts p join accounts a on a.id = p.account_id and a.active
where p.unit_id = %s and p.account_id <> %s and p.valid @> city_today() and p.role = any(%s) limit 1
"""


def has_nobody_else(tx: Tx, actor: Actor, case: dict[str, Any], move: CaseMove) -> bool:
    """Whether the unit would have to leave a second round lying: it has this handler alone."""
    if move.action is not Action.ACKNOWLEDGE or not is_own_work(actor, case, move):
        return False
    owning = owning_of(rules(tx), case)
    roles = list(owning.roles) if owning else []
    return tx.one(OTHERS, [case["unit_id"], actor.id, roles]) is None


def is_own_work(actor: Actor, case: dict[str, Any], move: CaseMove) -> bool:
    """Nobody checks what he handled, decides on what he asked for, or handles two rounds."""
    if move.by == "checker":
        return bool(case["handler_id"] == actor.id)
    if move.by == DECIDER and (asked := to_decide(case, move.action)):
        return is_own(actor, case, asked)
    if move.action is Action.ACKNOWLEDGE:
        return bool(case["round"] > 1 and case["handler_id"] == actor.id)
    return False


def is_timely(tx: Tx, case: dict[str, Any], action: Action) -> bool:
    """Whether the time for the step is now: more time before the limit, an explanation after it."""
    late = case["due_at"] is not None and tx.now > case["due_at"]
    if kind := ASKED_BY.get(action):
        return kind.code not in case["asked"] and kind.is_open(rules(tx), tx.now, case)
    if action is Action.RESUME_CLOCK:
        return stopping.stands(case, tx.now)
    if action is Action.WITHDRAW_FOR:
        return has_asker(case)
    return late if action is Action.EXPLAIN_LATENESS else True


def offered(tx: Tx, actor: Actor, case: dict[str, Any], known: Rules) -> list[CaseMove]:
    """The steps this person may take now, in the order of the desk's buttons."""
    names = known.workflow.by_action
    moves = {move.action: move for move in LOOP.from_(State(case["state"]))}
    found = [
        moves[action]
        for action in OFFERED
        if action in moves
        and (action is not Action.ACKNOWLEDGE_ALARM or case["alarm_open"])
        and (action.value not in names or names[action.value].active)
        and approval.is_offered(known, action)
        and refusing.is_offered(known, action)
        and is_timely(tx, case, action)
        and may_take(actor, case, moves[action], names.get(action.value))
        and (
            not is_own_work(actor, case, moves[action])
            or has_nobody_else(tx, actor, case, moves[action])
        )
    ]
    if any(move.action in ladder.MOVES for move in found):
        ways = ladder.leads_on(tx, case)
        found = [m for m in found if m.action not in ladder.MOVES or m.action in ways]
    return found
