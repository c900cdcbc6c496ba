"""Doors of outcomes: defined, entered by hand, by a sheet or by a connector, and corrected."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, File, UploadFile
from pydantic import BaseModel, Field

from wangge.cases.schemas import NameView, Wire
from wangge.kernel.errors import Invalid
from wangge.kernel.web import Db
from wangge.papers.tables import MOST_BYTES
from wangge.people.doors import Me, OfficeDb, OfficeMe
from wangge.studies import outcomes
from wangge.studies.models import period_of
from wangge.studies.rights import RUN

router = APIRouter(prefix="/api/v1/studies/outcomes", tags=["studies"])
Name = Annotated[str, Field(min_length=2, max_length=60)]
Source = Annotated[str, Field(min_length=2, max_length=200)]


class OutcomeBody(Wire):
    name: Name
    name_en: Annotated[str, Field(max_length=120)] = ""
    definition: Annotated[str, Field(min_length=2, max_length=1000)]
    unit: Annotated[str, Field(min_length=1, max_length=20)]
    source: Source
    lower_is_better: bool = True


class OutcomeEntry(Wire):
    """``period``: 2025, 2025Q1 or 2025-03; ``why`` only where a value is corrected."""

    id: UUID
    indicator_id: UUID
    area_id: UUID
    period: Annotated[str, Field(min_length=4, max_length=10)]
    value: Decimal
    source: Source
    why: Annotated[str, Field(max_length=500)] = ""

    def entry(self) -> outcomes.Entry:
        period = period_of(self.period)
        if period is None:
            raise Invalid(
                "bad_period", "期间写成 2025、2025Q1 或 2025-03",
                "write the period as 2025, 2025Q1 or 2025-03", field="period",
            )  # fmt: skip
        return outcomes.Entry(
            self.id, self.indicator_id, self.area_id, *period, self.value, self.source, self.why
        )


class OutcomeIndicator(BaseModel):
    id: UUID
    name: str
    name_en: str
    definition: str
    unit: str
    source: str
    lower_is_better: bool


class OutcomeValue(BaseModel):
    """``change``: per cent against ``before``, the same days of the year before."""

    id: UUID
    indicator_id: UUID
    area_id: UUID
    area: str
    first: date
    last: date
    value: float
    before: float | None
    change: float | None
    source: str
    way: str
    why: str
    entered_name: str
    at: datetime
    corrections: int


class OutcomeTable(BaseModel):
    indicators: list[OutcomeIndicator]
    values: list[OutcomeValue]
    may: bool


class OutcomeHistory(BaseModel):
    id: UUID
    value: float
    source: str
    way: str
    why: str
    entered_name: str
    at: datetime
    stands: bool


class OutcomeRefusal(BaseModel):
    row: int
    code: str
    message: NameView


class OutcomesTaken(BaseModel):
    taken: int
    refused: list[OutcomeRefusal]


@router.get("", operation_id="listOutcomes", response_model=OutcomeTable)
def listed(tx: Db, me: Me) -> dict[str, Any]:
    return outcomes.shown(tx, me)


@router.put("/indicators/{indicator_id}", operation_id="putOutcome", response_model=OutcomeTable)
def define(indicator_id: UUID, body: OutcomeBody, tx: OfficeDb, me: OfficeMe) -> dict[str, Any]:
    """Say what is counted, in which unit, and who counts it."""
    said = body.model_dump(exclude={"lower_is_better"})
    outcomes.put_indicator(
        tx, me, indicator_id, **{key: one.strip() for key, one in said.items()},
        lower=body.lower_is_better,
    )  # fmt: skip
    return {"indicators": tx.rows(outcomes.INDICATORS), "values": [], "may": True}


@router.post("/values", operation_id="enterOutcome", status_code=204)
def enter(body: OutcomeEntry, tx: OfficeDb, me: OfficeMe) -> None:
    """Enter or correct a value: by hand, or by the account of a connected system."""
    outcomes.enter(tx, me, body.entry(), way="typed" if me.may(RUN) else "connector")


@router.post("/sheet", operation_id="importOutcomes", response_model=OutcomesTaken)
def bring_in(file: Annotated[UploadFile, File()], tx: OfficeDb, me: OfficeMe) -> dict[str, Any]:
    """A sheet with 指标, 区域代码, 期间, 数值, 来源 and, to correct, 更正原因; row by row."""
    me.must(RUN)
    return outcomes.bring_in(tx, me, file.file.read(MOST_BYTES + 1))


@router.get("/values/{value_id}/history", operation_id="outcomeHistory",
            response_model=list[OutcomeHistory])  # fmt: skip
def history(value_id: UUID, tx: Db, me: Me) -> list[dict[str, Any]]:
    """Everything that was entered for its place and period, with who corrected it and why."""
    me.must("case.read")
    return outcomes.history(tx, value_id)
