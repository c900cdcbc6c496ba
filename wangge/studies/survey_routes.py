"""Doors of surveys: written and followed at the desk, answered by anybody without an account."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Request, Response

from wangge.kernel.description import Svg
from wangge.kernel.limits import Bucket
from wangge.kernel.web import Db, PublicDb, neighbourhood
from wangge.papers.qr import qr_svg
from wangge.people.doors import Me, OfficeDb, OfficeMe
from wangge.studies import surveys
from wangge.studies.models import State
from wangge.studies.rights import READ
from wangge.studies.schemas import (
    PublicSurvey,
    PublicSurveys,
    SurveyBody,
    SurveyPapersBody,
    SurveyReceived,
    SurveyRow,
    SurveySheetBody,
    SurveyStepBody,
    SurveyView,
)

router = APIRouter(prefix="/api/v1/studies/surveys", tags=["studies"])
public_router = APIRouter(prefix="/api/v1/public/surveys", tags=["public"])
Code = Annotated[str, Path(max_length=30)]
LOOKS = Bucket(rate=5, burst=120)
# A neighbourhood may share one address; nobody has a hundred sheets in a minute.
ANSWERS = Bucket(rate=1 / 5, burst=60)


@router.get("", operation_id="listSurveys", response_model=list[SurveyRow])
def listed(tx: Db, me: Me) -> list[dict[str, Any]]:
    me.must(READ)
    return surveys.listed(tx)


@router.put("/{survey_id}", operation_id="putSurvey", response_model=SurveyView)
def put(survey_id: UUID, body: SurveyBody, tx: OfficeDb, me: OfficeMe) -> dict[str, Any]:
    """Write a survey or change its draft; whoever leads the desk or the area."""
    surveys.put(tx, me, body.draft(survey_id))
    return surveys.seen(tx, me, survey_id)


@router.get("/{survey_id}", operation_id="readSurvey", response_model=SurveyView)
def read(survey_id: UUID, tx: OfficeDb, me: OfficeMe) -> dict[str, Any]:
    """How many answered; what they answered only when the survey is closed."""
    return surveys.seen(tx, me, survey_id)


@router.post("/{survey_id}/steps", operation_id="stepSurvey", response_model=SurveyView)
def step(survey_id: UUID, body: SurveyStepBody, tx: OfficeDb, me: OfficeMe) -> dict[str, Any]:
    surveys.step(tx, me, survey_id, body.step)
    return surveys.seen(tx, me, survey_id)


@router.post("/{survey_id}/papers", operation_id="typeSurveyPapers", response_model=SurveyReceived)
def type_in(survey_id: UUID, body: SurveyPapersBody, tx: OfficeDb, me: OfficeMe) -> dict[str, int]:
    """Answers from paper; a sheet that is sent again counts once."""
    sheets = [one.sheet() for one in body.sheets]
    return {"received": surveys.type_in(tx, me, survey_id, sheets)}


@router.get("/{survey_id}/qr.svg", operation_id="surveyCode", response_class=Svg)
def code(survey_id: UUID, tx: OfficeDb, me: OfficeMe) -> Response:
    """The code that opens the public page of the survey."""
    return Svg(qr_svg(surveys.seen(tx, me, survey_id)["url"]))


@public_router.get("", operation_id="publicSurveys", response_model=PublicSurveys)
def public_list(tx: PublicDb, request: Request) -> dict[str, Any]:
    """What may be answered today, and what was released."""
    LOOKS.take(neighbourhood(request))
    return {"items": surveys.public_list(tx)}


@public_router.get("/{code}", operation_id="publicSurvey", response_model=PublicSurvey)
def public_read(code: Code, tx: PublicDb, request: Request) -> dict[str, Any]:
    LOOKS.take(neighbourhood(request))
    row = surveys.of_code(tx, code)
    shown = surveys.result(tx, row) if row["state"] == State.RELEASED else None
    return {**surveys.described(tx, row), "result": shown}


@public_router.post("/{code}/answers", operation_id="answerSurvey", status_code=204)
def public_answer(code: Code, body: SurveySheetBody, tx: PublicDb, request: Request) -> None:
    """One person's answers. Nothing about the person, the device or the moment is kept."""
    ANSWERS.take(neighbourhood(request))
    surveys.answer(tx, code, body.sheet())
