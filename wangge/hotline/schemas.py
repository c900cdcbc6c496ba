"""The wire shapes of hotline orders."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from wangge.hotline.layouts import Layout

Name = Annotated[str, Field(min_length=1, max_length=60)]


class FieldView(BaseModel):
    """A field that a column may be matched to; ``needed`` ones must be."""

    key: str
    zh: str
    en: str
    needed: bool


class HotlineBatch(BaseModel):
    """A file and how far it has been taken; ``guess`` matches its columns to our fields."""

    id: UUID
    file_name: str
    columns: list[str]
    rows: int
    next: int
    layout: Layout | None
    guess: dict[str, str]
    taken: int
    repeated: int
    changed: int
    refused: int
    doubles: int
    state: Literal["open", "running", "done"]
    held: bool
    author_name: str
    at: datetime
    done_at: datetime | None


class HotlineBatchList(BaseModel):
    items: list[HotlineBatch]
    fields: list[FieldView]


class RowProblem(BaseModel):
    code: str
    zh: str
    en: str


class PreviewRow(BaseModel):
    """One of the first rows as it would be taken, or why it would not; caller masked."""

    line: int
    number: str
    title: str
    text: str
    caller: str
    place: str
    area: str
    kind: str
    type: str
    level: str
    reported_at: datetime | None
    promised_at: datetime | None
    problem: RowProblem | None


class RefusedRow(RowProblem):
    line: int


class Preview(BaseModel):
    """What importing the file would do; nothing of it was kept."""

    rows: int
    taken: int
    repeated: int
    changed: int
    refused: int
    doubles: int
    first: list[PreviewRow]
    problems: list[RefusedRow]


class LayoutBody(BaseModel):
    layout: Layout


class LayoutView(BaseModel):
    name: str
    layout: Layout


class LayoutList(BaseModel):
    items: list[LayoutView]


class Change(BaseModel):
    column: str
    before: str
    after: str


class Reasons(BaseModel):
    """``share`` of common character pairs, the same ``place``, ``hours`` between the calls."""

    share: float
    place: bool
    hours: int


class DoubleView(BaseModel):
    other_id: UUID
    case_number: str
    title: str
    text: str
    state: str
    received_at: datetime
    place_words: str
    reasons: Reasons
    decision: Literal["open", "same", "different"]
    decided_by: str | None


class OrderView(BaseModel):
    """An order beside its case; ``promised_at`` is the hotline's limit, the others are ours."""

    case_id: UUID
    number: str
    source: str
    case_number: str
    title: str
    state: str
    place_words: str
    unit: str | None
    received_at: datetime
    promised_at: datetime | None
    due_at: datetime | None
    total_due_at: datetime | None
    changed_at: datetime | None
    changes: list[Change]
    doubles: list[DoubleView]


class OrderList(BaseModel):
    items: list[OrderView]
    next: str | None


class DecisionBody(BaseModel):
    decision: Literal["same", "different"]
