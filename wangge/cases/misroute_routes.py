"""The door to the dispatches that were wrong."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel

from wangge.cases.misroutes import Page, misroutes
from wangge.cases.schemas import NameView
from wangge.kernel.web import Db
from wangge.people.doors import Me

router = APIRouter(prefix="/api/v1", tags=["indicators"])


class WrongRule(BaseModel):
    """A row of the dispatch directory; empty codes are dispatches by hand."""

    type: str
    area: str
    unit: str
    name: NameView
    misrouted: int


class WrongDesk(BaseModel):
    id: UUID
    name: str
    misrouted: int


class Misroute(BaseModel):
    case_id: UUID
    number: str | None
    unit: str
    desk: str
    reason: str
    decided_at: datetime
    by_rule: bool


class MisroutesView(BaseModel):
    """``rows`` are the cases behind the counts, a page of them; ``next`` leads to more."""

    first: date
    last: date
    misrouted: int
    by_rule: list[WrongRule]
    by_desk: list[WrongDesk]
    rows: list[Misroute]
    next: str | None


@router.get("/indicators/misroutes", operation_id="readMisroutes", response_model=MisroutesView)
def read_misroutes(
    tx: Db,
    me: Me,
    first: Annotated[date | None, Query(alias="from")] = None,
    last: Annotated[date | None, Query(alias="to")] = None,
    area: UUID | None = None,
    cursor: Annotated[str, Query(max_length=300)] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 100,
) -> dict[str, Any]:
    """Dispatches against which an objection was upheld, by rule and by desk; thirty days."""
    me.must("case.read")
    return misroutes(tx, first, last, area, Page(cursor, limit))
