"""Letters of a case: the work order, notices to the asker, the letter that refers it to a unit.

What goes to the asker carries the code of his own page; what stays in the office leads to the case.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote
from uuid import UUID
from zoneinfo import ZoneInfo

from wangge.audit import service as audit
from wangge.cases import queries
from wangge.cases.models import Mode
from wangge.cases.service import not_found
from wangge.intake.service import code_of
from wangge.kernel.db import Tx
from wangge.kernel.errors import Refusal
from wangge.papers.letters import Letter, Row, letter
from wangge.papers.models import Word
from wangge.people.models import Actor
from wangge.settings import settings
from wangge.tenant.rules import Rules
from wangge.tenant.service import rules

TITLES = {
    "work_order": Word("工单", "Work order"),
    "accepted": Word("受理告知书", "Notice of acceptance"),
    "declined": Word("不予受理告知书", "Notice that a matter is not taken up"),
    "extended": Word("延期告知书", "Notice of an extension"),
    "unreasonable": Word("诉求认定告知书", "Notice of a ruling on a demand"),
    "answer": Word("答复函", "Letter of answer"),
    "referral": Word("转办函", "Letter of referral"),
}
TO_ASKER = frozenset({"accepted", "declined", "extended", "unreasonable", "answer"})
CODED = "select code_hash is not null as coded from case_askers where case_id = %s"
Steps = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Told:
    """What a letter is written from: the case, its history, and the city's rules and hour."""

    known: Rules
    row: dict[str, Any]
    steps: Steps
    zone: ZoneInfo


def printed(tx: Tx, actor: Actor, case_id: UUID, kind: str) -> tuple[str, bytes]:
    """Name and content of one paper; refused where the case has not come so far."""
    row = queries.whole(tx, case_id)
    if row is None:
        raise not_found()
    if kind in TO_ASKER and not actor.may_at("case.correct", desk_id=row["desk_id"]):
        raise not_found()
    known, steps = rules(tx), queries.steps(tx, case_id)
    zone = ZoneInfo(known.calendar.zone)
    to, paragraphs = WORDS[kind](Told(known, row, steps, zone))
    content = Letter(
        brand=known.brand.name.zh,
        title=TITLES[kind],
        number=row["number"],
        to=to,
        paragraphs=paragraphs,
        facts=_facts(known, row, zone, kind),
        desk=row["desk"],
        desk_phone=row["desk_phone"],
        url=_url(tx, row, kind),
        printed_at=tx.now.replace(microsecond=0),
        printed_by=f"{actor.name} {actor.title}".strip(),
        seal=kind != "work_order",
    )
    audit.record(tx, "case.letter_printed", case_id, kind, account_id=actor.id)
    return quote(f"{TITLES[kind].zh}-{row['number']}.pdf"), letter(content, zone=zone)


def _url(tx: Tx, row: dict[str, Any], kind: str) -> str:
    base = settings().public_url.format(tenant=tx.cell.tenant)
    if kind not in TO_ASKER:
        return f"{base}/desk/?case={row['id']}"
    coded = tx.one(CODED, [row["id"]])
    return f"{base}/r/m/{code_of(tx.cell.tenant, row['id'].bytes)}" if (
        coded and coded["coded"]) else f"{base}/r"  # fmt: skip


def _moment(moment: datetime | None, zone: ZoneInfo) -> str:
    if moment is None:
        return "—"
    local = moment.astimezone(zone)
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"


def _facts(known: Rules, row: dict[str, Any], zone: ZoneInfo, kind: str) -> list[Row]:
    named = known.types.by_code.get(row["type"] or "")
    place = " ".join([*row["names"], row["place_words"]]).strip()
    rows = [
        Row("事项", "Matter", row["title"]),
        Row("收到时间", "Received", _moment(row["received_at"], zone)),
        Row("地点", "Place", place),
    ]
    if kind in TO_ASKER:
        return rows
    hidden = row["asker_mode"] == Mode.CONFIDENTIAL
    asker = "保密" if hidden else f"{row['name_mask'] or ''} {row['phone_mask'] or ''}".strip()
    return [
        *rows,
        Row("内容", "Text", row["text"]),
        Row("类型", "Type", named.zh if named else "—"),
        Row("诉求人", "Asker", asker or "—"),
        Row("承办单位", "Unit", row["unit"] or "—"),
        Row("本环节时限", "This stage is due", _moment(row["due_at"], zone)),
        Row("全程时限", "Whole is due", _moment(row["total_due_at"], zone)),
    ]


def _last(steps: Steps, *actions: str) -> dict[str, Any]:
    for step in reversed(steps):
        if step["action"] in actions:
            return step
    raise Refusal(
        "not_so_far", "这件事项还没有到这一步，不能出具", "the case has not come so far yet"
    )


