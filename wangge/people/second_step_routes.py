"""The doors of the second step: begin, confirm, end it oneself; reset by an administrator."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel

from wangge.audit.service import record
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, NotAllowed
from wangge.kernel.web import address, hop, session_token
from wangge.papers.qr import qr_svg
from wangge.people import passwords, schemas, second_steps, service, sessions
from wangge.people.doors import OfficeDb, OfficeMe
from wangge.people.models import Actor
from wangge.people.passwords import POOL
from wangge.people.second_steps import Enrolment
from wangge.people.sessions import Caller

router = APIRouter(tags=["session"])


class SecondStepView(BaseModel):
    """``secret`` and ``qr_svg`` are shown once, to be scanned or typed into the telephone."""

    secret: str
    uri: str
    qr_svg: str


class RecoveryCodes(BaseModel):
    codes: list[str]


@router.get("/me/second-step", operation_id="readSecondStep")
def read(tx: OfficeDb, me: OfficeMe) -> dict[str, Any]:
    roles = [post.role for post in me.posts]
    return {**second_steps.state(tx, me.id), "required": second_steps.required(tx, roles)}


@router.post("/me/second-step", operation_id="beginSecondStep")
async def begin(request: Request, body: schemas.SecondStepBegin) -> SecondStepView:
    """Show a new secret, to its owner only: the password is asked, and the code of an old one."""
    await _prove(request, body.password, body.code)

    def work(tx: Tx) -> Enrolment:
        me = Actor.of(tx)
        return second_steps.begin(tx, me.id, me.username)

    made = await hop(request, "intake", work)
    return SecondStepView(secret=made.secret, uri=made.uri, qr_svg=qr_svg(made.uri, scale=4))


@router.post("/me/second-step/confirm", operation_id="confirmSecondStep")
def confirm(
    tx: OfficeDb, me: OfficeMe, request: Request, body: schemas.SecondStepCode
) -> RecoveryCodes:
    """Put it in force; other sessions of the account end, this one goes on."""
    codes = second_steps.confirm(tx, me.id, body.code)
    sessions.end_all(tx, [me.id], but=session_token(request) or b"")
    return RecoveryCodes(codes=codes)


@router.post("/me/second-step/end", operation_id="endSecondStep")
async def end(request: Request, body: schemas.SecondStepBegin) -> dict[str, Any]:
    """Go back to the password alone, where the city's rules leave that to oneself."""
    await _prove(request, body.password, body.code)

    def work(tx: Tx) -> None:
        me = Actor.of(tx)
        if second_steps.required(tx, [post.role for post in me.posts]):
            raise NotAllowed(
                "second_step_required",
                "您的岗位必须使用二次验证，不能停用",
                "your post requires the second step; it cannot be ended",
            )
        second_steps.forget(tx, me.id)
        record(tx, "second_step.ended", me.id)

    await hop(request, "intake", work)
    return {}


@router.post("/people/{account_id}/second-step/reset", operation_id="resetSecondStep")
def reset(
    tx: OfficeDb, me: OfficeMe, account_id: UUID, body: schemas.SecondStepReset
) -> dict[str, Any]:
    """Take it away after the person's identity was checked; how, is written into the log."""
    service.reset_second_step(
        tx, account_id, reason=body.reason, identity=body.identity_check, actor=me
    )
    return {"id": account_id}


async def _prove(request: Request, password: str, code: str) -> None:
    """Refuse unless the password is right, and the code where there is a second step already.

    A failure counts towards the same lock as at sign-in, in a transaction of its own.
    """

    def known(tx: Tx) -> tuple[Actor, sessions.Credentials]:
        me = Actor.of(tx)
        return me, sessions.credentials(tx, me.username)

    me, found = await hop(request, "intake", known)
    right = await POOL.run(passwords.is_right, found.password_hash, password)

    def proved(tx: Tx) -> bool:
        sure = right and not found.locked
        if sure and found.second_step:
            sure = second_steps.take(tx, me.id, code)
        if not sure:
            caller = Caller(address(request), request.headers.get("user-agent", ""))
            sessions.failure(tx, me.username, me.id, caller)
        return sure

    if not await hop(request, "intake", proved):
        if found.locked:
            raise sessions.failed()
        raise Invalid(
            "wrong_proof",
            "密码或动态码不正确",
            "the password or the code is not right",
            field="password",
        )
