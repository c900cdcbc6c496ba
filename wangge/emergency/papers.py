"""Incidents on paper and as a sheet, every text ready to be read."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from wangge.emergency import queries
from wangge.emergency.views import MOMENTS, times
from wangge.kernel.crypto import mask_phone
from wangge.kernel.db import Tx
from wangge.papers.incidents import IncidentPaper, incident_paper
from wangge.papers.letters import Row
from wangge.papers.models import Word
from wangge.papers.sheets import Column, xlsx
from wangge.people.models import Actor
from wangge.tenant.plans import CATEGORIES, LAW, LEVEL_NAMES
from wangge.tenant.rules import Rules
from wangge.tenant.service import rules

NAMES = {
    "opened": "启动 opened", "task_given": "下达任务 task given", "task_take": "签收 task taken",
    "task_done": "完成 task done", "task_drop": "取消任务 task dropped",
    "task_late": "任务超时 task late", "situation": "续报 situation", "level": "调整级别 level",
    "called": "叫应 people called", "nobody_called": "无人可叫 nobody to call",
    "answered": "收到 answered", "receipt": "未送达 not delivered",
    "resource_sent": "调派资源 resource sent", "resource_on_site": "资源到达 on site",
    "resource_back": "资源归还 back", "closed": "办结 closed", "review": "复盘 review",
}  # fmt: skip
STEPS = {
    "answered": "值守应答 answered", "first_action": "首次处置 first action",
    "on_site": "资源到达现场 resource on site", "closed": "办结 closed",
}  # fmt: skip
WAYS = {"sms": "短信 SMS", "voice": "电话 call"}
RECEIPTS = {
    "": "—", "delivered": "已送达 delivered", "failed": "失败 failed", "busy": "占线 busy",
    "no_answer": "无人接 no answer", "heard": "已接听 heard",
}  # fmt: skip
STATES = {"open": "处置中 open", "closed": "已办结 closed"}
COLUMNS = [
    Column("number", "编号", "Number", 24),
    Column("nature", "性质", "Real or drill", 14),
    Column("title", "事件", "Incident", 36),
    Column("category", "分类", "Class", 16),
    Column("kind", "种类", "Kind", 16),
    Column("level", "级别", "Level", 18),
    Column("place_words", "地点", "Place", 28),
    Column("desk", "负责中心", "Desk", 20),
    Column("state", "状态", "State", 14),
    Column("alerted_at", "预警时间", "Alert", 18),
    Column("answered", "应答（分）", "Answered, min", 10),
    Column("first_action", "首次处置（分）", "First action, min", 10),
    Column("on_site", "资源到场（分）", "On site, min", 10),
    Column("closed", "办结（分）", "Closed, min", 10),
    Column("closed_at", "办结时间", "Closed at", 18),
    Column("dead", "死亡", "Dead", 8),
    Column("injured", "受伤", "Injured", 8),
    Column("moved", "转移安置", "Moved", 10),
    Column("result", "处置结果", "Result", 50),
    Column("cause", "原因", "Cause", 36),
    Column("lessons", "复盘与改进", "Lessons", 50),
]


def nature(row: dict[str, Any]) -> str:
    return "演练 drill" if row["drill"] else "实战 real"


def register(tx: Tx, actor: Actor, rows: list[dict[str, Any]]) -> bytes:
    """A line for each incident; minutes are counted from the alert."""
    known = rules(tx)
    zone = ZoneInfo(known.calendar.zone)
    mark = (
        f"{known.brand.name.zh} · {actor.name} {actor.title}"
        f" · {tx.now.astimezone(zone):%Y-%m-%d %H:%M} 导出 · 演练不计入事件数"
    )
    return xlsx(COLUMNS, (_line(known, row) for row in rows), zone=zone, name="突发事件", mark=mark)


def _line(known: Rules, row: dict[str, Any]) -> dict[str, Any]:
    kind = known.plans.kind(row["kind"])
    passed = {name: told and told["minutes"] for name, told in times(row).items()}
    return {
        **row,
        **passed,
        "nature": nature(row),
        "category": CATEGORIES[row["category"]].zh,
        "kind": kind.zh if kind else row["kind"],
        "level": LEVEL_NAMES[row["level"]].zh,
        "state": STATES[row["state"]],
    }


def report(tx: Tx, actor: Actor, row: dict[str, Any]) -> bytes:
    """The whole incident as PDF, with the times from the alert to the end."""
    known = rules(tx)
    zone = ZoneInfo(known.calendar.zone)

    def at(moment: datetime | None) -> str:
        return f"{moment.astimezone(zone):%m-%d %H:%M}" if moment else "—"

    told = times(row)
    rows = [("预警 alert", at(row["alerted_at"]), "0")]
    for name in MOMENTS:
        one = told[name.removesuffix("_at")]
        passed = f"{one['minutes']} 分钟 min" if one else "—"
        rows.append((STEPS[name.removesuffix("_at")], at(row[name]), passed))
    listed = queries.tasks(tx, [row["id"]]).get(row["id"], [])
    content = IncidentPaper(
        brand=known.brand.name.zh, drill=row["drill"], open=row["state"] == "open",
        number=row["number"], title=row["title"], facts=_facts(known, row), times=rows,
        result=row["result"], cause=row["cause"], lessons=row["lessons"],
        tasks=[
            (one["words"], one["owner"] or "", at(one["due_at"]), at(one["taken_at"]),
             "取消 dropped" if one["state"] == "dropped" else at(one["ended_at"]))
            for one in listed
        ],
        resources=[
            (f"{one['name']} ×{one['amount']}{one['measure']}", one["unit"], at(one["sent_at"]),
             at(one["on_site_at"]), at(one["back_at"]))
            for one in queries.sent(tx, row["id"])
        ],
        calls=[
            (one["name"], f"{one['unit']} {mask_phone(one['phone'])}", WAYS[one["way"]],
             at(one["called_at"]), RECEIPTS[one["receipt"]], at(one["acknowledged_at"]))
            for one in queries.calls(tx, row["id"])
        ],
        log=[
            (at(one["at"]), NAMES.get(one["kind"], one["kind"]), _said(one),
             f"{one['name']} {one['title']}".strip() or "系统 system")
            for one in queries.log(tx, row["id"])
        ],
        law=Word(LAW.zh, LAW.en), printed_at=tx.now, printed_by=actor.name,
    )  # fmt: skip
    return incident_paper(content, zone=zone)


def _said(line: dict[str, Any]) -> str:
    if line["kind"] == "called":
        return "、".join(f"{one['name']}（{one['unit']}）" for one in line["data"]["called"])
    if line["kind"] == "level":
        before, after = line["data"]["level"]
        return f"{before} → {after}：{line['words']}"
    if line["kind"] == "receipt":
        return RECEIPTS.get(line["data"]["receipt"], "")
    return str(line["words"])


def _facts(known: Rules, row: dict[str, Any]) -> list[Row]:
    kind = known.plans.kind(row["kind"])
    response = LEVEL_NAMES[row["response"]].zh if row["response"] else "未启动 none"
    plan = row["plan_name"].get("zh", "")
    version = f"（第{row['plan_version']}版）" if row["plan_version"] else ""
    people = f"死亡 dead {row['dead']}，受伤 injured {row['injured']}，转移 moved {row['moved']}"
    return [
        Row("性质", "Real or drill", nature(row)),
        Row("分类", "Class", f"{CATEGORIES[row['category']].zh} · {kind.zh if kind else ''}"),
        Row("事件级别", "Level", LEVEL_NAMES[row["level"]].zh),
        Row("响应级别", "Response", response),
        Row("地点", "Place", f"{row['place_words']}（{' '.join(row['names'][-2:])}）"),
        Row("负责中心", "Desk", row["desk"] or ""),
        Row("预案", "Plan", f"{plan}{version}" if plan else "—"),
        Row(
            "来源",
            "From",
            f"事项 {row['case_number']}" if row["case_number"] else "直接启动 direct",
        ),
        Row("人员", "People", people),
        Row("情况", "Words", row["words"] or row["title"]),
    ]
