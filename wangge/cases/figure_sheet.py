"""Figures as a sheet: a line for each figure of each row, the formula, who took it out and when."""

from typing import Any
from zoneinfo import ZoneInfo

from wangge.cases import figure_tables, figures, satisfied
from wangge.cases.catalogue import BY_CODE
from wangge.cases.figure_rows import Within
from wangge.kernel.db import Tx
from wangge.papers.sheets import Column, xlsx
from wangge.people.models import Actor
from wangge.tenant.service import rules

COLUMNS = [
    Column("place", "范围", "Scope", 24),
    Column("name", "指标", "Indicator", 16),
    Column("value", "数值", "Value", 12),
    Column("numerator", "分子", "Numerator", 10),
    Column("denominator", "分母", "Denominator", 10),
    Column("left_out", "不计入", "Left out", 24),
    Column("formula", "公式", "Formula", 60),
]


def sheet(tx: Tx, actor: Actor, by: str, within: Within, zone: ZoneInfo) -> bytes:
    """All in sight first, then the rows of the table."""
    names = {code: named.zh for code, named in rules(tx).workflow.by_state.items()}
    shown = figure_tables.table(tx, actor, by, within)
    said = {code: satisfied.formula(tx, one, within.as_of)["zh"] for code, one in BY_CODE.items()}
    rows = _lines("合计 all", figures.figures(tx, within), names, said)
    for group in shown["rows"]:
        rows += _lines(group["name"] or "未细分 elsewhere", group["figures"], names, said)
    mark = (
        f"{rules(tx).brand.name.zh} · {actor.name} {actor.title}"
        f" · {tx.now.astimezone(zone):%Y-%m-%d %H:%M} 导出"
        f" · 统计期 {within.first.astimezone(zone):%Y-%m-%d} 至"
        f" {within.cap.astimezone(zone):%Y-%m-%d %H:%M}"
    )
    return xlsx(COLUMNS, rows, zone=zone, name="指标", mark=mark)


def _lines(
    place: str, counted: list[dict[str, Any]], names: dict[str, str], said: dict[str, str]
) -> list[dict[str, Any]]:
    return [
        {
            "place": place,
            "name": BY_CODE[one["code"]].name[0],
            "value": _value(one),
            "numerator": one["numerator"],
            "denominator": one["denominator"],
            "left_out": "、".join(f"{names.get(s, s)} {n}" for s, n in one["left_out"].items()),
            "formula": said[one["code"]],
        }
        for one in counted
    ]


def _value(one: dict[str, Any]) -> str:
    if one["minutes"] is not None:
        return f"{one['minutes'] / 60:.1f} 小时"
    return "—" if one["share"] is None else f"{one['share']:.2%}"
