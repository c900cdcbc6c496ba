"""Doors of the records of services at the desk: the list, one of them, the sheet."""

from datetime import datetime
from itertools import islice
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel

from wangge.audit import service as audit
from wangge.cases.schemas import NameView
from wangge.fieldwork import desk_services
from wangge.fieldwork.desk_services import Wanted
from wangge.fieldwork.models import RecordKind
from wangge.fieldwork.schemas import RecordFile
from wangge.kernel.description import EXCEL, attachment, binary
from wangge.kernel.paging import after, cursor
from wangge.kernel.web import Db
from wangge.papers.pdf import watermark
from wangge.papers.sheets import Column, xlsx
from wangge.people.doors import Me
from wangge.people.schemas import Day
from wangge.tenant.service import rules

router = APIRouter(prefix="/api/v1/fieldwork/services", tags=["fieldwork"])
MOST_EXPORTED = 50_000
AT_HOME = "住户家中（内容由网格员、网格长查看）"
Text = Annotated[str, Query(max_length=60, pattern=r"^[^\x00-\x1f\x7f]*$")]
Kind = Literal[RecordKind.SERVICE, RecordKind.OUTREACH, RecordKind.ERRAND, RecordKind.TALK]
COLUMNS = [
    Column("done_at", "时间", "When", 18),
    Column("what", "服务", "What", 16),
    Column("where", "网格", "Grid", 30),
    Column("place", "地点", "Place", 24),
    Column("people", "人数", "People", 8),
    Column("said", "内容", "Words", 60),
    Column("pictures", "照片", "Pictures", 8),
    Column("led_to", "转为事项", "Cases", 26),
    Column("received_at", "收到", "Received", 18),
]


class ServiceLine(BaseModel):
    """``at_home``: what was done there is told to those who look after the homes alone."""

    id: UUID
    kind: RecordKind
    type: str
    name: NameView
    area_id: UUID
    names: list[str]
    place: str
    words: str
    people: int | None
    at_home: bool
    pictures: int
    cases: list[str]
    done_at: datetime
    received_at: datetime


class ServiceList(BaseModel):
    """``records`` and ``people`` are of all that were asked for, whatever page this is."""

    items: list[ServiceLine]
    next: str | None
    records: int
    people: int


class WholeService(BaseModel):
    """One record with the worker who is asked about it, its pictures and what it led to."""

    id: UUID
    kind: RecordKind
    name: NameView
    names: list[str]
    place: str
    words: str
    people: int | None
    at_home: bool
    worker: str
    cases: list[str]
    case_ids: list[UUID]
    files: list[RecordFile]
    done_at: datetime
    received_at: datetime


def _wanted(
    q: Text = "", kind: Kind | None = None, type_: Annotated[Text, Query(alias="type")] = "",
    area: UUID | None = None, first: Day | None = None, last: Day | None = None,
) -> Wanted:  # fmt: skip
    return Wanted(q, kind, type_, area, first, last)


Asked = Annotated[Wanted, Depends(_wanted)]


@router.get("", operation_id="listServices", response_model=ServiceList)
def list_services(
    tx: Db, me: Me, wanted: Asked,
    cursor_: Annotated[str, Query(alias="cursor", max_length=300)] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 100,
) -> dict[str, Any]:  # fmt: skip
    """Services of one's ground, the newest first; by words, kind, type, area and days."""
    mark = after(cursor_, datetime, UUID)
    rows = desk_services.listed(tx, me, wanted, after=mark, limit=limit + 1)
    end = rows[limit - 1] if len(rows) > limit else None
    return {
        "items": rows[:limit],
        "next": cursor(end["received_at"].isoformat(), end["id"]) if end else None,
        **desk_services.counted(tx, me, wanted),
    }


@router.get(
    "/export.xlsx", operation_id="exportServices", response_class=Response,
    responses={200: binary(EXCEL)},
)  # fmt: skip
def export_services(tx: Db, me: Me, wanted: Asked) -> Response:
    """The same as a sheet, up to 50,000 lines, without who did it; that it was taken is logged."""
    known = rules(tx)
    zone = known.calendar.days.zone
    at = tx.now.astimezone(zone)
    by = [known.brand.name.zh, f"{me.name} {me.title}", f"{at:%Y-%m-%d %H:%M} 导出"]
    lines = (
        {
            **row,
            "what": row["name"]["zh"],
            "where": " ".join(row["names"][-2:]),
            "said": AT_HOME if row["at_home"] else row["words"],
            "led_to": "、".join(row["cases"]),
        }
        for row in islice(desk_services.each(tx, me, wanted), MOST_EXPORTED)
    )
    sheet = xlsx(
        COLUMNS, lines, zone=zone, name="为民服务", mark=" · ".join(by), behind=watermark(by)
    )
    audit.record(tx, "field.services_exported", wanted.area, account_id=me.id)
    return attachment(sheet, f"为民服务记录-{at:%Y%m%d-%H%M}.xlsx")


@router.get("/{record_id}", operation_id="readService", response_model=WholeService)
def read_service(record_id: UUID, tx: Db, me: Me) -> dict[str, Any]:
    return desk_services.whole(tx, me, record_id)
