"""Back to the hotline: the columns that came in, and after them what became of each order."""

from collections.abc import Iterator
from typing import Any

from wangge.cases import tellings
from wangge.cases.models import State
from wangge.hotline.batches import unsealed
from wangge.kernel.db import Tx
from wangge.papers.sheets import Column, xlsx
from wangge.people.models import Actor
from wangge.tenant.rules import Rules

# What the asker may read and no more: the answer, when, by whom, and his own word on it.
ADDED = ("办理结果", "答复内容", "办结时间", "承办单位", "是否解决", "是否满意")
ANSWERED = {State.CLOSED, State.EVALUATED, State.DECLINED}
RESULTS = {
    State.CLOSED: "已办结",
    State.EVALUATED: "已办结",
    State.DECLINED: "不予受理",
    State.WITHDRAWN: "诉求人撤回",
}
WIDE = {"诉求内容", "答复内容"}


def sheet(tx: Tx, rules: Rules, rows: list[dict[str, Any]]) -> bytes:
    """One sheet with the columns of all layouts among the rows, in the order they came in."""
    names = list(dict.fromkeys(name for row in rows for name in row["columns"]))
    titles = [*names, *(name for name in ADDED if name not in names)]
    columns = [Column(name, name, "", 50 if name in WIDE else 18) for name in titles]
    return xlsx(columns, _lines(tx, rules, rows), zone=rules.calendar.days.zone, name="答复")


def _lines(tx: Tx, rules: Rules, rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    said = {row.code: row.zh for row in rules.lists.satisfaction}
    for row in rows:
        state = State(row["state"])
        answered = state in ANSWERED
        yield {
            **unsealed(tx, row["cells_sealed"]),
            "办理结果": RESULTS.get(state, "办理中"),
            "答复内容": row["answer"] if answered else "",
            "办结时间": (row["closed_at"] or row["last_at"]) if state in RESULTS else None,
            "承办单位": row["unit"],
            "是否解决": {True: "是", False: "否", None: ""}[row["solved"]],
            "是否满意": said.get(row["satisfaction"] or "", ""),
        }


def returned(tx: Tx, actor: Actor, rows: list[dict[str, Any]]) -> int:
    """Write down that these answers go back to the hotline, by their order's number; how many."""
    notes = {row["case_id"]: f"随工单 {row['number']} 回传" for row in rows if row["answer"]}
    return tellings.returned(tx, actor, notes, "hotline")


def errors(tx: Tx, rules: Rules, columns: list[str], rows: list[dict[str, Any]]) -> bytes:
    """The rows that were not taken as they came, with why; mended, they may be sent again."""
    shown = [Column("__line", "行号", "row", 8), Column("__zh", "原因", "", 40)]
    shown += [Column("__en", "", "reason", 40)]
    shown += [Column(name, name, "", 18) for name in columns]
    lines = (
        {
            **unsealed(tx, row["cells_sealed"]),
            "__line": row["line"],
            "__zh": row["zh"],
            "__en": row["en"],
        }
        for row in rows
    )
    return xlsx(shown, lines, zone=rules.calendar.days.zone, name="未收")
