"""The wire shapes of whistles."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

from wangge.cases.schemas import ActionView, Lat, Lon, NameView, UnitView, Wire
from wangge.whistles.models import CallAction, Kind, Outcome

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


class MemberView(BaseModel):
    """A member who comes; ``near``: of the grid, the community or a grid beside it."""

    name: str
    near: Literal["grid", "community", "neighbour"]
    at: datetime
    phone: str


class WhistleHead(BaseModel):
    """``due_at`` is the next time by which somebody has to answer."""

    id: UUID
    number: str
    kind: Kind
    wanted: int
    skill: ReasonView | None
    coming: int
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


class WhistleCard(WhistleHead):
    """A whistle in a list."""

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


class WhistleView(WhistleHead):
    """The whole whistle, with what this person may do now."""

    conclude_by: datetime
    conclusion: str
    ruling_desk: UnitView
    members: list[MemberView]
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


class BlowToMembersBody(Wire):
    """As to units; ``wanted``: how many come, the first who say so."""

    id: UUID
    reason: Annotated[str, Field(max_length=60)]
    words: Words
    skill: Annotated[str, Field(max_length=60)]
    wanted: Annotated[int, Field(ge=0, le=1000)]
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


class SkillView(NameView):
    code: str
    given: bool


class OwnPlace(BaseModel):
    id: UUID
    names: list[str]


class OwnSkills(BaseModel):
    """What the member himself has given; nobody else reads it."""

    is_member: bool
    area: OwnPlace | None
    skills: list[SkillView]


class OwnSkillsBody(Wire):
    """Exactly these from now on; none takes everything back."""

    skills: Annotated[list[Annotated[str, Field(max_length=60)]], Field(max_length=50)]
    area_id: UUID | None = None


class MemberCallView(BaseModel):
    """A call that reached this member; ``caller_phone`` once he has said that he comes."""

    id: UUID
    number: str
    words: str
    place_words: str
    names: list[str]
    lon: float | None
    lat: float | None
    reason: str
    skill: str
    skill_name: NameView
    wanted: int
    coming: int
    report_by: datetime
    at: datetime
    state: str
    conclusion: str
    near: Literal["grid", "community", "neighbour"]
    accepted_at: datetime | None
    caller_name: str
    caller_title: str
    caller_phone: str
