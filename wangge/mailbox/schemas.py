"""The wire shapes of the Red Mailbox."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field, model_validator

from wangge.cases.operations import Photos
from wangge.cases.schemas import Lat, Lon, Wire
from wangge.intake.schemas import AskerBody, FiledReportBody, ReceiptView
from wangge.mailbox.models import Days, LetterKind, Way

Name = Annotated[str, Field(min_length=1, max_length=60)]
Words = Annotated[str, Field(max_length=2000)]
Told = Annotated[str, Field(min_length=1, max_length=200_000)]
Clock = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
Id18 = Annotated[list[UUID], Field(max_length=18, default_factory=list)]


class MailboxBody(Wire):
    code: Annotated[str, Field(min_length=1, max_length=20)]
    name: Name
    lon: Lon
    lat: Lat
    place_words: Annotated[str, Field(max_length=200)] = ""
    openers: Annotated[list[UUID], Field(max_length=31, default_factory=list)]
    open_by: Clock = "17:30"
    days: Days = Days.EVERY
    active: bool = True


class Opener(BaseModel):
    id: UUID
    name: str


class MailboxView(BaseModel):
    id: UUID
    code: str
    name: str
    place_words: str
    lon: float
    lat: float
    names: list[str]
    desk: str
    open_by: str
    days: str
    active: bool
    openers: list[Opener]
    may_change: bool


class MailboxGroupBody(Wire):
    name: Name
    unit_id: UUID
    task: Annotated[str, Field(max_length=200)] = ""
    active: bool = True


class MailboxGroup(BaseModel):
    """``open``: matters it has that are not over, of those one may see."""

    id: UUID
    name: str
    task: str
    unit_id: UUID
    unit: str
    active: bool
    open: int
    may_change: bool


class Mailboxes(BaseModel):
    boxes: list[MailboxView]
    groups: list[MailboxGroup]


class OpenerView(Opener):
    phone: str


class OpeningView(BaseModel):
    """``light`` red: nobody opened in time and nobody has said why; ``backdated``: 补记."""

    id: UUID
    mailbox_id: UUID
    day: date
    code: str
    name: str
    place_words: str
    names: list[str]
    desk: str
    lon: float
    lat: float
    due_at: datetime
    state: str
    missed_at: datetime | None
    opened_at: datetime | None
    recorded_at: datetime | None
    letters: int | None
    note: str
    reason: str
    closed_by_name: str | None
    closed_at: datetime | None
    opener: OpenerView | None
    light: str
    backdated: bool
    late: bool
    may_record: bool
    may_name: bool
    may_explain: bool
    may_write: bool


class RecordBody(Wire):
    opened_at: AwareDatetime
    letters: Annotated[int, Field(ge=0, le=500)]
    note: Annotated[str, Field(max_length=500)] = ""


class OpenerBody(Wire):
    opener_id: UUID


class ReasonBody(Wire):
    reason: Annotated[str, Field(max_length=500)]


class LetterMatterBody(Wire):
    id: UUID
    kind: LetterKind
    text: Told
    lon: Lon | None = None
    lat: Lat | None = None
    place_words: Annotated[str, Field(max_length=200)] = ""

    @model_validator(mode="after")
    def both_or_none(self) -> "LetterMatterBody":
        if (self.lon is None) != (self.lat is None):
            message = "lon and lat belong together"
            raise ValueError(message)
        return self


class LetterBody(Wire):
    """A letter of an opening; without ``asker`` it is anonymous, without matters a picture."""

    id: UUID
    opening_id: UUID
    matters: Annotated[list[LetterMatterBody], Field(max_length=10, default_factory=list)]
    files: Id18
    asker: AskerBody | None = None


class ReadBody(Wire):
    matters: Annotated[list[LetterMatterBody], Field(min_length=1, max_length=10)]


class LetterReceipt(BaseModel):
    cases: list[ReceiptView]


class LetterMatter(BaseModel):
    """One matter of a letter; ``light`` red: unsorted for more than a working day."""

    case_id: UUID
    letter_id: UUID
    seq: int
    of_letter: int
    letter_number: str
    channel: str
    form: str
    anonymous: bool
    box: str | None
    box_code: str | None
    kind: LetterKind
    number: str
    title: str
    text: str
    state: str
    version: int
    place_words: str
    names: list[str]
    photo_id: UUID | None
    at: datetime
    sort_due_at: datetime
    light: str
    sorted_at: datetime | None
    sorter: str | None
    way: Way | None
    group_id: UUID | None
    group_name: str | None
    unit: str | None
    posting: str | None
    on_talk: bool
    closed_at: datetime | None
    answer: str
    may_sort: bool
    may_post: bool


class SortBody(Wire):
    group_id: UUID
    way: Way
    kind: LetterKind
    version: int | None = None


class ViolatorView(BaseModel):
    case_id: UUID
    number: str
    title: str
    kind: LetterKind
    why: Literal["unsorted", "no_answer", "promise_broken", "overdue"]


class TalkUnitBody(Wire):
    unit_id: UUID
    post: Annotated[str, Field(max_length=60)] = ""


class TalkBody(Wire):
    id: UUID
    title: Annotated[str, Field(min_length=1, max_length=100)]
    place_words: Annotated[str, Field(min_length=1, max_length=200)]
    held_at: AwareDatetime
    chair: Name
    case_ids: Annotated[list[UUID], Field(min_length=1, max_length=30)]
    units: Annotated[list[TalkUnitBody], Field(min_length=1, max_length=20)]


class PromiseBody(Wire):
    id: UUID
    unit_id: UUID
    words: Annotated[str, Field(max_length=1000)]
    due_on: date


class TalkDecisionBody(Wire):
    id: UUID
    case_id: UUID
    words: Words
    promised_on: date | None = None
    promises: Annotated[list[PromiseBody], Field(max_length=10, default_factory=list)]


class TalkEndBody(Wire):
    held: bool
    minutes: Annotated[str, Field(max_length=5000)]
    came: Annotated[list[UUID], Field(max_length=20, default_factory=list)]


class TalkCard(BaseModel):
    id: UUID
    number: str
    title: str
    place_words: str
    held_at: datetime
    chair: str
    desk: str
    state: str
    cases: int
    decided: int
    called_by_name: str | None
    ended_at: datetime | None
    minutes: str
    version: int
    may_decide: bool
    may_end: bool


class TalkUnitView(BaseModel):
    unit_id: UUID
    unit: str
    post: str
    came: bool | None


class PromiseView(BaseModel):
    id: UUID
    unit_id: UUID
    unit: str
    words: str
    due_on: date
    task_id: UUID | None
    state: str
    late: bool


class AgendaView(BaseModel):
    case_id: UUID
    seq: int
    number: str
    title: str
    text: str
    state: str
    kind: LetterKind | None
    decision: str
    promised_on: date | None
    decided_at: datetime | None
    decided_by_name: str | None
    closed_at: datetime | None
    promises: list[PromiseView]


class TalkView(TalkCard):
    units: list[TalkUnitView]
    agenda: list[AgendaView]


class PostBody(Wire):
    """``mask``: take the sentence with what names somebody left out."""

    asked: Annotated[str, Field(max_length=500)]
    decided: Annotated[str, Field(max_length=500)]
    mask: bool = False


class PostingView(BaseModel):
    case_id: UUID
    code: str
    kind: LetterKind
    asked: str
    decided: str
    promised_on: date | None
    area: str
    names: list[str]
    number: str
    title: str
    state: str
    closed_at: datetime | None
    at: datetime
    may_change: bool


class PublicPosting(BaseModel):
    """What anybody may read of a letter's matter: no number, no asker, no finer place."""

    code: str
    kind: LetterKind
    asked: str
    decided: str
    promised_on: date | None
    stage: Literal["received", "handling", "done"]
    done_on: date | None
    area: str
    posted_on: date


class PublicPage(BaseModel):
    area: str
    items: list[PublicPosting]


class OnlineBody(FiledReportBody):
    """A letter to the online box; its pictures follow it, under the same ``upload_token``."""

    photos: Photos
    kind: LetterKind
    upload_token: Annotated[str, Field(max_length=100)] = ""
