"""The desk's door to what was only spoken."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from wangge.cases import queries
from wangge.cases.schemas import CaseView, Wire
from wangge.cases.service import not_found
from wangge.cases.views import view
from wangge.intake.hearing import Heard, write_down
from wangge.people.doors import OfficeDb, OfficeMe

router = APIRouter(prefix="/api/v1", tags=["cases"])


class HeardBody(Wire):
    """The words as they were heard; ``id`` is the step's."""

    id: UUID
    text: Annotated[str, Field(max_length=200_000)]


@router.post("/cases/{case_id}/words", operation_id="writeDownHeard", response_model=CaseView)
def write_down_heard(case_id: UUID, body: HeardBody, tx: OfficeDb, me: OfficeMe) -> dict[str, Any]:
    """听音转写: the report gets its words, its suggested type, and its alarm if there is danger."""
    write_down(tx, me, case_id, Heard(body.id, body.text))
    row = queries.whole(tx, case_id)
    if row is None:
        raise not_found()
    return view(tx, me, row, queries.steps(tx, case_id), queries.files_of(tx, case_id))
