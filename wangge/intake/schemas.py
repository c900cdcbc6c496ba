"""The wire shapes of reports."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field, model_validator

from wangge.cases.models import Mode
from wangge.cases.schemas import CaseView, Lat, Lon, NameView, Wire
from wangge.intake.models import AskerWords, Report

# Longer texts are refused further in, with a sentence that says how long they may be.
Told = Annotated[str, Field(max_length=200_000)]
Short = Annotated[str, Field(max_length=200)]
Code = Annotated[str, Field(max_length=60)]


class AskerBody(Wire):
    name: Annotated[str, Field(max_length=50)] = ""
    phone: Annotated[str, Field(max_length=40)] = ""
    mode: Mode = Mode.OPEN


class SelfHandled(Wire):
    """当即办理: what was done, with pictures from before and after."""

    id: UUID
    note: Annotated[str, Field(max_length=5000)]
    files: Annotated[list[UUID], Field(max_length=18, default_factory=list)]


class ReportBody(Wire):
    """What anybody may say; only the text is needed."""

    id: UUID
    text: Told
    title: Short = ""
    lon: Lon | None = None
    lat: Lat | None = None
    area_code: Code = ""
    place_words: Short = ""
    found_at: AwareDatetime | None = None
    files: Annotated[list[UUID], Field(max_length=18, default_factory=list)]
    asker: AskerBody | None = None
    locale: Literal["zh", "en"] = "zh"

    @model_validator(mode="after")
    def both_or_none(self) -> "ReportBody":
        if (self.lon is None) != (self.lat is None):
            message = "lon and lat belong together"
            raise ValueError(message)
        return self

    def report(self, channel: str) -> Report:
        return Report(
            id=self.id,
            text=self.text,
            title=self.title,
            channel=channel,
            lon=self.lon,
            lat=self.lat,
            area_code=self.area_code,
            place_words=self.place_words,
            found_at=self.found_at,
            file_ids=list(self.files),
            asker=AskerWords(self.asker.name, self.asker.phone, self.asker.mode)
            if self.asker
            else None,
            locale=self.locale,
        )


class StaffReportBody(ReportBody):
    """What staff take down for somebody, or report themselves."""

    channel: Annotated[str, Field(min_length=1, max_length=60)]
    kind: Code = ""
    type: Code | None = None
    level: Code = ""
    area_id: UUID | None = None
    reported_at: AwareDatetime | None = None
    self_handle: SelfHandled | None = None

    def report(self, channel: str) -> Report:
        told = super().report(channel)
        told.kind, told.type, told.level = self.kind, self.type, self.level
        told.area_id, told.reported_at = self.area_id, self.reported_at
        return told


class ReceiptView(BaseModel):
    """``code`` follows the matter without an account; it is shown here and kept nowhere."""

    id: UUID
    number: str
    code: str
    place_state: str
    emergency: list[str]
    area_names: list[str]
    files_left_out: list[UUID]


class StaffReceiptView(ReceiptView):
    case: CaseView


class SuggestedType(BaseModel):
    code: str
    zh: str
    en: str
    reasons: list[str]


class HelpView(BaseModel):
    name: NameView
    number: str


class EmergencyView(BaseModel):
    groups: list[str]
    words: list[str]
    help: list[HelpView]


class Suggestions(BaseModel):
    types: list[SuggestedType]
    emergency: EmergencyView
