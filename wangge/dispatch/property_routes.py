"""Doors of 联系物业: who it is at a place, and calling the company to a case."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from wangge.cases.assistance import TaskState
from wangge.dispatch import property as company
from wangge.dispatch.directory import directory
from wangge.kernel.web import Db
from wangge.people.doors import Me

router = APIRouter(prefix="/api/v1", tags=["cases"])


class CompanyPerson(BaseModel):
    name: str
    phone: str
    title: str
    on_duty: bool


class CompanyView(BaseModel):
    """A property company with its number of the day and night, and the estate it serves."""

    id: UUID
    name: str
    phone: str
    estate: str | None
    people: list[CompanyPerson]


class CompanyList(BaseModel):
    items: list[CompanyView]
    next: str | None = None


class CalledView(BaseModel):
    """``called`` is how the task stands that it was called with; ``leads``: the case is its own."""

    company: CompanyView | None
    leads: bool
    called: TaskState | None
    may_call: bool


class NewCall(company.CallBody):
    id: UUID


@router.get("/areas/{area_id}/property", operation_id="propertyOfArea", response_model=CompanyList)
def of_area(area_id: UUID, tx: Db, me: Me) -> dict[str, Any]:
    me.must("case.read")
    area = directory(tx).atlas.area(area_id)
    return {"items": company.shown(tx, company.companies(tx, area))}


@router.get("/cases/{case_id}/property", operation_id="propertyOfCase", response_model=CalledView)
def of_case(case_id: UUID, tx: Db, me: Me) -> dict[str, Any]:
    return company.of_case(tx, me, case_id)


@router.post("/cases/{case_id}/property", operation_id="callProperty", response_model=CalledView)
def call(case_id: UUID, body: NewCall, tx: Db, me: Me) -> dict[str, Any]:
    """Call the company of the estate to a case; a repeat with the same id changes nothing."""
    company.call(tx, me, case_id, key=body.id, words=body.words)
    return company.of_case(tx, me, case_id)
