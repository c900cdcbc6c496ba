"""Every open child task is somebody's and has its time: who has it, who stands in, what is late."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from wangge.cases import owners
from wangge.cases.assistance import OPEN, TASKS, WITH_UNIT, TaskAction, TaskState, TaskStep
from wangge.cases.models import SYSTEM, Duty, State
from wangge.cases.service import locked
from wangge.cases.tasks import one, say, take
from wangge.kernel.db import Tx
from wangge.kernel.ids import new_id
from wangge.tenant.service import rules

HOLDING_UNIT = {"state": State.DISPATCHED, "duty": Duty.UNIT}
HOLDING_DESK = {"state": State.REGISTERED, "duty": Duty.DESK}
# Whom the case is about has nothing of it, as if nobody were there.
UNOWNED = """
select t.id, t.case_id, c.about_unit from case_tasks t join cases c on c.id = t.case_id,
    (select city_today() as day) today
where t.state in ('dispatched', 'acknowledged', 'returned')
    and (%(ids)s::uuid[] is null or t.id = any(%(ids)s))
    and not exists (select from posts p join accounts a on a.id = p.account_id and a.active
        join organisations u on u.id = p.unit_id and u.active
        where p.valid @> today.day
            and p.unit_id = case t.state when 'returned' then t.desk_id else t.unit_id end
            and p.role = any(case t.state when 'returned' then %(desk)s::text[]
                else %(unit)s::text[] end)
            and p.account_id is distinct from c.about_account
            and p.unit_id is distinct from c.about_unit)
order by t.id limit %(most)s
"""


def roles(tx: Tx) -> dict[str, list[str]]:
    """The roles that take up a task at its unit, and those that find another at the desk."""
    known = rules(tx)
    unit, desk = owners.owning_of(known, HOLDING_UNIT), owners.owning_of(known, HOLDING_DESK)
    return {"unit": list(unit.roles) if unit else [], "desk": list(desk.roles) if desk else []}


def unowned(tx: Tx, ids: Sequence[UUID] | None = None, *, most: int = 1000) -> list[dict[str, Any]]:
    """Open tasks that nobody could take on today; there must be none."""
    return tx.rows(UNOWNED, {"ids": ids and list(ids), "most": most, **roles(tx)})


def see_to(tx: Tx, ids: Sequence[UUID] | None = None, *, most: int = 200) -> bool:
    """From a unit without anybody a task comes back; from such a desk it goes to the next."""
    found = unowned(tx, ids, most=most)
    for row in found:
        case = locked(tx, row["case_id"])
        task = one(tx, row["case_id"], row["id"])
        if TaskState(task["state"]) in WITH_UNIT:
            about = task["unit_id"] == row["about_unit"]
            why = "是反映的对象" if about else "没有能办这一步的在岗人员"
            _by_system(tx, case, task, TaskAction.TAKE_BACK, f"{task['unit']}{why}，收回另派。")
        elif desk := owners.next_desk(
            tx, task["desk_id"], roles(tx)["desk"], about=row["about_unit"]
        ):
            about = task["desk_id"] == row["about_unit"]
            why = "是反映的对象" if about else "没有能重新交办的在岗人员"
            note = f"{desk['old_name']}{why}，移交{desk['short_name']}。"
            task["desk_id"] = desk["id"]
            _by_system(tx, case, task, TaskAction.HAND_OVER, note)
    return len(found) == most


OPEN_OF_CASE = "select id from case_tasks where case_id = %s and state = any(%s)"


def leave(tx: Tx, case_id: UUID) -> None:
    """Somebody was named whom the case is about: no open task of it stays with him."""
    found = tx.rows(OPEN_OF_CASE, [case_id, [state.value for state in OPEN]])
    if found:
        see_to(tx, [row["id"] for row in found])


def _by_system(
    tx: Tx, case: dict[str, Any], task: dict[str, Any], action: TaskAction, note: str
) -> None:
    move = TASKS.move(TaskState(task["state"]), action)
    given = TaskStep(new_id(), action, note=note)
    take(tx, case, task, move, given, SYSTEM)


LATE = """
select id, case_id from case_tasks
where state in ('dispatched', 'acknowledged', 'returned') and overdue_at is null and due_at < %s
order by due_at limit 200
"""


def mark_overdue(tx: Tx) -> int:
    """The red light of every open task past its time, told to whoever has it."""
    late = tx.rows(LATE, [tx.now])
    for row in late:
        case = locked(tx, row["case_id"])
        task = one(tx, row["case_id"], row["id"])
        if task["overdue_at"] or TaskState(task["state"]) not in OPEN or task["due_at"] >= tx.now:
            continue  # done, or given anew, while the lock was waited for
        task["overdue_at"] = tx.now
        _by_system(tx, case, task, TaskAction.OVERDUE, f"{task['unit']}的协办任务已超过时限。")
        say(tx, task, "task_overdue")
    return len(late)
