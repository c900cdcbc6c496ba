"""Doors of the contact with the asker: tries, the callers' list, what a call-back says."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from wangge.cases import answers, callbacks, contacts, to_tell
from wangge.cases.callbacks import Question
from wangge.cases.contacts import Attempt
from wangge.cases.schemas import NameView, StepActor, Wire
from wangge.kernel.web import Db
from wangge.people.doors import Me

router = APIRouter(prefix="/api/v1", tags=["cases"])
Short = Annotated[str, Field(max_length=1000)]


class ContactClock(BaseModel):
    """The first contact of the present round; ``light`` is none once the asker was reached."""

    began_at: datetime
    due_at: datetime
    limit: NameView
    reached_at: datetime | None
    tries: int
    light: str
    late: bool


class ContactView(BaseModel):
    id: UUID
    round: int
    purpose: str
    way: str
    result: str
    reached: bool
    outcome: str | None
    satisfaction: str | None
    note: str
    by: StepActor
    at: datetime


class ContactList(BaseModel):
    clock: ContactClock | None
    may_add: bool
    items: list[ContactView]


class ContactBody(Wire):
    """One try; ``id`` is made by whoever tried."""

    id: UUID
    way: Literal["call", "visit"] = "call"
    result: Annotated[str, Field(min_length=1, max_length=60)]
    note: Short = ""

    def attempt(self) -> Attempt:
        return Attempt(self.id, self.way, self.result, self.note.strip())


class QuestionBody(Wire):
    """诉求不合理, proposed by whoever heard the asker: the reason and what it rests on."""

    reason: Annotated[str, Field(min_length=1, max_length=60)]
    ground: Annotated[str, Field(min_length=1, max_length=2000)]


class CallbackBody(ContactBody):
    """One try to ask how it went; whoever was reached says whether it is solved, and how well."""

    solved: bool | None = None
    satisfaction: Annotated[str, Field(max_length=30)] = ""
    question: QuestionBody | None = None


class ToCall(BaseModel):
    """Somebody to be called: his number opens by itself and is logged."""

    id: UUID
    number: str | None
    title: str
    type: str | None
    round: int
    answer: str
    closed_at: datetime
    place_words: str
    name_mask: str
    phone_mask: str
    mode: str
    tries: int
    last_at: datetime | None


class ToTell(BaseModel):
    """Somebody to be rung up with the answer, because nothing else brings it to him."""

    id: UUID
    number: str | None
    title: str
    type: str | None
    round: int
    state: str
    answer: str
    closed_at: datetime
    place_words: str
    name_mask: str
    phone_mask: str
    mode: str
    tries: int
    last_at: datetime | None


class Outcomes(BaseModel):
    """Of thirty days: ``share`` is satisfied ÷ reached in per cent; the rest is in no share."""

    reached: int
    satisfied: int
    reopened: int
    refused: int
    unreached: int
    unreasonable: int
    share: float | None


class FirstContact(BaseModel):
    """Of thirty days: within how many minutes of receipt half and nine tenths were reached."""

    n: int
    p50: float | None
    p90: float | None


class CallList(BaseModel):
    """``fairly_counts``: the published rule whether 基本满意 counts; petitions also stand apart."""

    items: list[ToCall]
    to_tell: list[ToTell]
    count: int
    later: int
    month: Outcomes
    petitions: Outcomes
    first_contact: FirstContact
    fairly_counts: bool
    tries: int


class CallbackDone(BaseModel):
    """``outcome`` is empty while the asker has to be tried again."""

    outcome: str


@router.get("/cases/{case_id}/contacts", operation_id="listContacts", response_model=ContactList)
def list_contacts(case_id: UUID, tx: Db, me: Me) -> dict[str, Any]:
    """Every try to reach the asker, and the clock of the first contact."""
    return contacts.listing(tx, me, case_id)


@router.post("/cases/{case_id}/contacts", operation_id="addContact", response_model=ContactList)
def add_contact(case_id: UUID, body: ContactBody, tx: Db, me: Me) -> dict[str, Any]:
    """Write down a try; it changes nothing else of the case."""
    contacts.add(tx, me, case_id, body.attempt())
    return contacts.listing(tx, me, case_id)


class SameAnswer(BaseModel):
    id: UUID
    number: str | None
    title: str
    state: str
    at: datetime


class SameAnswers(BaseModel):
    """Cases whose answer is the same without names, digits and dates; ``count`` up to 200."""

    items: list[SameAnswer]
    count: int


@router.get("/cases/{case_id}/same-answers", operation_id="sameAnswers",
            response_model=SameAnswers)  # fmt: skip
def same_answers(case_id: UUID, tx: Db, me: Me) -> dict[str, Any]:
    """For the desk in charge: who else was answered in the same words."""
    return answers.same(tx, me, case_id)


@router.get("/callbacks", operation_id="listCallbacks", response_model=CallList)
def list_callbacks(
    tx: Db, me: Me, limit: Annotated[int, Query(ge=1, le=100)] = 50
) -> dict[str, Any]:
    """Whom to call now, on the ground and at the desks of whoever asks."""
    return {**callbacks.waiting(tx, me, limit=limit), "to_tell": to_tell.waiting(tx, me)}


@router.post("/cases/{case_id}/callback", operation_id="recordCallback",
             response_model=CallbackDone)  # fmt: skip
def record_callback(case_id: UUID, body: CallbackBody, tx: Db, me: Me) -> dict[str, Any]:
    """One try with its result; whoever was reached ends the matter or sends it round again."""
    outcome = callbacks.record(
        tx, me, case_id, body.attempt(), solved=body.solved, satisfaction=body.satisfaction,
        question=Question(body.question.reason, body.question.ground.strip())
        if body.question else None,
    )  # fmt: skip
    return {"outcome": outcome}
