"""The wire shapes of supervision."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from wangge.cases.schemas import CaseCard, Wire
from wangge.supervision.models import Kind, Status

Words = Annotated[str, Field(min_length=2, max_length=2000)]
ListName = Literal["late", "silent", "listed", "noticed", "proposed"]


class SignedView(BaseModel):
    name: str
    title: str
    at: datetime


class OwnerView(BaseModel):
    id: UUID
    name: str


class SupervisionView(BaseModel):
    """What was issued; ``owner`` has it now, ``may`` is what the reader may do."""

    id: UUID
    case_id: UUID
    case_number: str | None
    title: str
    kind: Kind
    state: Status
    number: str | None
    unit: OwnerView
    owner: OwnerView
    reason: str
    issued: SignedView
    answer_by: datetime | None
    late: bool
    answer: str
    answered: SignedView | None
    ended: SignedView | None
    ended_why: str
    may: list[str]


class CaseSupervision(BaseModel):
    items: list[SupervisionView]
    may: list[str]
    answer_by: datetime


class WatchedCard(CaseCard):
    """A card with since when it stands in its list, and how many rungs up it was told."""

    since: datetime
    told_rung: int


class WatchedPage(BaseModel):
    items: list[WatchedCard]
    counts: dict[str, int]


class IssueBody(Wire):
    """``answer_by`` is a notice's alone; without it the city's own time runs."""

    id: UUID
    kind: Kind
    reason: Words
    answer_by: datetime | None = None


class AnswerBody(Wire):
    answer: Words


class EndBody(Wire):
    why: Words


class DecideBody(Wire):
    approve: bool
    why: Annotated[str, Field(max_length=2000)] = ""
