"""Child tasks of a case: given to assisting units, taken up, done or returned, each timed."""

from typing import Any
from uuid import UUID

from wangge.cases import owners
from wangge.cases.assistance import (
    ACTION_NAMES,
    GIVER,
    OPEN,
    TASKS,
    UNIT,
    TaskAction,
    TaskMove,
    TaskState,
    TaskStep,
)
from wangge.cases.clock import stage_limit
from wangge.cases.models import Action, State, StepInput, Taker
from wangge.cases.needs import NEEDED
from wangge.cases.service import locked, marked
from wangge.cases.workflow import ASSISTED, CALLED_TO
from wangge.kernel import facts
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, NotAllowed, NotFound, Refusal
from wangge.kernel.ids import new_id
from wangge.people.models import Actor
from wangge.tenant.case_types import Stage
from wangge.tenant.deadline import due_at
from wangge.tenant.limits import Limit
from wangge.tenant.service import rules

MOST_OPEN = 12
ONE = """
select t.*, o.short_name as unit from case_tasks t join organisations o on o.id = t.unit_id
where t.id = %s and t.case_id = %s for update of t
"""
OF_CASE = """
select t.*, o.short_name as unit, f.short_name as from_unit, d.short_name as desk,
    h.name as holder
from case_tasks t join organisations o on o.id = t.unit_id
join organisations f on f.id = t.from_unit_id join organisations d on d.id = t.desk_id
left join accounts h on h.id = t.holder_id
where t.case_id = %s order by t.at, t.id
"""
WRITE = """
update case_tasks set state = %(state)s, unit_id = %(unit_id)s, desk_id = %(desk_id)s,
    due_limit = %(due_limit)s, due_from = %(due_from)s, due_at = %(due_at)s,
    overdue_at = %(overdue_at)s, result = %(result)s, reason = %(reason)s, note = %(note)s,
    holder_id = %(holder_id)s, ended_at = %(ended_at)s, version = version + 1
where id = %(id)s
"""


def of_case(tx: Tx, case_id: UUID) -> list[dict[str, Any]]:
    return tx.rows(OF_CASE, [case_id])


def gives(actor: Actor, case: dict[str, Any], desk_id: UUID | None = None) -> bool:
    """Whether this person may ask units to assist: the desk that sent it, or the lead unit."""
    if actor.may_at("case.dispatch", desk_id=case["desk_id"]):
        return True
    if desk_id and actor.may_at("case.dispatch", desk_id=desk_id):
        return True
    leads = case["state"] == State.HANDLING and case["unit_id"]
    return bool(leads) and actor.may_at("case.handle", unit_id=case["unit_id"])


def give(
    tx: Tx, actor: Actor, case_id: UUID, *, task_id: UUID, unit_id: UUID, words: str, limit: str
) -> None:
    """Ask a unit to assist; a repeat of the same task changes nothing."""
    case = locked(tx, case_id)
    if stands(tx, actor, case_id, task_id):
        return
    if not gives(actor, case):
        raise not_yours()
    if State(case["state"]) not in ASSISTED:
        raise Refusal(
            "wrong_state",
            "登记后、部门办结前才能交办协办任务；您填写的内容仍在",
            "units assist between registering and finishing; what you typed is kept",
            state=case["state"],
        )
    begin(tx, actor, case, task_id=task_id, unit_id=unit_id, words=words, limit=limit)


def stands(tx: Tx, actor: Actor, case_id: UUID, task_id: UUID) -> bool:
    """Whether this person has given just this task before; the id of another is refused."""
    known = tx.one("select case_id, given_by from case_tasks where id = %s", [task_id])
    if known and (known["case_id"], known["given_by"]) != (case_id, actor.id):
        raise Refusal("id_taken", "这个编号已被使用，请重新提交", "this id is taken; send again")
    return known is not None


