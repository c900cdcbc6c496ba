"""Doors of groups; threads are read under row-level security, which shows them to members alone."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request, Response
from starlette.responses import StreamingResponse

from wangge.files import service as files
from wangge.files import store
from wangge.files.models import Size
from wangge.files.service import no_such_file
from wangge.groups import queries, service, thread, turning, views
from wangge.groups.schemas import (
    AnswerForGroup,
    GroupBody,
    GroupList,
    InviteBody,
    MessageView,
    PublicGroup,
    SayBody,
    SeatBody,
    ServiceGroup,
    Thread,
    TurnBody,
    Turned,
)
from wangge.kernel.db import Tx
from wangge.kernel.description import binary
from wangge.kernel.limits import Bucket
from wangge.kernel.web import Db, PublicDb, neighbourhood
from wangge.people.doors import Me, OfficeDb, OfficeMe
from wangge.people.models import Actor
from wangge.tenant.service import rules

router = APIRouter(prefix="/api/v1/groups", tags=["groups"])
case_router = APIRouter(prefix="/api/v1", tags=["groups"])
public_router = APIRouter(prefix="/api/v1/public", tags=["public"])
LOOKS = Bucket(rate=5, burst=120)
Code = Annotated[str, Query(max_length=60, pattern=r"^[^\x00-\x1f\x7f]*$")]


@router.get("", operation_id="listGroups", response_model=GroupList)
def list_groups(tx: Db, me: Me) -> dict[str, Any]:
    """Those one is in, then those one runs without being in them."""
    me.must("case.report")
    return {
        "items": views.cards(tx, me),
        "receipts": rules(tx).switches.group_receipts,
        "may_found": me.may(service.RUN),
    }


@router.post("", operation_id="foundGroup", response_model=ServiceGroup)
def found_group(body: GroupBody, tx: OfficeDb, me: OfficeMe) -> dict[str, Any]:
    me.must(service.RUN)
    service.found(tx, me, body.draft())
    return views.whole(tx, me, body.id)


@router.get("/{group_id}", operation_id="readGroup", response_model=ServiceGroup)
def read_group(group_id: UUID, tx: Db, me: Me) -> dict[str, Any]:
    me.must("case.report")
    return views.whole(tx, me, group_id)


@router.post("/{group_id}/seats", operation_id="seatInGroup", response_model=ServiceGroup)
def seat_in_group(group_id: UUID, body: SeatBody, tx: OfficeDb, me: OfficeMe) -> dict[str, Any]:
    """An account, or the post of a unit: whoever holds it that day is in the group."""
    service.seat(tx, me, group_id, body.seat())
    return views.whole(tx, me, group_id)


@router.post("/{group_id}/seats/{seat_id}/end", operation_id="endGroupSeat", status_code=204)
def end_group_seat(group_id: UUID, seat_id: UUID, tx: OfficeDb, me: OfficeMe) -> None:
    """By whoever runs the group, or by the person himself who leaves it."""
    service.unseat(tx, me, group_id, seat_id)


@router.post("/{group_id}/end", operation_id="endGroup", status_code=204)
def end_group(group_id: UUID, tx: OfficeDb, me: OfficeMe) -> None:
    service.close(tx, me, group_id)


@router.post("/{group_id}/invitation", operation_id="inviteToGroup", response_model=ServiceGroup)
def invite(group_id: UUID, body: InviteBody, tx: OfficeDb, me: OfficeMe) -> dict[str, Any]:
    """The QR picture of the outside chat group, which the public page of the area shows."""
    thread.invite(tx, me, body.invitation(group_id))
    return views.whole(tx, me, group_id)


def _thread(tx: Tx, me: Actor, team: UUID, before: datetime | None, limit: int) -> dict[str, Any]:
    rows = queries.messages(tx, team, before, limit + 1)
    asked = any(row["readers"] for row in rows)
    names = {one["account_id"]: one["name"] for one in queries.people(tx, team)} if asked else {}
    return {
        "items": [views.message(me, row, names) for row in rows[:limit]],
        "more": len(rows) > limit,
    }


@router.get("/{group_id}/messages", operation_id="readThread", response_model=Thread)
def read_thread(
    group_id: UUID,
    tx: Db,
    me: Me,
    before: datetime | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> dict[str, Any]:
    """What was said, from the newest back; reading it leaves no mark anywhere."""
    thread.must_be_in(tx, me, group_id)
    return _thread(tx, me, group_id, before, limit)


@router.post("/{group_id}/messages", operation_id="sayInGroup", response_model=MessageView)
def say(group_id: UUID, body: SayBody, tx: OfficeDb, me: OfficeMe) -> dict[str, Any]:
    thread.say(tx, me, body.said(group_id))
    return next(
        one for one in _thread(tx, me, group_id, None, 100)["items"] if one["id"] == body.id
    )


@router.post("/messages/{message_id}/read", operation_id="markRead", status_code=204)
def mark_read(message_id: UUID, tx: OfficeDb, me: OfficeMe) -> None:
    """Kept only of a message whose writer asked for it, where the city allows receipts."""
    thread.read(tx, me, message_id)


@router.post("/messages/{message_id}/take-back", operation_id="takeBackMessage", status_code=204)
def take_back(message_id: UUID, tx: OfficeDb, me: OfficeMe) -> None:
    thread.take_back(tx, me, message_id)


@router.post("/messages/{message_id}/case", operation_id="caseOfMessage", response_model=Turned)
def case_of_message(message_id: UUID, body: TurnBody, tx: OfficeDb, me: OfficeMe) -> dict[str, Any]:
    """转为事件: its words and pictures as they stand; a second time tells the number again."""
    asker = body.asker.words() if body.asker else None
    return turning.turn(tx, me, message_id, body.id, asker)


@case_router.get(
    "/cases/{case_id}/group-answer", operation_id="answerForGroup", response_model=AnswerForGroup
)
def answer_for_group(case_id: UUID, tx: Db, me: Me) -> dict[str, Any]:
    """The answer in words to paste into a chat group: no name, number or door in it."""
    me.must("case.report")
    return turning.answer_for_group(tx, case_id)


@public_router.get("/groups", operation_id="groupsHere", response_model=list[PublicGroup])
def groups_here(tx: PublicDb, request: Request, area: Code) -> list[dict[str, Any]]:
    """Grid groups of an area that residents can join by a picture that still opens."""
    LOOKS.take(neighbourhood(request))
    return queries.open_to_all(tx, area)


@public_router.get(
    "/groups/{group_id}/invitation",
    operation_id="groupInvitation",
    response_class=Response,
    responses={200: binary("image/*")},
)
def group_invitation(
    tx: PublicDb, request: Request, group_id: Annotated[UUID, Path()]
) -> StreamingResponse:
    LOOKS.take(neighbourhood(request))
    row = queries.invitation(tx, group_id)
    if row is None or not queries.is_open(tx, group_id):
        raise no_such_file()
    opened = files.open_(tx, row["file_id"], Size.LARGE)
    body = store.read(tx.cell.tenant, opened.row.sha256, opened.size, 0, opened.length)
    return StreamingResponse(body, media_type=opened.mime, headers={"Cache-Control": "no-store"})
