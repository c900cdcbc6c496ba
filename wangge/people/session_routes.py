"""The doors of signing in, with a password, a code, or in the demo by a click."""

import hmac
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from wangge.audit.service import record
from wangge.kernel.db import Tx, transaction
from wangge.kernel.errors import Invalid, NotFound, SignInNeeded
from wangge.kernel.limits import Bucket
from wangge.kernel.web import (
    COOKIE,
    PublicDb,
    address,
    cell_of,
    check_csrf,
    hop,
    json,
    neighbourhood,
    request_id,
    session_token,
)
from wangge.people import leaving, passwords, queries, schemas, second_steps, sessions
from wangge.people.doors import Me
from wangge.people.models import Actor
from wangge.people.passwords import POOL
from wangge.people.sessions import Caller, Opened
from wangge.settings import settings

router = APIRouter(tags=["session"])
# A whole office signs in from one address; what a guesser gains is bounded by the lock as well.
SIGN_INS = Bucket(rate=2, burst=120)


def _caller(request: Request) -> Caller:
    return Caller(address(request), request.headers.get("user-agent", ""))


async def _knock(request: Request) -> None:
    cell = await run_in_threadpool(cell_of, request)
    SIGN_INS.take(f"{cell.tenant} {neighbourhood(request)}")


async def _welcome(request: Request, opened: Opened) -> Response:
    def read() -> dict[str, Any]:
        with transaction(cell_of(request), "app", token=opened.hash) as tx:
            return schemas.me(Actor.of(tx))

    answer = json(await run_in_threadpool(read))
    answer.set_cookie(
        COOKIE,
        opened.token,
        max_age=int(opened.lasts.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )
    return answer


async def _begin(
    request: Request,
    account_id: UUID,
    username: str = "",
    *,
    second: str | None = None,
    action: str = "session.begun",
) -> Response:
    """Begin a session; with ``second`` only if that code, which this uses up, is right."""

    def work(tx: Tx) -> Opened | None:
        if second is not None and not second_steps.take(tx, account_id, second):
            return None
        return sessions.begin(tx, account_id, _caller(request), action=action)

    opened = await hop(request, "intake", work, session=False)
    if opened is None:
        raise await _refused(request, username, account_id)
    return await _welcome(request, opened)


async def _refused(request: Request, username: str, account_id: UUID | None) -> SignInNeeded:
    """Count the failure in a transaction of its own, so that the refusal does not undo it."""
    await hop(
        request,
        "intake",
        lambda tx: sessions.failure(tx, username, account_id, _caller(request)),
        session=False,
    )
    return sessions.failed()


@router.post("/session", operation_id="signIn")
async def sign_in(request: Request, body: schemas.SignIn) -> Response:
    await _knock(request)
    known = await hop(
        request, "intake", lambda tx: sessions.credentials(tx, body.username), session=False
    )
    right = await POOL.run(passwords.is_right, known.password_hash, body.password)
    if known.account_id is None or known.locked or not right:
        raise await _refused(request, body.username, known.account_id)
    if known.second_step and not body.second:
        raise second_steps.needed()
    second = body.second if known.second_step else None
    return await _begin(request, known.account_id, body.username, second=second)


@router.delete("/session", operation_id="signOut")
def sign_out(request: Request) -> Response:
    """Sign out; when nobody is signed in, the cookie goes all the same."""
    token = session_token(request)
    with transaction(cell_of(request), "intake", token=token, request_id=request_id(request)) as tx:
        check_csrf(request, tx)
        sessions.end(tx, token or b"")
        leaving.emptied(tx, token or b"")
    answer = json({})
    answer.delete_cookie(COOKIE, httponly=True, samesite="lax")
    return answer


@router.post("/activation", operation_id="activate")
async def activate(request: Request, body: schemas.Activation) -> Response:
    """Exchange a new account's code, once, for a password of its owner's choice."""
    await _knock(request)
    passwords.check(body.password, username=body.username)
    known = await hop(
        request, "intake", lambda tx: sessions.credentials(tx, body.username), session=False
    )
    code = passwords.code_hash(body.code)
    right = hmac.compare_digest(code, known.activation_hash or b"")
    if known.account_id is None or known.locked or not right:
        raise await _refused(request, body.username, known.account_id)
    passwords.check(body.password, username=body.username, phone=known.phone)
    if known.second_step and not body.second:
        raise second_steps.needed()
    account_id = known.account_id
    fresh = await POOL.run(passwords.hash_of, body.password)

    def work(tx: Tx) -> Opened | None:
        if known.second_step and not second_steps.take(tx, account_id, body.second):
            return None
        if not sessions.set_password(
            tx, account_id, fresh, old_hash=known.password_hash, code=code
        ):
            raise sessions.failed()
        return sessions.begin(tx, account_id, _caller(request), action="session.activated")

    opened = await hop(request, "intake", work, session=False)
    if opened is None:
        raise await _refused(request, body.username, account_id)
    return await _welcome(request, opened)


@router.get("/me", operation_id="me")
def who_am_i(actor: Me) -> Response:
    return json(schemas.me(actor), headers={"Cache-Control": "no-store"})


@router.post("/me/password", operation_id="changePassword")
async def change_password(request: Request, body: schemas.NewPassword) -> dict[str, Any]:
    """Other sessions of the account end; this one goes on."""
    me, known = await hop(request, "intake", _credentials_of_mine)
    right = await POOL.run(passwords.is_right, known.password_hash, body.old)
    if known.locked or not right:
        await _refused(request, me.username, me.id)
        if known.locked:
            raise sessions.failed()
        raise Invalid("wrong_password", "原密码不正确", "the old password is wrong", field="old")
    passwords.check(body.new, username=me.username, phone=known.phone)
    fresh = await POOL.run(passwords.hash_of, body.new)

    def work(tx: Tx) -> None:
        if not sessions.set_password(tx, me.id, fresh, old_hash=known.password_hash):
            raise sessions.failed()
        sessions.end_all(tx, [me.id], but=session_token(request) or b"")
        record(tx, "password.changed", me.id, address=address(request))

    await hop(request, "intake", work)
    return {}


def _credentials_of_mine(tx: Tx) -> tuple[Actor, sessions.Credentials]:
    actor = Actor.of(tx)
    return actor, sessions.credentials(tx, actor.username)


def _only_in_the_demo() -> None:
    if not settings().demo:
        raise NotFound("no_such_page", "没有这个地址", "there is no such address")


@router.get("/demo/accounts", operation_id="demoAccounts")
def demo_accounts(tx: PublicDb) -> dict[str, Any]:
    _only_in_the_demo()
    return {"items": queries.demo_cast(tx)}


@router.post("/demo/session", operation_id="demoSignIn")
async def demo_sign_in(request: Request, body: schemas.DemoSignIn) -> Response:
    _only_in_the_demo()
    return await _begin(request, body.account_id, action="session.demo")
