"""Doors of the desk for emergencies: what is open, and taking it in hand."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from wangge.cases.models import Action, State, StepInput
from wangge.cases.routes import whole
from wangge.cases.schemas import CaseView, NameView, Wire
from wangge.cases.service import step_of_account
from wangge.dispatch import alarms
from wangge.kernel.web import Db
from wangge.people.doors import Me

router = APIRouter(prefix="/api/v1", tags=["cases"])


class AlarmView(BaseModel):
    """An emergency that nobody has in hand; ``step`` says how many steps have been woken."""

    case_id: UUID
    number: str | None
    title: str
    state: State
    groups: list[NameView]
    place_words: str
    area_id: UUID
    names: list[str]
    desk: str
    raised_at: datetime
    step: int
    next_at: datetime | None


class AlarmList(BaseModel):
    items: list[AlarmView]
    next: str | None = None


class InHand(Wire):
    id: UUID
    note: Annotated[str, Field(max_length=5000)] = ""


@router.get("/alarms", operation_id="listAlarms", response_model=AlarmList)
def list_alarms(tx: Db, me: Me) -> dict[str, Any]:
    """Open emergencies of the ground and the desk of whoever asks, newest first."""
    me.must("case.read")
    return {"items": alarms.open_alarms(tx)}


@router.post("/cases/{case_id}/alarm/acknowledge", operation_id="acknowledgeAlarm",
             response_model=CaseView)  # fmt: skip
def acknowledge(case_id: UUID, body: InHand, tx: Db, me: Me) -> dict[str, Any]:
    """已接手: the desk in charge has it, nobody else is woken, and the history says who."""
    given = StepInput(id=body.id, action=Action.ACKNOWLEDGE_ALARM, note=body.note.strip())
    step_of_account(tx, me, case_id, given)
    return whole(tx, me, case_id)
