"""The staff's doors to intake: taking down for somebody (代录), reporting from the field."""

from collections import Counter
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from wangge.cases import queries
from wangge.cases.models import Action, StepInput
from wangge.cases.service import step_of_account
from wangge.cases.views import view
from wangge.classify import service as classify
from wangge.intake.models import Outcome, Receipt, Source
from wangge.intake.schemas import (
    BatchBody,
    BatchView,
    FoundReceipt,
    StaffReceiptView,
    StaffReportBody,
    Suggestions,
    answer_view,
)
from wangge.intake.service import heard, receive_each, receive_many, send_code
from wangge.kernel.db import Tx
from wangge.kernel.errors import NotFound
from wangge.kernel.web import Db, hop, json, session_token
from wangge.people import leaving
from wangge.people.doors import Me
from wangge.people.models import Actor
from wangge.tenant.service import rules

router = APIRouter(prefix="/api/v1", tags=["cases"])


@router.post("/cases", operation_id="reportCase", response_model=StaffReceiptView)
async def report_case(body: StaffReportBody, request: Request) -> Response:
    """Open a case; with ``self_handle`` it is reported and handled in one go (short path).

    Runs outside row-level security, because a matter may belong to somebody else's ground.
    """

    def work(tx: Tx) -> dict[str, Any]:
        actor = Actor.of(tx)
        actor.must("case.report")
        receipt = _reported(tx, actor, body)
        row = queries.whole(tx, body.id)
        if row is None:
            raise NotFound("no_such_case", "没有找到这件事项", "no such case")
        whole = view(tx, actor, row, queries.steps(tx, body.id), queries.files_of(tx, body.id))
        kept = {file["id"] for file in whole["files"]}
        return {**receipt.answer(body.files, kept), "case": whole}

    return json(await hop(request, "intake", work))


def _reported(tx: Tx, actor: Actor, body: StaffReportBody) -> Receipt:
    receipt, *_ = receive_many(tx, [body.report(body.channel)], Source(actor))
    send_code(tx, receipt)
    if body.self_handle:
        done = body.self_handle
        given = StepInput(
            id=done.id,
            action=Action.SELF_HANDLE,
            note=done.note.strip(),
            file_ids=tuple(done.files),
        )
        step_of_account(tx, actor, body.id, given)
    return receipt


@router.post("/session/found", operation_id="deliverFound", response_model=FoundReceipt)
async def deliver_found(body: StaffReportBody, request: Request) -> Response:
    """Take what a leaver found before his post ended, from a device that was without network.

    The device has nothing but the token of its ended session; that opens this door and no other.
    """

    def work(tx: Tx) -> dict[str, Any]:
        leaver = leaving.deliverer(tx, session_token(request))
        leaver.actor.must("case.report")
        leaving.check_found(body.found_at, leaver.left_at)
        receipt = _reported(tx, leaver.actor, body)
        return {"id": receipt.id, "number": receipt.number}

    return json(await hop(request, "intake", work, session=False))


@router.post("/intake/cases", operation_id="takeBatch", response_model=BatchView)
async def take_batch(body: BatchBody, request: Request) -> Response:
    """Many matters at once, for import, sync and devices; each is answered for itself.

    The ids decide what is a repeat, so a batch whose answer was lost is simply sent again.
    """

    def work(tx: Tx) -> dict[str, Any]:
        actor = Actor.of(tx)
        actor.must("case.import")
        answers = receive_each(tx, body.told(), Source(actor))
        counted = Counter(answer.outcome.value for answer in answers)
        return {
            **{outcome.value: counted[outcome.value] for outcome in Outcome},
            "answers": [answer_view(*pair) for pair in zip(body.items, answers, strict=True)],
        }

    return json(await hop(request, "intake", work))


@router.get("/suggestions", operation_id="suggest", response_model=Suggestions)
def suggest(text: Annotated[str, Query(max_length=5000)], tx: Db, me: Me) -> dict[str, Any]:
    """Types that the words point to, with the reasons, and emergency words that were heard."""
    me.must("case.report")
    known = rules(tx)
    found = classify.listen(known, classify.current(tx), "", text)
    return {
        "types": [
            {
                "code": one.code,
                "zh": known.types.by_code[one.code].zh,
                "en": known.types.by_code[one.code].en,
                "reasons": list(one.reasons),
                "by": one.by,
            }
            for one in found.types
        ],
        "unsure": found.unsure,
        "model": found.model,
        "emergency": heard(tx, text),
    }
