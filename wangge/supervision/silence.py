"""No word 无动静: a case in hand of which nothing was noted for the city's number of days."""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from wangge.cases.clock import CASE_ROW
from wangge.cases.marks import mark
from wangge.cases.models import Action, StepInput
from wangge.cases.queries import OPEN
from wangge.dispatch.service import holders, turn_of
from wangge.kernel.db import Tx
from wangge.kernel.ids import new_id
from wangge.supervision import people
from wangge.supervision.models import OVERSEEN, Row
from wangge.tenant.calendar import Calendar
from wangge.tenant.deadline import due_at
from wangge.tenant.limits import Limit
from wangge.tenant.service import rules

MOST = 500
LONGEST = timedelta(days=400)
# The word of whoever has it: any step of a person, except what was said to him.
QUIET_CASES = f"""
with open as materialized (
    select c.id, greatest(c.due_from, said.at) as since
    from cases c
    cross join lateral (select max(s.at) as at from case_steps s where s.case_id = c.id
        and s.actor_kind <> 'system' and s.action not in {OVERSEEN}) said
    where {OPEN}
        and c.due_from < %(first)s and greatest(c.due_from, said.at) < %(first)s)
select {CASE_ROW}, o.since,
    case when w.silent_since = o.since then w.silent_told else 0 end as silent_told
from open o join cases c on c.id = o.id left join case_watches w on w.case_id = c.id
where w.silent_since is distinct from o.since
    or (w.silent_told = 1 and o.since < %(second)s)
order by o.since, c.id limit %(most)s for update of c skip locked
"""
TOLD = """
insert into case_watches (case_id, silent_since, silent_told)
select * from unnest(%s::uuid[], %s::timestamptz[], %s::int[])
on conflict (case_id) do update
    set silent_since = excluded.silent_since, silent_told = excluded.silent_told
"""


def latest(now: datetime, reached: Callable[[datetime], datetime]) -> datetime:
    """The last minute whose ``reached`` moment is not after ``now``; ``reached`` only grows."""
    early, late = now - LONGEST, now
    while late - early > timedelta(minutes=1):
        middle = early + (late - early) / 2
        if reached(middle) <= now:
            early = middle
        else:
            late = middle
    return early


def limits(calendar: Calendar, now: datetime, *written: str) -> list[datetime]:
    """Before which moment silence must have begun for the first limit to be over, then the next."""
    found = []
    for n in range(1, len(written) + 1):
        chain = [Limit.parse(one) for one in written[:n]]

        def reached(start: datetime, chain: list[Limit] = chain) -> datetime:
            for limit in chain:
                start = due_at(calendar, start, limit)
            return start

        found.append(latest(now, reached))
    return found


def look(tx: Tx) -> int:
    """One sweep: who has a case without a word is told once, and later once his manager."""
    known = rules(tx)
    wanted = known.supervision
    if wanted.silence is None:
        return 0
    first, second = limits(known.calendar, tx.now, wanted.silence, wanted.silence_manager)
    found = tx.rows(QUIET_CASES, {"first": first, "second": second, "most": MOST})
    if not found:
        return 0
    zone = known.calendar.days.zone
    mark(tx, [(case, _step(case)) for case in found])
    fresh = [case for case in found if case["silent_told"] == 0]
    again = [case for case in found if case["silent_told"] == 1]
    turns = holders(tx, fresh)
    managers = people.managers(tx, again)
    people.tell(
        tx,
        [(one, case, _said(case, zone)) for case in fresh for one in turns.get(turn_of(case), [])],
        "case_silent",
        "cases_silent",
        gather_from=wanted.gather_from,
    )
    people.tell(
        tx,
        [(p.account_id, case, _said(case, zone)) for case in again for p in managers[case["id"]]],
        "case_silent_manager",
        "cases_silent",
        gather_from=wanted.gather_from,
    )
    told = [(case["id"], case["since"], case["silent_told"] + 1) for case in found]
    tx.run(TOLD, [list(column) for column in zip(*told, strict=True)])
    return len(found)


def _said(case: Row, zone: ZoneInfo) -> dict[str, str]:
    return {"since": f"{case['since'].astimezone(zone):%Y-%m-%d %H:%M}"}


def _step(case: Row) -> StepInput:
    to = "经办人" if case["silent_told"] == 0 else "其负责人"
    return StepInput(
        id=new_id(),
        action=Action.SILENT,
        note=f"久无进展记录，已告知{to}。",
        data={
            "rule": "silence",
            "since": case["since"].isoformat(),
            "told": "holder" if case["silent_told"] == 0 else "manager",
        },
    )
