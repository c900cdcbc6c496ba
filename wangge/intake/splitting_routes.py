"""The desk's door to splitting one call into the matters that were told in it."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field, model_validator

from wangge.cases import queries
from wangge.cases.complaints import is_about
from wangge.cases.models import Action, StepInput
from wangge.cases.schemas import CaseView, Lat, Lon, Long, Wire
from wangge.cases.service import not_found
from wangge.cases.views import view
from wangge.intake.models import AskerWords
from wangge.intake.schemas import AskerBody, ReceiptView
from wangge.intake.splitting import Part, split
from wangge.people.doors import OfficeDb, OfficeMe

router = APIRouter(prefix="/api/v1", tags=["cases"])


class PartBody(Wire):
    """One of the matters; without a place or an asker of its own it has those of the whole."""

    id: UUID
    text: Annotated[str, Field(min_length=1, max_length=10_000)]
    type: Annotated[str, Field(max_length=60)] | None = None
    lon: Lon | None = None
    lat: Lat | None = None
    area_id: UUID | None = None
    place_words: Annotated[str, Field(max_length=200)] = ""
    asker: AskerBody | None = None

    @model_validator(mode="after")
    def both_or_none(self) -> "PartBody":
        if (self.lon is None) != (self.lat is None):
            message = "lon and lat belong together"
            raise ValueError(message)
        return self

    def part(self) -> Part:
        said = self.asker
        asker = AskerWords(said.name, said.phone, said.mode) if said else None
        return Part(
            self.id,
            self.text,
            self.type or None,
            self.lon,
            self.lat,
            self.area_id,
            self.place_words,
            asker,
        )


class SplitBody(Wire):
    """``whole``: nothing is left of the case itself, it ends split up; else it goes on."""

    id: UUID
    version: int | None = None
    note: Long = ""
    whole: bool = False
    parts: Annotated[list[PartBody], Field(min_length=1, max_length=10)]


class SplitView(BaseModel):
    case: CaseView
    parts: list[ReceiptView]


@router.post("/cases/{case_id}/split", operation_id="splitCase", response_model=SplitView)
def split_case(case_id: UUID, body: SplitBody, tx: OfficeDb, me: OfficeMe) -> dict[str, Any]:
    """Open a case for each matter; a repeat with the same ids answers as the first did."""
    case = tx.one("select desk_id, about_unit, about_account from cases where id = %s", [case_id])
    theirs = case and me.may_at("case.correct", desk_id=case["desk_id"]) and not is_about(me, case)
    if not theirs:
        raise not_found()
    step = StepInput(body.id, Action.SPLIT, body.version, body.note.strip())
    parts = [part.part() for part in body.parts]
    receipts = split(tx, me, case_id, parts, step, whole=body.whole)
    row = queries.whole(tx, case_id)
    if row is None:
        raise not_found()
    shown = view(tx, me, row, queries.steps(tx, case_id), queries.files_of(tx, case_id))
    return {"case": shown, "parts": [one.answer([], []) for one in receipts]}
