"""The wire shapes of cases."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from wangge.cases.figure_rows import rows_of
from wangge.cases.models import Action, Mode, State, StepInput
from wangge.cases.queries import Filter
from wangge.cases.requesting import Status
from wangge.tenant.timeline import Going

Long = Annotated[str, Field(max_length=5000)]
Text = Annotated[str, Field(max_length=100)]
Lon = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
Lat = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]


class Wire(BaseModel):
    """Nothing unknown gets in."""

    model_config = ConfigDict(extra="forbid")


class NameView(BaseModel):
    zh: str
    en: str


class PlaceView(BaseModel):
    words: str
    lon: float | None
    lat: float | None
    state: str
    area_id: UUID
    names: list[str]


class HolderView(BaseModel):
    kind: str
    id: UUID | None
    name: str | None


class AskedView(BaseModel):
    """What a card in the list of decisions says of the request: its due time is of its own."""

    kind: str
    name: NameView
    unit: str
    until: datetime | None
    asked_at: datetime
    due_at: datetime
    light: str


class TaskMark(BaseModel):
    """The child task for which a case stands in a list."""

    id: UUID
    state: str
    unit: str
    words: str
    due_at: datetime
    light: str


class CaseCard(BaseModel):
    id: UUID
    number: str | None
    title: str
    text: str
    kind: str
    type: str | None
    type_name: NameView | None
    state: State
    level: str
    emergency: list[str]
    channel: str
    path: str
    place: PlaceView
    received_at: datetime
    due_at: datetime | None
    light: str
    overdue: bool
    duty: str
    holder: HolderView | None
    photo: UUID | None
    round: int
    version: int
    closed_at: datetime | None
    solved: bool | None
    satisfaction: str | None
    recurs: bool
    task: TaskMark | None = None
    asked: AskedView | None = None


class CasePage(BaseModel):
    items: list[CaseCard]
    next: str | None


class StepActor(BaseModel):
    kind: str
    name: str
    title: str


class StepView(BaseModel):
    id: UUID
    seq: int
    round: int
    action: str
    source: str | None
    target: str
    at: datetime
    actor: StepActor
    unit: str | None
    note: str
    answer: str
    reason: str
    data: dict[str, Any]
    due_at: datetime | None
    files: list[UUID]


class FileView(BaseModel):
    id: UUID
    step_id: UUID | None
    purpose: str
    kind: str
    mime: str
    shot_at: datetime | None
    released: bool
    width: int | None
    height: int | None
    seconds: float | None
    from_asker: bool


class NeedView(BaseModel):
    """``why`` is the type's own reason for a photo; ``choices`` names the list of reasons."""

    field: str
    required: bool
    why: NameView | None = None
    choices: str | None = None


class ActionView(BaseModel):
    action: str
    zh: str
    en: str
    primary: bool
    needs: list[NeedView]


class DeskView(BaseModel):
    id: UUID
    name: str
    phone: str


class UnitView(BaseModel):
    id: UUID
    name: str | None


class AskerView(BaseModel):
    mode: Mode
    name_masked: str
    phone_masked: str


class TypeRuleView(BaseModel):
    """What the type says of itself: when it is a matter, and when it is done."""

    condition: NameView | None
    closing: NameView | None


class StageTimeView(BaseModel):
    """Minutes of the clock and minutes of work that one stage of a round took until now."""

    round: int
    stage: str
    began_at: datetime
    ended_at: datetime | None
    minutes: int
    working_minutes: int


class RequestView(BaseModel):
    """What somebody asked for, who decides by when, and what became of it."""

    id: UUID
    kind: str
    name: NameView
    round: int
    unit: str
    applicant: StepActor
    asked_at: datetime
    reason: str
    words: str
    until: datetime | None
    data: dict[str, Any]
    desk: str
    due_at: datetime
    status: Status
    decided_by: StepActor | None
    decided_at: datetime | None
    decision: str
    granted_until: datetime | None
    files: list[UUID]


class WholeTime(BaseModel):
    """From the discovery to the closing, or to now."""

    began_at: datetime
    ended_at: datetime | None
    minutes: int
    working_minutes: int


class CaseView(CaseCard):
    type_rule: TypeRuleView | None
    found_at: datetime | None
    limits_from: datetime | None
    reported_at: datetime | None
    registered_at: datetime | None
    handled_at: datetime | None
    total_due_at: datetime | None
    due_limit: str | None
    extended_to: datetime | None
    due_provisional: bool
    answer: str
    unheard: bool
    released: bool
    source_ref: str
    route: dict[str, Any]
    desk: DeskView
    unit: UnitView | None
    asker: AskerView | None
    stages: list[StageTimeView]
    whole_time: WholeTime
    steps: list[StepView]
    files: list[FileView]
    requests: list[RequestView]
    actions: list[ActionView]


