"""The door to what one has reported oneself: all that an assistant sees of cases."""

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from wangge.kernel.web import Db
from wangge.people.doors import Me

router = APIRouter(prefix="/api/v1", tags=["cases"])
MOST = 50
OWN = """
select c.id, c.number, coalesce(nullif(c.title, ''), left(c.text, 60)) as title, c.state,
    c.place_words, c.received_at, case when c.closed_at is null then '' else c.answer end as answer
from cases c where c.created_by = %s order by c.received_at desc, c.id limit %s
"""


class OwnReport(BaseModel):
    """How far it is, and what came of it; nothing of who else has to do with it."""

    id: UUID
    number: str
    title: str
    state: str
    place_words: str
    received_at: datetime
    answer: str


@router.get("/reports/own", operation_id="ownReports", response_model=list[OwnReport])
def own_reports(tx: Db, me: Me) -> list[dict[str, Any]]:
    """What this person has reported, newest first."""
    me.must("case.report")
    return tx.rows(OWN, [me.id, MOST])
