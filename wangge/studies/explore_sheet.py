"""An answer of the explorer as a sheet: the question in words, each line, what it stands beside."""

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from wangge.kernel.db import Tx
from wangge.papers.sheets import Column, xlsx
from wangge.people.models import Actor
from wangge.tenant.service import rules

COLUMNS = [
    Column("line", "行", "Line", 26),
    Column("days", "期间", "Period", 24),
    Column("value", "数值", "Value", 12),
    Column("n", "分子（件数）", "Numerator", 12),
    Column("of", "分母", "Denominator", 12),
    Column("before", "对比期数值", "Compared", 12),
    Column("before_days", "对比期", "Compared period", 24),
    Column("usual", "平常", "Usual", 10),
    Column("judged", "判断", "Judged", 14),
    Column("name", "指标", "Indicator", 18),
    Column("formula", "定义", "Definition", 60),
]
JUDGED = {True: "多于平常 more", False: "少于平常 fewer"}


def sheet(tx: Tx, actor: Actor, shown: dict[str, Any], zone: ZoneInfo) -> bytes:
    """The total first, then every row, then the areas beside it."""
    rows = [_line("合计 total", shown["total"], shown)]
    rows += [_line(_named(one, shown), one, shown) for one in shown["rows"]]
    rows += [_line(f"旁边 beside: {_named(one, shown)}", one, shown) for one in shown["beside"]]
    told = "；".join(_question(shown, zone))
    mark = (
        f"{rules(tx).brand.name.zh} · {actor.name} {actor.title}"
        f" · {tx.now.astimezone(zone):%Y-%m-%d %H:%M} 导出 · {told}"
    )
    return xlsx(COLUMNS, rows, zone=zone, name="指标分析", mark=mark)


def _question(shown: dict[str, Any], zone: ZoneInfo) -> Iterator[str]:
    yield f"{shown['name']['zh']} {shown['first']} 至 {shown['last']}"
    yield shown["area"]["name"] if shown["area"] else "本人看得到的全部"
    if shown["types"]:
        yield "、".join(one["name"]["zh"] for one in shown["types"])
    if shown["as_of"]:
        yield f"按 {shown['as_of'].astimezone(zone):%Y-%m-%d %H:%M} 当时的情况"
    if not shown["whole"]:
        yield "只计本人看得到的事项"


def _named(one: dict[str, Any], shown: dict[str, Any]) -> str:
    if one["name"]:
        return str(one["name"]["zh"])
    return _days(one) if shown["by"] == "time" and one["key"] else "未细分 elsewhere"


def _days(one: dict[str, Any]) -> str:
    first, last = one["first"], one["last"]
    return f"{first}" if first == last else f"{first} 至 {last}"


def _line(name: str, one: dict[str, Any], shown: dict[str, Any]) -> dict[str, Any]:
    other = one["before"]
    return {
        "line": name,
        "days": _days(one),
        "value": _value(one, shown),
        "n": one["n"],
        "of": one["of"],
        "before": _value(other, shown) if other else None,
        "before_days": _days(other) if other else None,
        "usual": one["usual"],
        "judged": JUDGED[one["value"] > one["usual"]] if one["unusual"] else None,
        "name": shown["name"]["zh"],
        "formula": shown["formula"]["zh"],
    }


def _value(one: dict[str, Any], shown: dict[str, Any]) -> Any:
    value = one["value"]
    if value is None:
        return "—"
    if shown["mean"]:
        return f"{value / 60:.1f} 小时"
    return value if shown["kind"] in ("flow", "stock", "fact") else f"{value:.2%}"
