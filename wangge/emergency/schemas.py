"""The wire shapes of incidents."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from wangge.cases.schemas import Lat, Lon, NameView, UnitView, Wire
from wangge.emergency.models import Ending, Opening, Order, ResourceKind
from wangge.tenant.plans import Category, Level

Words = Annotated[str, Field(max_length=2000)]
Short = Annotated[str, Field(max_length=200)]
Code = Annotated[str, Field(max_length=60)]
Count = Annotated[int, Field(ge=0, le=1_000_000)]


class CodeView(NameView):
    code: str


class KindView(CodeView):
    category: Category
    category_name: NameView


class PlanStepView(CodeView):
    role: str | None
    unit: str | None
    type: str | None
    minutes: int | None
    resource: str | None


class PlanView(CodeView):
    ground: str
    levels: list[Level]
    kinds: list[CodeView]
    steps: list[PlanStepView]


class EmergencyWords(BaseModel):
    """Kinds, levels and plans in force; ``version`` 0: as the product comes."""

    version: int
    law: NameView
    kinds: list[KindView]
    levels: list[CodeView]
    categories: list[CodeView]
    capabilities: list[CodeView]
    plans: list[PlanView]


class MomentView(BaseModel):
    """A moment, and the whole minutes since the alert."""

    at: datetime
    minutes: int


class IncidentTimes(BaseModel):
    answered: MomentView | None
    first_action: MomentView | None
    on_site: MomentView | None
    closed: MomentView | None


class IncidentCase(BaseModel):
    id: UUID
    number: str
    title: str


class IncidentCard(BaseModel):
    """``drill`` 演练: shown plainly, and in no count."""

    id: UUID
    number: str
    drill: bool
    kind: CodeView
    category: Category
    category_name: NameView
    level: Level
    level_name: NameView
    response: str
    response_name: NameView | None
    title: str
    place_words: str
    names: list[str]
    lon: float
    lat: float
    area_id: UUID
    state: Literal["open", "closed"]
    alerted_at: datetime
    opened_at: datetime
    opened_name: str
    opened_title: str
    closed_at: datetime | None
    plan: str
    plan_name: NameView | None
    plan_version: int
    result: str
    desk: UnitView
    case: IncidentCase | None
    times: IncidentTimes
    tasks: int
    taken: int
    done: int
    late: int
    version: int


class LevelTotal(BaseModel):
    """Of real incidents of the last twelve months; drills are not among them."""

    level: Level
    n: int
    open: int


class IncidentPage(BaseModel):
    items: list[IncidentCard]
    next: str | None
    totals: list[LevelTotal]


class IncidentTask(BaseModel):
    """``actions`` are what this person may say of it now."""

    id: UUID
    seq: int
    step: str
    words: str
    words_en: str
    role: str
    owner: str | None
    phone: str
    state: Literal["given", "taken", "done", "dropped"]
    given_at: datetime
    due_at: datetime | None
    late_at: datetime | None
    taken_at: datetime | None
    taken_name: str
    ended_at: datetime | None
    ended_name: str
    note: str
    mine: bool
    actions: list[Literal["take", "done", "drop"]]


class IncidentBrief(BaseModel):
    id: UUID
    number: str
    title: str
    drill: bool
    kind: NameView
    level_name: NameView
    place_words: str
    lon: float
    lat: float


class OwnIncidentTask(IncidentTask):
    incident: IncidentBrief


class IncidentLine(BaseModel):
    id: UUID
    seq: int
    kind: str
    words: str
    data: dict[str, Any]
    name: str
    title: str
    at: datetime


class IncidentCall(BaseModel):
    """One rung of the contact tree: whom, by which way, how it reached, when he answered."""

    id: UUID
    step: int
    duty: str
    name: str
    unit: str
    phone: str
    way: Literal["sms", "voice"]
    called_at: datetime
    receipt: str
    receipt_at: datetime | None
    acknowledged_at: datetime | None


class SentResource(BaseModel):
    """``metres`` as the crow flies, from where it is kept to the incident."""

    id: UUID
    resource_id: UUID
    name: str
    kind: ResourceKind
    unit: str
    keeper: str
    phone: str
    amount: int
    measure: str
    metres: int
    lon: float
    lat: float
    state: Literal["sent", "on_site", "back"]
    sent_at: datetime
    on_site_at: datetime | None
    back_at: datetime | None
    note: str


class IncidentView(IncidentCard):
    """The board of one incident, with what this person may do now."""

    words: str
    cause: str
    lessons: str
    dead: int
    injured: int
    moved: int
    law: NameView
    task_list: list[IncidentTask]
    log: list[IncidentLine]
    calls: list[IncidentCall]
    next_call_at: datetime | None
    resources: list[SentResource]
    needs: list[CodeView]
    runs: bool
    may_answer: bool


class NearResource(BaseModel):
    """A resource that could be sent; ``metres`` as the crow flies."""

    id: UUID
    code: str
    name: str
    kind: ResourceKind
    capabilities: list[str]
    unit: str
    place_words: str
    lon: float
    lat: float
    amount: int
    away: int
    measure: str
    keeper: str
    phone: str
    metres: int


class ResourceView(BaseModel):
    id: UUID
    code: str
    name: str
    kind: ResourceKind
    capabilities: list[str]
    unit_id: UUID
    unit: str
    names: list[str]
    place_words: str
    lon: float
    lat: float
    amount: int
    away: int
    there: int
    measure: str
    keeper: str
    phone: str
    state: Literal["ready", "repair", "retired"]
    note: str
    version: int
    checked_at: datetime
    may_edit: bool


class OpenBody(Wire):
    """To open an incident; of a case its place is taken if none is given."""

    id: UUID
    drill: bool
    kind: Code
    level: Level
    title: Annotated[str, Field(min_length=1, max_length=200)]
    words: Words = ""
    response: Literal["", "1", "2", "3", "4"] = ""
    plan: Code = ""
    case_id: UUID | None = None
    lon: Lon | None = None
    lat: Lat | None = None
    place_words: Short = ""

    def opening(self) -> Opening:
        return Opening(**self.model_dump())


class IncidentKey(Wire):
    id: UUID


class TaskWord(Wire):
    id: UUID
    note: Words = ""


class OrderBody(Wire):
    id: UUID
    words: Annotated[str, Field(min_length=1, max_length=500)]
    unit_id: UUID | None = None
    account_id: UUID | None = None
    minutes: Annotated[int, Field(ge=1, le=10_080)] | None = None

    def order(self) -> Order:
        return Order(**self.model_dump())


class SituationBody(Wire):
    id: UUID
    words: Annotated[str, Field(min_length=1, max_length=2000)]


class LevelBody(Wire):
    id: UUID
    level: Level
    response: Literal["", "1", "2", "3", "4"] = ""
    why: Words = ""
    version: int | None = None


class CloseBody(Wire):
    id: UUID
    result: Words
    cause: Words = ""
    lessons: Words = ""
    dead: Count = 0
    injured: Count = 0
    moved: Count = 0
    version: int | None = None

    def ending(self) -> Ending:
        return Ending(**self.model_dump(exclude={"id", "version"}))


class ReviewBody(Wire):
    id: UUID
    cause: Words = ""
    lessons: Words = ""


class SendBody(Wire):
    id: UUID
    resource_id: UUID
    amount: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    note: Short = ""


class ResourceBody(Wire):
    code: Annotated[str, Field(min_length=1, max_length=40)]
    name: Annotated[str, Field(min_length=1, max_length=100)]
    kind: ResourceKind
    capabilities: Annotated[list[Code], Field(max_length=20)]
    unit_id: UUID
    lon: Lon
    lat: Lat
    place_words: Short = ""
    amount: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    measure: Annotated[str, Field(max_length=20)] = ""
    keeper: Annotated[str, Field(min_length=1, max_length=60)]
    phone: Annotated[str, Field(min_length=3, max_length=30)]
    state: Literal["ready", "repair", "retired"] = "ready"
    note: Short = ""
