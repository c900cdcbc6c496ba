"""How a case's due time came about, told by the rules that were in force then."""

from typing import Any

from wangge.cases.change import stage_limit
from wangge.cases.models import STAGE, State
from wangge.kernel.db import Tx
from wangge.tenant.deadline import Deadline, deadline
from wangge.tenant.limits import Limit
from wangge.tenant.rules import Rules
from wangge.tenant.service import as_of, rules


def explained(tx: Tx, row: dict[str, Any]) -> tuple[Deadline, Rules]:
    """The running stage's deadline step by step, and the rules with which the case began.

    The limit is the one that was set; of the calendars the one that leads to the stored time.
    """
    known, own = rules(tx), as_of(tx, row["rules_version"], row["received_at"])
    stage = STAGE[State(row["state"])]
    limit = (
        Limit.parse(row["due_limit"])
        if row["due_limit"]
        else stage_limit(own, row["type"], stage, row["level"])
    )
    found = deadline(known.calendar, row["due_from"], limit)
    if found.due_at != row["due_at"]:
        then = deadline(own.calendar, row["due_from"], limit)
        if then.due_at == row["due_at"]:
            return then, own
    return found, own


def is_provisional(known: Rules, row: dict[str, Any]) -> bool:
    """Whether the running clock crosses a year whose holidays the calendar does not know."""
    if row["due_at"] is None or row["due_from"] is None:
        return False
    zone, years = known.calendar.days.zone, known.calendar.years
    first, last = (row[name].astimezone(zone).year for name in ("due_from", "due_at"))
    crossed = any(year not in years for year in range(first, last + 1))
    return crossed and not str(row["due_limit"] or "").endswith(("CH", "UH"))
