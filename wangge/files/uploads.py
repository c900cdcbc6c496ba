"""Resumable uploads (tus 1.0.0): begun, gone on with, whole, and put where they belong.

The bytes that have come lie in a file of their own whose length is the offset, so that a crash
loses nothing that was told to a phone. Words come first: whatever names a photo by its hash is
promised it, and gets it when it has come. An upload is an account's, or of somebody without one his
device's, which is known by the hash of its token; nobody else finds it.
"""

import fcntl
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from wangge.files import queries, service
from wangge.files.media import inspect
from wangge.files.models import MOST_BYTES, Media, Purpose, too_large
from wangge.kernel import facts
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, NotFound, Refusal
from wangge.kernel.ids import new_id
from wangge.settings import settings

UNFINISHED_FOR = timedelta(days=7)
MOST = max(MOST_BYTES.values())
Owner = UUID | bytes  # an account, or the hash of a device's token
# One whose file nobody named in time, or can no longer be seen, begins anew.
UPLOAD = """
select u.id, u.account_id, u.token_hash, u.sha256, u.length, u.purpose, f.id as file_id,
    case when f.id is not null then u.done_at end as done_at
from uploads u left join files f on f.id = u.file_id
"""
ONE = f"{UPLOAD} where u.id = %s and u.@whose = %s"
BEGIN = """
insert into uploads (id, @whose, sha256, length, purpose, at)
values (%(id)s, %(owner)s, %(sha256)s, %(length)s, %(purpose)s, %(now)s)
on conflict do nothing
"""
BY_HASH = f"{UPLOAD} where u.@whose = %s and u.sha256 = any(%s)"
PROMISE = """
insert into upload_promises
    (id, @whose, sha256, case_id, step_id, field_record_id, purpose, at)
values (%(id)s, %(owner)s, %(sha256)s, %(case)s, %(step)s, %(record)s, %(purpose)s, %(now)s)
on conflict do nothing
"""
AWAITED = "select 1 from upload_promises p where p.@whose = %s and p.sha256 = %s limit 1"
# The same bytes are one object, whichever of an owner's rows names them.
AT_CASE = """
select u.sha256 from uploads u join files f on f.id = u.file_id
    join files c on c.sha256 = f.sha256 and c.case_id = %s
where u.@whose = %s and u.sha256 = any(%s)
"""
KEEP_PROMISES = """
delete from upload_promises p where p.@whose = %s and p.sha256 = %s
    and (p.field_record_id is null
        or exists (select from field_records r where r.id = p.field_record_id))
returning case_id, step_id, field_record_id, purpose
"""
KEPT = "delete from upload_promises where field_record_id = %s and sha256 = any(%s)"
OWNED = "select 1 from files where id = %s and (case_id is not null or field_record_id is not null)"
OLD = """
delete from uploads u where u.id in (
    select o.id from uploads o where (o.done_at is null and o.at < %(unfinished)s)
        or (o.done_at is not null and not exists (select from files f where f.id = o.file_id))
    order by o.at limit 500)
returning id
"""
DROP = "delete from uploads where id = %s and done_at is null"
OLD_PROMISES = "delete from upload_promises where at < %s"
PLACE = "select pos, unit_ids from cases where id = %s"


class Upload(NamedTuple):
    """One upload; ``file_id`` is the file that it became."""

    id: UUID
    account_id: UUID | None
    token_hash: bytes | None
    sha256: bytes
    length: int
    purpose: str
    file_id: UUID | None
    done_at: Any

    @property
    def owner(self) -> Owner:
        found = self.account_id or self.token_hash
        if found is None:
            raise no_such_upload()
        return found


@dataclass(frozen=True, slots=True)
class Photo:
    """A file that something names: by the hash of the bytes that the phone will send."""

    sha256: bytes
    purpose: Purpose = Purpose.REPORT


class WrongOffset(Refusal):
    """The phone and the server disagree on how much has come; the phone asks and goes on."""


def _of(owner: Owner, statement: str) -> str:
    """The statement about the uploads of such an owner: each kind has its column and its index."""
    return statement.replace("@whose", "account_id" if isinstance(owner, UUID) else "token_hash")


def no_such_upload() -> NotFound:
    return NotFound("no_such_upload", "没有这个上传", "no such upload")


def damaged() -> Invalid:
    return Invalid(
        "upload_damaged",
        "上传的内容与登记的不一致，请重新上传",
        "what came is not what was announced; send it again",
    )


