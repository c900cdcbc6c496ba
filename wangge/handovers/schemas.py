"""The wire shapes of handing over."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from wangge.cases.schemas import NameView, Wire

Words = Annotated[str, Field(max_length=1000)]


class PersonBrief(BaseModel):
    id: UUID
    name: str
    title: str
    role: NameView


class ItemView(BaseModel):
    """One item; ``place`` is where the leaver's post was, ``people`` who may take it on."""

    id: UUID
    case_id: UUID
    kind: str
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
