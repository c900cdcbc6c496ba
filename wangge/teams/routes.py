"""Doors of teams: the lists that anybody at work may read, and what administrators write."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query

from wangge.kernel.db import Tx
from wangge.kernel.errors import NotFound
from wangge.kernel.web import Db
from wangge.people.doors import Me, OfficeDb, OfficeMe
from wangge.people.models import Actor
from wangge.people.posts import today
from wangge.people.schemas import Day, Line
from wangge.teams import queries, service
from wangge.teams.schemas import (
    Composition,
    EndIn,
    GridsIn,
    Lacks,
    MemberPage,
    SeatIn,
    Staffing,
    TeamIn,
    TeamPage,
    TeamWhole,
)
from wangge.tenant.service import rules

router = APIRouter(prefix="/api/v1", tags=["teams"])
Limit = Annotated[int, Query(ge=1, le=200)]


def scope(me: Actor) -> str:
    me.must("people.read")
    return me.reach("people.read").scope


def whole(tx: Tx, reach: str, team: UUID, on: date) -> dict[str, Any]:
    rows = queries.teams(tx, reach, on, team=team)
    if not rows:
        raise NotFound("not_found", "没有此团队", "there is no such team")
    ground = [row["area"] for row in queries.grids(tx, [team], on)]
    return {**service.filled(tx, rows, on, past=True)[0], "ground": ground}


@router.get("/teams", operation_id="listTeams", response_model=TeamPage)
def list_teams(
    *,
    tx: Db,
    me: Me,
    q: Line = "",
    area: UUID | None = None,
    on: Day | None = None,
    cursor: Line | None = None,
    limit: Limit = 50,
) -> dict[str, Any]:
    """Teams of one's ground on a day, each with how many people it has and what it lacks."""
    day = on or today(tx)
    rows = queries.teams(tx, scope(me), day, q=q, area=area, after=cursor, limit=limit + 1)
    items = service.filled(tx, rows[:limit], day)
    return {"items": items, "next": rows[limit - 1]["code"] if len(rows) > limit else None}


@router.post("/teams", operation_id="foundTeam", response_model=TeamWhole, status_code=201)
def found_team(tx: OfficeDb, me: OfficeMe, body: TeamIn) -> dict[str, Any]:
    service.load(tx, [body.draft(today(tx))], actor=me)
    return whole(tx, scope(me), body.id, body.begins or today(tx))


@router.get("/teams/composition", operation_id="readComposition", response_model=Composition)
def read_composition(tx: Db, me: Me) -> dict[str, Any]:
    me.must("people.read")
    city = rules(tx).teams.model_dump()
    return {
        "template": city["template"],
        "slots": [slot for slot in city["slots"] if slot["active"]],
        "kinds": [kind for kind in city["kinds"] if kind["active"]],
    }


@router.get("/teams/members", operation_id="listTeamMembers", response_model=MemberPage)
def list_members(
    *,
    tx: Db,
    me: Me,
    kind: Line | None = None,
    retired: bool | None = None,
    area: UUID | None = None,
    on: Day | None = None,
    cursor: UUID | None = None,
    limit: Limit = 100,
) -> dict[str, Any]:
    """Those listed in teams, by kind, with the dates of their term; and how many of each kind."""
    reach, day = scope(me), on or today(tx)
    rows = queries.members(
        tx, reach, day, kind=kind, retired=retired, area=area, after=cursor, limit=limit + 1
    )
    more = rows[limit - 1]["id"] if len(rows) > limit else None
    return {
        "kinds": queries.kinds(tx, reach, day, area),
        "items": rows[:limit],
        "next": more and str(more),
    }


@router.get("/teams/staffing", operation_id="readStaffing", response_model=Staffing)
def read_staffing(tx: Db, me: Me, area: UUID, on: Day | None = None) -> dict[str, Any]:
    """How many people hold each role at an area, and at each of its parts."""
    day = on or today(tx)
    rows = queries.staffing(tx, scope(me), day, area)
    return {"on": day, "items": [{**row, "roles": row["roles"] or {}} for row in rows]}


@router.get("/teams/lacks", operation_id="readLacks", response_model=Lacks)
def read_lacks(tx: Db, me: Me, area: UUID | None = None, on: Day | None = None) -> dict[str, Any]:
    """Grids and communities without what each should have, and teams that are not complete."""
    reach, day = scope(me), on or today(tx)
    return {
        "on": day,
        "lacks": service.lacks(tx, reach, day, area),
        "teams": service.short_of(tx, reach, day, area),
    }


@router.get("/teams/{team_id}", operation_id="readTeam", response_model=TeamWhole)
def read_team(tx: Db, me: Me, team_id: UUID, on: Day | None = None) -> dict[str, Any]:
    return whole(tx, scope(me), team_id, on or today(tx))


@router.put("/teams/{team_id}/grids", operation_id="setTeamGrids", response_model=TeamWhole)
def set_team_grids(tx: OfficeDb, me: OfficeMe, team_id: UUID, body: GridsIn) -> dict[str, Any]:
    """From a day on it serves exactly these."""
    service.serve(tx, team_id, body.grids, on=body.on, actor=me)
    return whole(tx, scope(me), team_id, body.on or today(tx))


@router.post("/teams/{team_id}/members", operation_id="seatMember", response_model=TeamWhole)
def seat_member(tx: OfficeDb, me: OfficeMe, team_id: UUID, body: SeatIn) -> dict[str, Any]:
    service.seat(tx, team_id, body.seat(), actor=me)
    return whole(tx, scope(me), team_id, today(tx))


@router.post("/teams/members/{member_id}/end", operation_id="unseatMember", status_code=204)
def unseat_member(tx: OfficeDb, me: OfficeMe, member_id: UUID, body: EndIn) -> None:
    service.unseat(tx, member_id, on=body.on, actor=me)


@router.post("/teams/{team_id}/end", operation_id="closeTeam", status_code=204)
def close_team(tx: OfficeDb, me: OfficeMe, team_id: UUID, body: EndIn) -> None:
    service.close(tx, team_id, on=body.on, actor=me)
