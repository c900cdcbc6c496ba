"""The wire shapes of whistles."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

from wangge.cases.schemas import ActionView, Lat, Lon, NameView, UnitView, Wire
from wangge.whistles.models import CallAction, Outcome

Words = Annotated[str, Field(max_length=2000)]
Side = Literal["whistler", "unit"]


class ReasonView(NameView):
    code: str


class PersonView(BaseModel):
    name: str
    title: str


class CaseBrief(BaseModel):
    id: UUID
    number: str
    title: str


class CallBrief(BaseModel):
    unit: str
    state: str
    state_name: NameView


class WhistleCard(BaseModel):
    """``due_at`` is the next time by which somebody has to answer."""

    id: UUID
    number: str
    words: str
    state: str
    level: str
    place_words: str
    names: list[str]
    lon: float | None
    lat: float | None
    area_id: UUID
    report_by: datetime
    at: datetime
    ended_at: datetime | None
    outcome: str | None
    version: int
    reason: ReasonView
    due_at: datetime | None
    light: str
    overdue: bool
    caller: PersonView
    desk: UnitView
    case: CaseBrief | None
    calls: list[CallBrief]


class WhistlePage(BaseModel):
    items: list[WhistleCard]
    next: str | None


class CalledUnit(UnitView):
    phone: str


class RatingView(BaseModel):
    grade: str
    note: str


class CallView(BaseModel):
    """One called unit: until when, when it came by the server's time, and what may be said."""

    id: UUID
    unit: CalledUnit
    state: str
    state_name: NameView
    due_at: datetime
    light: str
    overdue: bool
    arrived_at: datetime | None
    minutes: int | None
    on_time: bool | None
    confirmed_at: datetime | None
    reason: str
    note: str
    report: str
    actions: list[ActionView]
    ratings: dict[str, RatingView]
    may_rate: list[Side]


class WhistleStepView(BaseModel):
    id: UUID
    seq: int
    action: str
    at: datetime
    actor_kind: str
    actor_name: str
    actor_title: str
    unit: str | None
    note: str
    reason: str


class WhistleView(BaseModel):
    """The whole whistle, with what this person may do now."""

    id: UUID
    number: str
    words: str
    state: str
    level: str
    place_words: str
    names: list[str]
    lon: float | None
    lat: float | None
    area_id: UUID
    report_by: datetime
    at: datetime
    ended_at: datetime | None
    outcome: str | None
    version: int
    reason: ReasonView
    due_at: datetime | None
    light: str
    overdue: bool
    caller: PersonView
    desk: UnitView
    case: CaseBrief | None
    conclude_by: datetime
    conclusion: str
    ruling_desk: UnitView
    calls: list[CallView]
    silent: list[str]
    may_conclude: bool
    may_cancel: bool
    steps: list[WhistleStepView]


class BlowBody(Wire):
    """On a case its place is taken; otherwise say where. ``report_by`` left out: as the reason."""

    id: UUID
    reason: Annotated[str, Field(max_length=60)]
    words: Words
    unit_ids: Annotated[list[UUID], Field(max_length=50)]
    case_id: UUID | None = None
    area_id: UUID | None = None
    lon: Lon | None = None
    lat: Lat | None = None
    place_words: Annotated[str, Field(max_length=200)] = ""
    report_by: AwareDatetime | None = None


class CallStepBody(Wire):
    id: UUID
    action: CallAction
    version: int | None = None
    note: Words = ""
    reason: Annotated[str, Field(max_length=60)] = ""


class ConclusionBody(Wire):
    id: UUID
    version: int | None = None
    outcome: Outcome
    conclusion: Words


class CancelBody(Wire):
    id: UUID
    version: int | None = None
    note: Words


class RatingBody(Wire):
    side: Side
    grade: Annotated[str, Field(max_length=60)]
    note: Annotated[str, Field(max_length=500)] = ""


class RateView(BaseModel):
    """``share`` is numerator by denominator, or nothing where there is nothing to divide by."""

    code: str
    name: NameView
    formula: NameView
    numerator: int
    denominator: int
    share: float | None


class RatesView(BaseModel):
    """Shares and distributions of a period; ``places`` counts places by how often they called."""

    first: date
    last: date
    blown: int
    open: int
    concluded: int
    cancelled: int
    left_out: dict[str, int]
    rates: list[RateView]
    arrival_times: dict[str, int]
    by_reason: dict[str, int]
    places: dict[str, int]
