"""Counts by area and day, read from the cubes; and the rules that compare them.

A preview reads its whole period once and asks each day the same questions as the sweep does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wangge.alerts import grounds, like
from wangge.alerts.grounds import Grounds
from wangge.alerts.models import Found
from wangge.areas.models import Level
from wangge.kernel.db import Tx
from wangge.tenant.alerts import Threshold, Trend
from wangge.tenant.calendar import Days
from wangge.tenant.rules import Rules

Counts = NDArray[np.float64]
OPEN = "state not in ('declined', 'evaluated', 'withdrawn', 'closed', 'merged', 'split')"
# What each indicator divides by what, over the cells of ``cube_states``.
PARTS = {
    "received": ("n", None),
    "open": (f"n * ({OPEN})::int", None),
    "late": (f"late * ({OPEN})::int", None),
    "late_share": (f"late * ({OPEN})::int", f"n * ({OPEN})::int"),
    "unsatisfied_share": ("said - satisfied - fairly * {fairly}", "said"),
}
BY_TYPE = """
select day, pos, sum(n)::int as n from cube_types
where day between %(first)s and %(last)s and (%(types)s::text[] is null or type = any(%(types)s))
group by 1, 2
"""
BY_STATE = """
select day, pos, sum({})::int as n from cube_states
where day between %(first)s and %(last)s group by 1, 2 having sum({}) > 0
"""
# A season is told from so many cases a year ago, and never by more than twofold.
SEASON_FROM, SEASON_MOST = 200, 2.0
YEAR = timedelta(days=364)  # the same weekday
AROUND = timedelta(days=14)
FURTHER = timedelta(days=like.FURTHER)


@dataclass(frozen=True, eq=False)
class Table:
    """How many of what in each area of a level on each day from ``first`` on."""

    ground: Grounds
    first: date
    n: Counts

    def between(self, first: date, last: date) -> Counts:
        """Sums over days, both within; what lies before the table counts as nothing."""
        low, high = ((day - self.first).days for day in (first, last))
        found: Counts = self.n[:, max(low, 0) : max(high + 1, 0)].sum(axis=1)
        return found

    def on(self, days: Sequence[date]) -> Counts:
        """Sums over single days; those outside of the table count as nothing."""
        held = [(day - self.first).days for day in days]
        found: Counts = self.n[:, [n for n in held if 0 <= n < self.n.shape[1]]].sum(axis=1)
        return found


def types_of(rule: Any, known: Rules) -> list[str] | None:
    """The types below what a rule names; None for a rule that looks at all of them."""
    if not rule.types:
        return None
    wanted = set(rule.types)
    return [
        one.code
        for one in known.types.leaves
        if wanted & {above.code for above in known.types.line(one.code)}
    ]


def read(
    tx: Tx, ground: Grounds, first: date, last: date, query: str, types: Sequence[str] | None
) -> Table:
    """One statement over the cubes' own key, and the sums of its places by area."""
    n = np.zeros((len(ground.areas), (last - first).days + 1))
    values = {"first": first, "last": last, "types": types and list(types)}
    rows = tx.rows(query, values)
    if rows:
        pos = np.array([row["pos"] for row in rows])
        which = np.where(
            pos < len(ground.which), ground.which[np.minimum(pos, len(ground.which) - 1)], -1
        )
        days = np.array([(row["day"] - first).days for row in rows])
        counts = np.array([row["n"] for row in rows], np.float64)
        held = which >= 0
        np.add.at(n, (which[held], days[held]), counts[held])
    return Table(ground, first, n)


