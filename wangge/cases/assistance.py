"""Assisting units 协办: the law of a child task, and what its case may not do while one is open."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from wangge.cases.models import State, StepInput, Taker
from wangge.cases.workflow import CALLED_TO, UNPROMISED
from wangge.kernel.db import Tx
from wangge.kernel.errors import Refusal
from wangge.kernel.workflow import Move, Workflow


class TaskState(StrEnum):
    """Where a child task stands."""

    DISPATCHED = "dispatched"
    ACKNOWLEDGED = "acknowledged"
    DONE = "done"
    RETURNED = "returned"
    CANCELLED = "cancelled"


class TaskAction(StrEnum):
    """What somebody does about a child task."""

    ACKNOWLEDGE = "acknowledge"
    FINISH = "finish"
    RETURN = "return"
    GIVE_AGAIN = "give_again"
    CANCEL = "cancel"
    TAKE_BACK = "take_back"
    HAND_OVER = "hand_over"
    OVERDUE = "overdue"


T, D = TaskState, TaskAction
WITH_UNIT = frozenset({T.DISPATCHED, T.ACKNOWLEDGED})
OPEN = WITH_UNIT | {T.RETURNED}
UNIT, GIVER, SYSTEM = "unit", "giver", "system"
TaskMove = Move[TaskState, TaskAction]
TASKS: Workflow[TaskState, TaskAction] = Workflow(
    T.DISPATCHED,
    [
        Move(D.ACKNOWLEDGE, frozenset({T.DISPATCHED}), T.ACKNOWLEDGED, UNIT, "case.handle",
             (), ("note",), primary=True),
        Move(D.FINISH, frozenset({T.ACKNOWLEDGED}), T.DONE, UNIT, "case.handle",
             ("note",), ("files",), primary=True),
        Move(D.RETURN, WITH_UNIT, T.RETURNED, UNIT, "case.handle", ("reason", "note"), ()),
        Move(D.GIVE_AGAIN, frozenset({T.RETURNED}), T.DISPATCHED, GIVER, "case.dispatch",
             ("unit_id", "note"), (), primary=True),
        Move(D.CANCEL, OPEN, T.CANCELLED, GIVER, "case.dispatch", ("note",), ()),
        Move(D.TAKE_BACK, WITH_UNIT, T.RETURNED, SYSTEM),
        Move(D.HAND_OVER, frozenset({T.RETURNED}), None, SYSTEM),
        Move(D.OVERDUE, OPEN, None, SYSTEM),
    ],
)  # fmt: skip
STATE_NAMES = {
    T.DISPATCHED: ("已交办（待签收）", "Given, not yet acknowledged"),
    T.ACKNOWLEDGED: ("协办中", "In hand"),
    T.DONE: ("协办完成", "Done"),
    T.RETURNED: ("已退回（待重新交办）", "Returned, to be given anew"),
    T.CANCELLED: ("已取消", "Cancelled"),
}
ACTION_NAMES = {
    D.ACKNOWLEDGE: ("签收协办", "Acknowledge"),
    D.FINISH: ("协办完成", "Done"),
    D.RETURN: ("退回协办", "Return"),
    D.GIVE_AGAIN: ("重新交办", "Give anew"),
    D.CANCEL: ("取消协办", "Cancel"),
    D.TAKE_BACK: ("收回（单位无人在岗）", "Taken back because nobody is there"),
    D.HAND_OVER: ("移交上级受理台（原岗位无人）", "Handed up because nobody holds the post"),
    D.OVERDUE: ("超期红灯", "Overdue"),
}


@dataclass(frozen=True, slots=True)
class TaskStep:
    """What somebody filled in about a child task; ``version`` is the one he saw."""

    id: UUID
    action: TaskAction
    version: int | None = None
    note: str = ""
    reason: str = ""
    unit_id: UUID | None = None
    limit: str = ""
    files: tuple[UUID, ...] = ()


def sees_it(_now: datetime, after: dict[str, Any], given: StepInput, _taker: Taker) -> None:
    """Whoever is called to a case sees it from then on."""
    called = [UUID(one) for one in given.data.get("called", ())]
    after["unit_ids"] = list(dict.fromkeys([*after["unit_ids"], *called]))


STILL_OPEN = """
select o.short_name from case_tasks t join organisations o on o.id = t.unit_id
where t.case_id = %s and t.state in ('dispatched', 'acknowledged', 'returned') order by t.at
"""


def check_all_done(tx: Tx, case_id: UUID, before: State, target: State | None) -> None:
    """Refuse to lead a case on from where units assist as long as one of their tasks is open."""
    if target is None or before not in CALLED_TO or target in CALLED_TO:
        return
    names = [row["short_name"] for row in tx.rows(STILL_OPEN, [case_id])]
    if names and target is State.WITHDRAWN and before in UNPROMISED:
        raise Refusal(
            "tasks_open",
            f"{'、'.join(names)}已应请求到场处理，暂不能撤回；请联系受理台",
            f"{', '.join(names)} was asked to come and is on it; speak to the desk",
            units=names,
        )
    if names:
        raise Refusal(
            "tasks_open",
            f"还有协办任务没有办完：{'、'.join(names)}；请等其完成，或取消后再办结",
            f"assisting units are not done yet: {', '.join(names)}; wait for them or cancel",
            units=names,
        )
