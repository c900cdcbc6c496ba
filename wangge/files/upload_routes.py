"""The doors of resumable uploads: tus 1.0.0 with creation, checksum and termination."""

import asyncio
import base64
import binascii
import hmac
from contextlib import suppress
from functools import partial
from hashlib import sha256
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Request, Response
from starlette.requests import ClientDisconnect

from wangge.files import queries, uploads
from wangge.files.models import Purpose
from wangge.kernel.bodies import BrokenOffError
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, Refusal
from wangge.kernel.web import HOPS, cell_of, hop, in_transaction
from wangge.people.models import Actor

VERSION = "1.0.0"
BASE = "/api/v1/uploads"
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
router = APIRouter(prefix=BASE, tags=["uploads"], responses=ANSWERS)
Version = Annotated[str, Header(alias="Tus-Resumable", max_length=20)]
# Asked for behind the door, so that a stranger is told to sign in and nothing else.
Number = Annotated[int | None, Header(ge=0, le=2**40)]


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


@router.post("", operation_id="beginUpload", status_code=201, response_class=Response)
async def begin_upload(
    request: Request,
    upload_length: Number = None,
    upload_metadata: Annotated[str, Header(max_length=1000)] = "",
    tus_resumable: Version = VERSION,
) -> Response:
    """Begin, or find what was begun or finished with the same bytes."""

    def work(tx: Tx) -> uploads.Upload:
        _check_version(tus_resumable)
        digest, purpose = _metadata(upload_metadata)
        if not upload_length:
            raise _header_needed("Upload-Length")
        return uploads.begin(tx, Actor.of(tx).id, digest, upload_length, purpose)

    upload = await hop(request, "app", work)
    offset = await _finished(request, upload)
    return _answer(201, offset, Location=f"{BASE}/{upload.id}")


@router.head("/{upload_id}", operation_id="askUpload", response_class=Response)
async def ask_upload(
    upload_id: UUID, request: Request, tus_resumable: Version = VERSION
) -> Response:
    """How much has come."""
    upload = await _mine(request, upload_id, tus_resumable)
    offset = await _finished(request, upload)
    return _answer(200, offset, **{"Upload-Length": str(upload.length)})


@router.patch("/{upload_id}", operation_id="continueUpload", status_code=204,
              response_class=Response, openapi_extra=BYTES)  # fmt: skip
async def continue_upload(
    upload_id: UUID,
    request: Request,
    upload_offset: Number = None,
    upload_checksum: Annotated[str, Header(max_length=200)] = "",
    tus_resumable: Version = VERSION,
) -> Response:
    """Take the next bytes; of a line that breaks what came is kept, unless it was to be checked."""
    upload = await _mine(request, upload_id, tus_resumable)
    if upload_offset is None:
        raise _header_needed("Upload-Offset")
    data = await _body(request)
    if upload_checksum:
        _check(upload_checksum, data)
    tenant = cell_of(request).tenant
    if upload.done_at is None:
        work = partial(uploads.append, tenant, upload, upload_offset, data)
        await asyncio.get_running_loop().run_in_executor(HOPS, work)
    return _answer(204, await _finished(request, upload))


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


@router.delete("/{upload_id}", operation_id="dropUpload", status_code=204,
               response_class=Response)  # fmt: skip
async def drop_upload(
    upload_id: UUID, request: Request, tus_resumable: Version = VERSION
) -> Response:
    """Forget an upload that is not finished; a file that it became stays where it belongs."""
    upload = await _mine(request, upload_id, tus_resumable)

    def work(tx: Tx) -> None:
        uploads.drop(tx, upload)

    await hop(request, "app", work)
    return Response(status_code=204, headers={"Tus-Resumable": VERSION})


async def _mine(request: Request, upload_id: UUID, version: str) -> uploads.Upload:
    def work(tx: Tx) -> uploads.Upload:
        _check_version(version)
        return uploads.mine(tx, Actor.of(tx).id, upload_id)

    return await hop(request, "app", work)


async def _finished(request: Request, upload: uploads.Upload) -> int:
    """The offset; the last byte, or the first question after a crash, makes a file of the whole."""
    offset = uploads.offset(cell_of(request).tenant, upload)
    if offset == upload.length and upload.done_at is None:
        await asyncio.get_running_loop().run_in_executor(HOPS, partial(_finish, request, upload))
    return offset


def _finish(request: Request, upload: uploads.Upload) -> None:
    """Look at it between two short transactions; past row-level security, for promises kept."""
    tenant = cell_of(request).tenant
    zone = in_transaction(request, "intake", queries.city_zone)
    try:
        media = uploads.whole(tenant, upload, zone)
    except Refusal:
        in_transaction(request, "app", lambda tx: uploads.drop(tx, upload))
        raise
    in_transaction(request, "intake", lambda tx: uploads.finish(tx, upload, media))
    uploads.forget(tenant, upload)
