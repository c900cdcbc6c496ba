"""What the city screen knows, in memory: counts by place, read once and renewed where they changed.

One snapshot serves everybody in a process. It is made of the cubes alone; a renewed snapshot is
equal to a fresh one, place by place.
"""

from collections import OrderedDict, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from threading import Lock
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from wangge.kernel.db import Tx

Counts = NDArray[np.int64]
Name = tuple[str, str]
WEEKS = 8  # of the past, whose same weekdays say what is usual
HOT_DAYS, BEFORE_DAYS = 7, 28
SAID_DAYS = 30
KEPT = 20

STATE = """
select coalesce(s.version, 0) as version, coalesce(s.horizon, 0) as horizon, s.true_at, s.built_at,
    coalesce(extract(epoch from now() - s.beat_at), 0) as age, s.checked_at,
    coalesce(s.checked_wrong, 0) as checked_wrong, k.zone,
    (select max(pos) from areas) as last_pos,
    (select min(day) from cube_hours) as begun
from clock k left join cube_state s on true
"""
MOVED = "select distinct pos from cube_log where version > %s"
# Every count as (what, of what, where, how many), so that one statement reads them all.
COUNTS = """
with counted (name, key, pos, n) as (
    select 'open', state, pos, sum(n) from cube_states where {open} and {here} group by 2, 3
    union all select 'late', '', pos, sum(late) from cube_states where {open} and {here} group by 3
    union all select 'channel', channel, pos, sum(n) from cube_types
        where day = %(today)s and {here} group by 2, 3
    union all select 'channel_usual', channel, pos, sum(n) from cube_types
        where day = any(%(same)s) and {here} group by 2, 3
    union all select 'type', type, pos, sum(n) from cube_types
        where day = any(%(hot)s) and {here} group by 2, 3
    union all select 'type_before', type, pos, sum(n) from cube_types
        where day = any(%(before)s) and {here} group by 2, 3
    union all select 'hour', hour::text, pos, sum(n) from cube_hours
        where day = %(today)s and {here} group by 2, 3
    union all select 'hour_usual', hour::text, pos, sum(n) from cube_hours
        where day = any(%(same)s) and {here} group by 2, 3
    union all select 'closed', '', pos, sum(n) from cube_closings
        where closed_on = %(today)s and {here} group by 3
    union all select 'in_time', '', pos, sum(in_time) from cube_closings
        where closed_on = %(today)s and {here} group by 3
    union all select 'month', '', pos, sum(n) from cube_states
        where day = any(%(month)s) and {here} group by 3
    union all select 'said', '', pos, sum(said) from cube_states
        where day = any(%(month)s) and {here} group by 3
    union all select 'satisfied', '', pos, sum(satisfied) from cube_states
        where day = any(%(month)s) and {here} group by 3
    union all select 'fairly', '', pos, sum(fairly) from cube_states
        where day = any(%(month)s) and {here} group by 3)
select name, key, array_agg(pos) as grids, array_agg(n::int) as counts
from counted where n <> 0 group by name, key
"""
OPEN = "state not in ('declined', 'evaluated', 'withdrawn', 'closed', 'merged', 'split')"
EVERYWHERE = COUNTS.format(open=OPEN, here="true")
SOMEWHERE = COUNTS.format(open=OPEN, here="pos = any(%(grids)s)")


