"""The first figures of a page, counted from an index alone: quick over years of cases."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from wangge.cases.catalogue import BY_CODE, Indicator, told
from wangge.cases.figures import check_area, period, within_of
from wangge.cases.models import State
from wangge.kernel.db import Tx

COUNTED = """
select state, n, late from count_cases(%(first)s, %(last)s,
    (select span from areas where id = %(area)s))
"""
CARRIED = """
select c.state, count(*) as n, count(c.overdue_at) as late
from case_merges m join cases c on c.id = m.case_id
where m.undone_at is null and c.state in ('closed', 'evaluated')
    and c.received_at >= %(first)s and c.received_at < %(last)s
    and (%(area)s::uuid is null or c.pos <@ (select span from areas where id = %(area)s))
group by c.state
"""
HEADLINES = ("closing_rate", "overdue_share")


def indicators(tx: Tx, first: date | None, last: date | None, area: UUID | None) -> dict[str, Any]:
    """Counts by state and the two headlines of a period and an area, as far as one may see.

    ``first`` and ``last`` are days of the city, both counted; the last thirty if left out.
    """
    first, last, zone = period(tx, first, last)
    check_area(tx, area)
    asked = {
        "first": datetime.combine(first, time(), zone),
        "last": datetime.combine(last + timedelta(days=1), time(), zone),
        "area": area,
    }
    counts = dict.fromkeys(State, (0, 0))
    counts |= {State(row["state"]): (row["n"], row["late"]) for row in tx.rows(COUNTED, asked)}
    _apart(tx, counts, asked)
    return {
        "first": first,
        "last": last,
        "within": within_of(tx, first, last, zone, area=area).token,
        "received": sum(n for n, _ in counts.values()),
        "by_state": {state.value: n for state, (n, _) in counts.items()},
        "indicators": [_headline(BY_CODE[code], counts) for code in HEADLINES],
    }


def _apart(tx: Tx, counts: dict[State, tuple[int, int]], asked: dict[str, Any]) -> None:
    """One matter told by ten is closed once: what was closed with its lead stays with merged."""
    for row in tx.rows(CARRIED, asked):
        state = State(row["state"])
        for place, sign in ((state, -1), (State.MERGED, 1)):
            n, late = counts[place]
            counts[place] = (n + sign * row["n"], late + sign * row["late"])


def _headline(one: Indicator, counts: dict[State, tuple[int, int]]) -> dict[str, Any]:
    late = one.code == "overdue_share"
    above = sum(counts[state][late] for state in one.states or one.counted)
    below = sum(counts[state][0] for state in one.counted)
    return {
        "code": one.code,
        "name": {"zh": one.name[0], "en": one.name[1]},
        "formula": told(one),
        "numerator": above,
        "denominator": below,
        "left_out": {s.value: counts[s][0] for s in State if s in one.left_out},
        "share": round(above / below, 4) if below else None,
    }
