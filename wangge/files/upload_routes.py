"""The doors of resumable uploads: tus 1.0.0 with creation, checksum and termination.

Twice the same: for accounts, and under ``/public`` for devices of people without one, which are
known by their token alone, held to a rate, and may send only what one of their reports has named.
"""

import asyncio
import base64
import binascii
import hmac
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import Annotated, Any, TypeVar
from uuid import UUID

from fastapi import APIRouter, Header, Request, Response
from starlette.requests import ClientDisconnect

from wangge.files import queries, uploads
from wangge.files.models import Purpose
from wangge.kernel.bodies import BrokenOffError
from wangge.kernel.crypto import hashed
from wangge.kernel.db import Role, Tx
from wangge.kernel.errors import Invalid, Refusal
from wangge.kernel.limits import Bucket
from wangge.kernel.web import HOPS, cell_of, hop, in_transaction, neighbourhood
from wangge.people.models import Actor

Result = TypeVar("Result")
VERSION = "1.0.0"
BASE = "/api/v1/uploads"
PUBLIC = "/api/v1/public/uploads"
BYTES: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
ANSWERS: dict[int | str, dict[str, Any]] = {
    412: {"description": "Another version of tus"},
    460: {"description": "The chunk was damaged on its way; send it again"},
}
router = APIRouter(prefix="/api/v1", tags=["uploads"], responses=ANSWERS)
Version = Annotated[str, Header(alias="Tus-Resumable", max_length=20)]
# Asked for behind the door, so that a stranger is told to sign in and nothing else.
Number = Annotated[int | None, Header(ge=0, le=2**40)]
Metadata = Annotated[str, Header(max_length=1000)]
Checksum = Annotated[str, Header(max_length=200)]
Token = Annotated[str, Header(alias="X-Upload-Token", max_length=200)]