def thresholds(tx: Tx, rule: Threshold, known: Rules, days: Sequence[date]) -> list[Found]:
    """Areas over the value, of the windows that end on each of the days."""
    ground = grounds.of(tx, Level(rule.ground))
    begins = days[0] - timedelta(days=rule.days - 1)
    above, below = PARTS[rule.indicator]
    fairly = known.switches.fairly_satisfied_counts
    above = above.format(fairly=int(fairly))
    types = types_of(rule, known)
    query = BY_TYPE if rule.indicator == "received" else BY_STATE.format(above, above)
    tops = read(tx, ground, begins, days[-1], query, types)
    bases = (
        read(tx, ground, begins, days[-1], BY_STATE.format(below, below), None) if below else None
    )
    found = []
    for day in days:
        first = day - timedelta(days=rule.days - 1)
        top = tops.between(first, day)
        base = bases.between(first, day) if bases else None
        value = top if base is None else 100 * top / np.maximum(base, 1)
        # Nothing is said of the share of a few; a count speaks for itself.
        enough = np.ones(len(value), bool) if base is None else base >= rule.least
        for n in np.flatnonzero((value > rule.above) & enough).tolist():
            area = ground.areas[n]
            figures = {
                "indicator": rule.indicator, "value": round(float(value[n]), 1),
                "above": rule.above, "n": int(top[n]), "of": None if base is None else int(base[n]),
                "days": rule.days, "fairly": fairly,
            }  # fmt: skip
            found.append(
                Found(f"area:{area.id}", first, day, area.pos, figures, tuple(types or ()),
                      *_point(ground, n))
            )  # fmt: skip
    return found


def _point(ground: Grounds, n: int) -> tuple[float | None, float | None]:
    lon, lat = ground.centres[n].tolist()
    return (None, None) if np.isnan(lon) else (lon, lat)


def trends(tx: Tx, rule: Trend, known: Rules, days: Sequence[date]) -> list[Found]:
    """Areas in which more came in than days of the same kind and the season let expect.

    Each day of a window is compared with days of its own kind by the city's calendar: a working
    day with working days of its weekday, a week-end with week-ends, a holiday with holidays. They
    say how many are usual and how far that differs by itself; counts differ at least as chance
    lets them (by the root of their mean). The season is last year's share of the fortnight around
    this day in the weeks before it, over the whole city.
    """
    ground = grounds.of(tx, Level(rule.ground))
    types = types_of(rule, known)
    back = timedelta(days=7 * rule.weeks + rule.days)
    table = read(tx, ground, days[0] - back - FURTHER, days[-1], BY_TYPE, types)
    whole = grounds.of(tx, Level.CITY)
    past = read(tx, whole, days[0] - YEAR - back, days[-1] - YEAR + AROUND, BY_TYPE, types)
    begun = (tx.one("select min(day) as first from cube_types") or {}).get("first")
    found = []
    for day in days:
        first = day - timedelta(days=rule.days - 1)
        alike = begun and like.windows(known.calendar.days, first, day, rule.weeks, begun)
        if not alike or len(alike.windows) < min(4, rule.weeks):
            continue
        before = np.stack([table.on(window) for window in alike.windows])
        season = _season(past, known.calendar.days, day, 7 * rule.weeks)
        usual = before.mean(axis=0) * (season or 1)
        spread = np.sqrt(np.maximum(before.var(axis=0), np.maximum(usual, 1)))
        now = table.between(first, day)
        over = (now >= rule.least) & (now > usual + rule.sigma * spread)
        for n in np.flatnonzero(over).tolist():
            area = ground.areas[n]
            figures = {
                "n": int(now[n]), "usual": round(float(usual[n]), 1), "weeks": len(alike.windows),
                "sigma": round(float((now[n] - usual[n]) / spread[n]), 1), "days": rule.days,
                "season": round(season, 2) if season else None, "calendar": alike.special,
            }  # fmt: skip
            found.append(
                Found(f"area:{area.id}", first, day, area.pos, figures, tuple(types or ()),
                      *_point(ground, n))
            )  # fmt: skip
    return found


def _season(past: Table, calendar: Days, day: date, back: int) -> float | None:
    """How last year's days around this one stood to the weeks before them; None if too few.

    Holidays and the days made up for them are left out: some move from year to year.
    """
    then = day - YEAR
    if past.first > then - timedelta(days=back):
        return None
    near = like.plain(calendar, then - AROUND + timedelta(days=1), then + AROUND)
    before = like.plain(calendar, then - timedelta(days=back), then - timedelta(days=1))
    came, came_before = float(past.on(near).sum()), float(past.on(before).sum())
    if min(came, came_before) < SEASON_FROM:
        return None
    share = (came / len(near)) / (came_before / len(before))
    return float(np.clip(share, 1 / SEASON_MOST, SEASON_MOST))
