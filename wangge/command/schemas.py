"""The wire shapes of the command desk."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from wangge.cases.schemas import NameView, UnitView, Wire
from wangge.command.models import Order, Word

Words = Annotated[str, Field(max_length=2000, pattern=r"^[^\x00]*$")]


class OrderedUnit(BaseModel):
    """A unit that was sent out: until when its word is awaited, and what became of it.

    ``state``: waiting, late (no word in time yet), answered, returned, or off (called off).
    """

    id: UUID
    unit: UnitView
    phone: str
    lead: bool
    words: str
    at: datetime
    answer_by: datetime
    state: Literal["waiting", "late", "answered", "returned", "off"]
    answered_at: datetime | None
    answered_by: str
    on_time: bool | None
    seconds: int | None
    given_by: str


class ReachedPerson(BaseModel):
    """Somebody by his post; ``written`` is false for a holder of last resort."""

    account_id: UUID
    name: str
    phone: str
    post: NameView
    place: str
    group: Literal["duty", "ground"]
    written: bool


class CommandGroup(BaseModel):
    id: UUID
    name: str


class CommandView(BaseModel):
    """What stands beside a case on the command desk, and what this person may do."""

    case_id: UUID
    calls: list[OrderedUnit]
    people: list[ReachedPerson]
    group: CommandGroup | None
    may_assist: bool
    may_tell: bool
    may_call_together: bool


class SendOutBody(Wire):
    """``lead`` where the case has no unit yet; everybody acknowledges within ``minutes``."""

    id: UUID
    words: Words
    minutes: Annotated[int, Field(ge=1, le=240)] = 10
    lead: UUID | None = None
    assist: Annotated[list[UUID], Field(max_length=12, default_factory=list)]
    version: int | None = None

    def order(self) -> Order:
        return Order(**self.model_dump())


class WordByPostBody(Wire):
    id: UUID
    to: Annotated[list[UUID], Field(min_length=1, max_length=30)]
    words: Words

    def word(self) -> Word:
        return Word(**self.model_dump())


class CaseGroupBody(Wire):
    """``id`` is the new group's."""

    id: UUID


class AwaitedCase(BaseModel):
    case_id: UUID
    number: str | None
    title: str
    state: str
    answer_by: datetime
    late: bool
    units: list[str]


class AwaitedList(BaseModel):
    items: list[AwaitedCase]
