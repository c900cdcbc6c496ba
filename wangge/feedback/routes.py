"""Doors of the box for the app itself, and the page that says how the app stands to the rule."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Path, Request
from pydantic import BaseModel, Field

from wangge.cases.schemas import NameView, Wire
from wangge.feedback import compliance, service
from wangge.kernel.limits import Bucket
from wangge.kernel.web import PublicDb, neighbourhood
from wangge.people.doors import OfficeDb, OfficeMe

router = APIRouter(prefix="/api/v1", tags=["feedback"])
WRITES = Bucket(rate=1 / 60, burst=10)
LOOKS = Bucket(rate=2, burst=60)
Kind = Literal["complaint", "suggestion", "fault"]
Code = Annotated[str, Path(max_length=20, pattern=r"^[A-Za-z0-9]*$")]


class NewFeedback(Wire):
    """What is wrong with the app or could be better; nobody is asked who he is."""

    id: UUID
    kind: Kind
    words: Annotated[str, Field(min_length=2, max_length=2000)]


class FeedbackAnswer(Wire):
    answer: Annotated[str, Field(min_length=2, max_length=2000)]


class FeedbackView(BaseModel):
    """``owner`` has taken it; ``seen_at``: its writer has read the answer."""

    id: UUID
    kind: Kind
    side: Literal["w", "r"]
    words: str
    at: datetime
    due_at: datetime
    late: bool
    by_name: str
    owner: str
    answer: str
    answered_at: datetime | None
    answered_name: str
    seen_at: datetime | None


class FeedbackList(BaseModel):
    items: list[FeedbackView]
    next: str | None = None


class FeedbackCode(BaseModel):
    code: str


class FeedbackAnswered(BaseModel):
    kind: Kind
    words: str
    at: datetime
    due_at: datetime
    answer: str
    answered_at: datetime | None


class CompliancePoint(BaseModel):
    """``state``: kept, chosen (a setting of this city), lacking, never (not built)."""

    code: str
    zh: str
    en: str
    law: NameView
    state: Literal["kept", "chosen", "lacking", "never"]
    now: NameView


class CompliancePage(BaseModel):
    rule: NameView
    texts: list[NameView]
    items: list[CompliancePoint]


@router.get("/compliance", operation_id="readCompliance", response_model=CompliancePage)
def read_compliance(tx: OfficeDb, _me: OfficeMe) -> dict[str, Any]:
    """How the app stands to the rule of 2026, as this city has set it; for everybody at work."""
    return compliance.page(tx)


@router.post("/feedback", operation_id="writeFeedback", response_model=FeedbackList)
def write(body: NewFeedback, tx: OfficeDb, me: OfficeMe) -> dict[str, Any]:
    service.write(tx, body.id, kind=body.kind, side="w", words=body.words.strip(), actor=me)
    return {"items": service.mine(tx, me)}


@router.get("/feedback/mine", operation_id="ownFeedback", response_model=FeedbackList)
def mine(tx: OfficeDb, me: OfficeMe) -> dict[str, Any]:
    return {"items": service.mine(tx, me)}


@router.get("/feedback", operation_id="listFeedback", response_model=FeedbackList)
def listed(tx: OfficeDb, me: OfficeMe) -> dict[str, Any]:
    return {"items": service.listed(tx, me)}


@router.post("/feedback/{feedback_id}/take", operation_id="takeFeedback",
             response_model=FeedbackList)  # fmt: skip
def take(feedback_id: UUID, tx: OfficeDb, me: OfficeMe) -> dict[str, Any]:
    service.take(tx, me, feedback_id)
    return listed(tx, me)


@router.post("/feedback/{feedback_id}/answer", operation_id="answerFeedback",
             response_model=FeedbackList)  # fmt: skip
def answer(feedback_id: UUID, body: FeedbackAnswer, tx: OfficeDb, me: OfficeMe) -> dict[str, Any]:
    service.answer(tx, me, feedback_id, words=body.answer.strip())
    return listed(tx, me)


@router.post("/public/feedback", operation_id="writeFeedbackPublicly", response_model=FeedbackCode)
def write_publicly(body: NewFeedback, tx: PublicDb, request: Request) -> dict[str, Any]:
    """A resident about the app, without an account; the code leads to the answer."""
    WRITES.take(neighbourhood(request))
    words = body.words.strip()
    return {"code": service.write(tx, body.id, kind=body.kind, side="r", words=words, actor=None)}


@router.get("/public/feedback/{code}", operation_id="readFeedbackPublicly",
            response_model=FeedbackAnswered)  # fmt: skip
def read_publicly(code: Code, tx: PublicDb, request: Request) -> dict[str, Any]:
    LOOKS.take(neighbourhood(request))
    return service.by_code(tx, code)
