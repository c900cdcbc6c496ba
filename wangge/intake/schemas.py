"""The wire shapes of reports."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field, ValidationError, model_validator

from wangge.cases.models import Mode
from wangge.cases.schemas import CaseView, Lat, Lon, NameView, Wire
from wangge.intake.models import Answer, AskerWords, Outcome, Report
from wangge.kernel.errors import Invalid, Refusal

# Longer texts are refused further in, with a sentence that says how long they may be.
Told = Annotated[str, Field(max_length=200_000)]
Short = Annotated[str, Field(max_length=200)]
Code = Annotated[str, Field(max_length=60)]


class AskerBody(Wire):
    name: Annotated[str, Field(max_length=50)] = ""
    phone: Annotated[str, Field(max_length=40)] = ""
    mode: Mode = Mode.OPEN

    def words(self) -> AskerWords:
        return AskerWords(self.name, self.phone, self.mode)


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
            asker=self.asker.words() if self.asker else None,
            locale=self.locale,
        )


class FiledReportBody(ReportBody):
    """A report whose files are here already."""

    files: Annotated[list[UUID], Field(max_length=18, default_factory=list)]

    def report(self, channel: str) -> Report:
        told = super().report(channel)
        told.file_ids = list(self.files)
        return told


class StaffReportBody(FiledReportBody):
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


class FoundReceipt(BaseModel):
    """All that a leaver is told of what he delivered."""

    id: UUID
    number: str


class BatchItem(FiledReportBody):
    """One matter of a batch; ``id`` decides whether it has been here before."""

    channel: Annotated[str, Field(min_length=1, max_length=60)] = "import"
    kind: Code = ""
    type: Code | None = None
    level: Code = ""
    area_id: UUID | None = None
    reported_at: AwareDatetime | None = None
    source_ref: Short = ""

    def told(self) -> Report:
        told = self.report(self.channel)
        told.kind, told.type, told.level = self.kind, self.type, self.level
        told.area_id, told.reported_at = self.area_id, self.reported_at
        told.source_ref = self.source_ref
        return told


class BatchBody(Wire):
    """Up to 1,000 matters; one that cannot be read is answered like any other."""

    items: Annotated[
        list[Annotated[BatchItem | Any, Field(union_mode="left_to_right")]],
        Field(min_length=1, max_length=1000),
    ]

    def told(self) -> list[Report | Refusal]:
        return [
            item.told() if isinstance(item, BatchItem) else unreadable(item) for item in self.items
        ]


def unreadable(item: Any) -> Invalid:
    """Why an item is none: the fields that are wrong, as every other door names them."""
    fields: list[dict[str, str]] = []
    try:
        BatchItem.model_validate(item)
    except ValidationError as error:
        fields = [
            {"field": ".".join(map(str, one["loc"])), "problem": one["msg"]}
            for one in error.errors(include_context=False, include_input=False)
        ]
    names = "、".join(dict.fromkeys(one["field"] for one in fields if one["field"]))
    return Invalid(
        "invalid_input",
        f"填写有误，请检查：{names or '提交的内容'}",
        f"please check: {names or 'the content sent'}",
        fields=fields,
    )


class RefusedView(BaseModel):
    code: str
    zh: str
    en: str


class AnswerView(BaseModel):
    """``number`` and ``code`` of what was taken or repeated, ``refusal`` of what was not."""

    id: str
    outcome: Outcome
    number: str
    code: str
    place_state: str
    emergency: list[str]
    refusal: RefusedView | None


class BatchView(BaseModel):
    """Answers in the order of the items, and how many of each kind."""

    taken: int
    repeated: int
    refused: int
    answers: list[AnswerView]


def answer_view(item: Any, answer: Answer) -> dict[str, Any]:
    said = item.id if isinstance(item, BatchItem) else None
    if said is None and isinstance(item, dict):
        said = item.get("id")
    receipt, refusal = answer.receipt, answer.refusal
    return {
        "id": "" if said is None else str(said)[:60],
        "outcome": answer.outcome.value,
        "number": receipt.number if receipt else "",
        "code": receipt.code if receipt else "",
        "place_state": receipt.place_state if receipt else "",
        "emergency": receipt.emergency if receipt else [],
        "refusal": {"code": refusal.code, "zh": refusal.zh, "en": refusal.en} if refusal else None,
    }


class PlainReceipt(BaseModel):
    """``code`` follows the matter without an account; it is shown here and kept nowhere."""

    id: UUID
    number: str
    code: str
    place_state: str
    emergency: list[str]
    area_names: list[str]


class ReceiptView(PlainReceipt):
    """Of the files that were named, those that the case does not have."""

    files_left_out: list[UUID]


class PublicReceiptView(PlainReceipt):
    """Of the photos that were named, the hashes of those that have not come yet."""

    awaits: list[str]


class StaffReceiptView(ReceiptView):
    case: CaseView


class SuggestedType(BaseModel):
    code: str
    zh: str
    en: str
    reasons: list[str]
    by: Literal["words", "likeness", "model", "both"]


class HelpView(BaseModel):
    name: NameView
    number: str


class EmergencyView(BaseModel):
    groups: list[str]
    words: list[str]
    help: list[HelpView]


class Suggestions(BaseModel):
    """``unsure`` (不确定): nothing points clearly anywhere. ``model``: the version asked."""

    types: list[SuggestedType]
    unsure: bool
    model: int | None
    emergency: EmergencyView
