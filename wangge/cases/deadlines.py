"""How a case's due time came about, told by the rules that were in force then."""

from typing import Any

from wangge.cases.change import stage_limit
from wangge.cases.models import STAGE, State
from wangge.kernel.db import Tx
from wangge.tenant.deadline import Deadline, deadline
from wangge.tenant.limits import Limit
from wangge.tenant.models import Label
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


GRANTED = """
select granted_until, decided_at, decided_name, decided_title, reason from case_requests
where case_id = %s and kind = 'extension' and status = 'granted' and decided_at >= %s
order by decided_at, id
"""


def granted_lines(tx: Tx, row: dict[str, Any], known: Rules) -> list[Label]:
    """What the running stage was granted beyond its limit: until when, by whom, for what reason."""
    if row["extended_to"] is None:
        return []
    days, reasons = known.calendar.days, {one.code: one for one in known.lists.extension_reasons}
    lines = []
    for one in tx.rows(GRANTED, [row["id"], row["due_from"]]):
        until, at = (one[name].astimezone(days.zone) for name in ("granted_until", "decided_at"))
        why, by = reasons.get(one["reason"]), f"{one['decided_name']}（{one['decided_title']}）"
        zh, en = (why.zh, why.en) if why else (one["reason"], one["reason"])
        lines.append(
            Label(
                zh=f"{at:%Y-%m-%d %H:%M} {by}同意延期至 {until:%Y-%m-%d %H:%M}，理由：{zh}。",
                en=f"{at:%Y-%m-%d %H:%M}: {by} granted time until {until:%Y-%m-%d %H:%M}: {en}.",
            )
        )
    return lines


def is_provisional(known: Rules, row: dict[str, Any]) -> bool:
    """Whether the running clock crosses a year whose holidays the calendar does not know."""
    if row["due_at"] is None or row["due_from"] is None:
        return False
    zone, years = known.calendar.days.zone, known.calendar.years
    first, last = (row[name].astimezone(zone).year for name in ("due_from", "due_at"))
    crossed = any(year not in years for year in range(first, last + 1))
    return crossed and not str(row["due_limit"] or "").endswith(("CH", "UH"))
