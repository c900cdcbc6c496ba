"""A step as it is written: the case after it and its line in the history, in one statement."""

import re
from typing import Any

from psycopg.types.json import Jsonb

from wangge.cases.milestones import TIMES
from wangge.kernel.db import Tx

# All times are one value: the statement has few to spare (below).
KEPT = ", ".join(f"{name} = (%(times)s::timestamptz[])[{n}]" for n, name in enumerate(TIMES, 1))
MOVE = f"""
update cases set state = %(state)s, duty = %(duty)s, version = version + 1, type = %(type)s,
    level = %(level)s,
    unit_id = %(unit_id)s, unit_ids = %(unit_ids)s, due_at = %(due_at)s, due_from = %(due_from)s,
    due_limit = %(due_limit)s, overdue_at = %(overdue_at)s, yellow_at = %(yellow_at)s,
    warned_at = %(warned_at)s, pauses = %(pauses)s, registered_at = %(registered_at)s,
    handled_at = %(handled_at)s, closed_at = %(closed_at)s, handler_id = %(handler_id)s,
    holder_id = %(holder_id)s, desk_id = %(desk_id)s, total_due_at = %(total_due_at)s,
    path = %(path)s, round = %(round)s, answer = %(answer)s,
    solved = %(solved)s, satisfaction = %(satisfaction)s, route = %(route)s,
    dispatched_at = %(dispatched_at)s, asked = %(asked)s,
    extended_to = %(extended_to)s, extended_minutes = %(extended_minutes)s,
    until_at = greatest(until_at, %(line_at)s, %(due_at)s, %(total_due_at)s), {KEPT}
where id = %(id)s
"""
LINE = (
    "id", "case_id", "seq", "round", "action", "source", "target", "actor_kind", "account_id",
    "actor_name", "actor_title", "unit_id", "note", "answer", "reason", "data", "due_at", "at",
)  # fmt: skip
VALUES = ", ".join(f"%(line_{name})s" for name in LINE)
# No more than it asks for: a statement with more than 50 values is read anew each time it is said.
MOVED = frozenset(re.findall(r"%\((?!line_)(\w+)\)s", MOVE))
TAKE = f"with line as (insert into case_steps ({', '.join(LINE)}) values ({VALUES})) {MOVE.strip()}"


def write_step(tx: Tx, case: dict[str, Any], line: dict[str, Any]) -> None:
    """Write the row of a locked case as it is after a step, and the step's line."""
    packed: dict[str, Any] = {name: Jsonb(case[name]) for name in ("route", "pauses")}
    packed["times"] = [case[name] for name in TIMES]
    moved = {name: case[name] for name in MOVED - packed.keys()} | packed
    line = {**line, "data": Jsonb(line["data"])}
    tx.run(TAKE, moved | {f"line_{name}": line[name] for name in LINE})
