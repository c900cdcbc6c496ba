"""The doors of sync: push, pull, devices, conflicts, receipts. All but push need a session."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from wangge.kernel.db import Role, Tx, transaction
from wangge.kernel.errors import NotAllowed, SignInNeeded
from wangge.kernel.web import (
    HOPS,
    Db,
    cell_of,
    hop,
    in_transaction,
    json,
    request_id,
    require_session,
    session_token,
)
from wangge.people import leaving
from wangge.people.doors import Me, OfficeDb, OfficeMe
from wangge.people.models import Actor
from wangge.sync import (
    breakage_schemas,
    breakages,
    conflicts,
    devices,
    models,
    pulling,
    receipts,
    schemas,
)
from wangge.sync.models import Device, Receipt
from wangge.sync.service import Taking

WRONG_VERSION = {"description": "The app and the server speak different versions of sync"}
LOCKED = {"description": "The phone was locked from afar"}
HEADER = "wangge-sync"


def check_protocol(request: Request) -> None:
    """Refuse an app of another version of the protocol; nothing of it was looked at."""
    said = request.headers.get(HEADER, "")
    if said in map(str, models.SPEAKS):
        return
    newer = said.isascii() and said.isdigit() and len(said) < 9 and int(said) > models.PROTOCOL
    raise models.too_new() if newer else models.too_old()


def speaks(request: Request, _session: Db) -> None:
    """After the session, so that a stranger learns nothing here."""
    check_protocol(request)


router = APIRouter(
    prefix="/api/v1/sync", tags=["sync"], responses={426: WRONG_VERSION, 423: LOCKED}
)
spoken = [Depends(speaks)]


def _start(request: Request, body: schemas.BatchBody) -> tuple[Tx, datetime | None]:
    """Who sends, once for the batch: signed in, or a leaver whose phone still delivers."""
    token = session_token(request)
    with transaction(
        cell_of(request), "intake", token=token or b"", request_id=request_id(request)
    ) as tx:
        left: datetime | None = None
        try:
            require_session(request, tx)
            actor = Actor.of(tx)
        except SignInNeeded as nobody:
            if not nobody.details.get("delivers"):
                raise
            leaver = leaving.deliverer(tx, token)
            actor, left = leaver.actor, leaver.left_at
        check_protocol(request)
        if actor.id != body.account:
            raise models.another_account()
        if actor.must_change_password or actor.must_begin_second_step:
            raise NotAllowed(
                "account_not_ready",
                "请先完成改密或二次验证，再上传；本机内容都还在",
                "change the password or begin the second step first; nothing is lost",
            )
        if not left:
            devices.seen(tx, actor, body.device, token)
        return tx, left


def _take(request: Request, body: schemas.BatchBody) -> dict[str, Any]:
    token = session_token(request)
    begun, left = _start(request, body)

    @contextmanager
    def opened(role: Role) -> Iterator[tuple[Tx, Actor]]:
        with transaction(
            cell_of(request), role, token=None if left else token, request_id=request_id(request)
        ) as tx:
            if left:
                yield tx, leaving.deliverer(tx, token).actor
                return
            if tx.session is None:
                raise SignInNeeded("sign_in_needed", "请先登录", "please sign in")
            yield tx, Actor.of(tx)

    readable = {
        n: sent
        for n, one in enumerate(body.operations)
        if (sent := schemas.read(one, body.sent_at, begun.now))
    }
    taking = Taking(Device(body.device, body.account), opened, left, request_id(request))
    answers = dict(zip(readable, taking.each(list(readable.values())), strict=True))
    found: list[Receipt | dict[str, Any]] = [
        answers[n] if n in answers else schemas.unreadable(one, begun.now)
        for n, one in enumerate(body.operations)
    ]
    with transaction(cell_of(request)) as tx:
        return {"server_time": tx.now, "log": pulling.log_name(tx), "receipts": found}


@router.post("", operation_id="syncPush", response_model=schemas.BatchView)
async def push(body: schemas.BatchBody, request: Request) -> Response:
    """Take what was done without a network; every operation is answered for itself."""
    work = partial(_take, request, body)
    return json(await asyncio.get_running_loop().run_in_executor(HOPS, work))


@router.get("", operation_id="syncPull", response_model=schemas.PullView)
async def pull(request: Request, query: Annotated[schemas.PullQuery, Query()]) -> Response:
    """What this phone may hold now, as far as it differs from what it was given."""
    token = session_token(request)

    def work(tx: Tx) -> dict[str, Any]:
        check_protocol(request)
        actor = Actor.of(tx)
        devices.seen(tx, actor, query.device, token)
        return pulling.pull(tx, actor, query.device, query.cursor, query.limit)

    return json(await hop(request, "app", work))


@router.get("/devices", operation_id="listDevices", response_model=list[schemas.DeviceView],
            dependencies=spoken)  # fmt: skip
def list_devices(tx: Db, me: Me) -> list[dict[str, Any]]:
    return devices.listing(tx, me.id)


@router.put("/devices/{device_id}", operation_id="registerDevice", dependencies=spoken)
def register_device(
    device_id: UUID, body: schemas.DeviceBody, request: Request, tx: Db, me: Me
) -> dict[str, Any]:
    devices.seen(tx, me, device_id, session_token(request), name=body.name,
                 platform=body.platform, app=body.app)  # fmt: skip
    return {}


@router.delete("/devices/{device_id}", operation_id="emptiedDevice", dependencies=spoken)
def emptied_device(device_id: UUID, tx: Db, me: Me) -> dict[str, Any]:
    """The phone says that it holds nothing pulled any more: signing out, or before a new start."""
    devices.emptied(tx, me, device_id)
    return {}


@router.post("/devices/{device_id}/lock", operation_id="lockDevice", dependencies=spoken)
async def lock_device(device_id: UUID, body: schemas.LockBody, request: Request) -> Response:
    def work(tx: Tx) -> dict[str, Any]:
        devices.lock(tx, Actor.of(tx), device_id, body.account, body.reason)
        return {}

    return json(await hop(request, "intake", work))


@router.delete("/devices/{device_id}/lock", operation_id="unlockDevice", dependencies=spoken)
async def unlock_device(device_id: UUID, request: Request, account: UUID | None = None) -> Response:
    def work(tx: Tx) -> dict[str, Any]:
        devices.unlock(tx, Actor.of(tx), device_id, account)
        return {}

    return json(await hop(request, "intake", work))


@router.get("/conflicts", operation_id="listConflicts", response_model=schemas.ConflictsView,
            dependencies=spoken)  # fmt: skip
def list_conflicts(tx: Db, me: Me, *, decided: bool = False) -> dict[str, Any]:
    return {"items": conflicts.listing(tx, me, decided=decided)}


@router.post("/conflicts/{conflict_id}", operation_id="decideConflict",
             response_model=schemas.ConflictView)  # fmt: skip
def decide_conflict(
    conflict_id: UUID, body: schemas.DecisionBody, request: Request
) -> dict[str, Any]:
    """Decide with one's own rights and what stands today; both values stay readable.

    One transaction after the other: the first may hold the row of the session that the next reads.
    """

    def role_of(tx: Tx) -> Role:
        check_protocol(request)
        return conflicts.role_of(tx, Actor.of(tx), conflict_id)

    def decide(tx: Tx) -> dict[str, Any]:
        return conflicts.decide(
            tx, Actor.of(tx), conflict_id, body.id,
            choices=body.choices, choice=body.choice, note=body.note,
        )  # fmt: skip

    return in_transaction(request, in_transaction(request, "app", role_of), decide)


@router.get(
    "/breakages", operation_id="listBreakages", response_model=breakage_schemas.BreakagesView
)
def list_breakages(tx: OfficeDb, me: OfficeMe) -> dict[str, Any]:
    """For the administrator: what of the phones the server broke over, and who told of it."""
    return {"items": breakages.listing(tx, me)}


@router.post("/breakages/{operation}", operation_id="tellBreakage", status_code=204,
             dependencies=spoken)  # fmt: skip
def tell_breakage(
    operation: UUID, body: breakage_schemas.BreakageBody, tx: OfficeDb, me: OfficeMe
) -> None:
    breakages.tell(tx, me, operation, kind=body.kind, tries=body.tries, words=body.words)


@router.post("/receipts", operation_id="checkReceipt", response_model=schemas.CheckView,
             dependencies=spoken)  # fmt: skip
async def check_receipt(body: schemas.CheckBody, request: Request) -> Response:
    """Whether a receipt that somebody shows is genuine, and what it says."""
    return json(
        await hop(request, "intake", lambda tx: receipts.check(tx, body.operation, body.signature))
    )
