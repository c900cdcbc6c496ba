"""The wire shapes of diaries, figures, plans and coverage."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from wangge.cases.schemas import NameView
from wangge.fieldwork.models import Patrol, PatrolPlan, Result, Stretch
from wangge.fieldwork.schemas import FieldTaskView, FollowUps, RecordView, Short, Words
from wangge.people.schemas import Body, Day
from wangge.registers.schemas import Moment

Ids = Annotated[list[UUID], Field(max_length=60, default_factory=list)]


class DiaryLine(BaseModel):
    """One thing that was done; its words are there as far as its owner may see them still."""

    at: datetime
    kind: str
    did: str
    name: NameView
    subject: UUID | None
    number: str
    words: str
    place: str
    result: Result | None
    n: int


class DiaryDay(BaseModel):
    day: date
    actions: list[DiaryLine]


class DiaryView(DiaryDay):
    note: str


class NoteBody(Body):
    words: Annotated[str, Field(max_length=20_000)]


class KeptNoteBody(NoteBody):
    """The private words of a day as a phone sends them, with those it had before it."""

    day: Day
    was: Annotated[str, Field(max_length=20_000)] = ""


class OwnFigure(BaseModel):
    """How many of one kind: one's own, shown to nobody else."""

    kind: str
    type: str
    name: NameView
    n: int
    people: int
    met: int


class OwnFigures(BaseModel):
    first: date
    last: date
    items: list[OwnFigure]


class StretchBody(Body):
    begins: Short
    ends: Short
    minutes: Annotated[int, Field(ge=1, le=600)] | None = None


class PatrolBody(Body):
    id: UUID
    done_at: Moment
    area_id: UUID | None = None
    plan_id: UUID | None = None
    words: Words = ""
    place_words: Short = ""
    partner_id: UUID | None = None
    stretches: Annotated[list[StretchBody], Field(max_length=60, default_factory=list)]
    follow_ups: FollowUps

    def given(self) -> Patrol:
        plain = self.model_dump(exclude={"id", "follow_ups", "stretches"})
        return Patrol(
            **plain,
            stretches=tuple(Stretch(**one.model_dump()) for one in self.stretches),
            follow_ups=tuple(one.given() for one in self.follow_ups),
        )


class PlannedStretch(Body):
    begins: Annotated[str, Field(min_length=1, max_length=100)]
    ends: Annotated[str, Field(min_length=1, max_length=100)]


class PatrolPlanBody(Body):
    area_id: UUID
    title: Annotated[str, Field(min_length=1, max_length=100)]
    route: Annotated[str, Field(min_length=1, max_length=500)]
    begins_at: Moment
    ends_at: Moment
    unit_ids: Ids
    account_ids: Ids
    stretches: Annotated[list[PlannedStretch], Field(max_length=40, default_factory=list)]

    def given(self) -> PatrolPlan:
        plain = self.model_dump(exclude={"stretches"})
        return PatrolPlan(
            **{**plain, "unit_ids": tuple(self.unit_ids), "account_ids": tuple(self.account_ids)},
            stretches=tuple(Stretch(one.begins, one.ends) for one in self.stretches),
        )


class StretchView(BaseModel):
    begins: str
    ends: str
    minutes: int | None


class PlannedStretchView(BaseModel):
    """``walked`` by somebody of whoever takes part; by whom and when is not kept."""

    begins: str
    ends: str
    walked: bool


class PatrolRecordView(RecordView):
    stretches: list[StretchView]


class PatrolPlanView(BaseModel):
    id: UUID
    area_id: UUID
    names: list[str]
    title: str
    route: str
    begins_at: datetime
    ends_at: datetime
    ended_at: datetime | None
    units: list[str]
    people: list[str]
    maker: str
    mine: bool
    stretches: list[PlannedStretchView]


class WholePlanView(PatrolPlanView):
    records: list[PatrolRecordView]


class PatrolDueView(BaseModel):
    """A grid that the city's rule has walked every ``days``; without a date nobody ever did."""

    area_id: UUID
    code: str
    names: list[str]
    days: int
    patrolled_at: datetime | None
    due_on: date
    overdue: bool


class GapView(BaseModel):
    """A grid where nobody was for so long; without a date nobody ever was."""

    day: date
    area_id: UUID
    code: str
    names: list[str]
    visited_at: datetime | None
    patrolled_at: datetime | None


class UnseenView(BaseModel):
    area_id: UUID
    code: str
    names: list[str]
    homes: int
    unseen: int


class CoverageView(BaseModel):
    day: date
    grid_days: int
    household_days: int
    gaps: list[GapView]
    households: list[UnseenView]


class LoadGrid(BaseModel):
    area_id: UUID
    code: str
    names: list[str]


class LoadView(BaseModel):
    """What waits for a worker over all his grids; without an account: on a grid of nobody's."""

    account_id: UUID | None
    name: str
    grids: list[LoadGrid]
    tasks: int
    late_tasks: int
    cases: int
    homes: int


class QuotaView(BaseModel):
    """Shown to a grid's leader where the city has set a quota; by grid, never by number."""

    id: UUID
    name: str
    names: list[str]
    homes: int
    quota: int


class TalkNoteView(RecordView):
    tasks: list[FieldTaskView]


class AssignBody(Body):
    id: UUID
    words: Annotated[str, Field(min_length=1, max_length=500)]
    owner_id: UUID
    due_on: Day
