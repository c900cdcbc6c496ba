"""What screens read of child tasks: those of a case, and the mark of one on a card of a list."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from wangge.cases import tasks
from wangge.cases.assistance import ACTION_NAMES, OPEN, STATE_NAMES, TaskState
from wangge.cases.workflow import ASSISTED
from wangge.kernel.db import Tx
from wangge.people.models import Actor
from wangge.tenant.deadline import yellow_at
from wangge.tenant.limits import Limit
from wangge.tenant.service import rules

MARKS = """
select distinct on (t.case_id) t.case_id, t.id, t.state, t.due_at, t.due_from, t.due_limit, t.words,
    o.short_name as unit
from case_tasks t join organisations o on o.id = t.unit_id
where t.case_id = any(%(cases)s) and case when %(returned)s
    then t.state = 'returned' and t.desk_id = any(%(units)s)
    else t.state in ('dispatched', 'acknowledged') and t.unit_id = any(%(units)s) end
order by t.case_id, t.due_at, t.id
"""


def light(tx: Tx, task: dict[str, Any]) -> str:
    """红黄灯 of a task, as of a case: yellow by the tenant's share of the task's own time."""
    if TaskState(task["state"]) not in OPEN:
        return "none"
    if tx.now > task["due_at"]:
        return "red"
    known = rules(tx)
    limit, percent = Limit.parse(task["due_limit"]), known.switches.yellow_percent
    yellow = yellow_at(known.calendar, task["due_from"], limit, task["due_at"], percent)
    return "yellow" if tx.now >= yellow else "green"


def marks(
    tx: Tx, case_ids: Sequence[UUID], units: Sequence[UUID], *, returned: bool
) -> dict[UUID, dict[str, Any]]:
    """For each case of a page the most urgent task of these units, or the one that came back."""
    values = {"cases": list(case_ids), "units": list(units), "returned": returned}
    return {
        row["case_id"]: {
            "id": row["id"],
            "state": row["state"],
            "unit": row["unit"],
            "words": row["words"],
            "due_at": row["due_at"],
            "light": light(tx, row),
        }
        for row in tx.rows(MARKS, values)
    }


def _named(words: tuple[str, str]) -> dict[str, str]:
    return {"zh": words[0], "en": words[1]}


def listing(tx: Tx, actor: Actor, case: dict[str, Any]) -> dict[str, Any]:
    """The child tasks of a case with what this person may do about each."""
    return {
        "items": [_view(tx, actor, case, task) for task in tasks.of_case(tx, case["id"])],
        "may_give": case["state"] in ASSISTED and tasks.gives(actor, case),
    }


def _view(tx: Tx, actor: Actor, case: dict[str, Any], task: dict[str, Any]) -> dict[str, Any]:
    limit = Limit.parse(task["due_limit"])
    kept = ("id", "words", "state", "due_at", "result", "reason", "note", "at", "version")
    return {
        **{name: task[name] for name in kept},
        "state_name": _named(STATE_NAMES[TaskState(task["state"])]),
        "unit": {"id": task["unit_id"], "name": task["unit"]},
        "from_unit": {"id": task["from_unit_id"], "name": task["from_unit"]},
        "desk": {"id": task["desk_id"], "name": task["desk"]},
        "holder": task["holder"],
        "limit": {"zh": limit.zh, "en": limit.en},
        "light": light(tx, task),
        "overdue": task["overdue_at"] is not None,
        "ended_at": task["ended_at"],
        "actions": [
            {
                "action": move.action.value,
                **_named(ACTION_NAMES[move.action]),
                "primary": move.primary,
                "needs": [
                    *({"field": name, "required": True} for name in move.needs),
                    *({"field": name, "required": False} for name in move.may),
                ],
            }
            for move in tasks.offered(actor, case, task)
        ],
    }
