"""Doors of the answer's way back: what fits the channel, and that it was handed over."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from wangge.cases import tellings
from wangge.cases.queries import whole
from wangge.cases.schemas import StepActor, Wire
from wangge.cases.service import not_found
from wangge.cases.tellings import Telling
from wangge.kernel.web import Db
from wangge.people.doors import Me, OfficeDb, OfficeMe

router = APIRouter(prefix="/api/v1", tags=["cases"])


class TellingView(BaseModel):
    id: UUID
    round: int
    way: str
    note: str
    by: StepActor
    at: datetime


class TellingList(BaseModel):
    """``way`` fits the channel; ``page``: SMS and the asker's own page say it by themselves."""

    way: str
    may_tell: bool
    items: list[TellingView]


class TellingBody(Wire):
    id: UUID
    way: Literal["letter", "hotline", "group", "in_person"]
    note: Annotated[str, Field(max_length=500)] = ""


@router.get("/cases/{case_id}/tellings", operation_id="listTellings", response_model=TellingList)
def list_tellings(case_id: UUID, tx: Db, me: Me) -> dict[str, Any]:
    return tellings.listing(tx, me, case_id)


@router.post("/cases/{case_id}/tellings", operation_id="tellAnswer", response_model=TellingList)
def tell_answer(case_id: UUID, body: TellingBody, tx: OfficeDb, me: OfficeMe) -> dict[str, Any]:
    """The answer was sent by letter, returned to the hotline, pasted to a group or handed over."""
    if whole(tx, case_id) is None:
        raise not_found()
    given = Telling(body.id, body.way, body.note.strip())
    tellings.tell(tx, me, case_id, given)
    return tellings.listing(tx, me, case_id)
