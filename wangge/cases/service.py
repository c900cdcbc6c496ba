"""Steps: the one road on which a case moves, for people, askers and the system's own rules."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from wangge.cases import (
    admission,
    approval,
    assistance,
    elsewhere,
    ladder,
    objections,
    owners,
    recurrences,
    refusing,
    requests,
    stopping,
    verifying,
)
from wangge.cases.automatic import by_rule
from wangge.cases.change import changed
from wangge.cases.clock import CASE_ROW, CaseRow
from wangge.cases.endings import check_ending
from wangge.cases.models import (
    ASKER,
    SYSTEM,
    Action,
    Duty,
    State,
    StepInput,
    Taker,
)
from wangge.cases.needs import NEEDED, check_needs, check_reason, needs_of
from wangge.cases.request_kinds import DECIDED_BY, to_decide
from wangge.cases.rights import (
    CaseMove,
    has_nobody_else,
    is_own_work,
    is_timely,
    may_take,
    refused_handler,
)
from wangge.cases.step_writing import write_step
from wangge.cases.workflow import DECIDER, DUTY, LOOP
from wangge.files import service as files
from wangge.kernel import facts
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, NotAllowed, NotFound, Refusal
from wangge.people.models import Actor
from wangge.tenant.service import rules

STOOD_IN = frozenset({Action.HAND_OVER, Action.TAKE_BACK})
# After these nothing follows by rule: a line about other cases is no step of this one.
STANDING = STOOD_IN | {Action.CARRY, Action.SPLIT, Action.RAISE_REQUEST}
LOCK = f"select {CASE_ROW} from cases c where c.id = %s for update of c"
# A mark of the system, such as the red light, leaves the case where it was.
DECIDED_SINCE = """
select 1 from case_steps where case_id = %s and seq > %s
    and not (actor_kind = 'system' and source is not distinct from target) limit 1
"""


def locked(tx: Tx, case_id: UUID) -> CaseRow:
    """Lock the case for a step; invisible and absent look the same."""
    row = tx.one(LOCK, [case_id])
    if row is None:
        raise not_found()
    return row | {"pending": requests.pending(tx, row)}


def not_found() -> NotFound:
    return NotFound("no_such_case", "没有找到这件事项", "no such case")


def step_of_account(tx: Tx, actor: Actor, case_id: UUID, given: StepInput) -> CaseRow:
    """A person's step: refused unless it is his; a repeat of the same step changes nothing."""
    case = locked(tx, case_id)
    taker = Taker("account", actor.id, actor.name, actor.title)
    if _is_repeat(tx, case, given, taker):
        return case
    check_version(tx, case, given.version)
    move = LOOP.move(State(case["state"]), given.action)
    named = rules(tx).workflow.by_action.get(move.action.value)
    if named and not named.active:
        raise Refusal("step_switched_off", "本单位未启用这一步", "this step is switched off here")
    if move.by == DECIDER and to_decide(case, move.action) is None:
        raise requests.no_request()
    if not may_take(actor, case, move, named):
        raise NotAllowed(
            "not_your_step",
            "这一步由其他岗位办理；您填写的内容仍在",
            "this step belongs to another post; what you typed is kept",
            action=given.action.value,
        )
    if has_nobody_else(tx, actor, case, move):
        given = replace(given, data={**given.data, "rule": "only_handler"})
    elif is_own_work(actor, case, move):
        raise refused_handler(move)
    given = elsewhere.told(tx, case, given)
    given = approval.checked(tx, rules(tx), actor, case, given)
    refusing.check_alone(rules(tx), given)
    if given.type and "type" not in (*needs_of(rules(tx), move, case), *move.may):
        raise Invalid(
            "not_asked",
            "这一步不能改类型，请由主管受理台更正",
            "this step does not change the type; the desk in charge corrects it",
            field="type",
        )
    if given.action is Action.EXPLAIN_LATENESS and not is_timely(tx, case, given.action):
        raise Refusal(
            "not_late",
            "还没有超过办理时限，不用写超期说明；您填写的内容仍在",
            "the limit is not over, there is no lateness to explain; what you typed is kept",
        )
    if given.action is Action.WITHDRAW_REQUEST:
        given = replace(given, data={**given.data, "kinds": requests.asked_by(actor, case)})
    return _take(tx, case, move, given, taker)


