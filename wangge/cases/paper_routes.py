"""Cases on paper: the printed file of one, and a list for Excel."""

from itertools import chain
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Response

from wangge.audit import service as audit
from wangge.cases import lists, queries, requests
from wangge.cases.models import Mode
from wangge.cases.request_views import asked_for
from wangge.cases.rule_names import by_rule
from wangge.cases.schemas import Wanted
from wangge.cases.service import not_found
from wangge.files import service as files
from wangge.files.models import Size
from wangge.kernel.db import Tx
from wangge.kernel.description import EXCEL, Pdf, attachment, binary
from wangge.kernel.web import Db
from wangge.papers.models import CaseFile, Line, Picture, Word
from wangge.papers.pdf import case_file, watermark
from wangge.papers.sheets import Column, xlsx
from wangge.people.doors import Me
from wangge.settings import settings
from wangge.tenant.models import Label
from wangge.tenant.rules import Rules
from wangge.tenant.service import rules

router = APIRouter(prefix="/api/v1", tags=["cases"])


def _word(label: Label | None, code: str) -> Word:
    return Word(label.zh, label.en) if label else Word(code, code)


def _listed(known: Rules, name: str, code: str) -> Word:
    rows = {row.code: row for row in getattr(known.lists, name)}
    return _word(rows.get(code), code)


def _asker(row: dict[str, Any]) -> str:
    """Who asked, masked; where no name stands, why none stands there."""
    match row["asker_mode"]:
        case None:
            return "无（工作人员发现） none (found by staff)"
        case Mode.CONFIDENTIAL:
            return "保密 confidential"
        case Mode.ANONYMOUS:
            return f"匿名 anonymous {row['phone_mask']}".strip()
        case _:
            return f"{row['name_mask'] or '未留姓名 no name given'} {row['phone_mask']}".strip()


def _actor(step: dict[str, Any]) -> str:
    """Whoever took the step; the asker is never named, and a rule is."""
    if step["actor_kind"] == "asker":
        return "反映人 asker"
    if step["actor_kind"] == "system":
        rule = by_rule(step["action"], step["data"])
        return f"系统 system：{rule.zh} {rule.en}" if rule else "系统 system"
    return f"{step['actor_name']} {step['actor_title']}".strip()


PURPOSES = {
    "report": "反映时 reported",
    "before": "处置前 before",
    "after": "处置后 after",
    "answer": "答复 answer",
    "letter": "来信 letter",
    "other": "其他 other",
}


def _pictures(tx: Tx, case_id: UUID) -> list[Picture]:
    return [
        Picture(
            PURPOSES[file["purpose"]], files.content(tx, file["id"], Size.THUMB), file["shot_at"]
        )
        for file in queries.files_of(tx, case_id)
        if file["kind"] == "image"
    ]


def file_of(tx: Tx, row: dict[str, Any], printed_by: str) -> CaseFile:
    """The whole case as it is printed; of its asker no more than a mask."""
    known = rules(tx)
    names = known.workflow
    lines = [
        Line(
            round=step["round"],
            at=step["at"],
            action=_word(names.by_action.get(step["action"]), step["action"]),
            actor=_actor(step),
            unit=step["unit"] or "",
            note=step["note"],
            answer=step["answer"],
        )
        for step in queries.steps(tx, row["id"])
    ]
    return CaseFile(
        brand=known.brand.name.zh,
        number=row["number"],
        title=row["title"],
        text=row["text"],
        kind=_listed(known, "kinds", row["kind"]),
        type=_word(known.types.by_code.get(row["type"]), row["type"]) if row["type"] else None,
        state=_word(names.by_state.get(row["state"]), row["state"]),
        channel=_listed(known, "channels", row["channel"]),
        place=" › ".join([*row["names"], row["place_words"]]).strip(" ›"),
        received_at=row["received_at"],
        due_at=row["total_due_at"],
        asker=_asker(row),
        lines=lines,
        printed_at=tx.now.replace(microsecond=0),  # what a PDF can hold
        printed_by=printed_by,
        url=f"{settings().public_url.format(tenant=tx.cell.tenant)}/desk/?case={row['id']}",
        pictures=_pictures(tx, row["id"]),
        internal=True,
        requests=[
            asked_for(one, known)
            for one in (requests.of_case(tx, row["id"]) if row["has_requests"] else ())
        ],
    )


@router.get("/cases/{case_id}/print.pdf", operation_id="printCase", response_class=Pdf)
def print_case(case_id: UUID, tx: Db, me: Me) -> Response:
    """The file of a case with every round of its history; the asker is masked."""
    row = queries.whole(tx, case_id)
    if row is None:
        raise not_found()
    audit.record(tx, "case.printed", case_id, account_id=me.id)
    zone = ZoneInfo(rules(tx).calendar.zone)
    return Pdf(
        case_file(file_of(tx, row, f"{me.name} {me.title}"), zone=zone),
        headers={
            "Content-Disposition": f'inline; filename="{row["number"]}.pdf"',
            "Cache-Control": "no-store",
        },
    )


def _columns(known: Rules) -> list[Column]:
    def named(rows: dict[str, Any]) -> Any:
        return lambda code: rows[code].zh if code in rows else code

    lists_ = known.lists
    return [
        Column("number", "编号", "Number", 24),
        Column("title", "标题", "Title", 40),
        Column("kind", "诉求性质", "Kind", 10, named({row.code: row for row in lists_.kinds})),
        Column("type", "类型", "Type", 18, named(known.types.by_code)),
        Column("state", "状态", "State", 16, named(known.workflow.by_state)),
        Column("level", "等级", "Level", 8, named({row.code: row for row in lists_.levels})),
        Column("channel", "来源", "Channel", 12, named({r.code: r for r in lists_.channels})),
        Column(
            "place", "位置", "Place", 40, lambda place: " ".join([*place["names"], place["words"]])
        ),
        Column("holder", "经办", "Holder", 24, lambda holder: holder["name"]),
        Column("received_at", "收到时间", "Received", 18),
        Column("due_at", "本环节时限", "Due", 18),
        Column("closed_at", "结案时间", "Closed", 18),
        Column("answer", "答复", "Answer", 60),
        Column("round", "办理轮次", "Round", 10),
        Column("solved", "是否解决", "Solved", 10, lambda yes: "已解决" if yes else "未解决"),
    ]


@router.get(
    "/cases/export.xlsx",
    operation_id="exportCases",
    response_class=Response,
    responses={200: binary(EXCEL)},
)
def export_cases(wanted: Annotated[Wanted, Query()], tx: Db, me: Me) -> Response:
    """A queue or everything, as it is filtered, up to 50,000 rows; who took it out is recorded."""
    me.must("case.read")
    known = rules(tx)
    audit.record(
        tx, "cases.exported", None, "", {"q": wanted.q, "queue": wanted.queue}, account_id=me.id
    )
    rows = lists.everything(tx, me, wanted.filter(), queue=wanted.queue)
    # What cannot be asked is refused here, before there is a half-written sheet.
    first = [row for row in (next(rows, None),) if row]
    zone = ZoneInfo(known.calendar.zone)
    at = tx.now.astimezone(zone)
    by = [known.brand.name.zh, f"{me.name} {me.title}", f"{at:%Y-%m-%d %H:%M} 导出"]
    sheet = xlsx(
        _columns(known), chain(first, rows), zone=zone, mark=" · ".join(by), behind=watermark(by)
    )
    return attachment(sheet, f"事项清单-{at:%Y%m%d-%H%M}.xlsx")