def begin(tx: Tx, owner: Owner, digest: bytes, length: int, purpose: Purpose) -> Upload:
    """Begin, or find what the same owner began or finished with the same bytes.

    Of somebody without an account only what one of his reports has named: words come first.
    """
    if length > MOST:
        raise too_large(MOST, size=length)
    if isinstance(owner, UUID) or tx.one(_of(owner, AWAITED), [owner, digest]):
        tx.run(
            _of(owner, BEGIN),
            {"id": new_id(), "owner": owner, "sha256": digest, "length": length,
             "purpose": purpose.value, "now": tx.now},
        )  # fmt: skip
    row = tx.one(_of(owner, BY_HASH), [owner, [digest]])
    if row is None and isinstance(owner, bytes):
        raise NotFound(
            "upload_not_awaited", "没有事项在等这个文件，请先提交文字",
            "no matter waits for this file; its words go first",
        )  # fmt: skip
    if row is None or row["length"] != length:
        raise damaged()
    return Upload(**row)


def mine(tx: Tx, owner: Owner, upload_id: UUID) -> Upload:
    row = tx.one(_of(owner, ONE), [upload_id, owner])
    if row is None:
        raise no_such_upload()
    return Upload(**row)


def offset(tenant: str, upload: Upload) -> int:
    """How many bytes have come."""
    if upload.done_at is not None:
        return upload.length
    part = _part(tenant, upload.id)
    return part.stat().st_size if part.exists() else 0


def _part(tenant: str, upload_id: UUID) -> Path:
    return settings().home / "uploads" / tenant / str(upload_id)


def append(tenant: str, upload: Upload, at: int, data: bytes) -> int:
    """Add what came at its place, on disk before it is told; returns the new offset."""
    part = _part(tenant, upload.id)
    part.parent.mkdir(parents=True, exist_ok=True)
    with part.open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        # Asked after the lock: who waited for it may find more than there was when he opened.
        there = file.seek(0, os.SEEK_END)
        if at != there:
            raise WrongOffset(
                "wrong_offset", "续传位置不一致，请核对后续传", "go on from where it is",
                offset=there,
            )  # fmt: skip
        if there + len(data) > upload.length:
            raise damaged()
        file.write(data)
        file.flush()
        os.fdatasync(file.fileno())
    return there + len(data)


def whole(tenant: str, upload: Upload, zone: str) -> Media:
    """Look at what has come like at every file; what is not what was announced begins anew."""
    part = _part(tenant, upload.id)
    data = part.read_bytes() if part.exists() else b""
    if len(data) != upload.length or sha256(data).digest() != upload.sha256:
        part.unlink(missing_ok=True)
        raise damaged()
    return inspect(data, zone=ZoneInfo(zone))


def finish(tx: Tx, upload: Upload, media: Media) -> None:
    """The upload becomes a file, and everything that was promised it gets it."""
    tx.one("select 1 from uploads where id = %s for update", [upload.id])
    file = service.take(
        tx, upload.id, media, purpose=Purpose(upload.purpose), uploaded_by=upload.account_id,
        token=upload.token_hash,
    )  # fmt: skip
    tx.run(
        "update uploads set file_id = %s, done_at = %s where id = %s",
        [file.id, tx.now, upload.id],
    )
    keep_promises(tx, upload)


def keep_promises(tx: Tx, upload: Upload) -> None:
    """Give a finished file to whatever named it and has not got it."""
    owner = upload.owner
    for promise in tx.rows(_of(owner, KEEP_PROMISES), [owner, upload.sha256]):
        # A repeated report may have been promised again what it was just being given.
        if isinstance(owner, bytes) and tx.one(
            _of(owner, AT_CASE), [promise["case_id"], owner, [upload.sha256]]
        ):
            continue
        photo = Photo(upload.sha256, Purpose(promise["purpose"]))
        ids, _ = resolve(tx, owner, [photo])
        if promise["field_record_id"]:
            service.attach_to_record(tx, promise["field_record_id"], ids)
            continue
        service.attach(
            tx, promise["case_id"], ids, account_id=upload.account_id, token=upload.token_hash,
            step_id=promise["step_id"],
        )  # fmt: skip
        _tell(tx, promise["case_id"])


