"""Doors of shifts that are handed over, of promises, and of things lent."""

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Response

from wangge.cases.service import not_found
from wangge.handovers import lending, promises, schemas, shifts
from wangge.handovers.papers import paper_of
from wangge.kernel.db import Tx
from wangge.kernel.description import Pdf
from wangge.kernel.web import Db
from wangge.papers.pdf import shift_paper
from wangge.people.doors import Me
from wangge.people.models import Actor
from wangge.tenant.service import rules

router = APIRouter(prefix="/api/v1", tags=["handovers"])


@router.get("/shifts/handovers", operation_id="shiftBoard", response_model=schemas.ShiftBoard)
def board(tx: Db, me: Me, unit: UUID) -> dict[str, Any]:
    """Of one unit: my shift to hand over, what I am to take over, what is missing."""
    return shifts.board(tx, me, unit)


@router.post("/shifts/handovers", operation_id="giveShift", response_model=schemas.ShiftHandover)
def give(body: schemas.GiveShift, tx: Db, me: Me) -> dict[str, Any]:
    """交班签字: the list stands as it is now."""
    shifts.give(tx, me, body.id, shift_id=body.shift_id, words=body.words.strip())
    return shifts.one(tx, me, body.id)


@router.post("/shifts/handovers/{handover_id}/take", operation_id="takeShift",
             response_model=schemas.ShiftHandover)  # fmt: skip
def take(handover_id: UUID, body: schemas.SignBody, tx: Db, me: Me) -> dict[str, Any]:
    """接班签字, by somebody else of the unit."""
    shifts.take(tx, me, handover_id, words=body.note.strip())
    return shifts.one(tx, me, handover_id)


@router.get("/shifts/handovers/{handover_id}/print.pdf", operation_id="printShift",
            response_class=Pdf)  # fmt: skip
def print_shift(handover_id: UUID, tx: Db, me: Me) -> Response:
    row = shifts.one(tx, me, handover_id)
    zone: ZoneInfo = rules(tx).calendar.days.zone
    printed = shift_paper(paper_of(row, rules(tx), zone, by=me.name, at=tx.now), zone=zone)
    return Pdf(printed, headers={"Content-Disposition": "inline; filename=handover.pdf"})


def _promises(tx: Tx, me: Actor, case_id: UUID) -> dict[str, Any]:
    case = tx.one("select id, desk_id, unit_id from cases where id = %s", [case_id])
    if case is None:
        raise not_found()
    return promises.of_case(tx, me, case)


@router.get("/cases/{case_id}/promises", operation_id="listPromises",
            response_model=schemas.PromiseList)  # fmt: skip
def of_case(case_id: UUID, tx: Db, me: Me) -> dict[str, Any]:
    return _promises(tx, me, case_id)


@router.post("/cases/{case_id}/promises", operation_id="makePromise",
             response_model=schemas.PromiseList)  # fmt: skip
def make(case_id: UUID, body: schemas.PromiseBody, tx: Db, me: Me) -> dict[str, Any]:
    """Write down what the asker was told would happen, and by when."""
    promises.make(tx, me, case_id, key=body.id, words=body.words.strip(), by=body.by)
    return _promises(tx, me, case_id)


@router.post("/promises/{promise_id}/keep", operation_id="keepPromise",
             response_model=schemas.PromiseList)  # fmt: skip
def keep(promise_id: UUID, body: schemas.SignBody, tx: Db, me: Me) -> dict[str, Any]:
    case_id = promises.keep(tx, me, promise_id, words=body.note.strip())
    return _promises(tx, me, case_id)


@router.post("/shifts/lent", operation_id="lendItem", response_model=schemas.ShiftBoard)
def lend(body: schemas.LendBody, tx: Db, me: Me) -> dict[str, Any]:
    lending.lend(tx, me, body.id, unit_id=body.unit, what=body.what.strip(),
                 to_whom=body.to_whom.strip(), due=body.due)  # fmt: skip
    return shifts.board(tx, me, body.unit)


@router.post("/shifts/lent/{item_id}/return", operation_id="returnItem",
             response_model=schemas.ShiftBoard)  # fmt: skip
def returned(item_id: UUID, tx: Db, me: Me) -> dict[str, Any]:
    return shifts.board(tx, me, lending.returned(tx, me, item_id))
