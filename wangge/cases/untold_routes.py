"""The doors to the nightly list of answers that have not reached their askers."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel

from wangge.audit import service as audit
from wangge.cases import untold
from wangge.kernel.description import EXCEL, attachment, binary
from wangge.kernel.web import Db
from wangge.papers.pdf import watermark
from wangge.papers.sheets import Column, xlsx
from wangge.people.doors import Me
from wangge.tenant.service import rules

router = APIRouter(prefix="/api/v1", tags=["cases"])
MOST = 20_000
Way = Literal["call", "letter", "hotline", "group", "in_person", "page"]
Owes = Literal["callers", "desk", "unit"]
How = Literal[
    "sms", "call", "visit", "page", "letter", "hotline", "group", "in_person", "asker", "void"
]
WAYS = {
    "call": "打电话", "letter": "寄信", "hotline": "随热线工单回传", "group": "群里回复",
    "in_person": "当面告知", "page": "等他自己查看",
}  # fmt: skip
OWES = {"callers": "回访岗", "desk": "受理台", "unit": "承办单位"}
HOW = {
    "sms": "短信送达", "call": "电话接通", "visit": "上门见到", "page": "本人查看了进度页",
    "letter": "已寄信", "hotline": "已随工单回传", "group": "已在群里回复",
    "in_person": "已当面告知", "asker": "本人已答复", "void": "结果已撤销（重办、拆出）",
}  # fmt: skip


class UntoldRow(BaseModel):
    """A result and who owes its telling; ``told_how`` is what has reached the asker since.

    ``nights``: on how many nights it has stood here; ``carried_by`` the number of its lead.
    """

    night: date
    case_id: UUID
    number: str
    title: str
    type: str | None
    state: str
    desk: str
    untold_since: datetime
    nights: int
    carried_by: str | None
    way: Way
    owes: Owes
    owes_name: str
    told_at: datetime | None
    told_how: How | None


class UntoldView(BaseModel):
    """``nights`` are those that can be looked at; ``listed`` and ``told`` count all of this one."""

    night: date | None
    made_at: datetime | None
    nights: list[date]
    listed: int
    told: int
    items: list[UntoldRow]
    next: str | None


@router.get("/untold", operation_id="readUntold", response_model=UntoldView)
def read_untold(
    tx: Db,
    me: Me,
    night: date | None = None,
    cursor: Annotated[str, Query(max_length=300)] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 100,
) -> dict[str, Any]:
    """A night's list, the last if none is named: of one's desks, and of the ground supervised."""
    return untold.shown(tx, me, night, untold.Page(cursor, limit))


@router.get(
    "/untold/export.xlsx",
    operation_id="exportUntold",
    response_class=Response,
    responses={200: binary(EXCEL)},
)
def export_untold(tx: Db, me: Me, night: date | None = None) -> Response:
    """The same as a sheet that says who took it out and when; the record says so too."""
    found = untold.shown(tx, me, night, untold.Page(limit=MOST))
    known = rules(tx)
    zone = ZoneInfo(known.calendar.zone)
    at = tx.now.astimezone(zone)
    said = str(found["night"] or "")
    audit.record(tx, "untold.exported", None, "", {"night": said}, account_id=me.id)
    by = [known.brand.name.zh, f"{me.name} {me.title}", f"{at:%Y-%m-%d %H:%M} 导出"]
    states = {code: named.zh for code, named in known.workflow.by_state.items()}
    types = known.types.by_code
    columns = [
        Column("number", "编号", "Number", 24),
        Column("title", "标题", "Title", 40),
        Column("type", "类型", "Type", 18, lambda one: types[one].zh if one in types else one),
        Column("state", "状态", "State", 12, lambda one: states.get(one, one)),
        Column("desk", "受理台", "Desk", 20),
        Column("untold_since", "出结果的时间", "Result given", 18),
        Column("nights", "列入几晚", "Nights listed", 10),
        Column("carried_by", "并入", "Merged into", 24),
        Column("way", "应怎样告知", "To be told", 16, WAYS.__getitem__),
        Column("owes", "谁应告知", "Owed by", 12, OWES.__getitem__),
        Column("owes_name", "单位", "Unit", 20),
        Column("told_at", "已告知", "Told at", 18),
        Column("told_how", "怎样告知的", "How", 20, HOW.__getitem__),
    ]
    sheet = xlsx(
        columns, found["items"], zone=zone, name="未告知清单",
        mark=" · ".join([*by, f"{said} 夜间清单"]), behind=watermark(by),
    )  # fmt: skip
    return attachment(sheet, f"未告知清单-{said or f'{at:%Y-%m-%d}'}.xlsx")