def step_of_asker(tx: Tx, case_id: UUID, given: StepInput, taker: Taker = ASKER) -> CaseRow:
    """The asker's word: the door has seen his code, or ``taker`` has heard it from him."""
    case = locked(tx, case_id)
    if _is_repeat(tx, case, given, taker):
        return case
    move = LOOP.move(State(case["state"]), given.action)
    if move.by != Duty.ASKER:
        raise NotAllowed("not_your_step", "这一步由工作人员办理", "this step is the staff's")
    if given.action is Action.REOPEN and case["round"] > rules(tx).switches.reopen_limit:
        given = replace(given, action=Action.EVALUATE, solved=bool(given.solved))
        move = LOOP.move(State(case["state"]), given.action)
    return _take(tx, case, move, given, taker)


def step_of_system(tx: Tx, case: CaseRow, given: StepInput) -> CaseRow:
    """A step by a rule of the tenant; the history says which."""
    after = _one_step(tx, case, LOOP.move(State(case["state"]), given.action), given, SYSTEM)
    return after if given.action in STANDING else _run_on(tx, after)


def marked(tx: Tx, case: CaseRow, given: StepInput, taker: Taker) -> CaseRow:
    """A line in the history told by what hangs on the case; the case stays where it was."""
    return _one_step(tx, case, LOOP.move(State(case["state"]), given.action), given, taker)


def _is_repeat(tx: Tx, case: CaseRow, given: StepInput, taker: Taker) -> bool:
    known = tx.one("select case_id, action, account_id from case_steps where id = %s", [given.id])
    if known is None:
        return False
    same = (case["id"], given.action.value, taker.account_id)
    if (known["case_id"], known["action"], known["account_id"]) != same:
        raise Refusal("id_taken", "这个编号已被使用，请重新提交", "this id is taken; send again")
    return True


def check_version(tx: Tx, case: CaseRow, seen: int | None) -> None:
    """Refuse what was decided on an older picture of the case, unless only marks came since."""
    if seen is None or seen == case["version"]:
        return
    if seen > case["version"] or tx.one(DECIDED_SINCE, [case["id"], seen]):
        raise Refusal(
            "stale_version",
            "这件事项刚被他人更新，请核对后再提交；您填写的内容仍在",
            "somebody has just changed this case; look again, what you typed is kept",
            version=case["version"],
            state=case["state"],
        )


def _take(tx: Tx, case: CaseRow, move: CaseMove, given: StepInput, taker: Taker) -> CaseRow:
    check_needs(rules(tx), case, move, given)
    check_reason(rules(tx), given)
    check_ending(case, given)
    verifying.check_first(tx, rules(tx), case, given)
    stopping.check_stands(case, given, tx.now)
    given = requests.prepare(tx, case, given, taker)
    return _run_on(tx, _one_step(tx, case, move, given, taker))


def _run_on(tx: Tx, case: CaseRow) -> CaseRow:
    """Take the steps that follow by rule until the case comes to rest with somebody."""
    while following := by_rule(rules(tx).switches, case):
        for step in following:
            move = LOOP.move(State(case["state"]), step.action)
            case = _one_step(tx, case, move, step, SYSTEM)
    return seen_to(tx, case)


