"""What the doors of spot checks take and give."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, Field, model_validator

from wangge.cases.models import State
from wangge.cases.schemas import Lat, Lon, UnitView
from wangge.fieldwork.models import Finding, Follow, SpotCheck
from wangge.fieldwork.schemas import Code, RecordFile, Short
from wangge.people.schemas import Body
from wangge.registers.schemas import Moment


class SpotCheckBody(Body):
    """``id`` is the check's own; ``case_id`` is left out where a ground was looked at."""

    id: UUID
    finding: Finding
    words: Annotated[str, Field(min_length=2, max_length=2000)]
    done_at: Moment
    follow: Follow = Follow.NONE
    follow_id: UUID | None = None
    case_id: UUID | None = None
    area_id: UUID | None = None
    lon: Lon | None = None
    lat: Lat | None = None
    place_words: Short = ""
    type: Code | None = None

    @model_validator(mode="after")
    def about_one(self) -> Self:
        if self.follow_id is not None and self.follow_id in (self.id, self.case_id):
            message = "what follows has an id of its own"
            raise ValueError(message)
        return self

    def given(self) -> SpotCheck:
        return SpotCheck(**self.model_dump(exclude={"id"}))


class SpotCheckDone(BaseModel):
    """``number``: of the notice that was issued or of the case that was opened, if any."""

    id: UUID
    outcome: Literal["taken", "repeated"]
    number: str
    followed: bool


class CheckedCase(BaseModel):
    """The case that was looked at: where it stood then and where it stands now."""

    id: UUID
    number: str | None
    title: str
    then: State
    now: State


class OpenedCase(BaseModel):
    id: UUID
    number: str | None


class SpotCheckView(BaseModel):
    """``followed`` is false where what was to follow was not possible when it came."""

    id: UUID
    finding: Finding
    words: str
    follow: Follow
    followed: bool
    paper: str | None
    new_case: OpenedCase | None
    case: CheckedCase | None
    unit: UnitView | None
    names: list[str]
    place: str
    lon: float | None
    lat: float | None
    worker: str
    done_at: datetime
    received_at: datetime
    files: list[RecordFile]


class SpotCheckList(BaseModel):
    items: list[SpotCheckView]
    next: str | None
