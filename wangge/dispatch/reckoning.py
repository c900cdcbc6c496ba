"""Due times that were reckoned without a year's holidays, once the city has entered them."""

from datetime import date
from typing import Any
from uuid import UUID

from wangge.cases.change import total_due
from wangge.cases.models import Action, StepInput
from wangge.cases.service import step_of_system
from wangge.kernel.db import Tx
from wangge.kernel.ids import new_id
from wangge.tenant.calendar import Calendar
from wangge.tenant.deadline import deadline
from wangge.tenant.limits import Limit
from wangge.tenant.service import rules, version_of

DUE = """
select c.*, exists (select from case_askers k where k.case_id = c.id
    and (k.code_hash is not null or k.phone_sealed is not null)) as has_asker
from cases c where duty not in ('none', 'asker') and greatest(due_at, total_due_at) >= %(first)s
    and (%(after)s::uuid is null or id > %(after)s)
order by id limit 500 for update
"""


def entered(tx: Tx, version: int) -> list[int]:
    """The years that this version of the calendar has and the one before it had not."""
    new, old = (_years(tx, n) for n in (version, version - 1))
    return sorted(new - old)


def _years(tx: Tx, version: int) -> set[int]:
    calendar = version_of(tx, "calendar", version, None).part
    return set(calendar.years) if isinstance(calendar, Calendar) else set()


def due_in(tx: Tx, years: list[int], after: UUID | None) -> list[dict[str, Any]]:
    """Open cases due in the first of these years or later, in part or whole, 500 at a time."""
    zone = rules(tx).calendar.days
    first = zone.moment(date(years[0], 1, 1), "00:00")
    return tx.rows(DUE, {"first": first, "after": after})


def reckon(tx: Tx, cases: list[dict[str, Any]], years: list[int]) -> None:
    """Move what is now due at another time; the history says by which rule and from when."""
    known = rules(tx)
    for case in cases:
        limit = Limit.parse(case["due_limit"])
        due = deadline(known.calendar, case["due_from"], limit).due_at
        now = {
            "due_at": max(due, case["extended_to"] or due),
            "total_due_at": total_due(known, case),
        }
        moved = [name for name, at in now.items() if at != case[name]]
        if moved:
            data = {
                "rule": "calendar_year",
                "years": years,
                "before": {name: case[name].isoformat() for name in moved},
                "after": {name: now[name].isoformat() for name in moved},
            }
            given = StepInput(id=new_id(), action=Action.CORRECT, data=data)
            step_of_system(tx, {**case, **now}, given)
