"""Tasks of an incident: given to a unit or a person, taken in hand, done; late ones told once."""

from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from wangge.emergency.history import acted, commanded, id_taken, is_repeat, locked, not_yours, write
from wangge.emergency.models import Order, Said, TaskState
from wangge.emergency.rights import owns, runs
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, NotFound, Refusal
from wangge.kernel.ids import new_id
from wangge.notices import service as notices
from wangge.people.models import Actor

MOST_TASKS = 200
FROM = {
    Said.TAKE: {TaskState.GIVEN},
    Said.DONE: {TaskState.GIVEN, TaskState.TAKEN},
    Said.DROP: {TaskState.GIVEN, TaskState.TAKEN},
}
GIVEN = """
insert into incident_tasks (id, incident_id, seq, step, words, words_en, role, unit_id, account_id,
    given_at, due_at)
select %(id)s, %(incident)s, coalesce(max(seq), 0) + 1, %(step)s, %(words)s, %(words_en)s,
    %(role)s, %(unit)s, %(account)s, %(at)s, %(due)s
from incident_tasks where incident_id = %(incident)s
"""
SEEN_BY = """
update incidents set version = version + 1,
    unit_ids = case when %(unit)s = any(unit_ids) or %(unit)s::uuid is null then unit_ids
        else unit_ids || %(unit)s::uuid end,
    account_ids = case when %(account)s = any(account_ids) or %(account)s::uuid is null
        then account_ids else account_ids || %(account)s::uuid end
where id = %(id)s returning *
"""
TAKEN = """
update incident_tasks set state = 'taken', taken_at = %(at)s, taken_name = %(name)s
where id = %(id)s
"""
ENDED = """
update incident_tasks set state = %(state)s, note = %(note)s, ended_at = %(at)s,
    ended_name = %(name)s, taken_at = case when %(done)s then coalesce(taken_at, %(at)s)
        else taken_at end,
    taken_name = case when %(done)s and taken_name = '' then %(name)s else taken_name end
where id = %(id)s
"""
WHO = """
select distinct p.account_id from posts p join accounts c on c.id = p.account_id and c.active
where p.unit_id = %s and p.valid @> city_today() and p.role = any(%s)
"""
AT_WORK = ["handler", "department_manager", "property_manager", "duty_leader", "dispatcher",
           "acceptor"]  # fmt: skip
LOCK = "select i.* from incidents i where i.id = %s for update"
LATE = """
update incident_tasks t set late_at = %(now)s from incidents i
where i.id = t.incident_id and i.state = 'open' and t.state in ('given', 'taken')
    and t.late_at is null and t.due_at < %(now)s
returning t.id, t.incident_id
"""


class Owner(NamedTuple):
    """A person, or a unit."""

    unit_id: UUID | None = None
    account_id: UUID | None = None


def give(
    tx: Tx, incident: dict[str, Any], owner: Owner, *, key: UUID, words: str, words_en: str = "",
    step: str = "", minutes: int | None = None, role: str = "",
) -> dict[str, Any]:  # fmt: skip
    """Write a task and tell its owner at once; the incident with whoever sees it now."""
    due = tx.now + timedelta(minutes=minutes) if minutes else None
    tx.run(GIVEN, {"id": key, "incident": incident["id"], "step": step, "words": words,
                   "words_en": words_en, "role": role, "unit": owner.unit_id,
                   "account": owner.account_id, "at": tx.now, "due": due})  # fmt: skip
    seen = {"id": incident["id"], "unit": owner.unit_id, "account": owner.account_id}
    after = tx.one(SEEN_BY, seen) or incident
    tell_owner(tx, after, {"id": key, "words": words, **owner._asdict()}, "incident_task")
    return after


def order(tx: Tx, actor: Actor, incident_id: UUID, given: Order) -> None:
    """A task beside the plan, by whoever commands."""
    incident = commanded(tx, actor, incident_id)
    known = tx.one("select incident_id from incident_tasks where id = %s", [given.id])
    if known:
        if known["incident_id"] != incident_id:
            raise id_taken()
        return
    if not given.words.strip():
        raise Invalid("field_needed", "请写明要做什么", "say what is to be done", field="words")
    owner = _whom(tx, given)
    count = tx.one("select count(*) as n from incident_tasks where incident_id = %s", [incident_id])
    if count and count["n"] >= MOST_TASKS:
        raise Refusal("too_many_tasks", "任务太多，请先了结一些", "too many tasks; end some first")
    words = given.words.strip()
    incident = give(tx, incident, owner, key=given.id, words=words, minutes=given.minutes)
    write(tx, incident, "task_given", actor, words=words, data={"task": given.id})


