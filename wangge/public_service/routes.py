"""Doors that need no account: report, follow, answer, emergency help. Limited, never for danger."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from wangge.cases.operations import Photos
from wangge.cases.schemas import NameView, Wire
from wangge.intake.schemas import EmergencyView, FiledReportBody, PublicReceiptView
from wangge.intake.service import heard
from wangge.kernel import crypto
from wangge.kernel.db import Tx
from wangge.kernel.limits import Bucket
from wangge.kernel.web import PublicDb, cell_of, hop, json, neighbourhood
from wangge.public_service import matters
from wangge.public_service.reporting import GATHERED, Said, take_one, waits_for_nobody

router = APIRouter(prefix="/api/v1/public", tags=["public"])
LOOKS = Bucket(rate=5, burst=120)
# One number is not rung up by many, and one asker does not ring up many.
PHONE_CODES = Bucket(rate=1 / 60, burst=3)
PHONE_CODES_HERE = Bucket(rate=1 / 20, burst=20)
CHECKS = Bucket(rate=5, burst=60)
CHECKS_HERE = Bucket(rate=20, burst=300)
DEVICE = "x-device"


class PublicReportBody(FiledReportBody):
    """A resident's report; its photos follow it, under the same ``upload_token``.

    ``files``: what an earlier release of the app had sent before the words.

    ``spoken``: nothing was typed, the words are in a recording and wait for somebody's ear.
    """

    photos: Photos
    upload_token: Annotated[str, Field(max_length=100)] = ""
    spoken: bool = False


class StageView(BaseModel):
    key: str
    at: datetime | None
    reached: bool


class PublicFile(BaseModel):
    id: UUID
    purpose: str
    kind: str


class PartView(BaseModel):
    """A matter that was taken out of this one, with its own follow code."""

    code: str
    number: str | None
    title: str
    state: str


class MatterView(BaseModel):
    number: str | None
    title: str
    text: str
    state: str
    sentence: NameView
    remedies: list[NameView]
    stages: list[StageView]
    place: str
    names: list[str]
    desk: str
    desk_phone: str
    unit: str | None
    round: int
    other_hands: bool | None
    answer: str
    received_at: datetime
    expected_at: datetime | None
    closed_at: datetime | None
    solved: bool | None
    satisfaction: str | None
    may_answer: bool
    may_withdraw: bool
    files: list[PublicFile]
    parts: list[PartView]


class AnswerBody(Wire):
    id: UUID
    solved: bool
    satisfaction: Annotated[str, Field(max_length=30)] = ""
    text: Annotated[str, Field(max_length=2000)] = ""


class WithdrawBody(Wire):
    id: UUID
    text: Annotated[str, Field(max_length=2000)] = ""


class PhoneBody(Wire):
    phone: Annotated[str, Field(max_length=40)]


class PhoneProof(PhoneBody):
    code: Annotated[str, Field(max_length=10)]


class OwnMatter(BaseModel):
    code: str
    number: str | None
    title: str
    state: str
    received_at: datetime
    may_answer: bool


class WordsBody(Wire):
    text: Annotated[str, Field(max_length=10_000)]


def device(request: Request) -> str:
    """Whose bucket: the device's own name for itself within its address."""
    return f"{neighbourhood(request)} {request.headers.get(DEVICE, '')[:60]}"


@router.post("/cases", operation_id="reportPublicly", response_model=PublicReceiptView)
async def report(body: PublicReportBody, request: Request) -> Response:
    """A resident's report. An emergency passes every limit, and waits for nobody's."""
    told, cell = body.report("resident"), cell_of(request)
    told.wants_code = True
    said = Said(told, device(request), neighbourhood(request), body.spoken)
    said.token = crypto.hashed(body.upload_token) if body.upload_token else None
    told.file_token = said.token
    said.photos = [one.photo() for one in body.photos]
    if not waits_for_nobody(cell.tenant, said):
        return json(await GATHERED.answer(cell, said))

    def work(tx: Tx) -> dict[str, Any]:
        return take_one(tx, said)

    return json(await hop(request, "intake", work, session=False))


@router.get("/cases/{code}", operation_id="followMatter", response_model=MatterView)
def follow(code: str, tx: PublicDb, request: Request) -> dict[str, Any]:
    LOOKS.take(neighbourhood(request))
    return matters.by_code(tx, code)


@router.post("/cases/{code}/answer", operation_id="answerMatter", response_model=MatterView)
def answer(code: str, body: AnswerBody, tx: PublicDb, request: Request) -> dict[str, Any]:
    LOOKS.take(neighbourhood(request))
    return matters.answer(
        tx, code, body.id, solved=body.solved, satisfaction=body.satisfaction, words=body.text
    )


@router.post("/cases/{code}/withdraw", operation_id="withdrawMatter", response_model=MatterView)
def withdraw(code: str, body: WithdrawBody, tx: PublicDb, request: Request) -> dict[str, Any]:
    LOOKS.take(neighbourhood(request))
    return matters.withdraw(tx, code, body.id, body.text)


@router.post("/phone-codes", operation_id="sendPhoneCode", status_code=202)
def send_phone_code(body: PhoneBody, tx: PublicDb, request: Request) -> dict[str, str]:
    PHONE_CODES_HERE.take(neighbourhood(request))
    PHONE_CODES.take(f"{tx.cell.tenant} {crypto.normal_phone(body.phone)}")
    matters.send_phone_code(tx, body.phone)
    return {"status": "sent"}


@router.post("/phone-matters", operation_id="mattersOfPhone", response_model=list[OwnMatter])
async def matters_of_phone(body: PhoneProof, request: Request) -> Response:
    LOOKS.take(neighbourhood(request))

    def work(tx: Tx) -> list[dict[str, Any]] | None:
        return matters.by_phone(tx, body.phone, body.code)

    found = await hop(request, "intake", work, session=False)
    if found is None:
        raise matters.wrong_code()
    return json(found)


@router.post("/emergency-check", operation_id="checkEmergency", response_model=EmergencyView)
def emergency_check(body: WordsBody, tx: PublicDb, request: Request) -> dict[str, Any]:
    found = heard(tx, body.text)
    urgent = bool(found["groups"])
    CHECKS.take(device(request), bypass=urgent)
    CHECKS_HERE.take(neighbourhood(request), bypass=urgent)
    return found
