"""The wire shapes of handing over."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

from wangge.cases.schemas import NameView, Wire

Words = Annotated[str, Field(max_length=1000)]


class PersonBrief(BaseModel):
    id: UUID
    name: str
    title: str
    role: NameView


class ItemView(BaseModel):
    """One item; ``what`` is the promise, task or reason itself, ``thing_id`` of a whistle its id.

    ``place`` is where the leaver's post was, ``people`` who may take it on.
    """

    id: UUID
    case_id: UUID | None
    thing_id: UUID | None
    kind: str
    what: str
    number: str | None
    title: str
    state: str
    case_state: str
    due_at: datetime | None
    overdue: bool
    names: list[str]
    place_words: str
    place: str
    from_name: str
    from_title: str
    at: datetime
    to_name: str
    given_name: str
    may_give: bool
    may_sign: bool
    people: list[PersonBrief]


class ItemPage(BaseModel):
    """``to_sign`` and ``to_give`` count what waits for this person."""

    items: list[ItemView]
    next: str | None
    to_sign: int
    to_give: int


class GiveBody(Wire):
    items: Annotated[list[UUID], Field(min_length=1, max_length=200)]
    to: UUID
    note: Words = ""


class SignBody(Wire):
    note: Words = ""


class UnitBrief(BaseModel):
    id: UUID
    name: str


class ShiftView(BaseModel):
    """A shift and who had it at its end; ``given_at`` and ``taken_at`` say what is missing."""

    id: UUID
    unit: str
    begins: datetime
    ends: datetime
    name: str
    given_at: datetime | None
    taken_at: datetime | None


class OpenCase(BaseModel):
    id: UUID
    number: str | None
    title: str
    state: str
    due_at: datetime | None
    overdue: bool
    emergency: bool


class PromiseView(BaseModel):
    """What was promised; ``late`` is past its time and not kept."""

    id: UUID
    case_id: UUID
    number: str | None
    title: str | None
    words: str
    by_at: datetime
    made_name: str
    made_title: str
    made_at: datetime
    kept_at: datetime | None
    kept_name: str
    kept_words: str
    seen_to_name: str = ""
    late: bool


class PromiseList(BaseModel):
    items: list[PromiseView]
    may_make: bool


class PromiseBody(Wire):
    id: UUID
    words: Words
    by: AwareDatetime


class LentView(BaseModel):
    id: UUID
    what: str
    to_whom: str
    due_at: datetime | None
    lent_name: str
    lent_at: datetime


class LendBody(Wire):
    id: UUID
    unit: UUID
    what: Annotated[str, Field(max_length=200)]
    to_whom: Annotated[str, Field(max_length=200)]
    due: AwareDatetime | None = None


class ShiftContent(BaseModel):
    """``cases`` are the most pressing of ``in_all``, which lists of before do not say."""

    in_all: int | None = None
    cases: list[OpenCase]
    promises: list[PromiseView]
    lent: list[LentView]


class ShiftHandover(BaseModel):
    """A list as it was when it was given."""

    id: UUID
    begins: datetime
    ends: datetime
    content: ShiftContent
    given_name: str
    given_words: str
    given_at: datetime
    taken_name: str
    taken_words: str
    taken_at: datetime | None


class ShiftBoard(BaseModel):
    """``shift`` is mine to hand over, ``to_take`` mine to sign for, ``missing`` for the leader."""

    unit: UnitBrief
    shift: ShiftView | None
    content: ShiftContent | None
    to_take: ShiftHandover | None
    lent: list[LentView]
    missing: list[ShiftView]
    items: list[ShiftHandover]
    may_lend: bool


class GiveShift(Wire):
    id: UUID
    shift_id: UUID
    words: Words = ""
