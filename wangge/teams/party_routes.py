"""Doors of the party's tree, of one grid with both its nets, and of tables that are brought."""

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, File, UploadFile

from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, NotFound
from wangge.kernel.web import Db
from wangge.people.doors import Me, OfficeDb, OfficeMe
from wangge.people.posts import today
from wangge.people.schemas import Day
from wangge.teams import importing, party, queries, service, tree
from wangge.teams.routes import scope
from wangge.teams.schemas import (
    BelongsList,
    EndIn,
    GridForces,
    GridsIn,
    Imported,
    MemberIn,
    NameIn,
    ParentIn,
    PartyIn,
    PartyList,
    PartyMattersList,
    PartyWhole,
)

router = APIRouter(prefix="/api/v1", tags=["teams"])
MOST_DAYS = 400


def whole(tx: Tx, reach: str, organisation: UUID, on: date) -> dict[str, Any]:
    found = tree.one(tx, reach, on, organisation)
    if found is None:
        raise NotFound("not_found", "没有此党组织", "there is no such party organisation")
    return found


@router.get("/party", operation_id="listParty", response_model=PartyList)
def list_party(tx: Db, me: Me, on: Day | None = None) -> dict[str, Any]:
    """The tops of the party's tree that one sees, as it stood on a day."""
    day = on or today(tx)
    return {"on": day, "items": tree.tops(tx, scope(me), day)}


@router.post("/party", operation_id="foundParty", response_model=PartyWhole, status_code=201)
def found_party(tx: OfficeDb, me: OfficeMe, body: PartyIn) -> dict[str, Any]:
    party.load(tx, [body.draft(today(tx))], actor=me)
    return whole(tx, scope(me), body.id, body.begins or today(tx))


@router.get("/party/matters", operation_id="partyMatters", response_model=PartyMattersList)
def party_matters(tx: Db, me: Me, first: Day, last: Day) -> dict[str, Any]:
    """Matters of a period by committee; each counts for the tree of the day it was received."""
    if last < first or (last - first).days > MOST_DAYS:
        raise Invalid(
            "bad_period", f"期间须在 {MOST_DAYS} 天以内", f"a period of {MOST_DAYS} days at most",
            field="last",
        )  # fmt: skip
    me.must("case.read")
    return {"first": first, "last": last, "items": tree.matters(tx, scope(me), first, last)}


@router.get("/party/{organisation_id}", operation_id="readParty", response_model=PartyWhole)
def read_party(tx: Db, me: Me, organisation_id: UUID, on: Day | None = None) -> dict[str, Any]:
    return whole(tx, scope(me), organisation_id, on or today(tx))


@router.patch("/party/{organisation_id}", operation_id="renameParty", response_model=PartyWhole)
def rename_party(tx: OfficeDb, me: OfficeMe, organisation_id: UUID, body: NameIn) -> dict[str, Any]:
    party.rename(tx, organisation_id, body.name, actor=me)
    return whole(tx, scope(me), organisation_id, today(tx))


@router.put("/party/{organisation_id}/parent", operation_id="moveParty", response_model=PartyWhole)
def move_party(tx: OfficeDb, me: OfficeMe, organisation_id: UUID, body: ParentIn) -> dict[str, Any]:
    """From a day on it stands under another; the days before are told as they were."""
    party.move(tx, organisation_id, body.parent_id, on=body.on, actor=me)
    return whole(tx, scope(me), organisation_id, body.on or today(tx))


@router.put("/party/{organisation_id}/grids", operation_id="setPartyGrids",
            response_model=PartyWhole)  # fmt: skip
def set_party_grids(
    tx: OfficeDb, me: OfficeMe, organisation_id: UUID, body: GridsIn
) -> dict[str, Any]:
    party.stand_on(tx, organisation_id, body.grids, on=body.on, actor=me)
    return whole(tx, scope(me), organisation_id, body.on or today(tx))


@router.post("/party/{organisation_id}/end", operation_id="closeParty", status_code=204)
def close_party(tx: OfficeDb, me: OfficeMe, organisation_id: UUID, body: EndIn) -> None:
    party.close(tx, organisation_id, on=body.on, actor=me)


@router.post("/party/{organisation_id}/members", operation_id="joinParty",
             response_model=PartyWhole)  # fmt: skip
def join_party(tx: OfficeDb, me: OfficeMe, organisation_id: UUID, body: MemberIn) -> dict[str, Any]:
    party.join(
        tx, body.id, organisation_id, body.account_id,
        duty=body.duty, begins=body.begins, actor=me,
    )  # fmt: skip
    return whole(tx, scope(me), organisation_id, body.begins or today(tx))


@router.post("/party/members/{member_id}/end", operation_id="leaveParty", status_code=204)
def leave_party(tx: OfficeDb, me: OfficeMe, member_id: UUID, body: EndIn) -> None:
    party.leave(tx, member_id, on=body.on, actor=me)


@router.get("/people/{account_id}/party", operation_id="partyOfAccount",
            response_model=BelongsList)  # fmt: skip
def party_of_account(tx: Db, me: Me, account_id: UUID) -> dict[str, Any]:
    """The party organisations that a colleague works in, those of before with their dates."""
    return {"items": tree.of_account(tx, scope(me), today(tx), account_id)}


@router.get("/grids/{area_id}/forces", operation_id="readGridForces", response_model=GridForces)
def read_grid_forces(tx: Db, me: Me, area_id: UUID, on: Day | None = None) -> dict[str, Any]:
    """One grid with the party's chains and the teams that serve it; its own chain is in names."""
    reach, day = scope(me), on or today(tx)
    area = queries.area(tx, reach, area_id)
    if area is None:
        raise NotFound("no_such_area", "没有此区域", "no such area")
    found = queries.teams(tx, reach, day, area=area_id)
    ground = queries.grids(tx, [team["id"] for team in found], day)
    return {
        "area": area,
        "chains": tree.chains(tx, reach, day, area_id),
        "teams": [
            {**team, "ground": [row["area"] for row in ground if row["team_id"] == team["id"]]}
            for team in service.filled(tx, found, day)
        ],
    }


@router.post("/teams/import", operation_id="importTeams", response_model=Imported)
def import_teams(
    tx: OfficeDb, me: OfficeMe, file: Annotated[UploadFile, File()], *, dry_run: bool = False
) -> dict[str, Any]:
    """Party organisations, teams or their members from a table, all or none."""
    me.must("people.edit")
    table = importing.rows(file.file.read())
    found = importing.read(tx, table, actor=me)
    if found.errors and not dry_run:
        raise Invalid(
            "import_has_errors",
            f"表格有 {len(found.errors)} 处错误，未导入",
            f"the table has {len(found.errors)} errors; nothing was imported",
            errors=[asdict(error) for error in found.errors[:500]],
        )
    written = 0 if dry_run else found.write()
    return {
        "dry_run": dry_run,
        "rows": found.rows,
        "written": written,
        "errors": [asdict(error) for error in found.errors[:500]],
    }
