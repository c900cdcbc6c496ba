"""How a case's due time came about, told by the rules that were in force then."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from wangge.cases.clock import calendar_of, held
from wangge.cases.models import STAGE, State
from wangge.kernel.db import Tx
from wangge.tenant.calendar import UnitCalendar
from wangge.tenant.deadline import Deadline, deadline
from wangge.tenant.limits import Limit
from wangge.tenant.models import Label
from wangge.tenant.rules import Rules
from wangge.tenant.service import as_of, rules, versions_then
from wangge.tenant.timeline import line, reading

LATE = timedelta(minutes=10)


def explained(tx: Tx, row: dict[str, Any]) -> dict[str, Any]:
    """The running stage's deadline step by step, its clock as a line, and whose calendar it is."""
    found, known = _found(rules(tx), tx, row)
    then = versions_then(tx, row["rules_version"], row["received_at"])
    stood = held(row, tx.now)
    whose = _whose(known, row)
    granted = [{"zh": said.zh, "en": said.en} for said in granted_lines(tx, row, known)]
    by_review = State(row["state"]) is State.SUSPENDED
    lines = [{"zh": said.zh, "en": said.en} for said in found.explanation]
    if whose:
        said = {"zh": f"按{whose['zh']}的工作日历计算", "en": f"On the calendar of {whose['en']}"}
        lines.insert(1, said)
    lines[:0] = _came_late(known, row)
    if by_review:
        on = row["due_at"].astimezone(found.days.zone)
        zh = f"已挂账，时限停走；复查期限 {on:%Y-%m-%d %H:%M}"
        lines.append({"zh": zh, "en": f"Put by, the clock stands; its review is due {on:%d %b %Y}"})
    return {
        "stage": STAGE[State(row["state"])],
        "limit": {"zh": found.limit.zh, "en": found.limit.en},
        "start_at": found.start_at,
        "due_at": row["due_at"] if by_review else found.due_at,
        "yellow_at": row["yellow_at"],
        "provisional": found.provisional,
        "missing_years": found.missing_years,
        "lines": lines + granted,
        "calendar": whose,
        "clock": [piece._asdict() for piece in line(found, tx.now, stood)],
        "reading": reading(found, tx.now, stood)._asdict(),
        "total_due_at": row["total_due_at"],
        "rules": {name: then.get(name, 0) for name in ("types", "calendar")},
    }


def _came_late(known: Rules, row: dict[str, Any]) -> list[dict[str, str]]:
    """Both times of what was found long before it came, and from which of them its limits run."""
    found, came, start = row["found_at"], row["received_at"], row["limits_from"]
    if found is None or came - found < LATE:
        return []
    zone = known.calendar.days.zone
    at, then = found.astimezone(zone), came.astimezone(zone)
    zh = f"{at:%Y-%m-%d %H:%M} 发现，{then:%Y-%m-%d %H:%M} 收到；"
    en = f"Found {at:%Y-%m-%d %H:%M}, received {then:%Y-%m-%d %H:%M}; "
    if start is None:
        return [{"zh": f"{zh}时限从收到时起算", "en": f"{en}limits run from receipt"}]
    if start == found:
        return [{"zh": f"{zh}本市规定时限从发现时起算", "en": f"{en}here they run from discovery"}]
    bound = start.astimezone(zone)
    return [
        {
            "zh": f"{zh}本市规定从发现时起算，最多往前算到 {bound:%Y-%m-%d %H:%M}",
            "en": f"{en}here they run from discovery, but not from before {bound:%Y-%m-%d %H:%M}",
        }
    ]


def _found(known: Rules, tx: Tx, row: dict[str, Any]) -> tuple[Deadline, Rules]:
    """The limit is the one that was set; of the calendars the one that leads to the stored time."""
    found = _by(known, tx, row)
    if found.due_at != row["due_at"]:
        own = as_of(tx, row["rules_version"], row["received_at"])
        then = _by(own, tx, row)
        if then.due_at == row["due_at"]:
            return then, own
    return found, known


def _by(known: Rules, tx: Tx, row: dict[str, Any]) -> Deadline:
    calendar = calendar_of(known, row, STAGE[State(row["state"])])
    limit = Limit.parse(row["due_limit"])
    found = deadline(calendar, row["due_from"], limit, held(row, tx.now))
    granted = max(found.due_at, row["extended_to"] or found.due_at)
    return replace(found, due_at=granted)


def _whose(known: Rules, row: dict[str, Any]) -> dict[str, str] | None:
    calendar = calendar_of(known, row, STAGE[State(row["state"])])
    if not isinstance(calendar, UnitCalendar):
        return None
    return {"zh": calendar.apart.zh, "en": calendar.apart.en}


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
