"""Cases from before the times were kept: they get them from their history, some at a time."""

from collections.abc import Sequence
from typing import Any

from wangge.cases.milestones import TIMES, keep_times
from wangge.cases.models import Action
from wangge.kernel.db import Tx

WITHOUT = """
select * from cases where until_at is null order by received_at limit %s for update skip locked
"""
STEPS = """
select case_id, action, source, target, due_at, at, data from case_steps
where case_id = any(%s) order by case_id, seq
"""
KEPT = ", ".join(f"{name} = %({name})s" for name in TIMES)
FILL = f"update cases set until_at = %(until_at)s, {KEPT} where id = %(id)s"


def fill(tx: Tx, *, most: int = 500) -> int:
    """Give the oldest of them their times; the number of cases that had none."""
    rows = tx.rows(WITHOUT, [most])
    steps: dict[Any, list[dict[str, Any]]] = {row["id"]: [] for row in rows}
    for step in tx.rows(STEPS, [list(steps)]) if rows else []:
        steps[step["case_id"]].append(step)
    for row in rows:
        tx.run(FILL, {"id": row["id"], **of_history(row, steps[row["id"]])})
    return len(rows)


def of_history(row: dict[str, Any], steps: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The times that the steps of a case, told from the first on, leave on its row."""
    case = {**row, **dict.fromkeys(TIMES), "until_at": row["received_at"]}
    for step in steps:
        if step["source"] is None:
            case["accept_due_at"] = step["due_at"]
            continue
        before = {**case, "state": step["source"]}
        case = {**case, "state": step["target"], "due_at": step["due_at"],
                "solved": step["data"].get("solved", case["solved"])}  # fmt: skip
        keep_times(step["at"], before, case, Action(step["action"]))
    return {name: case[name] for name in (*TIMES, "until_at")}
