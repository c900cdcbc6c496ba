"""Doors of supervision: what needs looking at, and what was issued on a case."""

from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Response

from wangge.audit import service as audit
from wangge.cases.service import not_found
from wangge.cases.views import card
from wangge.cases.workflow import BEFORE_CLOSING
from wangge.kernel.db import Tx
from wangge.kernel.description import Pdf
from wangge.kernel.errors import NotFound
from wangge.kernel.web import Db
from wangge.papers.models import SupervisionPaper, Word
from wangge.papers.pdf import supervision_paper
from wangge.people.doors import Me
from wangge.people.models import Actor
from wangge.settings import settings
from wangge.supervision import queries, schemas, service, views
from wangge.supervision.models import Kind
from wangge.tenant.deadline import due_at
from wangge.tenant.limits import Limit
from wangge.tenant.service import rules

router = APIRouter(prefix="/api/v1", tags=["supervision"])
SHOWN = 100
PAPERS = {
    Kind.NOTICE: Word("督办单", "Supervision notice"),
    Kind.LISTING: Word("挂牌督办通知书", "Listed supervision"),
    Kind.CRITICISM: Word("通报", "Notice of criticism"),
}


@router.get("/supervision/cases", operation_id="listWatchedCases",
            response_model=schemas.WatchedPage)  # fmt: skip
def watched(
    tx: Db, me: Me, name: Annotated[schemas.ListName, Query(alias="list")] = "late"
) -> dict[str, Any]:
    """What is late, without a word, listed, to be answered: the longest first, whose turn it is."""
    me.must("case.read")
    known = rules(tx)
    # What is only proposed is for those who supervise.
    units, drafts = list(me.unit_ids), me.may("case.supervise")
    counts = queries.counts(tx, units)
    cards = queries.listed(tx, name, SHOWN, units) if drafts or name != "proposed" else []
    return {
        "items": [
            {**card(row, known, tx.now), "since": row["since"], "told_rung": row["told_rung"]}
            for row in cards
        ],
        "counts": counts if drafts else {**counts, "proposed": 0},
    }


def _case(tx: Tx, actor: Actor, case_id: UUID) -> dict[str, Any]:
    case = tx.one("select id, pos, state from cases where id = %s", [case_id])
    if case is None:
        raise not_found()
    known = rules(tx)
    within = Limit.parse(known.supervision.answer_within)
    return {
        **views.of_case(tx, actor, case, is_open=case["state"] in BEFORE_CLOSING),
        "answer_by": due_at(known.calendar, tx.now, within),
    }


@router.get("/cases/{case_id}/supervision", operation_id="readSupervision",
            response_model=schemas.CaseSupervision)  # fmt: skip
def of_case(case_id: UUID, tx: Db, me: Me) -> dict[str, Any]:
    """Everything issued on a case, oldest first, and what the reader may issue."""
    return _case(tx, me, case_id)


@router.post("/cases/{case_id}/supervision", operation_id="issueSupervision",
             response_model=schemas.CaseSupervision)  # fmt: skip
def issue(case_id: UUID, body: schemas.IssueBody, tx: Db, me: Me) -> dict[str, Any]:
    """督办单、挂牌督办 at once; 通报 is proposed and waits for a leader."""
    service.issue(
        tx, me, case_id, key=body.id, kind=body.kind, reason=body.reason.strip(),
        answer_by=body.answer_by,
    )  # fmt: skip
    return _case(tx, me, case_id)


def _row(tx: Tx, me: Actor, key: UUID) -> dict[str, Any]:
    row = queries.one(tx, key)
    if row is None or not views.sees(me, row):
        raise NotFound("no_such_supervision", "没有这张督办单", "no such supervision")
    return row


def _one(tx: Tx, me: Actor, key: UUID) -> dict[str, Any]:
    return views.view(tx, me, _row(tx, me, key))


@router.post("/supervision/{supervision_id}/answer", operation_id="answerSupervision",
             response_model=schemas.SupervisionView)  # fmt: skip
def answer(supervision_id: UUID, body: schemas.AnswerBody, tx: Db, me: Me) -> dict[str, Any]:
    service.answer(tx, me, supervision_id, words=body.answer.strip())
    return _one(tx, me, supervision_id)


@router.post("/supervision/{supervision_id}/end", operation_id="endSupervision",
             response_model=schemas.SupervisionView)  # fmt: skip
def end(supervision_id: UUID, body: schemas.EndBody, tx: Db, me: Me) -> dict[str, Any]:
    """Lift a listing, or take back a notice, with the reason."""
    service.end(tx, me, supervision_id, why=body.why.strip())
    return _one(tx, me, supervision_id)


@router.post("/supervision/{supervision_id}/decision", operation_id="decideSupervision",
             response_model=schemas.SupervisionView)  # fmt: skip
def decide(supervision_id: UUID, body: schemas.DecideBody, tx: Db, me: Me) -> dict[str, Any]:
    """A leader approves a proposed criticism or refuses it; never the one who proposed it."""
    service.decide(tx, me, supervision_id, approve=body.approve, why=body.why.strip())
    return _one(tx, me, supervision_id)


@router.get("/supervision/{supervision_id}/print.pdf", operation_id="printSupervision",
            response_class=Pdf)  # fmt: skip
def print_paper(supervision_id: UUID, tx: Db, me: Me) -> Response:
    """The paper with its number and a code that leads to the case."""
    row = _row(tx, me, supervision_id)
    audit.record(tx, "supervision.printed", supervision_id, account_id=me.id)
    known = rules(tx)
    paper = SupervisionPaper(
        brand=known.brand.name.zh,
        kind=PAPERS[Kind(row["kind"])],
        number=row["number"] or "（待批准）",
        unit=row["unit"],
        case_number=row["case_number"] or "",
        title=row["title"],
        reason=row["reason"],
        issued_by=f"{row['issued_name']} {row['issued_title']}".strip(),
        issued_at=row["issued_at"],
        answer_by=row["answer_by"],
        answer=row["answer"],
        answered_by=f"{row['answered_name']} {row['answered_title']}".strip(),
        answered_at=row["answered_at"],
        ended_by=f"{row['ended_name']} {row['ended_title']}".strip(),
        ended_at=row["ended_at"],
        ended_why=row["ended_why"],
        printed_at=tx.now.replace(microsecond=0),
        printed_by=f"{me.name} {me.title}",
        url=f"{settings().public_url.format(tenant=tx.cell.tenant)}/desk/?case={row['case_id']}",
    )
    return Pdf(
        supervision_paper(paper, zone=ZoneInfo(known.calendar.zone)),
        headers={"Content-Disposition": "inline", "Cache-Control": "no-store"},
    )
