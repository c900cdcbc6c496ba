"""Doors of the command desk: an order to several units, their words, people, the group."""

from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request

from wangge.cases import service as cases
from wangge.command import queries, service
from wangge.command.schemas import (
    AwaitedList,
    CaseGroupBody,
    CommandView,
    SendOutBody,
    WordByPostBody,
)
from wangge.groups.service import RUN
from wangge.kernel.db import Tx
from wangge.kernel.web import Db, in_transaction
from wangge.people.doors import Me, OfficeDb, OfficeMe
from wangge.people.models import Actor

router = APIRouter(prefix="/api/v1", tags=["command"])


def _whole(tx: Tx, me: Actor, case_id: UUID) -> dict[str, Any]:
    if not me.may("case.read"):
        raise cases.not_found()
    case = service.seen(tx, case_id)
    calls = queries.calls(tx, case_id)
    mine = me.may_at(service.SEND, desk_id=case["desk_id"])
    return {
        "case_id": case_id,
        "calls": [_call(tx, call) for call in calls],
        "people": service.people(tx, case, calls) if me.may("people.read") else [],
        "group": queries.group(tx, case_id),
        "may_assist": service.assists(me, case),
        "may_tell": mine,
        "may_call_together": mine and me.may(RUN),
    }


def _call(tx: Tx, row: dict[str, Any]) -> dict[str, Any]:
    answered = row["answered_at"]
    if answered:
        state = "returned" if row["returned"] else "answered"
    elif row["awaited"]:
        state = "late" if tx.now > row["answer_by"] else "waiting"
    else:
        state = "off"
    return {
        "id": row["id"],
        "unit": {"id": row["unit_id"], "name": row["unit"]},
        "phone": row["phone"] or "",
        "lead": row["task_id"] is None,
        "words": row["words"],
        "at": row["at"],
        "answer_by": row["answer_by"],
        "state": state,
        "answered_at": answered,
        "answered_by": row["answered_by"],
        "on_time": answered <= row["answer_by"] if answered else None,
        "seconds": round((answered - row["at"]).total_seconds()) if answered else None,
        "given_by": row["given_name"],
    }


@router.get("/cases/{case_id}/command", operation_id="readCommand", response_model=CommandView)
def read_command(case_id: UUID, tx: Db, me: Me) -> dict[str, Any]:
    """Who was sent out and has said what, whom one may reach, and the group of the case."""
    return _whole(tx, me, case_id)


@router.post("/cases/{case_id}/command/orders", operation_id="sendOut", response_model=CommandView)
def send_out(case_id: UUID, body: SendOutBody, tx: Db, me: Me) -> dict[str, Any]:
    """Send a case to several units in one act, each to acknowledge within the same minutes."""
    service.send_out(tx, me, case_id, body.order())
    return _whole(tx, me, case_id)


@router.post("/cases/{case_id}/command/words", operation_id="tellByPost",
             response_model=CommandView)  # fmt: skip
def tell(case_id: UUID, body: WordByPostBody, tx: Db, me: Me) -> dict[str, Any]:
    """A sentence on the screens of people on duty or of the ground; the history keeps it."""
    service.tell(tx, me, case_id, body.word())
    return _whole(tx, me, case_id)


def _in_sight(request: Request, case_id: UUID) -> dict[str, Any]:
    """The case under row-level security, in a transaction that is over before the next begins.

    Two at once would wait for each other: each writes when the session was last used.
    """
    return in_transaction(request, "app", partial(service.seen, case_id=case_id))


@router.post("/cases/{case_id}/command/group", operation_id="callTogether",
             response_model=CommandView)  # fmt: skip
def call_together(
    case_id: UUID,
    body: CaseGroupBody,
    case: Annotated[dict[str, Any], Depends(_in_sight)],
    office: OfficeDb,
    me: OfficeMe,
) -> dict[str, Any]:
    """The group of a case, founded once; what is said in it goes through the doors of groups."""
    service.call_together(office, me, case, body.id)
    return _whole(office, me, case_id)


@router.get("/command/awaited", operation_id="listAwaited", response_model=AwaitedList)
def list_awaited(tx: Db, me: Me) -> dict[str, Any]:
    """Cases within sight that still wait for a unit's word, the soonest first."""
    me.must(service.SEND)
    rows = tx.rows(queries.OPEN, {"since": tx.now - service.LONGEST})
    return {"items": [{**row, "late": tx.now > row["answer_by"]} for row in rows]}
