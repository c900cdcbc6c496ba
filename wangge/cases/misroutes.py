"""Dispatches that were wrong: those against which an objection was upheld, by rule and by desk."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from wangge.cases.figures import period
from wangge.kernel import paging
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid

FROM = """
from case_requests r join cases c on c.id = r.case_id join organisations d on d.id = c.desk_id
"""
# The dispatch that was objected to is the last one before the objection.
SENT = """
left join lateral (select s.data from case_steps s where s.case_id = r.case_id
    and s.action in ('dispatch', 'rule') and s.at <= r.asked_at order by s.seq desc limit 1
) as sent on true
"""
WRONG = """
where r.kind = 'objection' and r.status = 'granted'
    and r.asked_at >= %(first)s and r.asked_at < %(last)s
    and (%(area)s::uuid is null or c.pos <@ (select span from areas where id = %(area)s))
"""
COUNTED = f"""
select d.id as desk_id, d.short_name as desk, count(*) as n,
    case when sent.data ->> 'rule' = 'auto_dispatch' then sent.data -> 'route' end as sent_by
{FROM} {SENT} {WRONG} group by d.id, sent_by order by n desc, d.id
"""
# The page first; how each was sent is looked up for those alone.
ROWS = f"""
select r.*, sent.data ->> 'rule' as by_itself from (
    select r.id, r.case_id, c.number, d.short_name as desk, u.short_name as unit, r.asked_at,
        r.decided_at, r.reason
    {FROM} join organisations u on u.id = r.unit_id {WRONG} {{after}}
    order by r.asked_at desc, r.id desc limit {{limit:d}}) r {SENT}
order by r.asked_at desc, r.id desc
"""
AFTER = "and (r.asked_at, r.id) < (%(at)s, %(id)s)"
LONGEST = timedelta(days=731)
BY_HAND = {"zh": "人工派单", "en": "dispatched by hand"}
Rule = tuple[str, str, str, str, str]


@dataclass(frozen=True, slots=True)
class Page:
    """Which of the rows: so many after the cursor."""

    cursor: str = ""
    limit: int = 100


def misroutes(
    tx: Tx, first: date | None, last: date | None, area: UUID | None, page: Page
) -> dict[str, Any]:
    """Those whose objection came within the period, as far as the reader may see the cases.

    The counts are of all of them, the rows a page, newest objection first.
    """
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
    counted = tx.rows(COUNTED, bounds)
    by_rule, by_desk = Counter[Rule](), Counter[tuple[UUID, str]]()
    for row in counted:
        by_rule[_rule(row["sent_by"])] += row["n"]
        by_desk[row["desk_id"], row["desk"]] += row["n"]
    return {
        "first": first,
        "last": last,
        "misrouted": sum(row["n"] for row in counted),
        "by_rule": [
            {"type": key[0], "area": key[1], "unit": key[2], "name": {"zh": key[3], "en": key[4]},
             "misrouted": n}
            for key, n in by_rule.most_common()
        ],
        "by_desk": [
            {"id": desk, "name": name, "misrouted": n} for (desk, name), n in by_desk.most_common()
        ],
    } | _rows(tx, bounds, page)  # fmt: skip


def _rows(tx: Tx, bounds: dict[str, Any], page: Page) -> dict[str, Any]:
    if after := paging.after(page.cursor, datetime, UUID):
        bounds = bounds | {"at": after[0], "id": after[1]}
    rows = tx.rows(ROWS.format(after=AFTER if after else "", limit=page.limit), bounds)
    last = rows[-1] if len(rows) == page.limit else None
    return {
        "rows": [
            {"case_id": row["case_id"], "number": row["number"], "unit": row["unit"],
             "desk": row["desk"], "reason": row["reason"], "decided_at": row["decided_at"],
             "by_rule": row["by_itself"] == "auto_dispatch"}
            for row in rows
        ],
        "next": last and paging.cursor(last["asked_at"], last["id"]),
    }  # fmt: skip


def _rule(route: dict[str, Any] | None) -> Rule:
    """The row of the dispatch directory that sent it, with its words; by hand it was none."""
    named = route.get("rule") if route else None
    if not route or not named:
        return "", "", "", BY_HAND["zh"], BY_HAND["en"]
    return named["type"], named["area"], named["unit"], route["zh"], route["en"]
