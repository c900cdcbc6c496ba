"""Dispatches that were wrong: those against which an objection was upheld, by rule and by desk."""

from collections import Counter
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from wangge.cases.figures import period
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid

# The dispatch that was objected to is the last one before the objection.
WRONG = """
select r.case_id, c.number, d.id as desk_id, d.short_name as desk, u.short_name as unit,
    r.decided_at, r.reason, sent.data ->> 'rule' as by_itself, sent.data -> 'route' as route
from case_requests r join cases c on c.id = r.case_id
join organisations d on d.id = c.desk_id join organisations u on u.id = r.unit_id
left join lateral (select s.data from case_steps s where s.case_id = r.case_id
    and s.action in ('dispatch', 'rule') and s.at <= r.asked_at order by s.seq desc limit 1
) as sent on true
where r.kind = 'objection' and r.status = 'granted'
    and r.asked_at >= %(first)s and r.asked_at < %(last)s
    and (%(area)s::uuid is null or c.pos <@ (select span from areas where id = %(area)s))
order by r.asked_at desc, r.id
"""
LONGEST = timedelta(days=731)
BY_HAND = {"zh": "人工派单", "en": "dispatched by hand"}


def misroutes(tx: Tx, first: date | None, last: date | None, area: UUID | None) -> dict[str, Any]:
    """Those whose objection came within the period, as far as the reader may see the cases."""
    first, last, zone = period(tx, first, last)
    if last - first > LONGEST:
        raise Invalid(
            "bad_period",
            "起止日期不对：开始不能晚于结束，最长两年",
            "the period must begin before it ends and last two years at most",
            field="from",
        )
    ends = datetime.combine(last + timedelta(days=1), time(), zone)
    bounds = {"first": datetime.combine(first, time(), zone), "last": ends, "area": area}
    rows = tx.rows(WRONG, bounds)
    by_rule = Counter(map(_rule, rows))
    by_desk = Counter((row["desk_id"], row["desk"]) for row in rows)
    return {
        "first": first,
        "last": last,
        "misrouted": len(rows),
        "by_rule": [
            {"type": key[0], "area": key[1], "unit": key[2], "name": {"zh": key[3], "en": key[4]},
             "misrouted": n}
            for key, n in by_rule.most_common()
        ],
        "by_desk": [
            {"id": desk, "name": name, "misrouted": n} for (desk, name), n in by_desk.most_common()
        ],
        "rows": [
            {"case_id": row["case_id"], "number": row["number"], "unit": row["unit"],
             "desk": row["desk"], "reason": row["reason"], "decided_at": row["decided_at"],
             "by_rule": row["by_itself"] == "auto_dispatch"}
            for row in rows
        ],
    }  # fmt: skip


def _rule(row: dict[str, Any]) -> tuple[str, str, str, str, str]:
    """The row of the dispatch directory that sent it, with its words; by hand it was none."""
    route = row["route"] or {}
    named = route.get("rule") if row["by_itself"] == "auto_dispatch" else None
    if not named:
        return "", "", "", BY_HAND["zh"], BY_HAND["en"]
    return named["type"], named["area"], named["unit"], route["zh"], route["en"]
