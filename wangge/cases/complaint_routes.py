"""Doors of a complaint about somebody who serves here: whom it is about, said by the desk."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from wangge.cases import complaints
from wangge.cases.schemas import Wire
from wangge.people.doors import OfficeDb, OfficeMe

router = APIRouter(prefix="/api/v1/cases/{case_id}/about", tags=["cases"])


class AboutName(BaseModel):
    id: UUID
    name: str


class AboutView(BaseModel):
    """Whom a case is about; ``units`` and ``people`` are those whom its words name."""

    unit: AboutName | None
    account: AboutName | None
    units: list[AboutName]
    people: list[AboutName]


class AboutBody(Wire):
    """``id`` is the step's; both empty: it is about nobody who serves here."""

    id: UUID
    unit_id: UUID | None = None
    account_id: UUID | None = None
    note: Annotated[str, Field(max_length=1000)] = ""


class AboutDone(BaseModel):
    """``still_yours`` is false when the case has passed to another desk."""

    still_yours: bool


@router.get("", operation_id="readAbout", response_model=AboutView)
def read_about(case_id: UUID, tx: OfficeDb, me: OfficeMe) -> dict[str, Any]:
    return complaints.read(tx, me, case_id)


@router.put("", operation_id="setAbout", response_model=AboutDone)
def set_about(case_id: UUID, body: AboutBody, tx: OfficeDb, me: OfficeMe) -> dict[str, Any]:
    """Route the case around a unit or a person, who from now on sees nothing of it."""
    complaints.set_about(
        tx, me, case_id, body.id,
        unit_id=body.unit_id, account_id=body.account_id, note=body.note.strip(),
    )  # fmt: skip
    row = tx.one("select desk_id, about_unit, about_account from cases where id = %s", [case_id])
    return {"still_yours": bool(
        row and row["desk_id"] in me.unit_ids and not complaints.is_about(me, row))}  # fmt: skip
