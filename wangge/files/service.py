"""Take, attach, show, release and sweep files."""

from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from psycopg import errors

from wangge.audit import service as audit
from wangge.files import queries, store
from wangge.files.media import inspect
from wangge.files.models import Attached, FileRow, Kind, Media, Opened, Purpose, Size
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, NotFound, Refusal
from wangge.people.models import Actor

ORPHAN_AFTER = timedelta(hours=24)
LOCK = "select pg_advisory_xact_lock(hashtextextended('file ' || %s, 0))"
ATTACH = """
update files set case_id = %(case)s, step_id = coalesce(step_id, %(step)s)
where id = any(%(ids)s) and (case_id is null or case_id = %(case)s)
    and uploaded_by is not distinct from %(account)s
    and (upload_token_hash is null or upload_token_hash = %(token)s)
returning id, kind
"""
ORPHANS = """
delete from files where id in (
    select f.id from files f where f.case_id is null and f.group_message_id is null
        and f.field_record_id is null and f.estate_notice_id is null and f.created_at < %s
        and not exists (select from uploads u join upload_promises p
            on p.account_id = u.account_id and p.sha256 = u.sha256 where u.file_id = f.id)
    order by f.created_at limit 500 for update skip locked)
returning sha256
"""
# A repeat, or the same picture twice, is there already.
OF_RECORD = """
update files f set field_record_id = %(record)s
where f.id = any(%(ids)s) and f.case_id is null and f.group_message_id is null
    and f.field_record_id is null and not exists (select from files o
        where o.field_record_id = %(record)s and o.sha256 = f.sha256)
"""
OF_NOTICE = """
update files f set estate_notice_id = %(notice)s
where f.id = any(%(ids)s) and f.uploaded_by = %(account)s and f.kind = 'image'
    and num_nonnulls(f.case_id, f.group_message_id, f.field_record_id, f.estate_notice_id) = 0
"""


def take(
    tx: Tx,
    file_id: UUID,
    content: bytes | Media,
    *,
    purpose: Purpose = Purpose.REPORT,
    uploaded_by: UUID | None = None,
    token: bytes | None = None,
) -> FileRow:
    """Keep one file that belongs to no case yet; the same again answers as the first time.

    ``content`` is bytes, or what ``media.inspect`` has made of them before the transaction.
    Without ``uploaded_by`` it is a resident's; ``token`` is then the hash of his device's token.
    """
    media = content if isinstance(content, Media) else inspect(content, zone=_zone(tx))
    digest = sha256(media.data).digest()
    tx.one(LOCK, [digest.hex()])
    row = queries.file(tx, file_id)
    if row is not None:
        if (row.sha256, row.uploaded_by, row.upload_token_hash) != (digest, uploaded_by, token):
            raise _id_taken()
        return row
    _add(
        tx,
        _row(media, digest)
        | {
            "id": file_id,
            "purpose": purpose.value,
            "from_asker": uploaded_by is None,
            "uploaded_by": uploaded_by,
            "upload_token_hash": token,
            "created_at": tx.now,
        },
    )
    tenant = tx.cell.tenant
    store.put(tenant, digest, Size.FULL, media.data)
    for size, data in media.smaller.items():
        store.put(tenant, digest, size, data)
    return _kept(queries.file(tx, file_id))


def _zone(tx: Tx) -> ZoneInfo:
    return ZoneInfo(queries.city_zone(tx))


def _add(tx: Tx, row: dict[str, Any]) -> None:
    try:
        tx.insert("files", [row])
    except errors.UniqueViolation as error:  # somebody else's, out of sight
        raise _id_taken() from error


def _row(media: Media, digest: bytes) -> dict[str, Any]:
    return {
        "kind": media.kind.value,
        "mime": media.mime,
        "size": len(media.data),
        "sha256": digest,
        "shot_at": media.shot_at,
        "width": media.width,
        "height": media.height,
        "seconds": media.duration,
    }


def _id_taken() -> Refusal:
    return Refusal("id_taken", "编号已被使用，请重新上传", "this id is in use; please send it anew")


def no_such_file() -> NotFound:
    return NotFound("no_such_file", "没有这个文件", "there is no such file")


def _kept(row: FileRow | None) -> FileRow:
    if row is None:
        raise no_such_file()
    return row


