"""Doors of files: taking, showing, releasing. Bytes leave only through here."""

from collections.abc import Iterator
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, File, Form, Request, Response, UploadFile

from wangge.files import media, queries, service, store
from wangge.files.models import MOST_BYTES, FileRow, Media, Opened, Purpose, Size, too_large
from wangge.files.ranges import RANGED, ranged
from wangge.files.schemas import FileView, Release
from wangge.kernel.db import Tx
from wangge.kernel.description import binary
from wangge.kernel.errors import SignInNeeded
from wangge.kernel.limits import Bucket
from wangge.kernel.web import (
    Db,
    Permission,
    PublicDb,
    in_transaction,
    neighbourhood,
    session_token,
)
from wangge.people import leaving
from wangge.people.doors import Me
from wangge.people.models import Actor

router = APIRouter(prefix="/api/v1", tags=["files"])

LOOKS = Bucket(rate=10, burst=200)
MOST = max(MOST_BYTES.values())
SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
}
ENDINGS = {
    "image/jpeg": "jpg",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "audio/wav": "wav",
    "video/quicktime": "mov",
}
WHOLE = binary("image/*", "audio/*", "video/*")
CONTENT: dict[int | str, dict[str, Any]] = {
    200: WHOLE,
    304: {"description": "The one that the browser has is still right"},
    206: {**WHOLE, **RANGED[206]},
    416: RANGED[416],
}

FileForm = Annotated[UploadFile, File()]
IdForm = Annotated[UUID, Form(alias="id")]
PurposeForm = Annotated[Purpose, Form()]


@router.post("/files", operation_id="takeFile", status_code=201)
def take_file(
    request: Request,
    file: FileForm,
    file_id: IdForm,
    purpose: PurposeForm = Purpose.OTHER,
) -> FileView:
    """Check and clean between two short transactions, so that no connection waits for it."""

    def begin(tx: Tx) -> tuple[UUID, str]:
        return Actor.of(tx).id, queries.city_zone(tx)

    try:
        account, zone = in_transaction(request, "app", begin)
    except SignInNeeded as nobody:
        if not nobody.details.get("delivers"):
            raise
        return _of_leaver(request, file, file_id, purpose)
    content = _read(file, zone)

    def keep(tx: Tx) -> FileRow:
        return service.take(tx, file_id, content, purpose=purpose, uploaded_by=account)

    return FileView.of(in_transaction(request, "app", keep))


def _of_leaver(request: Request, file: UploadFile, file_id: UUID, purpose: Purpose) -> FileView:
    """A picture of what somebody found before his post ended."""
    token = session_token(request)

    def begin(tx: Tx) -> tuple[UUID, str]:
        return leaving.deliverer(tx, token).actor.id, queries.city_zone(tx)

    account, zone = in_transaction(request, "intake", begin, session=False)
    content = _read(file, zone)

    def keep(tx: Tx) -> FileRow:
        return service.take(tx, file_id, content, purpose=purpose, uploaded_by=account)

    return FileView.of(in_transaction(request, "intake", keep, session=False))


def _read(file: UploadFile, zone: str) -> Media:
    if file.size is not None and file.size > MOST:
        raise too_large(MOST, size=file.size)
    return media.inspect(file.file.read(), zone=ZoneInfo(zone))


@router.get("/files/{file_id}", operation_id="readFile", response_class=Response, responses=CONTENT)
def read_file(request: Request, db: Db, file_id: UUID, size: Size = Size.FULL) -> Response:
    opened = service.open_(db, file_id, size)
    tag = f'"{opened.row.sha256.hex()[:32]}-{size}"'
    headers = {"Cache-Control": "private, no-cache", "ETag": tag, "Vary": "Cookie"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return _answer(request, db.cell.tenant, opened, headers)


@router.get(
    "/public/files/{file_id}",
    operation_id="readPublicFile",
    response_class=Response,
    responses=CONTENT,
)
def read_public_file(
    request: Request, db: PublicDb, file_id: UUID, size: Size = Size.FULL
) -> Response:
    LOOKS.take(neighbourhood(request))
    opened = service.open_public(db, file_id, size)
    return _answer(request, db.cell.tenant, opened, {"Cache-Control": "no-store"})


@router.patch(
    "/files/{file_id}",
    operation_id="releaseFile",
    dependencies=[Depends(Permission("file.release"))],
)
def release_file(db: Db, me: Me, file_id: UUID, body: Release) -> FileView:
    return FileView.of(service.release(db, file_id, released=body.released, actor=me))


def _answer(request: Request, tenant: str, opened: Opened, headers: dict[str, str]) -> Response:
    ending = ENDINGS.get(opened.mime, opened.mime.split("/")[1])
    headers |= SAFE | {"Content-Disposition": f'inline; filename="{opened.row.id}.{ending}"'}

    def read(start: int, end: int) -> Iterator[bytes]:
        return store.read(tenant, opened.row.sha256, opened.size, start, end)

    return ranged(request, opened.length, read, headers, media_type=opened.mime)
