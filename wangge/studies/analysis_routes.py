"""Doors of analyses: what was written, put right, released, and taken away on paper."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from wangge.audit import service as audit
from wangge.cases.schemas import NameView, Wire
from wangge.kernel.db import Tx
from wangge.kernel.description import Pdf, binary
from wangge.kernel.web import Db
from wangge.papers.reports import report_pdf, report_word
from wangge.people.doors import Me
from wangge.people.models import Actor
from wangge.studies import analyses
from wangge.studies.analysis_papers import report
from wangge.studies.rights import READ

router = APIRouter(prefix="/api/v1/studies/analyses", tags=["studies"])
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
Words = Annotated[str, Field(max_length=2000)]
Language = Literal["zh", "en"]


class StudyLine(BaseModel):
    """A count beside the period before and what is usual; all None where it is small."""

    n: int | None
    before: int | None
    usual: float | None
    unusual: bool


class StudyType(StudyLine):
    code: str
    name: NameView


class StudyPart(StudyLine):
    id: UUID
    name: str


class StudyPlace(BaseModel):
    names: list[str]
    name: NameView
    n: int


class StudyFigure(BaseModel):
    code: str
    name: NameView
    formula: NameView
    share: float | None
    numerator: int | None
    denominator: int | None
    before: float | None


class AnalysisBody(BaseModel):
    """What was counted when the analysis was written; ``earlier`` periods say what is usual."""

    area: str
    earlier: int
    least: int
    received: StudyLine
    figures: list[StudyFigure]
    types: list[StudyType]
    parts: list[StudyPart]
    places: list[StudyPlace]


class AnalysisEdit(BaseModel):
    at: datetime
    name: str
    comment: str
    before: list[str]


class AnalysisRow(BaseModel):
    id: UUID
    kind: Literal["week", "month"]
    area: str
    first: date
    last: date
    state: Literal["draft", "released"]
    made_at: datetime
    released_name: str
    released_at: datetime | None
    received: StudyLine


class AnalysisView(BaseModel):
    """``words`` as people have put them right; ``words_en`` says the figures alone."""

    id: UUID
    kind: Literal["week", "month"]
    area_id: UUID
    first: date
    last: date
    state: Literal["draft", "released"]
    made_at: datetime
    released_name: str
    released_at: datetime | None
    body: AnalysisBody
    words: list[str]
    words_en: list[str]
    edits: list[AnalysisEdit]
    may: list[str]


class AnalysisWords(Wire):
    words: Annotated[list[Words], Field(min_length=1, max_length=30)]
    comment: Annotated[str, Field(max_length=500)]


@router.get("", operation_id="listAnalyses", response_model=list[AnalysisRow])
def listed(
    tx: Db, me: Me, kind: Literal["week", "month"] | None = None, area: UUID | None = None
) -> list[dict[str, Any]]:
    me.must(READ)
    return analyses.listed(tx, kind, area)


@router.get("/{analysis_id}", operation_id="readAnalysis", response_model=AnalysisView)
def read(analysis_id: UUID, tx: Db, me: Me) -> dict[str, Any]:
    return analyses.seen(tx, me, analysis_id)


@router.put("/{analysis_id}/words", operation_id="changeAnalysis", response_model=AnalysisView)
def change(analysis_id: UUID, body: AnalysisWords, tx: Db, me: Me) -> dict[str, Any]:
    """Put the sentences right before they are released; the figures stay as they were counted."""
    words = [one.strip() for one in body.words if one.strip()]
    analyses.change(tx, me, analysis_id, words, body.comment.strip())
    return analyses.seen(tx, me, analysis_id)


@router.post("/{analysis_id}/release", operation_id="releaseAnalysis", response_model=AnalysisView)
def release(analysis_id: UUID, tx: Db, me: Me) -> dict[str, Any]:
    analyses.release(tx, me, analysis_id)
    return analyses.seen(tx, me, analysis_id)


def _paper(
    tx: Tx, me: Actor, analysis_id: UUID, kind: str, language: str
) -> tuple[bytes, dict[str, str]]:
    row = analyses.seen(tx, me, analysis_id)
    content = report(tx, row, f"{me.name} {me.title}", language)
    made = report_pdf(content) if kind == "pdf" else report_word(content)
    audit.record(
        tx, "analysis.taken", analysis_id, detail={"as": kind, "in": language}, account_id=me.id
    )
    name = quote(f"{content.title}-{row['first']:%Y%m%d}.{kind}")
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
        "Cache-Control": "no-store",
    }
    return made, headers


@router.get("/{analysis_id}/paper.pdf", operation_id="printAnalysis", response_class=Pdf)
def printed(analysis_id: UUID, tx: Db, me: Me, language: Language = "zh") -> Response:
    content, headers = _paper(tx, me, analysis_id, "pdf", language)
    return Pdf(content, headers=headers)


@router.get(
    "/{analysis_id}/paper.docx",
    operation_id="writeAnalysis",
    response_class=Response,
    responses={200: binary(WORD)},
)
def written(analysis_id: UUID, tx: Db, me: Me, language: Language = "zh") -> Response:
    content, headers = _paper(tx, me, analysis_id, "docx", language)
    return Response(content, media_type=WORD, headers=headers)