def attach(
    tx: Tx,
    case_id: UUID,
    file_ids: Sequence[UUID],
    *,
    account_id: UUID | None = None,
    token: bytes | None = None,
    step_id: UUID | None = None,
) -> Attached:
    """Give files to a case; only their uploader can, and only files that belong to no other.

    What is missing, somebody else's or another case's is left out and named, and never refuses the
    report. Safe to repeat.
    """
    wanted = list(dict.fromkeys(file_ids))
    if not wanted:
        return Attached([], [], None)
    rows = tx.rows(
        ATTACH,
        {"case": case_id, "step": step_id, "ids": wanted, "account": account_id, "token": token},
    )
    kinds = {row["id"]: row["kind"] for row in rows}
    taken = [file_id for file_id in wanted if file_id in kinds]
    pictures = (file_id for file_id in taken if kinds[file_id] == Kind.IMAGE)
    return Attached(
        taken, [file_id for file_id in wanted if file_id not in kinds], next(pictures, None)
    )


def attach_to_record(tx: Tx, record_id: UUID, file_ids: Sequence[UUID]) -> None:
    """Give files to a record of the field: seen by whoever sees the record, and never released."""
    for file_id in file_ids:
        tx.run(OF_RECORD, {"record": record_id, "ids": [file_id]})


def attach_to_notice(
    tx: Tx, notice_id: UUID, file_ids: Sequence[UUID], *, account_id: UUID
) -> None:
    """Give one's own pictures to a notice: anybody sees them for as long as it is shown.

    One that is not there, or not the writer's, is refused: a notice says what its writer saw.
    """
    values = {"notice": notice_id, "ids": list(file_ids), "account": account_id}
    if file_ids and tx.run(OF_NOTICE, values) != len(set(file_ids)):
        raise Invalid(
            "picture_missing",
            "有图片没有传到，请去掉重新添加",
            "a picture has not arrived; please add it anew",
            field="pictures",
        )


def open_(tx: Tx, file_id: UUID, size: Size = Size.FULL) -> Opened:
    """Find a copy to show; under row-level security a file out of sight is no file."""
    return _opened(tx, _kept(queries.file(tx, file_id)), size)


def open_public(tx: Tx, file_id: UUID, size: Size = Size.FULL) -> Opened:
    """Find a copy to show to anybody: what was released or a notice shows, as long as it is."""
    return _opened(tx, _kept(queries.released(tx, file_id)), size)


def _opened(tx: Tx, row: FileRow, size: Size) -> Opened:
    if size is not Size.FULL and row.kind != Kind.IMAGE:
        raise no_such_file()
    if size is Size.FULL:
        return Opened(row, size, row.mime, row.size)
    return Opened(row, size, "image/jpeg", store.length(tx.cell.tenant, row.sha256, size))


def content(tx: Tx, file_id: UUID, size: Size = Size.LARGE) -> bytes:
    """Read a whole copy, for papers; the same visibility as ``open_``."""
    opened = open_(tx, file_id, size)
    parts = store.read(tx.cell.tenant, opened.row.sha256, size, 0, opened.length)
    return b"".join(parts)


def share(tx: Tx, rows: Sequence[FileRow]) -> None:
    """More rows of contents that are kept already, by COPY; the caller made them of kept ones."""
    if rows:
        tx.copy("files", FileRow._fields, iter(rows))


def release(tx: Tx, file_id: UUID, *, released: bool, actor: Actor) -> FileRow:
    """Show a file to the public or take it back; logged, and gone with the next request."""
    actor.must("file.release")
    row = _kept(queries.file(tx, file_id))
    place = queries.place(tx, file_id)
    if place is None:
        raise Refusal(
            "file_of_no_case", "文件尚未关联事项，不能公开", "the file belongs to no case yet"
        )
    actor.must_at("file.release", pos=place["pos"], desk_id=place["desk_id"])
    if row.released == released:
        return row
    tx.run("update files set released = %s where id = %s", [released, file_id])
    audit.record(
        tx,
        "file.release" if released else "file.withdraw",
        file_id,
        detail={"case_id": str(row.case_id)},
    )
    return row._replace(released=released)


def sweep_orphans(tx: Tx) -> int:
    """Forget files that no report has named for a day; at most 500 at a time."""
    gone = tx.rows(ORPHANS, [tx.now - ORPHAN_AFTER])
    for digest in sorted({row["sha256"] for row in gone}):
        tx.one(LOCK, [digest.hex()])  # nobody takes the same bytes meanwhile
        if tx.one("select 1 from files where sha256 = %s limit 1", [digest]) is None:
            store.remove(tx.cell.tenant, digest)
    return len(gone)