def _tell(tx: Tx, case_id: UUID) -> None:
    row = tx.one(PLACE, [case_id])
    if row:
        facts.record(tx, [facts.Fact("FileCame", case_id, {}, row["pos"], row["unit_ids"])])


def forget(tenant: str, upload: Upload) -> None:
    """Remove the bytes; the row goes with its transaction."""
    _part(tenant, upload.id).unlink(missing_ok=True)


def ended_otherwise(tx: Tx, upload: Upload) -> bool:
    """Whether another request has made a file of it meanwhile; one that none has is forgotten."""
    row = tx.one(_of(upload.owner, ONE), [upload.id, upload.owner])
    if row and row["done_at"]:
        return True
    drop(tx, upload)
    return False


def drop(tx: Tx, upload: Upload) -> None:
    """Forget one that is not finished."""
    tx.run(DROP, [upload.id])
    forget(tx.cell.tenant, upload)


def resolve(tx: Tx, owner: Owner, photos: Sequence[Photo]) -> tuple[list[UUID], list[Photo]]:
    """Files for those that have come, ready to be attached, and the photos that have not.

    A file belongs to one case or one record; the same bytes for another one are another row of the
    same object.
    """
    wanted = {photo.sha256: photo for photo in photos}
    rows = tx.rows(_of(owner, BY_HASH), [owner, list(wanted)]) if wanted else []
    come = {bytes(row["sha256"]): row["file_id"] for row in rows if row["file_id"]}
    ready: list[UUID] = []
    missing: list[Photo] = []
    for digest, photo in wanted.items():
        file = queries.file(tx, come[digest]) if digest in come else None
        if file is None:
            missing.append(photo)
        elif tx.one(OWNED, [file.id]) is None:
            tx.run("update files set purpose = %s where id = %s", [photo.purpose.value, file.id])
            ready.append(file.id)
        else:
            copy = file._asdict() | {
                "id": new_id(), "case_id": None, "step_id": None, "released": False,
                "purpose": photo.purpose.value, "created_at": tx.now,
            }  # fmt: skip
            tx.insert("files", [copy])
            ready.append(copy["id"])
    return ready, missing


def of_record(tx: Tx, account: UUID, photos: Sequence[Photo], record_id: UUID) -> list[str]:
    """Put what has come at a record of the field that stands; returns the hashes awaited."""
    ready, missing = resolve(tx, account, photos)
    service.attach_to_record(tx, record_id, ready)
    tx.run(KEPT, [record_id, [photo.sha256 for photo in photos if photo not in missing]])
    return promise(tx, account, missing, None, record_id=record_id)


def of_device(tx: Tx, token: bytes, case_id: UUID, photos: Sequence[Photo]) -> list[str]:
    """What a report without an account named: what has come is its case's, the rest is awaited.

    Safe to repeat: what the case has it is not given twice. Returns the hashes awaited.
    """
    there = tx.rows(_of(token, AT_CASE), [case_id, token, [photo.sha256 for photo in photos]])
    had = {bytes(row["sha256"]) for row in there}
    ready, missing = resolve(tx, token, [one for one in photos if one.sha256 not in had])
    service.attach(tx, case_id, ready, token=token)
    if ready:
        _tell(tx, case_id)
    return promise(tx, token, missing, case_id)


def promise(
    tx: Tx,
    owner: Owner,
    photos: Sequence[Photo],
    case_id: UUID | None,
    step_id: UUID | None = None,
    *,
    record_id: UUID | None = None,
) -> list[str]:
    """Whatever has not come yet is put there when it comes; returns the hashes awaited.

    A record of the field may be awaited itself: while it is, what came for it is kept.
    """
    for photo in photos:
        tx.run(
            _of(owner, PROMISE),
            {"id": new_id(), "owner": owner, "sha256": photo.sha256, "case": case_id,
             "step": step_id, "record": record_id, "purpose": photo.purpose.value, "now": tx.now},
        )  # fmt: skip
    return [photo.sha256.hex() for photo in photos]


def sweep(tx: Tx) -> int:
    """Forget what was not finished within a week, and what became a file that is gone."""
    rows = tx.rows(OLD, {"unfinished": tx.now - UNFINISHED_FOR})
    tx.run(OLD_PROMISES, [tx.now - 4 * UNFINISHED_FOR])
    for row in rows:
        _part(tx.cell.tenant, row["id"]).unlink(missing_ok=True)
    return len(rows)
