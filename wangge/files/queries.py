"""Reads of files; row-level security hides those of cases that are out of sight."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from wangge.files.models import FileRow
from wangge.kernel.db import Tx

COLUMNS = """f.id, f.case_id, f.step_id, f.purpose, f.kind, f.mime, f.size, f.sha256, f.shot_at,
    f.width, f.height, f.seconds, f.from_asker, f.released, f.uploaded_by, f.upload_token_hash,
    f.created_at"""
ONE = f"select {COLUMNS} from files f where f.id = %s"
# A withdrawn release must be gone at once, so nothing of it is cached anywhere.
RELEASED = f"""
select {COLUMNS} from files f where f.id = %s and (f.released and f.case_id is not null
    or exists (select from estate_notices n where n.id = f.estate_notice_id and n.state = 'posted'
        and n.until >= city_today() and (n.begins is null or n.begins <= city_today())))
"""
OF_CASES = f"""
select {COLUMNS} from files f where f.case_id = any(%s) order by f.created_at, f.id
"""
PLACE = "select c.pos, c.desk_id from files f join cases c on c.id = f.case_id where f.id = %s"


def file(tx: Tx, file_id: UUID) -> FileRow | None:
    row = tx.one(ONE, [file_id])
    return FileRow(**row) if row else None


def released(tx: Tx, file_id: UUID) -> FileRow | None:
    row = tx.one(RELEASED, [file_id])
    return FileRow(**row) if row else None


def of_cases(tx: Tx, case_ids: Sequence[UUID]) -> dict[UUID, list[FileRow]]:
    """Files by case, in the order in which they came."""
    found: dict[UUID, list[FileRow]] = defaultdict(list)
    for row in tx.rows(OF_CASES, [list(case_ids)]):
        found[row["case_id"]].append(FileRow(**row))
    return found


def place(tx: Tx, file_id: UUID) -> dict[str, Any] | None:
    """Where the file's case lies: ``pos`` and ``desk_id``; None while it belongs to none."""
    return tx.one(PLACE, [file_id])


def city_zone(tx: Tx) -> str:
    row = tx.one("select zone from clock")
    return str(row["zone"]) if row else "UTC"
