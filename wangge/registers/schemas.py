"""What the doors of the registers take and give; names and numbers go out masked."""

from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

from wangge.people.schemas import Body, Day
from wangge.registers.models import (
    CareDraft,
    CautionDraft,
    Consent,
    Correction,
    DwellingKind,
    ResidentDraft,
    Screening,
)

# Another century is a slip of the pen, and no clock of a zone.
Moment = Annotated[
    AwareDatetime,
    Field(ge=datetime(1950, 1, 1, tzinfo=UTC), le=datetime(2150, 1, 1, tzinfo=UTC)),
]
Short = Annotated[str, Field(max_length=60)]
Line = Annotated[str, Field(max_length=200)]
Words = Annotated[str, Field(max_length=2000)]
Source = Literal["visit", "canvass", "import", "resident"]


class HomeView(BaseModel):
    """A household at its address, with where the row is from, since when and by whom."""

    id: UUID
    dwelling_id: UUID
    area_id: UUID
    names: list[str]
    building: str
    unit: str
    room: str
    kind: DwellingKind
    people: int | None
    note: str
    care: list[str]
    risks: list[str]
    contact_id: UUID | None
    name_mask: str | None
    phone_mask: str | None
    source: str
    worker: str
    found_at: datetime
    received_at: datetime
    verified_at: datetime
    seen_at: datetime | None
    duplicate_of: UUID | None
    version: int


class ResidentView(BaseModel):
    id: UUID
    name_mask: str
    phone_mask: str
    id_number_mask: str
    born: int | None
    guardian: str
    is_contact: bool
    purpose: str
    consent: Consent
    consent_at: datetime
    source: str
    found_at: datetime
    verified_at: datetime


class CareView(BaseModel):
    id: UUID
    resident_id: UUID | None
    kind: str
    words: str
    purpose: str
    consent_at: datetime
    worker: str
    received_at: datetime


class CautionView(BaseModel):
    """What to mind at the door; it ends by itself."""

    id: UUID
    kind: str
    words: str
    until: date
    worker: str
    found_at: datetime


class ChangeView(BaseModel):
    """Before and after, who, when it was found and when it arrived."""

    id: UUID
    record: str
    was: dict[str, Any]
    became: dict[str, Any]
    words: str
    worker: str
    found_at: datetime
    received_at: datetime


class WholeHome(HomeView):
    residents: list[ResidentView]
    care_entries: list[CareView]
    cautions: list[CautionView]
    changes: list[ChangeView]
    may_edit: bool
    may_contact: bool


class ScreeningBody(Body):
    """One household at its door; both ids are made by whoever writes it down."""

    id: UUID
    dwelling_id: UUID
    area_id: UUID
    building: Short = ""
    unit: Short = ""
    room: Annotated[str, Field(min_length=1, max_length=60)]
    kind: DwellingKind = DwellingKind.HOME
    people: Annotated[int, Field(ge=0, le=60)] | None = None
    note: Line = ""
    source: Source = "canvass"
    found_at: Moment

    def draft(self) -> Screening:
        return Screening(**self.model_dump(exclude={"id"}))


class ScreeningsBody(Body):
    items: Annotated[list[ScreeningBody], Field(min_length=1, max_length=200)]


class RowRefused(BaseModel):
    code: str
    zh: str
    en: str


class ScreeningAnswer(BaseModel):
    """What became of one row; a refusal refuses nothing else."""

    id: UUID
    outcome: Literal["taken", "repeated", "refused"]
    duplicate_of: UUID | None = None
    refusal: RowRefused | None = None


class HomeCorrectionBody(Body):
    id: UUID
    version: int | None = None
    kind: DwellingKind | None = None
    people: Annotated[int, Field(ge=0, le=60)] | None = None
    note: Line | None = None
    words: Line = ""
    found_at: Moment

    def given(self) -> Correction:
        return Correction(**self.model_dump(exclude={"id"}))


class ResidentBody(Body):
    id: UUID
    name: Short = ""
    phone: Annotated[str, Field(max_length=40)] = ""
    id_number: Annotated[str, Field(max_length=18)] = ""
    born: Annotated[int, Field(ge=1890, le=2150)] | None = None
    guardian: Short = ""
    is_contact: bool = False
    purpose: Annotated[str, Field(min_length=2, max_length=200)]
    consent: Consent
    consent_at: Moment
    found_at: Moment
    source: Source = "visit"

    def draft(self, household_id: UUID) -> ResidentDraft:
        return ResidentDraft(household_id=household_id, **self.model_dump(exclude={"id"}))


class CareBody(Body):
    id: UUID
    kind: Short
    purpose: Annotated[str, Field(min_length=2, max_length=200)]
    consent_at: Moment
    found_at: Moment
    resident_id: UUID | None = None
    words: Line = ""

    def draft(self, household_id: UUID) -> CareDraft:
        return CareDraft(household_id=household_id, **self.model_dump(exclude={"id"}))


class ResidentFields(Body):
    """Fields of a person's entry as they are typed; only those that are named change."""

    name: Short = ""
    phone: Annotated[str, Field(max_length=40)] = ""
    born: Annotated[int, Field(ge=1890, le=2150)] | None = None
    guardian: Short = ""
    is_contact: bool = False
    purpose: Annotated[str, Field(max_length=200)] = ""


class CareFields(Body):
    """Fields of a care entry; only those that are named change."""

    purpose: Annotated[str, Field(max_length=200)] = ""
    words: Line = ""


class CautionBody(Body):
    id: UUID
    kind: Short
    found_at: Moment
    until: Day | None = None
    words: Line = ""

    def draft(self, household_id: UUID) -> CautionDraft:
        return CautionDraft(household_id=household_id, **self.model_dump(exclude={"id"}))


class EndCareBody(Body):
    id: UUID
    words: Annotated[str, Field(min_length=2, max_length=200)]
    found_at: Moment


class EraseBody(Body):
    id: UUID
    words: Annotated[str, Field(min_length=2, max_length=200)]


class WhyBody(Body):
    why: Annotated[str, Field(min_length=2, max_length=200)]


class PlainResident(BaseModel):
    """In full, to whoever said why; it is in the log."""

    name: str
    phone: str
    id_number: str


class DoubleBody(Body):
    id: UUID
    same: bool
    found_at: Moment
