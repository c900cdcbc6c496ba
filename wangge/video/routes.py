"""Doors of video sites: the list, the look with its reason, the still, the register."""

from datetime import datetime
from itertools import islice
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, File, Form, Query, Request, Response, UploadFile
from pydantic import AwareDatetime

from wangge.areas.schemas import ImportView
from wangge.audit.service import record
from wangge.files.models import MOST_BYTES, Kind
from wangge.kernel.db import Tx
from wangge.kernel.description import EXCEL, attachment, binary
from wangge.kernel.paging import after, cursor
from wangge.kernel.place import Datum
from wangge.kernel.web import Db, in_transaction
from wangge.papers import tables
from wangge.papers.pdf import watermark
from wangge.papers.sheets import Column, xlsx
from wangge.people.doors import Me, OfficeDb, OfficeMe
from wangge.people.models import Actor, Reach
from wangge.tenant.service import rules
from wangge.video import gateway, importing, queries, service
from wangge.video.models import Wanted, Way
from wangge.video.schemas import (
    EditedVideoSite,
    EditedVideoSites,
    KeptPicture,
    LookBody,
    NearVideoSite,
    NearVideoSites,
    RegisterLine,
    VideoLook,
    VideoRegister,
    VideoSite,
    VideoSiteBody,
    VideoSiteList,
)

router = APIRouter(prefix="/api/v1/video", tags=["video"])
case_router = APIRouter(prefix="/api/v1", tags=["video"])
MOST_EXPORTED = 50_000
PAGE = 1000
Words = Annotated[str, Query(max_length=60, pattern=r"^[^\x00-\x1f\x7f]*$")]
Size = Annotated[int, Query(ge=1, le=200)]
UNSTORED = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
WAYS = {Way.PAGE: "打开平台页面 owner's page", Way.SNAPSHOT: "截图 snapshot"}
COLUMNS = [
    Column("at", "时间", "When", 18),
    Column("account_name", "调看人", "Who", 12),
    Column("account_post", "岗位", "Post", 26),
    Column("code", "点位编号", "Site", 16),
    Column("name", "点位名称", "Name", 28),
    Column("owner", "所属单位", "Owner", 20),
    Column("way", "方式", "Way", 20, lambda way: WAYS[Way(way)]),
    Column("reason", "理由", "Reason", 40),
    Column("case_number", "事项编号", "Case", 24),
    Column("shown_at", "出示画面", "Shown", 18),
    Column("kept_at", "留存", "Kept", 18),
    Column("kept_reason", "留存理由", "Why kept", 40),
]


@router.get("/sites", operation_id="listVideoSites", response_model=VideoSiteList)
def list_sites(
    tx: Db, me: Me, q: Words = "", area: UUID | None = None,
    cursor_: Annotated[str, Query(alias="cursor", max_length=300)] = "", limit: Size = 100,
) -> dict[str, Any]:  # fmt: skip
    """Sites in use within reach, by code; the address is given for a reason at another door."""
    me.must(service.VIEW)
    rows = queries.sites(
        tx, me.reach(service.VIEW), q=q, area=area, after=_code(cursor_), limit=limit + 1
    )
    return {"items": [VideoSite.of(row) for row in rows[:limit]], "next": _next(rows, limit)}


@router.get("/sites/edited", operation_id="listEditedVideoSites", response_model=EditedVideoSites)
def list_edited(
    tx: OfficeDb, me: OfficeMe, q: Words = "",
    cursor_: Annotated[str, Query(alias="cursor", max_length=300)] = "", limit: Size = 100,
) -> dict[str, Any]:  # fmt: skip
    """For whoever keeps the list: those out of use too, with their addresses."""
    me.must(service.EDIT)
    rows = queries.sites(
        tx, me.reach(service.EDIT), q=q, area=None, after=_code(cursor_), limit=limit + 1,
        closed=True,
    )  # fmt: skip
    items = [EditedVideoSite.of(row) for row in rows[:limit]]
    return {"items": items, "next": _next(rows, limit), "hosts": list(rules(tx).video.hosts)}


def _code(mark: str) -> str:
    return str((after(mark, str) or [""])[0])


def _next(rows: list[dict[str, Any]], limit: int) -> str | None:
    return cursor(rows[limit - 1]["code"]) if len(rows) > limit else None


@router.post("/sites/import", operation_id="importVideoSites")
def import_sites(
    file: Annotated[UploadFile, File()],
    tx: OfficeDb,
    me: OfficeMe,
    *,
    datum: Datum = Datum.WGS84,
    dry_run: bool = False,
) -> ImportView:
    """Add and change by code from XLSX or CSV; nothing is written while one row is wrong."""
    body = file.file.read(tables.MOST_BYTES + 1)
    return ImportView.of(importing.import_sites(tx, me, body, datum=datum, dry_run=dry_run))