class Wanted(BaseModel):
    """What a list is narrowed to, as a query says it.

    ``figure`` and ``within`` come from the indicators: exactly the rows that a figure counts.
    """

    q: Text = ""
    state: list[State] = []
    type: Text = ""
    channel: Text = ""
    area: UUID | None = None
    unit: UUID | None = None
    emergency: bool = False
    open: bool | None = None
    light: Literal["", "green", "yellow", "red"] = ""
    figure: Annotated[str, Field(max_length=2000)] = ""
    within: Annotated[str, Field(max_length=400)] = ""
    queue: Text = ""

    def filter(self) -> Filter:
        states = [one.value for one in self.state]
        counted = rows_of(self.figure, self.within) if self.figure else None
        return Filter(
            self.q, states, self.type, self.channel, self.area, self.unit, self.emergency,
            self.open, self.light, counted,
        )  # fmt: skip


class ListQuery(Wanted):
    cursor: Annotated[str, Field(max_length=300)] = ""
    limit: Annotated[int, Field(ge=1, le=100)] = 100


class QueueView(BaseModel):
    code: str
    count: int
    emergencies: int


class AskerPlain(BaseModel):
    mode: Mode
    name: str
    phone: str


class StepBody(Wire):
    """One step; ``id`` is made by the one who takes it, ``version`` is the one he saw."""

    id: UUID
    action: Action
    version: int | None = None
    note: Long = ""
    answer: Long = ""
    reason: Annotated[str, Field(max_length=60)] = ""
    unit_id: UUID | None = None
    type: Annotated[str, Field(max_length=60)] | None = None
    solved: bool | None = None
    satisfaction: Annotated[str, Field(max_length=30)] = ""
    author: Annotated[str, Field(max_length=50)] = ""
    until: AwareDatetime | None = None
    files: Annotated[list[UUID], Field(max_length=18, default_factory=list)]
    lon: Lon | None = None
    lat: Lat | None = None

    def given(self) -> StepInput:
        place = {} if self.lon is None or self.lat is None else {"lon": self.lon, "lat": self.lat}
        return StepInput(
            id=self.id, action=self.action, version=self.version, note=self.note.strip(),
            answer=self.answer.strip(), reason=self.reason, unit_id=self.unit_id,
            type=self.type or None, solved=self.solved, satisfaction=self.satisfaction,
            author=self.author.strip(), until=self.until, file_ids=tuple(self.files),
            data=place if self.action is Action.NOT_HERE else {},
        )  # fmt: skip


class CorrectionBody(Wire):
    """What was taken down wrongly; only what is given changes, and no clock starts again."""

    id: UUID
    version: int
    note: Long = ""
    type: Annotated[str, Field(max_length=60)] | None = None
    kind: Annotated[str, Field(max_length=60)] | None = None
    level: Annotated[str, Field(max_length=60)] | None = None
    lon: Lon | None = None
    lat: Lat | None = None
    area_id: UUID | None = None
    place_words: Annotated[str, Field(max_length=200)] | None = None
    asker_name: Annotated[str, Field(max_length=50)] | None = None
    asker_phone: Annotated[str, Field(max_length=40)] | None = None
    asker_mode: Mode | None = None

    @model_validator(mode="after")
    def both_or_none(self) -> "CorrectionBody":
        if (self.lon is None) != (self.lat is None):
            message = "lon and lat belong together"
            raise ValueError(message)
        return self


class LineView(BaseModel):
    zh: str
    en: str


class PieceView(BaseModel):
    """A stretch of the clock: it runs, it rests (and why), it stood, it is late."""

    going: Going
    first: datetime
    last: datetime
    zh: str
    en: str


class ReadingView(BaseModel):
    """Minutes of the limit's own time."""

    used: int
    stood: int
    left: int


class DeadlineView(BaseModel):
    """``lines`` say, step by step, how the present stage's due time follows from the calendar.

    ``rules`` names the versions that were in force when the case came in; ``calendar`` is whose
    hours count, none for the city's own. ``clock`` runs from the start to the end without a gap.
    """

    stage: str
    limit: NameView
    start_at: datetime
    due_at: datetime
    provisional: bool
    missing_years: list[int]
    lines: list[LineView]
    total_due_at: datetime | None
    yellow_at: datetime | None
    calendar: NameView | None
    clock: list[PieceView]
    reading: ReadingView
    rules: dict[str, int]
