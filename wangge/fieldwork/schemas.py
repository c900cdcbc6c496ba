"""What the doors of fieldwork take and give."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from wangge.cases.schemas import NameView
from wangge.fieldwork.models import FieldTaskState, FollowUp, RecordKind, Result, Service, Visit
from wangge.people.schemas import Body, Day
from wangge.registers.schemas import Moment

Short = Annotated[str, Field(max_length=100)]
Words = Annotated[str, Field(max_length=2000)]
Code = Annotated[str, Field(max_length=60)]
Few = Annotated[list[Code], Field(max_length=12, default_factory=list)]


class FollowUpBody(Body):
    """A task by a day, or a case; its id is the task's or the case's own."""

    id: UUID
    words: Annotated[str, Field(min_length=1, max_length=2000)]
    due_on: Day | None = None
    as_case: bool = False
    type: Code | None = None

    def given(self) -> FollowUp:
        return FollowUp(**self.model_dump())


FollowUps = Annotated[list[FollowUpBody], Field(max_length=8, default_factory=list)]


class VisitBody(Body):
    """One call at a door; the result is all that is needed."""

    id: UUID
    result: Result
    done_at: Moment
    household_id: UUID | None = None
    area_id: UUID | None = None
    place_words: Short = ""
    met: Short = ""
    topics: Few
    words: Words = ""
    needs: Words = ""
    again_on: Day | None = None
    partner_id: UUID | None = None
    follow_ups: FollowUps

    def given(self) -> Visit:
        plain = self.model_dump(exclude={"id", "follow_ups", "topics"})
        follow_ups = tuple(one.given() for one in self.follow_ups)
        return Visit(**plain, topics=tuple(self.topics), follow_ups=follow_ups)


class VisitsBody(Body):
    items: Annotated[list[VisitBody], Field(min_length=1, max_length=100)]


class NotTakenView(BaseModel):
    code: str
    zh: str
    en: str


class RecordedView(BaseModel):
    """What became of one record; ``cases`` are the numbers of the cases it led to."""

    id: UUID
    outcome: Literal["taken", "repeated", "refused"]
    duplicate_of: UUID | None = None
    cases: list[str] = []
    refusal: NotTakenView | None = None


class ServiceBody(Body):
    id: UUID
    kind: RecordKind
    done_at: Moment
    type: Code = ""
    household_id: UUID | None = None
    area_id: UUID | None = None
    place_words: Short = ""
    words: Words = ""
    people: Annotated[int, Field(ge=0, le=100_000)] | None = None
    partner_id: UUID | None = None
    follow_ups: FollowUps

    def given(self) -> Service:
        plain = self.model_dump(exclude={"id", "follow_ups"})
        return Service(**plain, follow_ups=tuple(one.given() for one in self.follow_ups))


class RoundHome(BaseModel):
    """A household of the grid on the list of visits, masked; overdue ones stand first.

    ``two``: for which of its kinds two go together; empty where one may go alone.
    """

    id: UUID
    dwelling_id: UUID
    area_id: UUID
    place: str
    building: str
    kind: str
    people: int | None
    care: list[str]
    risks: list[str]
    two: list[str]
    name_mask: str | None
    phone_mask: str | None
    duplicate_of: UUID | None
    seen_at: datetime | None
    due_on: date
    overdue: bool
    last_result: Result | None
    last_at: datetime | None
    again_on: date | None


class ProgressView(BaseModel):
    """One's own homes of the day; ``quota`` is None where the city has set none."""

    homes: int
    quota: int | None


class CompanionView(BaseModel):
    """Who may come along; ``here``: of one's own ground, else of what lies beside it."""

    id: UUID
    name: str
    role: NameView
    place: str
    here: bool


class RoundView(BaseModel):
    day: date
    homes: list[RoundHome]
    progress: ProgressView
    companions: list[CompanionView]


class RecordFile(BaseModel):
    """Seen by whoever sees the record, and by nobody else."""

    id: UUID
    kind: str


class RecordView(BaseModel):
    id: UUID
    kind: RecordKind
    type: str
    name: NameView
    names: list[str]
    place: str
    worker: str
    partner: str | None
    alone: bool
    household_id: UUID | None
    result: Result | None
    again_on: date | None
    met: str
    topics: list[str]
    words: str
    needs: str
    people: int | None
    done_at: datetime
    received_at: datetime
    duplicate_of: UUID | None
    cases: list[str]
    case_ids: list[UUID]
    files: list[RecordFile]


class FieldTaskView(BaseModel):
    """Something to do for the ground, by whoever works there."""

    id: UUID
    record_id: UUID | None
    household_id: UUID | None
    words: str
    place: str
    names: list[str]
    giver: str
    owner: str | None
    due_on: date
    overdue: bool
    state: FieldTaskState


class EndTaskBody(Body):
    id: UUID
    state: Literal[FieldTaskState.DONE, FieldTaskState.DROPPED]
    words: Words = ""
    done_at: Moment
