"""Doors of cases: lists, the whole case, steps, corrections."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from wangge.audit import service as audit
from wangge.cases import lists, queries
from wangge.cases.corrections import Correction, correct
from wangge.cases.deadlines import explained
from wangge.cases.models import STAGE, Mode, State
from wangge.cases.schemas import (
    AskerPlain,
    CaseCard,
    CasePage,
    CaseView,
    CorrectionBody,
    DeadlineView,
    ListQuery,
    QueueView,
    StepBody,
)
from wangge.cases.service import not_found, step_of_account
from wangge.cases.views import card, view
from wangge.kernel import crypto
from wangge.kernel.db import Tx
from wangge.kernel.web import Db, hop, json
from wangge.people.doors import Me
from wangge.people.models import Actor
from wangge.tenant.service import rules

router = APIRouter(prefix="/api/v1", tags=["cases"])


def whole(tx: Tx, actor: Actor, case_id: UUID) -> dict[str, Any]:
    row = queries.whole(tx, case_id)
    if row is None:
        raise not_found()
    files = queries.files_of(tx, case_id) if row["has_files"] else []
    return view(tx, actor, row, queries.steps(tx, case_id), files)


@router.get("/cases/queues", operation_id="listQueues", response_model=list[QueueView])
def list_queues(tx: Db, me: Me) -> list[dict[str, Any]]:
    """The queues of this person's posts, each with how much waits in it (up to 1,000)."""
    return lists.queues(tx, me)


@router.get("/cases", operation_id="listCases", response_model=CasePage)
async def list_cases(request: Request, asked: Annotated[ListQuery, Query()]) -> Response:
    """A queue, most urgent first; or everything that may be seen, newest first."""

    def work(tx: Tx) -> dict[str, Any]:
        return lists.page(
            tx,
            Actor.of(tx),
            asked.filter(),
            queue=asked.queue,
            cursor=asked.cursor,
            limit=asked.limit,
        )

    return json(await hop(request, "app", work))


@router.get("/cases/{case_id}", operation_id="readCase", response_model=CaseView)
async def read_case(case_id: UUID, request: Request) -> Response:
    return json(await hop(request, "app", lambda tx: whole(tx, Actor.of(tx), case_id)))


MINIMAL = "return=minimal"  # RFC 7240
TAKEN: dict[int | str, dict[str, Any]] = {
    204: {"description": "Taken; the version after it stands in ETag"}
}


@router.post("/cases/{case_id}/steps", operation_id="takeStep", response_model=CaseView,
             responses=TAKEN)  # fmt: skip
async def take_step(case_id: UUID, body: StepBody, request: Request) -> Response:
    """Take one step; a repeat with the same id answers as the first did.

    Who asks with `Prefer: return=minimal` is spared the whole case, which costs as much again.
    """
    minimal = MINIMAL in request.headers.get("prefer", "")

    def work(tx: Tx) -> dict[str, Any]:
        actor = Actor.of(tx)
        after = step_of_account(tx, actor, case_id, body.given())
        return after if minimal else whole(tx, actor, case_id)

    found = await hop(request, "app", work)
    if minimal:
        said = {"Preference-Applied": MINIMAL, "ETag": f'"{found["version"]}"'}
        return Response(status_code=204, headers=said)
    return json(found)


@router.patch("/cases/{case_id}", operation_id="correctCase", response_model=CaseView)
def correct_case(case_id: UUID, body: CorrectionBody, tx: Db, me: Me) -> dict[str, Any]:
    correct(tx, me, case_id, Correction(**body.model_dump()))
    return whole(tx, me, case_id)


@router.get("/cases/{case_id}/deadline", operation_id="explainDeadline",
            response_model=DeadlineView | None)  # fmt: skip
def explain_deadline(case_id: UUID, tx: Db) -> dict[str, Any] | None:
    """Why it is due then, step by step on the working calendar; null when nothing is due.

    A screen may ask it of a case that has ended a moment ago: that is an answer, no mistake.
    """
    row = queries.whole(tx, case_id)
    if row is None:
        raise not_found()
    running = State(row["state"]) in STAGE and row["due_from"] is not None
    return explained(tx, row) if running else None


@router.get("/cases/{case_id}/asker", operation_id="readAsker", response_model=AskerPlain)
def read_asker(
    case_id: UUID, reason: Annotated[str, Query(min_length=2, max_length=200)], tx: Db, me: Me
) -> dict[str, Any]:
    """The asker's name and number in plain; who read it and why is kept.

    A confidential asker's data open only for the desk in charge.
    """
    me.must("case.asker")
    row = tx.one(
        "select k.*, c.desk_id from case_askers k join cases c on c.id = k.case_id"
        " where k.case_id = %s",
        [case_id],
    )
    if row is None:
        raise not_found()
    if row["mode"] == Mode.CONFIDENTIAL:
        me.must_at("case.asker", desk_id=row["desk_id"])
    audit.record(tx, "asker.read", case_id, reason, {}, account_id=me.id)
    tenant = tx.cell.tenant
    return {
        "mode": row["mode"],
        "name": crypto.open_(tenant, row["name_sealed"]) if row["name_sealed"] else "",
        "phone": crypto.open_(tenant, row["phone_sealed"]) if row["phone_sealed"] else "",
    }


@router.get("/callers", operation_id="earlierMatters", response_model=list[CaseCard])
def earlier_matters(
    phone: Annotated[str, Query(min_length=3, max_length=40)], tx: Db, me: Me
) -> list[dict[str, Any]]:
    """Earlier matters of the number that is calling."""
    me.must("case.asker")
    number = crypto.normal_phone(phone)
    audit.record(
        tx, "caller.looked_up", None, "代录", {"phone": crypto.mask_phone(number)}, account_id=me.id
    )
    desks = me.reach("case.asker").units
    found = queries.of_caller(tx, crypto.index(tx.cell.tenant, number), desks)
    return [card(row, rules(tx), tx.now) for row in found]
