"""Doors of the field: the round of homes, visits, services, tasks."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter

from wangge.fieldwork import queries, rounds, services, tasks, views, visits
from wangge.fieldwork.models import Recorded
from wangge.fieldwork.permissions import WORK, no_such_record
from wangge.fieldwork.recording import today
from wangge.fieldwork.schemas import (
    EndTaskBody,
    FieldTaskView,
    RecordedView,
    RecordView,
    RoundView,
    ServiceBody,
    VisitBody,
    VisitsBody,
)
from wangge.kernel.db import Tx
from wangge.kernel.errors import Refusal
from wangge.kernel.web import Db
from wangge.people.doors import Me, OfficeDb, OfficeMe
from wangge.people.models import Actor
from wangge.tenant.service import rules

router = APIRouter(prefix="/api/v1/fieldwork", tags=["fieldwork"])


def recorded(done: Recorded) -> dict[str, Any]:
    return {
        "id": done.id,
        "outcome": "taken" if done.fresh else "repeated",
        "duplicate_of": done.duplicate_of,
        "cases": list(done.cases),
    }


@router.get("/round", operation_id="readRound", response_model=RoundView)
def read_round(tx: Db, me: Me) -> dict[str, Any]:
    """The households of one's ground and when each is due; names are masked, reading is logged."""
    me.must(WORK)
    return rounds.round_(tx, me)


@router.post("/visits", operation_id="recordVisit", response_model=RecordedView)
def record_visit(body: VisitBody, tx: OfficeDb, me: OfficeMe) -> dict[str, Any]:
    """One call at a door; a repeat answers as before."""
    me.must(WORK)
    return recorded(visits.visit(tx, me, body.id, body.given()))


@router.post("/rounds", operation_id="recordRound", response_model=list[RecordedView])
def record_round(body: VisitsBody, tx: OfficeDb, me: OfficeMe) -> list[dict[str, Any]]:
    """A round of visits, each answered for itself: what is refused refuses no other."""
    me.must(WORK)
    return [_visited(tx, me, one) for one in body.items]


def _visited(tx: Tx, me: Actor, item: VisitBody) -> dict[str, Any]:
    try:
        with tx.conn.transaction():
            return recorded(visits.visit(tx, me, item.id, item.given()))
    except Refusal as no:
        refusal = {"code": no.code, "zh": no.zh, "en": no.en}
        return {"id": item.id, "outcome": "refused", "refusal": refusal}


@router.post("/services", operation_id="recordService", response_model=RecordedView)
def record_service(body: ServiceBody, tx: OfficeDb, me: OfficeMe) -> dict[str, Any]:
    """A service, outreach, an errand or a talk; a repeat answers as before."""
    me.must(WORK)
    return recorded(services.serve(tx, me, body.id, body.given()))


@router.get("/records/{record_id}", operation_id="readFieldRecord", response_model=RecordView)
def read_record(record_id: UUID, tx: Db, me: Me) -> dict[str, Any]:
    me.must(WORK)
    row = queries.record(tx, record_id)
    if row is None:
        raise no_such_record()
    return views.record(rules(tx), row)


@router.get("/records", operation_id="listFieldRecords", response_model=list[RecordView])
def list_records(tx: Db, me: Me, household: UUID | None = None) -> list[dict[str, Any]]:
    """One's own newest records, to be repeated in one touch; or the visits of a household."""
    me.must(WORK)
    rows = queries.of_household(tx, household) if household else queries.lately(tx, me.id)
    return [views.record(rules(tx), row) for row in rows]


@router.get("/tasks", operation_id="listFieldTasks", response_model=list[FieldTaskView])
def list_tasks(tx: Db, me: Me) -> list[dict[str, Any]]:
    """What visits and talks left to do: one's own, and the ground's."""
    day = today(tx)
    return [
        {**views.task(row), "overdue": row["due_on"] < day} for row in queries.open_tasks(tx, me.id)
    ]


@router.post("/tasks/{task_id}/end", operation_id="endFieldTask", status_code=204)
def end_task(task_id: UUID, body: EndTaskBody, tx: OfficeDb, me: OfficeMe) -> None:
    tasks.end(tx, me, body.id, task_id, state=body.state, words=body.words, done_at=body.done_at)