# Whole neighbourhoods share one address of their mobile network; a device is held more tightly.
FILES_HERE = Bucket(rate=5, burst=300)
FILES = Bucket(rate=0.2, burst=36)
PIECES_HERE = Bucket(rate=60, burst=2000)
PIECES = Bucket(rate=6, burst=300)


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose uploads a request is about: by which role of the database, and who owns them."""

    role: Role
    session: bool
    base: str
    owner: Callable[[Tx], uploads.Owner]

    async def hop(self, request: Request, work: Callable[[Tx], Result]) -> Result:
        return await hop(request, self.role, work, session=self.session)

    def at_once(self, request: Request, role: Role, work: Callable[[Tx], Result]) -> Result:
        return in_transaction(request, role, work, session=self.session)


ACCOUNTS = Whose("app", session=True, base=BASE, owner=lambda tx: Actor.of(tx).id)


def _device(request: Request, token: str, here: Bucket, own: Bucket) -> Whose:
    """The device that says this token; asked too often it waits."""
    if not token:
        raise _header_needed("X-Upload-Token")
    here.take(neighbourhood(request))
    own.take(f"{cell_of(request).tenant} {token}")
    owner = hashed(token)
    return Whose("intake", session=False, base=PUBLIC, owner=lambda _: owner)


class OtherVersion(Refusal):
    """Not the version of tus that is spoken here."""

    status = 412


class WrongChecksum(Refusal):
    """Status 460, as tus names it."""

    status = 460


def _check_version(said: str) -> None:
    if said != VERSION:
        raise OtherVersion("tus_version", "上传协议版本不符", "this server speaks tus 1.0.0")


def _header_needed(name: str) -> Invalid:
    return Invalid("header_needed", "上传请求不完整", f"this needs the header {name}", field=name)


def _metadata(said: str) -> tuple[bytes, Purpose]:
    """Read ``sha256 <base64 of hex>, purpose <base64>``; the hash is what nothing goes without."""
    found: dict[str, str] = {}
    try:
        for pair in filter(None, said.split(",")):
            name, _, value = pair.strip().partition(" ")
            found[name] = base64.b64decode(value, validate=True).decode()
        digest = bytes.fromhex(found.get("sha256", ""))
        purpose = Purpose(found.get("purpose") or Purpose.REPORT)
    except (ValueError, binascii.Error):
        digest, purpose = b"", Purpose.OTHER
    if len(digest) != sha256().digest_size:
        raise Invalid(
            "metadata_needed", "缺少文件校验值", "Upload-Metadata needs sha256 and a known purpose",
            field="Upload-Metadata",
        )  # fmt: skip
    return digest, purpose


def _answer(status: int, offset: int, **more: str) -> Response:
    headers = {"Tus-Resumable": VERSION, "Upload-Offset": str(offset), "Cache-Control": "no-store"}
    return Response(status_code=status, headers=headers | more)


@router.post("/uploads", operation_id="beginUpload", status_code=201, response_class=Response)
async def begin_upload(
    request: Request,
    upload_length: Number = None,
    upload_metadata: Metadata = "",
    tus_resumable: Version = VERSION,
) -> Response:
    """Begin, or find what was begun or finished with the same bytes."""
    return await _begin(request, ACCOUNTS, upload_length, upload_metadata, tus_resumable)


@router.head("/uploads/{upload_id}", operation_id="askUpload", response_class=Response)
async def ask_upload(
    upload_id: UUID, request: Request, tus_resumable: Version = VERSION
) -> Response:
    """How much has come."""
    return await _ask(request, ACCOUNTS, upload_id, tus_resumable)


@router.patch("/uploads/{upload_id}", operation_id="continueUpload", status_code=204,
              response_class=Response, openapi_extra=BYTES)  # fmt: skip
async def continue_upload(
    upload_id: UUID,
    request: Request,
    upload_offset: Number = None,
    upload_checksum: Checksum = "",
    tus_resumable: Version = VERSION,
) -> Response:
    """Take the next bytes; of a line that breaks what came is kept, unless it was to be checked."""
    upload = await _mine(request, ACCOUNTS, upload_id, tus_resumable)
    return await _continue(request, ACCOUNTS, upload, upload_offset, upload_checksum)


@router.delete("/uploads/{upload_id}", operation_id="dropUpload", status_code=204,
               response_class=Response)  # fmt: skip
async def drop_upload(
    upload_id: UUID, request: Request, tus_resumable: Version = VERSION
) -> Response:
    """Forget an upload that is not finished; a file that it became stays where it belongs."""
    return await _drop(request, ACCOUNTS, upload_id, tus_resumable)


@router.post("/public/uploads", operation_id="beginPublicUpload", status_code=201,
             response_class=Response)  # fmt: skip
async def begin_public_upload(
    request: Request,
    x_upload_token: Token = "",
    upload_length: Number = None,
    upload_metadata: Metadata = "",
    tus_resumable: Version = VERSION,
) -> Response:
    """Begin a file that a report of this device has named, or find what was begun of it."""
    whose = _device(request, x_upload_token, FILES_HERE, FILES)
    return await _begin(request, whose, upload_length, upload_metadata, tus_resumable)


@router.head("/public/uploads/{upload_id}", operation_id="askPublicUpload",
             response_class=Response)  # fmt: skip
async def ask_public_upload(
    upload_id: UUID,
    request: Request,
    x_upload_token: Token = "",
    tus_resumable: Version = VERSION,
) -> Response:
    """How much of a device's own upload has come."""
    whose = _device(request, x_upload_token, PIECES_HERE, PIECES)
    return await _ask(request, whose, upload_id, tus_resumable)


@router.patch("/public/uploads/{upload_id}", operation_id="continuePublicUpload", status_code=204,
              response_class=Response, openapi_extra=BYTES)  # fmt: skip
async def continue_public_upload(
    upload_id: UUID,
    request: Request,
    x_upload_token: Token = "",
    upload_offset: Number = None,
    upload_checksum: Checksum = "",
    tus_resumable: Version = VERSION,
) -> Response:
    """Take the next bytes of a device's own upload; what came before a line broke is kept."""
    whose = _device(request, x_upload_token, PIECES_HERE, PIECES)
    upload = await _mine(request, whose, upload_id, tus_resumable)
    return await _continue(request, whose, upload, upload_offset, upload_checksum)


@router.delete("/public/uploads/{upload_id}", operation_id="dropPublicUpload", status_code=204,
               response_class=Response)  # fmt: skip