def begin(
    tx: Tx,
    actor: Actor,
    case: dict[str, Any],
    *,
    task_id: UUID,
    unit_id: UUID,
    words: str,
    limit: str = "",
) -> None:
    """Write the task; whether this person may give it was asked before."""
    _check_new(tx, case, unit_id, words)
    took = Limit.parse(limit) if limit else _limit(tx, case, "handle")
    from_unit = case["desk_id"]
    leads = case["unit_id"] and actor.may_at("case.handle", unit_id=case["unit_id"])
    if leads and not actor.may_at("case.dispatch", desk_id=from_unit):
        from_unit = case["unit_id"]
    row = {
        "id": task_id, "case_id": case["id"], "unit_id": unit_id, "desk_id": case["desk_id"],
        "from_unit_id": from_unit, "words": words.strip(), "state": TaskState.DISPATCHED.value,
        "due_limit": str(took), "due_from": tx.now,
        "due_at": due_at(rules(tx).calendar, tx.now, took), "given_by": actor.id, "at": tx.now,
    }  # fmt: skip
    taker = Taker("account", actor.id, actor.name, actor.title)
    # The unit sees the case before its task is written: the task is as visible as the case.
    _tell_case(tx, case, row, "give", words.strip(), taker)
    tx.insert("case_tasks", [row])
    say(tx, row, "task_given")


def _check_new(tx: Tx, case: dict[str, Any], unit_id: UUID, words: str) -> None:
    if not words.strip():
        raise Invalid("field_needed", "请写明要协办什么", "say what is to be done", field="words")
    owners.check_unit(tx, unit_id, about=case.get("about_unit"))
    if unit_id == case["unit_id"]:
        raise Invalid(
            "lead_unit", "主办单位不能协办自己的事项", "the lead unit cannot assist itself",
            field="unit_id",
        )  # fmt: skip
    standing = tx.rows(
        "select unit_id from case_tasks where case_id = %s and state = any(%s)",
        [case["id"], [state.value for state in OPEN]],
    )
    if len(standing) >= MOST_OPEN or unit_id in {row["unit_id"] for row in standing}:
        raise Refusal(
            "task_stands",
            "该单位已有未完成的协办任务，或协办任务过多",
            "the unit has an open task on this case already, or there are too many",
        )


def step(tx: Tx, actor: Actor, case_id: UUID, task_id: UUID, given: TaskStep) -> None:
    """A person's step on a child task; a repeat of the same step changes nothing."""
    case = locked(tx, case_id)
    task = one(tx, case_id, task_id)
    before = tx.one("select data, account_id from case_steps where id = %s", [given.id])
    if before:
        if (before["account_id"], before["data"].get("task")) != (actor.id, str(task_id)):
            raise Refusal(
                "id_taken", "这个编号已被使用，请重新提交", "this id is taken; send again"
            )
        return
    if given.version is not None and given.version != task["version"]:
        raise Refusal(
            "stale_version",
            "这项协办任务刚被他人更新，请核对后再提交；您填写的内容仍在",
            "somebody has just changed this task; look again, what you typed is kept",
            version=task["version"],
        )
    move = TASKS.move(TaskState(task["state"]), given.action)
    if not may_take(actor, case, task, move):
        raise not_yours()
    for field in move.needs:
        value = getattr(given, field)
        if value is None or (isinstance(value, str) and not value.strip()):
            raise Invalid("field_needed", *NEEDED[field], field=field)
    taker = Taker("account", actor.id, actor.name, actor.title)
    take(tx, case, task, move, given, taker)


def may_take(actor: Actor, case: dict[str, Any], task: dict[str, Any], move: TaskMove) -> bool:
    if move.by == UNIT:
        return actor.may_at(move.permission, unit_id=task["unit_id"])
    if move.by != GIVER:
        return False
    # Who called the unit may call it off; whom to send instead is for the desk to say.
    own = move.action is TaskAction.CANCEL and task["given_by"] == actor.id
    return own or gives(actor, case, task["desk_id"])


def offered(actor: Actor, case: dict[str, Any], task: dict[str, Any]) -> list[TaskMove]:
    """The steps that this person may take on the task now."""
    if State(case["state"]) not in CALLED_TO:
        return []
    moves = TASKS.from_(TaskState(task["state"]))
    return [move for move in moves if may_take(actor, case, task, move)]


