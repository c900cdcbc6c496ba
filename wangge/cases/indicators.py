"""The catalogue of indicators: each with its numerator, its denominator and what is left out.

A figure that cannot say what it divides by what is not shown anywhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from wangge.cases.models import DONE, State
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, NotFound
from wangge.tenant.service import rules

LONGEST = timedelta(days=3700)
COUNTED = """
select state, n, late from count_cases(%(first)s, %(last)s,
    (select span from areas where id = %(area)s))
"""
ALL = frozenset(State)
LEFT_OUT = frozenset({State.DECLINED, State.WITHDRAWN, State.MERGED, State.SPLIT})
FINISHED = frozenset({State.CLOSED, State.EVALUATED})
UNFINISHED = ALL - DONE


@dataclass(frozen=True, slots=True)
class Indicator:
    """``late`` counts only what stands past its time now; ``told`` is the formula in words."""

    code: str
    name: tuple[str, str]
    numerator: frozenset[State]
    denominator: frozenset[State]
    told: tuple[str, str]
    late: bool = False

    def figure(self, counts: Mapping[State, tuple[int, int]]) -> dict[str, Any]:
        column = 1 if self.late else 0
        above = sum(counts[state][column] for state in self.numerator)
        below = sum(counts[state][0] for state in self.denominator)
        left_out = ALL - self.denominator
        return {
            "code": self.code,
            "name": {"zh": self.name[0], "en": self.name[1]},
            "formula": {"zh": self.told[0], "en": self.told[1]},
            "numerator": above,
            "denominator": below,
            "left_out": {s.value: counts[s][0] for s in State if s in left_out},
            "share": round(above / below, 4) if below else None,
        }


CLOSING_ZH = (
    "期内收到的事项中，现已结案或已评价的 ÷（期内收到的 − 不予受理的 − 撤回的 − 并案的 − 分拆的）；"
    "随主办件办结的仍算并案，重新办理的算未办结，未办结的不除外"
)
CLOSING_EN = (
    "of the cases received in the period: those now closed or evaluated ÷ (all received − declined"
    " − withdrawn − merged − split up); a case closed with its lead counts as merged, a reopened"
    " one as not closed, an open one is not left out"
)
OVERDUE_ZH = (
    "期内收到、现在仍在办的事项中，现已超过本环节时限的 ÷ 期内收到、现在仍在办的；"
    "已办结、不予受理、撤回、并案和分拆的除外"
)
OVERDUE_EN = (
    "of the cases received in the period and still open: those now past the limit of their stage ÷"
    " all still open; closed, declined, withdrawn, merged and split ones are left out"
)
INDICATORS = (
    Indicator(
        "closing_rate",
        ("办结率", "closing rate"),
        FINISHED,
        ALL - LEFT_OUT,
        (CLOSING_ZH, CLOSING_EN),
    ),
    Indicator(
        "overdue_share",
        ("在办超时率", "share of open cases past their time"),
        UNFINISHED,
        UNFINISHED,
        (OVERDUE_ZH, OVERDUE_EN),
        late=True,
    ),
)


CARRIED = """
select c.state, count(*) as n, count(c.overdue_at) as late
from case_merges m join cases c on c.id = m.case_id
where m.undone_at is null and c.state in ('closed', 'evaluated')
    and c.received_at >= %(first)s and c.received_at < %(last)s
    and (%(area)s::uuid is null or c.pos <@ (select span from areas where id = %(area)s))
group by c.state
"""


def _apart(tx: Tx, counts: dict[State, tuple[int, int]], period: dict[str, Any]) -> None:
    """One matter told by ten is closed once: what was closed with its lead stays with merged."""
    for row in tx.rows(CARRIED, period):
        state = State(row["state"])
        for place, sign in ((state, -1), (State.MERGED, 1)):
            n, late = counts[place]
            counts[place] = (n + sign * row["n"], late + sign * row["late"])


def indicators(tx: Tx, first: date | None, last: date | None, area: UUID | None) -> dict[str, Any]:
    """Counts by state and the catalogue's figures of a period and an area, as far as one may see.

    ``first`` and ``last`` are days of the city, both counted; the last thirty if left out.
    """
    zone = ZoneInfo(rules(tx).calendar.zone)
    last = last or tx.now.astimezone(zone).date()
    first = first or last - timedelta(days=29)
    if not timedelta(0) <= last - first <= LONGEST:
        raise Invalid(
            "bad_period",
            "起止日期不对：开始不能晚于结束，最长十年",
            "the period must begin before it ends and last ten years at most",
            field="from",
        )
    if area and tx.one("select from areas where id = %s", [area]) is None:
        raise NotFound("no_such_area", "没有这个区域", "there is no such area")
    period = {
        "first": datetime.combine(first, time(), zone),
        "last": datetime.combine(last + timedelta(days=1), time(), zone),
    }
    rows = tx.rows(COUNTED, {**period, "area": area})
    counts = dict.fromkeys(State, (0, 0))
    counts |= {State(row["state"]): (row["n"], row["late"]) for row in rows}
    _apart(tx, counts, {**period, "area": area})
    return {
        "first": first,
        "last": last,
        "received": sum(n for n, _ in counts.values()),
        "by_state": {state.value: n for state, (n, _) in counts.items()},
        "indicators": [indicator.figure(counts) for indicator in INDICATORS],
    }