async def drop_public_upload(
    upload_id: UUID,
    request: Request,
    x_upload_token: Token = "",
    tus_resumable: Version = VERSION,
) -> Response:
    """Forget a device's own upload that is not finished."""
    whose = _device(request, x_upload_token, PIECES_HERE, PIECES)
    return await _drop(request, whose, upload_id, tus_resumable)


async def _begin(
    request: Request, whose: Whose, length: int | None, metadata: str, version: str
) -> Response:
    def work(tx: Tx) -> uploads.Upload:
        _check_version(version)
        owner = whose.owner(tx)
        digest, purpose = _metadata(metadata)
        if not length:
            raise _header_needed("Upload-Length")
        # What a resident's file shows is not for his device to say.
        meant = purpose if whose.session else Purpose.REPORT
        return uploads.begin(tx, owner, digest, length, meant)

    upload = await whose.hop(request, work)
    offset = await _finished(request, whose, upload)
    return _answer(201, offset, Location=f"{whose.base}/{upload.id}")


async def _ask(request: Request, whose: Whose, upload_id: UUID, version: str) -> Response:
    upload = await _mine(request, whose, upload_id, version)
    offset = await _finished(request, whose, upload)
    return _answer(200, offset, **{"Upload-Length": str(upload.length)})


async def _continue(
    request: Request, whose: Whose, upload: uploads.Upload, at: int | None, checksum: str
) -> Response:
    if at is None:
        raise _header_needed("Upload-Offset")
    data = await _body(request)
    if checksum:
        _check(checksum, data)
    if upload.done_at is None:
        work = partial(uploads.append, cell_of(request).tenant, upload, at, data)
        await asyncio.get_running_loop().run_in_executor(HOPS, work)
    return _answer(204, await _finished(request, whose, upload))


async def _drop(request: Request, whose: Whose, upload_id: UUID, version: str) -> Response:
    upload = await _mine(request, whose, upload_id, version)

    def work(tx: Tx) -> None:
        uploads.drop(tx, upload)

    await whose.hop(request, work)
    return Response(status_code=204, headers={"Tus-Resumable": VERSION})


async def _body(request: Request) -> bytes:
    """What came, whole or not: whoever has gone asks later how much that was."""
    data = bytearray()
    with suppress(ClientDisconnect, BrokenOffError):
        async for chunk in request.stream():
            data += chunk
    return bytes(data)


def _check(said: str, data: bytes) -> None:
    name, _, value = said.partition(" ")
    try:
        announced = base64.b64decode(value, validate=True)
    except (ValueError, binascii.Error):
        announced = b""
    if name != "sha256" or not hmac.compare_digest(announced, sha256(data).digest()):
        raise WrongChecksum(
            "chunk_damaged", "这一段在途中损坏，请重传", "this chunk was damaged; send it again"
        )


async def _mine(request: Request, whose: Whose, upload_id: UUID, version: str) -> uploads.Upload:
    def work(tx: Tx) -> uploads.Upload:
        _check_version(version)
        return uploads.mine(tx, whose.owner(tx), upload_id)

    return await whose.hop(request, work)


async def _finished(request: Request, whose: Whose, upload: uploads.Upload) -> int:
    """The offset; the last byte, or the first question after a crash, makes a file of the whole."""
    offset = uploads.offset(cell_of(request).tenant, upload)
    if offset == upload.length:
        finish = _finish if upload.done_at is None else _keep
        work = partial(finish, request, whose, upload)
        await asyncio.get_running_loop().run_in_executor(HOPS, work)
    return offset


def _keep(request: Request, whose: Whose, upload: uploads.Upload) -> None:
    """Words that were taken while their photo was being finished get it when the phone asks."""
    whose.at_once(request, "intake", lambda tx: uploads.keep_promises(tx, upload))


def _finish(request: Request, whose: Whose, upload: uploads.Upload) -> None:
    """Look at it between two short transactions; past row-level security, for promises kept."""
    tenant = cell_of(request).tenant
    zone = whose.at_once(request, "intake", queries.city_zone)
    try:
        media = uploads.whole(tenant, upload, zone)
    except Refusal:
        if whose.at_once(request, whose.role, lambda tx: uploads.ended_otherwise(tx, upload)):
            return
        raise
    whose.at_once(request, "intake", lambda tx: uploads.finish(tx, upload, media))
    uploads.forget(tenant, upload)