def _asker(row: dict[str, Any]) -> str:
    if row["asker_mode"] is None:
        raise Refusal("no_asker", "这件事项没有诉求人", "this case has no asker")
    hidden = row["asker_mode"] == Mode.CONFIDENTIAL or not row["name_mask"]
    return "诉求人" if hidden else str(row["name_mask"])


def _accepted(of: Told) -> tuple[str, list[str]]:
    step = _last(of.steps, "accept", "register")
    return _asker(of.row), [
        (
            f"您于{_moment(of.row['received_at'], of.zone)}反映的“{of.row['title']}”，"
            f"我们已于{_moment(step['at'], of.zone)}受理，编号{of.row['number']}。"
        ),
        f"预计于{_moment(of.row['total_due_at'], of.zone)}前办结并答复您。",
        "扫描右上角二维码可以查看进度。",
    ]


def _declined(of: Told) -> tuple[str, list[str]]:
    step = _last(of.steps, "decline", "approve_decline")
    reason = next(
        (one for one in of.known.lists.decline_reasons if one.code == step["reason"]), None
    )
    ground = reason.ground.zh if reason and reason.ground else ""
    return _asker(of.row), [
        (
            f"您于{_moment(of.row['received_at'], of.zone)}反映的“{of.row['title']}”"
            f"（编号{of.row['number']}），经研究不予受理。"
            f"理由：{reason.zh if reason else step['reason']}。"
        ),
        *([f"依据：{ground}。"] if ground else []),
        step["answer"],
        "如对本告知有异议，可以向本中心反映，也可以依法通过其他途径提出。",
    ]


def _unreasonable(of: Told) -> tuple[str, list[str]]:
    step = _last(of.steps, "rule_unreasonable")
    listed = of.known.lists
    reason = next((one for one in listed.unreasonable_reasons if one.code == step["reason"]), None)
    named = {one.code: one.zh for one in listed.remedies}
    open_to_him = [named[code] for code in step["data"].get("remedies", ()) if code in named]
    return _asker(of.row), [
        (
            f"您于{_moment(of.row['received_at'], of.zone)}反映的“{of.row['title']}”"
            f"（编号{of.row['number']}），经上一级于{_moment(step['at'], of.zone)}裁定，"
            f"不能按您的要求办理。理由：{reason.zh if reason else step['reason']}。"
        ),
        step["answer"],
        *(["不同意本告知的，您可以：" + "；".join(open_to_him) + "。"] if open_to_him else []),
    ]


def _extended(of: Told) -> tuple[str, list[str]]:
    step = _last(of.steps, "grant_extension")
    # What the approver noted for the office stays there: the asker reads the ground of the request.
    asked = next((one for one in of.steps if str(one["id"]) == step["data"].get("request")), {})
    reason = next(
        (one for one in of.known.lists.extension_reasons if one.code == asked.get("reason")), None
    )
    return _asker(of.row), [
        f"您反映的“{of.row['title']}”（编号{of.row['number']}）情况较复杂，经批准延长办理时限。",
        *([f"原因：{reason.zh}。"] if reason else []),
        f"延长后预计于{_moment(of.row['total_due_at'], of.zone)}前办结并答复您。",
    ]


def _answer(of: Told) -> tuple[str, list[str]]:
    row = of.row
    if row["state"] not in ("closed", "evaluated") or not row["answer"].strip():
        raise Refusal("not_so_far", "这件事项还没有答复，不能出具", "the case has no answer yet")
    return _asker(row), [
        (
            f"您于{_moment(row['received_at'], of.zone)}反映的“{row['title']}”"
            f"（编号{row['number']}），已于{_moment(row['closed_at'], of.zone)}办结。"
        ),
        *row["answer"].strip().split("\n"),
        "扫描右上角二维码可以查看办理过程、作出评价。对答复不满意的，可以要求重新办理。",
    ]


def _referral(of: Told) -> tuple[str, list[str]]:
    step = _last(of.steps, "dispatch")
    ground = str((step["data"].get("route") or of.row["route"] or {}).get("ground") or "")
    return str(step["unit"] or of.row["unit"] or ""), [
        f"现将群众反映的“{of.row['title']}”（编号{of.row['number']}）转你单位办理。",
        *([f"派单依据：{ground}。"] if ground else []),
        *([f"办理要求：{step['note']}"] if step["note"] else []),
        (
            f"请于{_moment(step['due_at'], of.zone)}前签收，"
            f"于{_moment(of.row['total_due_at'], of.zone)}前办结，"
            "并将办理结果和对诉求人的答复在平台上反馈。"
        ),
    ]


def _work_order(of: Told) -> tuple[str, list[str]]:
    return "", [
        f"{step['data'].get('author', '')}批示：{step['note']}"
        for step in of.steps
        if step["action"] == "instruct"
    ]


WORDS: dict[str, Callable[[Told], tuple[str, list[str]]]] = {
    "work_order": _work_order,
    "accepted": _accepted,
    "declined": _declined,
    "extended": _extended,
    "unreasonable": _unreasonable,
    "answer": _answer,
    "referral": _referral,
}
