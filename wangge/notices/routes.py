"""Doors: one's own notices, and the gateway's receipts."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import ValidationError

from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, NotAllowed
from wangge.kernel.web import Db, hop
from wangge.notices import calling, queries, replies, service, settings
from wangge.notices.gateway import is_signed, shared_token
from wangge.notices.models import SmsState
from wangge.notices.schemas import (
    CallResult,
    NoticePage,
    NoticeSettings,
    NoticeView,
    NoticeWish,
    Receipt,
    Reply,
)
from wangge.notices.voice import voice_token
from wangge.people.doors import Me

RECEIPT = Receipt.model_json_schema()
RESULT = CallResult.model_json_schema()
REPLY = Reply.model_json_schema()
router = APIRouter(prefix="/api/v1", tags=["notices"])


@router.get("/notices", operation_id="listNotices")
def list_notices(
    db: Db,
    me: Me,
    *,
    unread: bool = False,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> NoticePage:
    rows = queries.mine(db, me.id, unread=unread, after=_after(cursor), limit=limit + 1)
    more = len(rows) > limit
    rows = rows[:limit]
    return NoticePage(
        items=[NoticeView.of(row) for row in rows],
        next=f"{rows[-1]['at'].isoformat()}_{rows[-1]['id']}" if more else None,
        unread=queries.unread(db, me.id),
    )


def _after(cursor: str | None) -> tuple[datetime, UUID] | None:
    if cursor is None:
        return None
    at, _, notice_id = cursor.partition("_")
    try:
        return datetime.fromisoformat(at), UUID(notice_id)
    except ValueError:
        raise Invalid(
            "bad_cursor", "翻页标记无效", "not a cursor of this list", field="cursor"
        ) from None


@router.get("/notices/settings", operation_id="noticeSettings")
def read_settings(db: Db, me: Me) -> NoticeSettings:
    """When reminders come as a digest, and which hours are quiet here."""
    return NoticeSettings(**settings.of(db, me.id))


@router.put("/notices/settings", operation_id="setNotices")
def set_notices(db: Db, me: Me, body: NoticeWish) -> NoticeSettings:
    """Choose a digest at a time, single reminders (empty), or what the post has (null)."""
    settings.choose(db, me.id, body.digest_at)
    return NoticeSettings(**settings.of(db, me.id))


@router.post("/notices/{notice_id}/read", operation_id="readNotice", status_code=204)
def read_notice(db: Db, me: Me, notice_id: UUID) -> None:
    service.read(db, notice_id, account_id=me.id)


@router.post(
    "/gateway/receipts",
    operation_id="takeReceipt",
    status_code=204,
    openapi_extra={"requestBody": {"content": {"application/json": {"schema": RECEIPT}}}},
)
async def take_receipt(request: Request) -> Response:
    """Only what the gateway has signed within the last minutes is believed."""
    body = await request.body()
    if not is_signed(shared_token(), body, request.headers.get("x-wangge-signature", "")):
        raise NotAllowed("not_signed", "回执签名无效", "the receipt is not signed by the gateway")
    try:
        receipt = Receipt.model_validate_json(body)
    except ValidationError as error:
        raise Invalid("bad_receipt", "回执格式不正确", "not a receipt") from error

    def take(tx: Tx) -> None:
        service.receive(
            tx,
            receipt.id,
            state=SmsState(receipt.state),
            provider_id=receipt.provider_id,
            error=receipt.error,
        )

    await hop(request, "intake", take, session=False)
    return Response(status_code=204)


@router.post(
    "/gateway/replies",
    operation_id="takeReply",
    status_code=204,
    openapi_extra={"requestBody": {"content": {"application/json": {"schema": REPLY}}}},
)
async def take_reply(request: Request) -> Response:
    """Only what the gateway has signed is believed; what answers nothing is taken and forgotten."""
    body = await request.body()
    if not is_signed(shared_token(), body, request.headers.get("x-wangge-signature", "")):
        raise NotAllowed("not_signed", "回执签名无效", "the reply is not signed by the gateway")
    try:
        reply = Reply.model_validate_json(body)
    except ValidationError as error:
        raise Invalid("bad_receipt", "回执格式不正确", "not a reply") from error

    def take(tx: Tx) -> None:
        replies.take(tx, reply.id, reply.phone, reply.text)

    await hop(request, "intake", take, session=False)
    return Response(status_code=204)


@router.post(
    "/gateway/calls",
    operation_id="takeCallResult",
    status_code=204,
    openapi_extra={"requestBody": {"content": {"application/json": {"schema": RESULT}}}},
)
async def take_call_result(request: Request) -> Response:
    """Only what the voice gateway has signed within the last minutes is believed."""
    body = await request.body()
    if not is_signed(voice_token(), body, request.headers.get("x-wangge-signature", "")):
        raise NotAllowed("not_signed", "回执签名无效", "the result is not signed by the gateway")
    try:
        result = CallResult.model_validate_json(body)
    except ValidationError as error:
        raise Invalid("bad_receipt", "回执格式不正确", "not a result of a call") from error

    def take(tx: Tx) -> None:
        calling.ended(
            tx, result.id, state=result.state, provider_id=result.provider_id, error=result.error
        )

    await hop(request, "intake", take, session=False)
    return Response(status_code=204)