@dataclass(frozen=True, slots=True)
class Standing:
    """The cubes' own word: which version they are, and since when they are known to be right."""

    version: int
    true_at: datetime | None
    built: bool
    age: float  # seconds since the worker last looked, by the database's own clock
    checked_at: datetime | None
    checked_wrong: int


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Counts by name and place, as they stand on a day of the city at a version of the cubes."""

    version: int
    day: date
    zone: ZoneInfo
    weeks: int  # how many of the same weekdays of the past there are
    size: int
    counts: dict[Name, Counts]

    def of(self, name: str, key: str = "") -> Counts:
        found = self.counts.get((name, key))
        return np.zeros(self.size, np.int64) if found is None else found

    def keys(self, name: str) -> list[str]:
        return sorted(key for one, key in self.counts if one == name)

    def sums(self, name: str, grids: Counts) -> dict[str, int]:
        """Count ``name`` by key over some places; what is nowhere there is left out."""
        found = {key: int(self.of(name, key)[grids].sum()) for key in self.keys(name)}
        return {key: n for key, n in found.items() if n}

    def same(self, other: "Snapshot") -> bool:
        """Whether both say the same of every place."""
        names = self.counts.keys() | other.counts.keys()
        return (self.day, self.weeks, self.size) == (other.day, other.weeks, other.size) and all(
            np.array_equal(self.of(*name), other.of(*name)) for name in names
        )


def standing(tx: Tx) -> tuple[Standing, dict[str, Any]]:
    """The cubes' state, and the plain row it was read from."""
    row = tx.one(STATE) or {}
    said = Standing(
        row["version"],
        row["true_at"],
        row["built_at"] is not None,
        float(row["age"]),
        row["checked_at"],
        row["checked_wrong"],
    )
    return said, row


def _days(today: date) -> dict[str, Any]:
    def back(first: int, last: int) -> list[date]:
        return [today - timedelta(days=n) for n in range(first, last)]

    return {
        "today": today,
        "same": [today - timedelta(days=7 * n) for n in range(1, WEEKS + 1)],
        "hot": back(0, HOT_DAYS),
        "before": back(HOT_DAYS, HOT_DAYS + BEFORE_DAYS),
        "month": back(0, SAID_DAYS),
    }


def fresh(tx: Tx, row: dict[str, Any]) -> Snapshot:
    """Read everything."""
    zone = ZoneInfo(row["zone"])
    today = tx.now.astimezone(zone).date()
    days = _days(today)
    size = (row["last_pos"] or 0) + 1
    counts: dict[Name, Counts] = defaultdict(lambda: np.zeros(size, np.int64))
    _put(counts, tx.rows(EVERYWHERE, days))
    return Snapshot(row["version"], today, zone, _weeks(today, row), size, dict(counts))


def _weeks(today: date, row: dict[str, Any]) -> int:
    """How many of the same weekdays of the past the city's figures reach back to."""
    begun: date | None = row["begun"]
    return sum(begun is not None and day >= begun for day in _days(today)["same"])


def renewed(tx: Tx, old: Snapshot, row: dict[str, Any]) -> Snapshot:
    """Read the places that changed since ``old``; everything when that is not known any more."""
    today = tx.now.astimezone(old.zone).date()
    if today != old.day or old.version < row["horizon"] or row["last_pos"] + 1 != old.size:
        return fresh(tx, row)
    grids = [one["pos"] for one in tx.rows(MOVED, [old.version])]
    if not grids:
        return replace(old, version=row["version"], weeks=_weeks(today, row))
    counts: dict[Name, Counts] = defaultdict(lambda: np.zeros(old.size, np.int64))
    for name, held in old.counts.items():
        counts[name] = held.copy()
        counts[name][grids] = 0
    _put(counts, tx.rows(SOMEWHERE, _days(today) | {"grids": grids}))
    return replace(old, version=row["version"], weeks=_weeks(today, row), counts=dict(counts))


def _put(counts: dict[Name, Counts], rows: Iterable[dict[str, Any]]) -> None:
    for row in rows:
        counts[row["name"], row["key"]][row["grids"]] = row["counts"]


_kept: OrderedDict[str, Snapshot] = OrderedDict()
_reading: dict[str, Lock] = defaultdict(Lock)


def current(tx: Tx) -> tuple[Snapshot, Standing]:
    """The tenant's snapshot as it stands: whoever comes first reads, the others need not."""
    tenant = tx.cell.tenant
    with _reading[tenant]:
        said, row = standing(tx)
        held = _kept.get(tenant)
        today = held and tx.now.astimezone(held.zone).date()
        if held is None or held.version > said.version:
            held = fresh(tx, row)
        elif (held.version, held.day) != (said.version, today):
            held = renewed(tx, held, row)
        _kept[tenant] = held
        _kept.move_to_end(tenant)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return held, said