def _whom(tx: Tx, given: Order) -> Owner:
    if (given.unit_id is None) == (given.account_id is None):
        raise Invalid(
            "field_needed", "请选择单位或人员", "choose a unit or a person", field="unit_id"
        )
    table, key = (
        ("organisations", given.unit_id) if given.unit_id else ("accounts", given.account_id)
    )
    if tx.one(f"select 1 from {table} where id = %s and active", [key]) is None:
        raise Invalid("unknown_unit", "没有这个单位或人员", "no such unit", field="unit_id")
    return Owner(given.unit_id, given.account_id)


def say(
    tx: Tx, actor: Actor, incident_id: UUID, task_id: UUID, said: Said, *, key: UUID, note: str
) -> None:
    """签收, done or dropped: by its owner or by whoever commands, who alone drops one."""
    incident = locked(tx, actor, incident_id)
    task = tx.one(
        "select * from incident_tasks where id = %s and incident_id = %s", [task_id, incident_id]
    )
    if task is None:
        raise NotFound("no_such_task", "没有这项任务", "no such task")
    if is_repeat(tx, incident_id, key, actor):
        return
    leads = runs(actor, incident)
    if not leads and (said is Said.DROP or not owns(actor, task)):
        raise not_yours()
    if incident["state"] != "open" or TaskState(task["state"]) not in FROM[said]:
        raise Refusal(
            "task_moved_on", "这项任务已不在这一步", "this task has moved on", state=task["state"]
        )
    if said is Said.DROP and not note.strip():
        raise Invalid("field_needed", "请写明为什么取消", "please say why", field="note")
    values = {"id": task_id, "at": tx.now, "name": actor.name, "note": note.strip(),
              "done": said is Said.DONE,
              "state": "done" if said is Said.DONE else "dropped"}  # fmt: skip
    tx.run(TAKEN if said is Said.TAKE else ENDED, values)
    if said is not Said.DROP:
        acted(tx, incident)
    words = f"{task['words']}：{note.strip()}" if note.strip() else task["words"]
    write(tx, incident, f"task_{said.value}", actor, key=key, words=words, data={"task": task_id})


def tell_owner(tx: Tx, incident: dict[str, Any], task: dict[str, Any], code: str) -> None:
    """An urgent notice on the screen of the person, or of everybody at work in the unit."""
    accounts = (
        [task["account_id"]]
        if task["account_id"]
        else [row["account_id"] for row in tx.rows(WHO, [task["unit_id"], AT_WORK])]
    )
    body = {"number": incident["number"], "title": incident["title"][:40],
            "words": task["words"], "mark": mark(incident),
            "mark_en": "DRILL " if incident["drill"] else "",
            "incident": str(incident["id"])}  # fmt: skip
    notices.notify(
        tx,
        [
            notices.Notice(
                account, code, body=body, urgent=True, id=uuid5(task["id"], f"{code}{account}")
            )
            for account in accounts
        ],
    )


def mark(incident: dict[str, Any]) -> str:
    """What stands before every message of a drill."""
    return "【演练】" if incident["drill"] else ""


def tell_late(tx: Tx) -> int:
    """One sweep: each task past its time is marked once; its owner and the desk are told."""
    late = tx.rows(LATE, {"now": tx.now})
    for row in late:
        incident = tx.one(LOCK, [row["incident_id"]])
        task = tx.one("select * from incident_tasks where id = %s", [row["id"]])
        if incident and task:
            tell_owner(tx, incident, task, "incident_task_late")
            desk = {**task, "account_id": None, "unit_id": incident["desk_id"]}
            tell_owner(tx, incident, desk, "incident_task_late")
            write(tx, incident, "task_late", None, key=new_id(), words=task["words"],
                  data={"task": task["id"]})  # fmt: skip
    return len(late)
