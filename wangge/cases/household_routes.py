"""Doors of a matter of many: who is affected, and telling them that it happened or is over."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from wangge.cases import households
from wangge.cases.schemas import Wire
from wangge.kernel.web import Db
from wangge.people.doors import Me, OfficeDb, OfficeMe

router = APIRouter(prefix="/api/v1/cases/{case_id}/households", tags=["cases"])


class HouseholdView(BaseModel):
    """One household; its number is only ever shown masked."""

    id: UUID
    place: str
    phone_mask: str
    basis: str
    added_by: str
    at: datetime
    happened_at: datetime | None
    returned_at: datetime | None


class HouseholdList(BaseModel):
    items: list[HouseholdView]
    may_add: bool
    without_phone: int


class HouseholdsBody(Wire):
    """One household a line: where it is and its telephone; ``basis`` says why it may be kept."""

    text: Annotated[str, Field(min_length=1, max_length=200_000)]
    basis: Annotated[str, Field(min_length=2, max_length=200)]


class RefusedLine(BaseModel):
    line: int
    text: str


class HouseholdsAdded(BaseModel):
    added: int
    known: int
    refused: list[RefusedLine]


class HouseholdNotice(Wire):
    kind: Literal["happened", "returned"]


class HouseholdsTold(BaseModel):
    sent: int


@router.get("", operation_id="listHouseholds", response_model=HouseholdList)
def list_households(case_id: UUID, tx: Db, me: Me) -> dict[str, Any]:
    return households.listing(tx, me, case_id)


@router.post("", operation_id="addHouseholds", response_model=HouseholdsAdded)
def add_households(
    case_id: UUID, body: HouseholdsBody, tx: OfficeDb, me: OfficeMe
) -> dict[str, Any]:
    """Add pasted lines; known ones change nothing, unreadable ones come back."""
    return households.add(tx, me, case_id, text=body.text, basis=body.basis.strip())


@router.post("/notices", operation_id="tellHouseholds", response_model=HouseholdsTold)
def tell_households(
    case_id: UUID, body: HouseholdNotice, tx: OfficeDb, me: OfficeMe
) -> dict[str, Any]:
    """One SMS to every household that has not had it; a repeat sends nothing."""
    return {"sent": households.tell_now(tx, me, case_id, body.kind)}


@router.delete("/{household_id}", operation_id="removeHousehold", status_code=204)
def remove_household(case_id: UUID, household_id: UUID, tx: OfficeDb, me: OfficeMe) -> None:
    households.remove(tx, me, case_id, household_id)