def take(
    tx: Tx,
    case: dict[str, Any],
    task: dict[str, Any],
    move: TaskMove,
    given: TaskStep,
    taker: Taker,
) -> None:
    after = dict(task)
    if move.target:
        after["state"] = move.target.value
    match move.action:
        case TaskAction.ACKNOWLEDGE:
            after["holder_id"] = taker.account_id
        case TaskAction.FINISH:
            after |= {"result": given.note.strip(), "ended_at": tx.now}
        case TaskAction.CANCEL:
            after |= {"note": given.note.strip(), "ended_at": tx.now}
        case TaskAction.RETURN | TaskAction.TAKE_BACK:
            after |= {"reason": given.reason, "note": given.note.strip(), "holder_id": None}
            _start(tx, after, _limit(tx, case, "dispatch"))
        case TaskAction.GIVE_AGAIN if given.unit_id:
            if given.unit_id == task["unit_id"]:
                owners.check_unit(tx, given.unit_id, about=case.get("about_unit"))
            else:
                _check_new(tx, case, given.unit_id, task["words"])
            after |= {"unit_id": given.unit_id, "reason": "", "note": given.note.strip()}
            limit = Limit.parse(given.limit) if given.limit else _limit(tx, case, "handle")
            _start(tx, after, limit)
        case _:
            pass
    note = given.note.strip() or ACTION_NAMES[move.action][0]
    _tell_case(tx, case, after, given.action.value, note, taker, given)
    tx.run(WRITE, after)
    code = {TaskAction.RETURN: "task_returned", TaskAction.TAKE_BACK: "task_returned",
            TaskAction.GIVE_AGAIN: "task_given", TaskAction.FINISH: "task_done",
            TaskAction.CANCEL: "task_cancelled"}.get(move.action)  # fmt: skip
    if code:
        say(tx, after, code)


def _start(tx: Tx, task: dict[str, Any], limit: Limit) -> None:
    task |= {"due_from": tx.now, "due_limit": str(limit), "overdue_at": None}
    task["due_at"] = due_at(rules(tx).calendar, tx.now, limit)


def _limit(tx: Tx, case: dict[str, Any], stage: Stage) -> Limit:
    return stage_limit(rules(tx), case["type"], stage, case["level"])


def _tell_case(
    tx: Tx,
    case: dict[str, Any],
    task: dict[str, Any],
    did: str,
    note: str,
    taker: Taker,
    given: TaskStep | None = None,
) -> None:
    """The line in the history of the case; its unit is the one that assists."""
    unit = tx.one("select short_name from organisations where id = %s", [task["unit_id"]]) or {}
    data = {"task": str(task["id"]), "did": did, "unit": unit.get("short_name", ""),
            "called": [str(task["unit_id"]), str(task["desk_id"])]}  # fmt: skip
    line = StepInput(
        id=given.id if given else new_id(),
        action=Action.ASSIST,
        note=note,
        reason=given.reason if given else "",
        unit_id=task["unit_id"],
        file_ids=given.files if given else (),
        data=data,
    )
    marked(tx, case, line, taker)


def say(tx: Tx, task: dict[str, Any], code: str) -> None:
    """What follows: people are told, and of a returned task it is asked who has it now."""
    body = {"case": str(task["case_id"]), "code": code}
    facts.record(tx, [facts.Fact("TaskMoved", task["id"], body)])


def one(tx: Tx, case_id: UUID, task_id: UUID) -> dict[str, Any]:
    row = tx.one(ONE, [task_id, case_id])
    if row is None:
        raise NotFound("no_such_task", "没有找到这项协办任务", "no such task")
    return row


def not_yours() -> NotAllowed:
    return NotAllowed(
        "not_your_step",
        "这一步由其他岗位办理；您填写的内容仍在",
        "this step belongs to another post; what you typed is kept",
    )
