"""Doors of plans: patrols alone and together, coverage, load, talks and what a meeting decides."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from fastapi import APIRouter

from wangge.fieldwork import coverage, patrols, queries, tasks, views
from wangge.fieldwork.day_schemas import (
    AssignBody,
    CoverageView,
    LoadView,
    PatrolBody,
    PatrolDueView,
    PatrolPlanBody,
    PatrolPlanView,
    QuotaView,
    TalkNoteView,
    WholePlanView,
)
from wangge.fieldwork.permissions import PLAN, WORK, no_such_plan
from wangge.fieldwork.recording import today
from wangge.fieldwork.routes import recorded
from wangge.fieldwork.schemas import RecordedView
from wangge.kernel.db import Tx
from wangge.kernel.web import Db
from wangge.people.doors import Me, OfficeDb, OfficeMe
from wangge.people.models import Actor
from wangge.people.schemas import Day
from wangge.tenant.service import rules

router = APIRouter(prefix="/api/v1/fieldwork", tags=["fieldwork"])
STILL_LISTED = timedelta(days=2)


@router.post("/patrols", operation_id="recordPatrol", response_model=RecordedView)
def record_patrol(body: PatrolBody, tx: OfficeDb, me: OfficeMe) -> dict[str, Any]:
    """A walk round with its findings; each becomes a case that says where it came from."""
    return recorded(patrols.patrol(tx, me, body.id, body.given()))


def _plan(tx: Tx, me: Actor, row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "mine": row["made_by"] == me.id, "stretches": patrols.told(tx, row)}


@router.get("/patrol-plans", operation_id="listPatrolPlans", response_model=list[PatrolPlanView])
def list_plans(tx: Db, me: Me) -> list[dict[str, Any]]:
    """Planned patrols that one takes part in or that go over one's ground."""
    return [_plan(tx, me, row) for row in queries.plans(tx, tx.now - STILL_LISTED)]


@router.get("/patrol-plans/{plan_id}", operation_id="readPatrolPlan",
            response_model=WholePlanView)  # fmt: skip
def read_plan(plan_id: UUID, tx: Db, me: Me) -> dict[str, Any]:
    return _whole(tx, me, plan_id)


def _whole(tx: Tx, me: Actor, plan_id: UUID) -> dict[str, Any]:
    row = queries.plan(tx, plan_id)
    if row is None or not patrols.takes_part(me, row):
        raise no_such_plan()
    records = [views.record(rules(tx), one) for one in queries.of_plan(tx, plan_id)]
    return {**_plan(tx, me, row), "records": records}


@router.put("/patrol-plans/{plan_id}", operation_id="planPatrol", response_model=WholePlanView)
def plan_patrol(plan_id: UUID, body: PatrolPlanBody, tx: OfficeDb, me: OfficeMe) -> dict[str, Any]:
    """A common route and time, for people and units; those asked are told."""
    patrols.plan(tx, me, plan_id, body.given())
    return _whole(tx, me, plan_id)


@router.get("/coverage", operation_id="readCoverage", response_model=CoverageView)
def read_coverage(tx: OfficeDb, me: OfficeMe, day: Day | None = None) -> dict[str, Any]:
    """Grids nobody was at, now or by a night's list, and by grid how many homes; no names."""
    me.must(PLAN)
    known = rules(tx).visits
    return {
        "day": day or today(tx),
        "grid_days": known.grid_days,
        "household_days": known.household_days,
        "gaps": coverage.gaps(tx, me, day),
        "households": coverage.households(tx, me, known.household_days),
    }


@router.get("/patrols-due", operation_id="listPatrolsDue", response_model=list[PatrolDueView])
def list_patrols_due(tx: OfficeDb, me: OfficeMe) -> list[dict[str, Any]]:
    """By the city's rule: which grids are walked by when; those that are late stand first."""
    if not me.may(WORK):
        me.must(PLAN)
    return coverage.patrols_due(tx, me)


@router.get("/load", operation_id="readFieldLoad", response_model=list[LoadView])
def read_load(tx: OfficeDb, me: OfficeMe) -> list[dict[str, Any]]:
    """What waits for each worker over all his grids, in the order of the grids; it ranks nobody."""
    me.must(PLAN)
    return coverage.load(tx, me)


@router.get("/quota", operation_id="readQuotaProgress", response_model=list[QuotaView])
def read_quota(tx: OfficeDb, me: OfficeMe) -> list[dict[str, Any]]:
    """For the leader of the grids alone; empty where the city has set no quota."""
    return coverage.progress(tx, me)


@router.get("/talks", operation_id="listTalkNotes", response_model=list[TalkNoteView])
def list_talks(tx: Db, me: Me) -> list[dict[str, Any]]:
    """Notes of talks on one's ground, with who does what by when; what is late says so."""
    me.must(WORK)
    rows, day = queries.talks(tx), today(tx)
    about: dict[UUID, list[dict[str, Any]]] = {}
    for one in queries.tasks_about(tx, [row["id"] for row in rows]):
        late = one["state"] == "open" and one["due_on"] < day
        about.setdefault(one["record_id"], []).append({**views.task(one), "overdue": late})
    return [{**views.record(rules(tx), row), "tasks": about.get(row["id"], [])} for row in rows]


@router.post("/talks/{record_id}/tasks", operation_id="assignTalkTask", status_code=204)
def assign_task(record_id: UUID, body: AssignBody, tx: OfficeDb, me: OfficeMe) -> None:
    """小组会: who does what by which day; by the leader of the ground."""
    tasks.assign(
        tx, me, body.id, record_id, words=body.words, owner_id=body.owner_id, due_on=body.due_on
    )
