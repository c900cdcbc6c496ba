"""Doors of incidents: the register, opening, the board, tasks, the end, paper and sheet."""

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response

from wangge.audit.service import record
from wangge.emergency import (
    alerting,
    opening,
    ordering,
    papers,
    queries,
    service,
    views,
)
from wangge.emergency.history import not_found
from wangge.emergency.models import HANDLE, READ, Said
from wangge.emergency.rights import sight
from wangge.emergency.schemas import (
    CloseBody,
    EmergencyWords,
    IncidentKey,
    IncidentPage,
    IncidentView,
    LevelBody,
    OpenBody,
    OrderBody,
    OwnIncidentTask,
    ReviewBody,
    SituationBody,
    TaskWord,
)
from wangge.kernel import paging
from wangge.kernel.db import Tx
from wangge.kernel.description import EXCEL, Pdf, attachment, binary
from wangge.kernel.web import Db
from wangge.people.doors import Me, OfficeDb, OfficeMe
from wangge.people.models import Actor
from wangge.tenant.plans import Category, Level

router = APIRouter(prefix="/api/v1/incidents", tags=["emergency"])
YEAR = timedelta(days=365)
MOST_ROWS = 5000
Real = Literal["", "real", "drill"]
State = Literal["", "open", "closed"]


def whole(tx: Tx, actor: Actor, incident_id: UUID) -> dict[str, Any]:
    row = queries.whole(tx, sight(actor), incident_id)
    if row is None:
        raise not_found()
    return views.board(tx, actor, row)


@router.get("", operation_id="listIncidents", response_model=IncidentPage)
def list_incidents(
    tx: Db,
    me: Me,
    state: State = "",
    drill: Real = "",
    level: Level | Literal[""] = "",
    category: Category | Literal[""] = "",
    cursor: Annotated[str, Query(max_length=300)] = "",
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> dict[str, Any]:
    """The register, newest alert first; its totals leave drills out."""
    me.must(HANDLE)
    sees = sight(me)
    wanted = {"state": state, "drill": drill, "level": level, "category": category}
    rows = queries.page(tx, sees, wanted, paging.after(cursor, datetime, UUID), limit)
    last = rows[-1] if len(rows) == limit else None
    return {
        "items": [views.card(tx, row) for row in rows],
        "next": last and paging.cursor(last["alerted_at"], last["id"]),
        "totals": queries.totals(tx, sees, tx.now - YEAR),
    }


@router.post("", operation_id="openIncident", response_model=IncidentView)
def open_incident(body: OpenBody, tx: OfficeDb, me: OfficeMe) -> dict[str, Any]:
    """Open an incident or a drill; a repeat with the same id answers as the first did."""
    opening.open_(tx, me, body.opening())
    return whole(tx, me, body.id)


@router.get("/words", operation_id="emergencyWords", response_model=EmergencyWords)
def read_words(tx: Db, me: Me) -> dict[str, Any]:
    """Kinds, levels, abilities and the plans in force."""
    me.must(HANDLE)
    return views.words_of(tx)


@router.get("/tasks", operation_id="ownIncidentTasks", response_model=list[OwnIncidentTask])
def own_tasks(tx: Db, me: Me) -> list[dict[str, Any]]:
    """What waits for me, or for the units in which I handle work."""
    return views.mine(tx, me)


@router.get("/register.xlsx", operation_id="incidentRegister", response_class=Response,
            responses={200: binary(EXCEL)})  # fmt: skip
def register(tx: Db, me: Me, drill: Real = "", state: State = "") -> Response:
    """The register as a sheet; a drill says so in its row."""
    me.must(READ)
    rows = queries.page(tx, sight(me), {"drill": drill, "state": state}, None, MOST_ROWS)
    record(tx, "emergency.register_taken", me.id, detail={"rows": len(rows)})
    return attachment(papers.register(tx, me, rows), "突发事件台账.xlsx")


@router.get("/{incident_id}", operation_id="readIncident", response_model=IncidentView)
def read_incident(incident_id: UUID, tx: Db, me: Me) -> dict[str, Any]:
    return whole(tx, me, incident_id)


@router.get("/{incident_id}/report.pdf", operation_id="printIncident", response_class=Pdf)
def print_incident(incident_id: UUID, tx: Db, me: Me) -> Response:
    """The report: while it is open how things stand, afterwards the closing and review report."""
    row = queries.whole(tx, sight(me), incident_id)
    if row is None:
        raise not_found()
    record(tx, "emergency.report_printed", incident_id)
    return Pdf(
        papers.report(tx, me, row),
        headers={"Content-Disposition": f"inline; filename={row['number']}.pdf"},
    )


@router.post("/{incident_id}/answer", operation_id="answerIncident", response_model=IncidentView)
def answer(incident_id: UUID, body: IncidentKey, tx: OfficeDb, me: OfficeMe) -> dict[str, Any]:
    """收到: nobody else is woken."""
    alerting.answer(tx, me, incident_id, key=body.id)
    return whole(tx, me, incident_id)


@router.post("/{incident_id}/tasks", operation_id="orderIncidentTask",
             response_model=IncidentView)  # fmt: skip
def order(incident_id: UUID, body: OrderBody, tx: OfficeDb, me: OfficeMe) -> dict[str, Any]:
    ordering.order(tx, me, incident_id, body.order())
    return whole(tx, me, incident_id)


@router.post("/{incident_id}/tasks/{task_id}/{said}", operation_id="sayOfIncidentTask",
             response_model=IncidentView)  # fmt: skip
def say(
    incident_id: UUID, task_id: UUID, said: Said, body: TaskWord, tx: OfficeDb, me: OfficeMe
) -> dict[str, Any]:
    """签收, done, or (by whoever commands) dropped with a reason."""
    ordering.say(tx, me, incident_id, task_id, said, key=body.id, note=body.note)
    return whole(tx, me, incident_id)


@router.post("/{incident_id}/situation", operation_id="reportSituation",
             response_model=IncidentView)  # fmt: skip
def situation(incident_id: UUID, body: SituationBody, tx: OfficeDb, me: OfficeMe) -> dict[str, Any]:
    """续报."""
    service.report(tx, me, incident_id, key=body.id, words=body.words)
    return whole(tx, me, incident_id)


@router.post("/{incident_id}/level", operation_id="setIncidentLevel", response_model=IncidentView)
def set_level(incident_id: UUID, body: LevelBody, tx: OfficeDb, me: OfficeMe) -> dict[str, Any]:
    service.set_level(
        tx, me, incident_id, key=body.id, level=body.level, response=body.response, why=body.why,
        version=body.version,
    )  # fmt: skip
    return whole(tx, me, incident_id)


@router.post("/{incident_id}/close", operation_id="closeIncident", response_model=IncidentView)
def close(incident_id: UUID, body: CloseBody, tx: OfficeDb, me: OfficeMe) -> dict[str, Any]:
    """Refused while a task is neither done nor dropped; everybody who was woken is told."""
    service.close(tx, me, incident_id, body.ending(), key=body.id, version=body.version)
    return whole(tx, me, incident_id)


@router.post("/{incident_id}/review", operation_id="reviewIncident", response_model=IncidentView)
def review(incident_id: UUID, body: ReviewBody, tx: OfficeDb, me: OfficeMe) -> dict[str, Any]:
    """复盘: cause and lessons."""
    service.review(tx, me, incident_id, key=body.id, cause=body.cause, lessons=body.lessons)
    return whole(tx, me, incident_id)