def _one_step(tx: Tx, case: CaseRow, move: CaseMove, given: StepInput, taker: Taker) -> CaseRow:
    known = rules(tx)
    if move.action in (Action.DISPATCH, Action.RULE):
        owners.check_unit(tx, given.unit_id, about=case.get("about_unit"))
        admission.check_lead(tx, case, given.unit_id)
    if move.action is Action.DISPATCH:
        objections.check_dispatch(tx, case, given.unit_id)
    if move.action in ladder.MOVES:
        given = ladder.aimed(tx, case, given)
    given = recurrences.recognised(tx, known, case, given)
    before = State(case["state"])
    assistance.check_all_done(tx, case["id"], before, move.target)
    after = changed(known, tx.now, case, move, given, taker)
    after["version"] += 1
    write_step(tx, after, history(tx.now, before, after, given, taker))
    if case["asked"] or after["asked"]:
        requests.follow(tx, case, after, given, taker)
    _attach(tx, after, move, given, taker)
    facts.record(tx, [moved(before, after, given, taker)])
    return after


def seen_to(tx: Tx, case: CaseRow) -> CaseRow:
    """Where a case comes to rest somebody must have it; else the next in line gets it."""
    if not owners.is_owned(tx, case):
        case = locked(tx, case["id"])
        while step := owners.next_in_line(tx, case):
            case = step_of_system(tx, case, step)
    while step := requests.raised(tx, case):
        case = step_of_system(tx, case, step)
    return case


def _attach(tx: Tx, case: CaseRow, move: CaseMove, given: StepInput, taker: Taker) -> None:
    """What was sent belongs to the step; evidence is a picture that is really there."""
    if not given.file_ids:
        return
    attached = files.attach(
        tx, case["id"], given.file_ids, account_id=taker.account_id, step_id=given.id
    )
    for field in needs_of(rules(tx), move, case):
        if field.startswith("photo") and attached.picture is None:
            raise Invalid("field_needed", *NEEDED[field], field=field)


def moved(before: State, case: CaseRow, given: StepInput, taker: Taker) -> facts.Fact:
    """What the bus carries of a step: codes and ids, nothing personal."""
    return facts.Fact(
        "CaseMoved",
        case["id"],
        {
            "action": given.action,
            "source": before,
            "target": case["state"],
            "by": taker.kind,
            "round": case["round"],
        },
        case["pos"],
        case["unit_ids"],
        case["created_by"],
    )


def history(
    now: datetime, before: State, case: CaseRow, given: StepInput, taker: Taker
) -> dict[str, Any]:
    """The step's line in the history of ``case``, which is the row after the step."""
    return {
        "id": given.id,
        "case_id": case["id"],
        "seq": case["version"],
        "round": case["round"],
        "action": given.action,
        "source": before,
        "target": case["state"],
        "actor_kind": taker.kind,
        "account_id": taker.account_id,
        "actor_name": taker.name,
        "actor_title": taker.title,
        "unit_id": _unit_of(before, case, given),
        "note": given.note,
        "answer": given.answer,
        "reason": given.reason,
        "data": _data(given, case.get("was", {})),
        "due_at": case["due_at"],
        "at": now,
    }


def _unit_of(before: State, case: CaseRow, given: StepInput) -> UUID | None:
    """The unit that a step belongs to: who acted, and for a dispatch who is to act."""
    if given.action in (Action.DISPATCH, Action.RULE):
        found: UUID | None = case["unit_id"]
    elif given.action in (Action.ASSIST, Action.WHISTLE) and given.unit_id:
        found = given.unit_id
    elif given.action in DECIDED_BY:
        found = UUID(given.data["desk_id"])
    elif DUTY[before] is Duty.UNIT and LOOP.move(before, given.action).by == Duty.UNIT:
        found = case["unit_id"] or (case["unit_ids"] or [None])[-1]
    else:
        found = case["desk_id"]
    return found


def _data(given: StepInput, was: dict[str, Any]) -> dict[str, Any]:
    said: dict[str, Any] = {
        "author": given.author or None,
        "solved": given.solved,
        "satisfaction": given.satisfaction or None,
        "type": given.type,
        "until": given.until.isoformat() if given.until else None,
    }
    said["was"] = {**given.data.get("was", {}), **was} or None
    return {**given.data, **{key: value for key, value in said.items() if value is not None}}
