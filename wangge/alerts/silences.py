"""Silence that is unusual: a grid of which nothing is heard, a source that delivers nothing."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from wangge.alerts import grounds
from wangge.alerts.models import Found
from wangge.areas.models import Level
from wangge.kernel.db import Tx
from wangge.tenant.alerts import SilentGrid, SilentSource
from wangge.tenant.rules import Rules

# Whatever came of a grid by anybody: reports, and what its people did for residents.
HEARD = """
select distinct day, pos from (
    select day, pos from cube_types where day between %(first)s and %(last)s
    union all
    select (r.done_at at time zone k.zone)::date, r.pos from field_records r, clock k
    where r.done_at >= %(since)s and r.done_at < %(until)s) heard
"""
DELIVERED = """
select channel, day, sum(n)::int as n from cube_types where day between %(first)s and %(last)s
group by 1, 2
"""
# What share of a day came in before each hour, over all sources of the same weeks.
HOURS = """
select hour, sum(n)::float8 as n from cube_hours where day between %(first)s and %(last)s
group by 1 order by 1
"""


def grids(tx: Tx, rule: SilentGrid, known: Rules, days: Sequence[date]) -> list[Found]:
    """Grids silent for longer than ever before in the rule's history, asked on each of the days.

    What is new has no history and is left alone, and so is what is quiet by nature. Only working
    days count: nobody has to be heard of on a holiday.
    """
    ground = grounds.of(tx, Level.GRID)
    zone = known.calendar.days.zone
    first = days[0] - timedelta(days=rule.history)
    until = _midnight(days[-1] + timedelta(days=1), zone)
    heard = np.zeros((len(ground.areas), (days[-1] - first).days + 1), bool)
    values = {"first": first, "last": days[-1], "since": _midnight(first, zone), "until": until}
    for row in tx.rows(HEARD, values):
        which = ground.which[row["pos"]] if row["pos"] < len(ground.which) else -1
        if which >= 0:
            heard[which, (row["day"] - first).days] = True
    begun = (tx.one("select min(day) as first from cube_types") or {}).get("first") or first
    worked = np.array(
        [bool(known.calendar.days[first + timedelta(days=n)].spans) for n in range(heard.shape[1])]
    )
    found = []
    for day in days:
        low = (day - first).days - rule.history
        mine, work = heard[:, low : low + rule.history + 1], worked[low : low + rule.history + 1]
        gap, longest = np.zeros(len(mine), int), np.zeros(len(mine), int)
        last = np.full(len(mine), -1)
        for n in range(mine.shape[1]):
            came = mine[:, n]
            longest = np.where(came & (last >= 0), np.maximum(longest, gap), longest)
            last = np.where(came, n, last)
            gap = np.where(came, 0, gap + work[n])
        often = mine.sum(axis=1)
        silent = (gap >= rule.days) & (gap > longest) & (often >= rule.heard)
        for n in np.flatnonzero(silent).tolist():
            area = ground.areas[n]
            since = day - timedelta(days=rule.history - int(last[n]))
            figures = {
                "days": int(gap[n]), "usual": int(longest[n]), "last": since.isoformat(),
                "heard": int(often[n]), "history": min(rule.history, (day - begun).days),
            }  # fmt: skip
            lon, lat = ground.centres[n].tolist()
            point = (None, None) if np.isnan(lon) else (lon, lat)
            found.append(
                Found(f"area:{area.id}", since + timedelta(days=1), day, area.pos, figures, (),
                      *point)
            )  # fmt: skip
    return found


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)


def sources(
    tx: Tx, rule: SilentSource, known: Rules, days: Sequence[date], *, until_now: bool = False
) -> list[Found]:
    """Channels of which by the end of each day, or by now, so many should have come since the last.

    What is to be expected is the mean of the same weekday over the rule's weeks; of the day that
    has not ended, as much as usually comes before this hour.
    """
    city = grounds.of(tx, Level.CITY).areas
    if not city:
        return []
    zone = known.calendar.days.zone
    back = 7 * rule.weeks
    counts: dict[str, dict[date, int]] = defaultdict(dict)
    span = {"first": days[0] - timedelta(days=2 * back), "last": days[-1]}
    for row in tx.rows(DELIVERED, span):
        counts[row["channel"]][row["day"]] = row["n"]
    part = _part(tx, days[-1], back, zone) if until_now else 1.0
    begun = min((day for by_day in counts.values() for day in by_day), default=days[-1])
    found = []
    for channel in sorted(rule.channels or counts):
        for day in days:
            share = part if day == days[-1] else 1.0
            if one := _silent(rule, counts[channel], begun, day, share):
                figures = {"channel": channel, "weeks": rule.weeks, **one}
                since = date.fromisoformat(one["last"]) + timedelta(days=1)
                found.append(Found(f"channel:{channel}", since, day, city[0].pos, figures))
    return found


def _silent(
    rule: SilentSource, of: dict[date, int], begun: date, day: date, share: float
) -> dict[str, Any] | None:
    """How much was to be expected since the channel's last delivery, if that was enough."""
    last = max((one for one, n in of.items() if one <= day and n), default=None)
    if last is None or last == day or (day - last).days > 7 * rule.weeks:
        return None
    # Judged by the weeks before it fell silent, else a long silence would become the usual.
    weeks = [n for n in range(1, rule.weeks + 1) if last - timedelta(days=7 * n) >= begun]
    if len(weeks) < min(3, rule.weeks):
        return None
    expected = 0.0
    for n in range(1, (day - last).days + 1):
        same = last + timedelta(days=n % 7 - 7) if n % 7 else last
        usual = [of.get(same - timedelta(days=7 * (week - 1)), 0) for week in weeks]
        expected += sum(usual) / len(usual) * (share if n == (day - last).days else 1.0)
    if expected < rule.expected:
        return None
    return {"usual": round(expected, 1), "last": last.isoformat(), "days": (day - last).days}


def _part(tx: Tx, today: date, back: int, zone: ZoneInfo) -> float:
    """What share of a day has come in before this moment of it, as days usually go."""
    now = tx.now.astimezone(zone)
    span = {"first": today - timedelta(days=back), "last": today - timedelta(days=1)}
    hours = {row["hour"]: row["n"] for row in tx.rows(HOURS, span)}
    total = sum(hours.values())
    gone = sum(n for hour, n in hours.items() if hour < now.hour)
    gone += hours.get(now.hour, 0) * now.minute / 60
    return float(gone / total) if total else 0.0
