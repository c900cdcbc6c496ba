"""Doors of child tasks: asking units to assist, and what they say to it."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from wangge.cases import queries, task_views, tasks
from wangge.cases.assistance import TaskAction, TaskState, TaskStep
from wangge.cases.schemas import ActionView, NameView, UnitView, Wire
from wangge.cases.service import not_found
from wangge.kernel.db import Tx
from wangge.kernel.web import Db
from wangge.people.doors import Me
from wangge.people.models import Actor

router = APIRouter(prefix="/api/v1/cases/{case_id}/tasks", tags=["cases"])
Words = Annotated[str, Field(max_length=2000)]
LimitText = Annotated[str, Field(max_length=12)]


class TaskView(BaseModel):
    """A child task: whose it is, until when, and what this person may do about it."""

    id: UUID
    unit: UnitView
    from_unit: UnitView
    desk: UnitView
    words: str
    state: TaskState
    state_name: NameView
    due_at: datetime
    limit: NameView
    light: str
    overdue: bool
    holder: str | None
    result: str
    reason: str
    note: str
    at: datetime
    ended_at: datetime | None
    version: int
    actions: list[ActionView]


class TaskList(BaseModel):
    items: list[TaskView]
    may_give: bool


class NewTask(Wire):
    """``limit`` is written like 2WD or 4WH; empty: as long as the type's handling may take."""

    id: UUID
    unit_id: UUID
    words: Annotated[str, Field(min_length=1, max_length=2000)]
    limit: LimitText = ""


class TaskStepBody(Wire):
    id: UUID
    action: TaskAction
    version: int | None = None
    note: Words = ""
    reason: Annotated[str, Field(max_length=100)] = ""
    unit_id: UUID | None = None
    limit: LimitText = ""
    files: Annotated[tuple[UUID, ...], Field(max_length=18)] = ()


def _listed(tx: Tx, actor: Actor, case_id: UUID) -> dict[str, Any]:
    case = queries.whole(tx, case_id)
    if case is None:
        raise not_found()
    return task_views.listing(tx, actor, case)


@router.get("", operation_id="listTasks", response_model=TaskList)
def list_tasks(case_id: UUID, tx: Db, me: Me) -> dict[str, Any]:
    return _listed(tx, me, case_id)


@router.post("", operation_id="giveTask", response_model=TaskList)
def give_task(case_id: UUID, body: NewTask, tx: Db, me: Me) -> dict[str, Any]:
    """Ask a unit to assist; a repeat with the same id changes nothing."""
    tasks.give(
        tx, me, case_id,
        task_id=body.id, unit_id=body.unit_id, words=body.words, limit=body.limit.strip(),
    )  # fmt: skip
    return _listed(tx, me, case_id)


@router.post("/{task_id}/steps", operation_id="takeTaskStep", response_model=TaskList)
def take_task_step(
    case_id: UUID, task_id: UUID, body: TaskStepBody, tx: Db, me: Me
) -> dict[str, Any]:
    """Acknowledge, finish or return a task; give it anew or cancel it."""
    tasks.step(tx, me, case_id, task_id, TaskStep(**body.model_dump()))
    return _listed(tx, me, case_id)
