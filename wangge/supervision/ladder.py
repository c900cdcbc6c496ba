"""The ladder: what stays late is told further up, each rung once and in the case's own record."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from wangge.cases.clock import CASE_ROW
from wangge.cases.marks import mark
from wangge.cases.models import Action, Duty, StepInput
from wangge.kernel.db import Tx, dumps
from wangge.kernel.ids import new_id
from wangge.supervision import people
from wangge.supervision.models import Row
from wangge.supervision.people import Post
from wangge.tenant.calendar import Calendar
from wangge.tenant.deadline import worked_on, working_time
from wangge.tenant.service import rules
from wangge.tenant.supervision import Rung

MOST = 500
LATE = "select id, due_from, due_at, due_limit from cases where id = any(%s) and due_at is not null"
BEGIN = """
insert into case_watches (case_id, due_from, rung, next_at)
select id, due_from, 0, next_at
from jsonb_to_recordset(%s) as m(id uuid, due_from timestamptz, next_at timestamptz)
on conflict (case_id) do update
    set due_from = excluded.due_from, rung = excluded.rung, next_at = excluded.next_at
where case_watches.due_from is distinct from excluded.due_from
"""
DUE = f"""
select {CASE_ROW}, w.rung as told_rung, w.due_from is not distinct from c.due_from
        and c.overdue_at is not null and c.duty not in ('none', 'asker') as is_late,
    coalesce(u.short_name, d.short_name) as holder_name, a.names as area_names
from case_watches w join cases c on c.id = w.case_id
join organisations d on d.id = c.desk_id
join areas a on a.id = c.area_id
left join organisations u on u.id = c.unit_id and c.duty = 'unit'
where w.next_at <= %s order by w.next_at, c.id limit %s for update of w, c skip locked
"""
CLIMBED = """
update case_watches w set rung = m.rung, next_at = m.next_at
from unnest(%s::uuid[], %s::int[], %s::timestamptz[]) as m(case_id, rung, next_at)
where w.case_id = m.case_id
"""


def rung_at(
    calendar: Calendar, due_from: datetime, due_at: datetime, limit: str | None, after: int
) -> datetime:
    """The moment at which a stage is late by ``after`` percent of its own time.

    A limit in hours of the clock goes on by the clock, any other by working time.
    """
    if after == 0:
        return due_at
    if (limit or "").endswith(("CH", "UH")):
        return due_at + (due_at - due_from) * (after / 100)
    left = working_time(calendar, due_from, due_at) * (after / 100)
    return worked_on(calendar, due_at, left) if left else due_at


def next_at(known: Any, row: Row, rung: int) -> datetime | None:
    """When the rung with this number is due for a late case; None above the last."""
    ladder: tuple[Rung, ...] = known.supervision.ladder
    if rung >= len(ladder):
        return None
    return rung_at(
        known.calendar, row["due_from"], row["due_at"], row["due_limit"], ladder[rung].after
    )


def begin(tx: Tx, case_ids: Sequence[UUID]) -> None:
    """The red light of these cases was just lit: their first rung gets its time."""
    known = rules(tx)
    rows = [{**row, "next_at": next_at(known, row, 0)} for row in tx.rows(LATE, [list(case_ids)])]
    rows = [row for row in rows if row["next_at"]]
    if rows:
        tx.run(BEGIN, [Jsonb(rows, dumps)])


def climb(tx: Tx) -> int:
    """One sweep: every late case whose next rung is due is told there, all in few statements.

    What moved on meanwhile, or got more time, leaves the ladder.
    """
    known = rules(tx)
    ladder = known.supervision.ladder
    due = tx.rows(DUE, [tx.now, MOST])
    rising = [
        (case, ladder[case["told_rung"]])
        for case in due
        if case["is_late"] and case["told_rung"] < len(ladder)
    ]
    told = people.of_rung(tx, rising)
    mark(tx, [(case, _step(case, rung, told[case["id"]])) for case, rung in rising])
    for rung in dict.fromkeys(rung for _, rung in rising):
        people.tell(
            tx,
            [
                (post.account_id, case, {"after": f"{rung.after}%", "holder": holder(case)})
                for case, its in rising
                if its == rung
                for post in told[case["id"]]
            ],
            "case_escalated",
            "cases_escalated",
            gather_from=known.supervision.gather_from,
        )
    went_on = {case["id"] for case, _ in rising}
    steps = [
        (case["id"], case["told_rung"] + 1, next_at(known, case, case["told_rung"] + 1))
        if case["id"] in went_on
        else (case["id"], case["told_rung"], None)
        for case in due
    ]
    if steps:
        tx.run(CLIMBED, [list(column) for column in zip(*steps, strict=True)])
    return len(due)


def holder(case: Row) -> str:
    """Where a case lies now, in words."""
    if case["duty"] in (Duty.GRID, Duty.SUPERVISOR):
        return "·".join(case["area_names"][-2:])
    return str(case["holder_name"])


def _step(case: Row, rung: Rung, told: Sequence[Post]) -> StepInput:
    names = "、".join(post.words for post in told[:5]) or "无人在岗"
    late = f"超过时限{rung.after}%" if rung.after else "到期未办"
    return StepInput(
        id=new_id(),
        action=Action.CLIMB,
        note=f"{holder(case)}{late}，告知{names}。",
        data={
            "rule": "ladder",
            "rung": case["told_rung"] + 1,
            "after": rung.after,
            "level": rung.level,
            "to": [post.name for post in told],
        },
    )
