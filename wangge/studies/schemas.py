"""The wire shapes of surveys."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from wangge.cases.schemas import NameView, Wire
from wangge.studies.models import Question, Sheet, SurveyDraft

Step = Literal["open", "close", "release", "withdraw"]
Answers = Annotated[list[Annotated[int, Field(ge=0, le=4)]], Field(min_length=1, max_length=20)]


class SurveyQuestionBody(Wire):
    """A question of the scale of four; English may be left out."""

    zh: Annotated[str, Field(min_length=2, max_length=120)]
    en: Annotated[str, Field(max_length=200)] = ""
    scale: Literal["safe", "satisfied"] = "safe"


class SurveyBody(Wire):
    """``planned``: how many paper sheets are to be asked for, shared out by base grids."""

    title: Annotated[str, Field(min_length=2, max_length=60)]
    area_id: UUID
    opens_on: date
    closes_on: date
    planned: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    questions: Annotated[list[SurveyQuestionBody], Field(min_length=1, max_length=20)]

    def draft(self, survey_id: UUID) -> SurveyDraft:
        questions = tuple(Question(one.zh.strip(), one.en.strip(), one.scale)
                          for one in self.questions)  # fmt: skip
        return SurveyDraft(survey_id, self.title.strip(), self.area_id, self.opens_on,
                           self.closes_on, self.planned, questions)  # fmt: skip


class SurveySheetBody(Wire):
    """``answers``: 1 to 4, the lowest first, for each question; 0 is skipped."""

    id: UUID
    area_id: UUID | None = None
    answers: Answers

    def sheet(self) -> Sheet:
        return Sheet(self.id, self.area_id, tuple(self.answers))


class SurveyPapersBody(Wire):
    sheets: Annotated[list[SurveySheetBody], Field(min_length=1, max_length=500)]


class SurveyStepBody(Wire):
    step: Step


class SurveyRow(BaseModel):
    id: UUID
    code: str
    title: str
    area: str
    opens_on: date
    closes_on: date
    state: str
    made_name: str
    at: datetime


class SurveyArea(BaseModel):
    id: UUID
    name: str


class SurveyQuestion(BaseModel):
    """``choices`` from the lowest to the highest."""

    words: NameView
    scale: str
    choices: list[NameView]


class SurveyPart(BaseModel):
    """Areas or ways that are told together, because each alone would be few."""

    names: list[str]
    unsaid: bool
    n: int
    upper: int
    share: float


class SurveyFound(BaseModel):
    """All None below the least number of answers."""

    n: int | None
    upper: int | None
    share: float | None
    counts: list[int] | None
    areas: list[SurveyPart]
    ways: list[SurveyPart]


class SurveyResult(BaseModel):
    sheets: int | None
    least: int
    formula: NameView
    answers: list[SurveyFound]


class SurveyQuota(SurveyArea):
    planned: int
    received: int


class PublicSurvey(BaseModel):
    """A survey as anybody sees it; ``result`` only when it is released."""

    code: str
    title: str
    area: str
    area_id: UUID
    opens_on: date
    closes_on: date
    planned: int
    state: str
    takes: bool
    parts: list[SurveyArea]
    questions: list[SurveyQuestion]
    result: SurveyResult | None


class SurveyView(PublicSurvey):
    id: UUID
    made_name: str
    url: str
    received: int
    received_paper: int
    quotas: list[SurveyQuota]
    may: list[str]


class SurveyReceived(BaseModel):
    received: int


class PublicSurveyRow(BaseModel):
    code: str
    title: str
    area: str
    closes_on: date
    takes: bool
    released: bool


class PublicSurveys(BaseModel):
    items: list[PublicSurveyRow]
