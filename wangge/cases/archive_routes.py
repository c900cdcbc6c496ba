"""The door to the electronic file of a case."""

from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from typing import IO
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Response
from fastapi.responses import StreamingResponse

from wangge.audit import service as audit
from wangge.cases import archive, queries
from wangge.cases.paper_routes import file_of
from wangge.cases.service import not_found
from wangge.kernel.description import binary
from wangge.kernel.web import Db
from wangge.papers.pdf import case_file
from wangge.people.doors import Me
from wangge.tenant.service import rules

router = APIRouter(prefix="/api/v1", tags=["cases"])
ZIP = "application/zip"
IN_MEMORY = 8_000_000
PIECE = 256 * 1024


def _pieces(kept: IO[bytes]) -> Iterator[bytes]:
    with kept:
        while piece := kept.read(PIECE):
            yield piece


@router.get(
    "/cases/{case_id}/archive.zip",
    operation_id="archiveCase",
    response_class=Response,
    responses={200: binary(ZIP)},
)
def archive_case(case_id: UUID, tx: Db, me: Me) -> Response:
    """One ZIP with every step, attachment and the printed file; with the rights of the case."""
    row = queries.whole(tx, case_id)
    if row is None:
        raise not_found()
    archive.seal(tx, case_id)
    audit.record(tx, "case.archived", case_id, account_id=me.id)
    printed = case_file(
        file_of(tx, row, f"{me.name} {me.title}"), zone=ZoneInfo(rules(tx).calendar.zone)
    )
    kept: IO[bytes] = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - read on after this
    archive.write(tx, me, row, printed, kept)
    kept.seek(0)
    return StreamingResponse(
        _pieces(kept),
        media_type=ZIP,
        headers={
            "Content-Disposition": f'attachment; filename="{row["number"]}.zip"',
            "Cache-Control": "no-store",
        },
    )
