"""报到率 and its kin: what they divide by what, and how they are spread; no unit is ranked."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from wangge.cases.figures import check_area, period
from wangge.kernel.db import Tx
from wangge.whistles.views import named

SPAN = "(%(area)s::uuid is null or w.pos <@ (select span from areas where id = %(area)s))"
# A call counts once it is due, answered or its whistle is over; who was excused is left out.
CALLS = f"""
select count(*) filter (where due) as due,
    count(*) filter (where due and arrived_at is not null) as came,
    count(*) filter (where due and arrived_at <= due_at) as in_time,
    count(*) filter (where state = 'excused') as excused,
    count(*) filter (where not due and state <> 'excused') as running,
    count(*) filter (where due and arrived_at <= at + interval '30 minutes') as m30,
    count(*) filter (where due and arrived_at > at + interval '30 minutes'
        and arrived_at <= at + interval '1 hour') as m60,
    count(*) filter (where due and arrived_at > at + interval '1 hour'
        and arrived_at <= at + interval '4 hours') as m240,
    count(*) filter (where due and arrived_at > at + interval '4 hours') as later,
    count(*) filter (where due and arrived_at is null) as never
from (select k.state, k.arrived_at, k.due_at, w.at, k.state not in ('excused', 'contested') and
        (k.arrived_at is not null or k.due_at <= %(now)s or w.state = 'concluded') as due
    from whistle_calls k join whistles w on w.id = k.whistle_id
    where w.at >= %(first)s and w.at < %(last)s and w.state <> 'cancelled' and {SPAN}) as called
"""
WHISTLES = f"""
select count(*) as blown, count(*) filter (where w.state = 'open') as open,
    count(*) filter (where w.state = 'cancelled') as cancelled,
    count(*) filter (where w.state = 'concluded') as concluded,
    count(*) filter (where w.outcome = 'solved') as solved
from whistles w where w.at >= %(first)s and w.at < %(last)s and {SPAN}
"""
SPREAD = f"""
select case when n = 1 then '1' when n <= 3 then '2-3' when n <= 9 then '4-9' else '10+' end as n,
    count(*) as places
from (select w.area_id, count(*) as n from whistles w
    where w.at >= %(first)s and w.at < %(last)s and {SPAN} group by 1) as counted
group by 1
"""
BY_REASON = f"""
select w.reason, count(*) as n from whistles w
where w.at >= %(first)s and w.at < %(last)s and {SPAN} group by 1 order by 1
"""
ARRIVAL_ZH = (
    "期内吹哨应报到的单位次数中，已报到的 ÷ 应报到的（裁定不属其职责、待裁定、"
    "时限未到且未报到、撤销的吹哨除外）"
)
ARRIVAL_EN = (
    "of the units called that were due to come: those that came ÷ all due (excused ones, those"
    " whose time runs or that await a ruling, and whistles called off are left out)"
)
ON_TIME_ZH = "期内吹哨应报到的单位次数中，在报到时限内到达的 ÷ 应报到的（除外同报到率）"
ON_TIME_EN = (
    "of the units due to come: those that came within the time ÷ all due (left out as above)"
)
SOLVED_ZH = "期内吹哨中，结论为已解决的 ÷ 已有结论的"
SOLVED_EN = "of the whistles that have a conclusion: those concluded as solved ÷ all concluded"
RATES = {
    "arrival_rate": (("报到率", "arrival rate"), (ARRIVAL_ZH, ARRIVAL_EN)),
    "on_time_arrival_rate": (("按时报到率", "arrival in time"), (ON_TIME_ZH, ON_TIME_EN)),
    "solved_rate": (("解决率", "solved"), (SOLVED_ZH, SOLVED_EN)),
}


def rates(tx: Tx, first: date | None, last: date | None, area: UUID | None) -> dict[str, Any]:
    """Shares with their formulas, and distributions, as far as one may see.

    ``first`` and ``last`` are days of the city, both counted; the last thirty if left out.
    """
    first, last, zone = period(tx, first, last)
    check_area(tx, area)
    asked = {
        "first": datetime.combine(first, time(), zone),
        "last": datetime.combine(last + timedelta(days=1), time(), zone),
        "area": area,
        "now": tx.now,
    }
    calls, blown = tx.one(CALLS, asked) or {}, tx.one(WHISTLES, asked) or {}
    parts = {
        "arrival_rate": (calls["came"], calls["due"]),
        "on_time_arrival_rate": (calls["in_time"], calls["due"]),
        "solved_rate": (blown["solved"], blown["concluded"]),
    }
    spread = {row["n"]: row["places"] for row in tx.rows(SPREAD, asked)}
    return {
        "first": first,
        "last": last,
        **{name: blown[name] for name in ("blown", "open", "concluded", "cancelled")},
        "left_out": {"excused": calls["excused"], "running": calls["running"]},
        "rates": [_rate(code, *parts[code]) for code in RATES],
        "arrival_times": {name: calls[name] for name in ("m30", "m60", "m240", "later", "never")},
        "by_reason": {row["reason"]: row["n"] for row in tx.rows(BY_REASON, asked)},
        "places": {name: spread.get(name, 0) for name in ("1", "2-3", "4-9", "10+")},
    }


def _rate(code: str, above: int, below: int) -> dict[str, Any]:
    name, told = RATES[code]
    return {
        "code": code,
        "name": named(name),
        "formula": named(told),
        "numerator": above,
        "denominator": below,
        "share": round(above / below, 4) if below else None,
    }
