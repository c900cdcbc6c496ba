"""The door of a case's letters and forms."""

from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Response

from wangge.kernel.description import Pdf
from wangge.kernel.web import Db
from wangge.people.doors import Me
from wangge.public_service import letters

router = APIRouter(prefix="/api/v1", tags=["cases"])


@router.get(
    "/cases/{case_id}/letters/{kind}.pdf",
    operation_id="printLetter",
    response_class=Pdf,
    responses={409: {"description": "The case has not come so far, or nobody asked"}},
)
def print_letter(
    case_id: UUID,
    kind: Literal[
        "work_order", "accepted", "declined", "extended", "unreasonable", "answer", "referral"
    ],
    tx: Db,
    me: Me,
) -> Response:
    """A work order, a notice to the asker or a letter to the unit, with its number and QR code."""
    name, content = letters.printed(tx, me, case_id, kind)
    return Pdf(
        content,
        headers={
            "Content-Disposition": f"inline; filename*=UTF-8''{name}",
            "Cache-Control": "no-store",
        },
    )