@router.put("/sites/{site_id}", operation_id="writeVideoSite", status_code=204)
def write_site(site_id: UUID, body: VideoSiteBody, tx: OfficeDb, me: OfficeMe) -> None:
    service.put(tx, me, body.draft(site_id))


@case_router.get(
    "/cases/{case_id}/video-sites", operation_id="videoSitesNearCase",
    response_model=NearVideoSites,
)  # fmt: skip
def near_case(
    case_id: UUID, tx: Db, me: Me, metres: Annotated[int, Query(ge=50, le=3000)] = 800
) -> dict[str, Any]:
    """The nearest sites around the place of a case; none where its place is not known."""
    return {"items": [NearVideoSite.of(row) for row in service.near(tx, me, case_id, metres)]}


@router.post("/sites/{site_id}/views", operation_id="lookAtVideoSite", response_model=VideoLook)
def look(site_id: UUID, body: LookBody, tx: Db, me: Me) -> dict[str, Any]:
    """Write who looks, when and why, and only then give the link, or leave to ask for a still."""
    return service.look(tx, me, body.look(site_id))


@router.post(
    "/views/{view_id}/picture", operation_id="fetchVideoPicture", response_class=Response,
    responses={200: binary("image/jpeg")},
)  # fmt: skip
def fetch_picture(view_id: UUID, request: Request) -> Response:
    """One still for one look, shown and not kept; asked for between two short transactions."""

    def begin(tx: Tx) -> Wanted:
        return service.wanted(tx, Actor.of(tx), view_id)

    picture = gateway.fetch(in_transaction(request, "app", begin))

    def note(tx: Tx) -> datetime:
        service.wanted(tx, Actor.of(tx), view_id)
        service.shown(tx, view_id, picture)
        return tx.now

    at = in_transaction(request, "app", note)
    headers = {**UNSTORED, "X-Shown-At": at.isoformat()}
    return Response(picture.data, media_type="image/jpeg", headers=headers)


@router.post("/kept", operation_id="keepVideoPicture", response_model=KeptPicture)
def keep_picture(
    file: Annotated[UploadFile, File()],
    file_id: Annotated[UUID, Form(alias="id")],
    view_id: Annotated[UUID, Form()],
    reason: Annotated[str, Form(max_length=500)],
    tx: Db,
    me: Me,
) -> dict[str, Any]:
    """Keep the still that was shown in its case: only the very same, by whoever looked."""
    body = file.file.read(MOST_BYTES[Kind.IMAGE] + 1)
    return service.keep(tx, me, view_id, file_id, reason, body)


def _reach(me: Actor) -> Reach:
    if not me.may(service.VIEW):
        me.must(service.REGISTER)
    return me.reach(service.REGISTER)


@router.get("/views", operation_id="listVideoViews", response_model=VideoRegister)
def list_views(
    tx: Db, me: Me, site: UUID | None = None, case: UUID | None = None,
    since: AwareDatetime | None = None, until: AwareDatetime | None = None,
    cursor_: Annotated[str, Query(alias="cursor", max_length=300)] = "", limit: Size = 50,
) -> dict[str, Any]:  # fmt: skip
    """The register, newest first: one's own looks, and all of them within reach of its readers."""
    rows = queries.views(
        tx, me.id, _reach(me), site=site, case=case, since=since, until=until,
        after=after(cursor_, datetime, UUID), limit=limit + 1,
    )  # fmt: skip
    last = rows[limit - 1] if len(rows) > limit else None
    return {
        "items": [RegisterLine.model_validate(row) for row in rows[:limit]],
        "next": cursor(last["at"], last["id"]) if last else None,
        "whole": me.may(service.REGISTER),
    }


@router.get(
    "/views/export.xlsx", operation_id="exportVideoViews", response_class=Response,
    responses={200: binary(EXCEL)},
)  # fmt: skip
def export_views(
    tx: Db, me: Me, site: UUID | None = None,
    since: AwareDatetime | None = None, until: AwareDatetime | None = None,
) -> Response:  # fmt: skip
    """The register as a sheet, up to 50,000 lines; that it was taken out is logged."""
    reach = _reach(me)
    record(tx, "video.register_exported", site, account_id=me.id)

    def lines() -> Any:
        mark = None
        while True:
            rows = queries.views(
                tx, me.id, reach, site=site, since=since, until=until, after=mark, limit=PAGE
            )
            yield from rows
            if len(rows) < PAGE:
                return
            mark = [rows[-1]["at"], rows[-1]["id"]]

    known = rules(tx)
    zone = ZoneInfo(known.calendar.zone)
    at = tx.now.astimezone(zone)
    by = [known.brand.name.zh, f"{me.name} {me.title}", f"{at:%Y-%m-%d %H:%M} 导出"]
    sheet = xlsx(
        COLUMNS, islice(lines(), MOST_EXPORTED), zone=zone, name="调看登记", mark=" · ".join(by),
        behind=watermark(by),
    )  # fmt: skip
    return attachment(sheet, f"视频调看登记-{at:%Y%m%d-%H%M}.xlsx")
