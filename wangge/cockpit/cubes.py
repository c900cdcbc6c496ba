"""The cubes kept up to date: stale keys counted anew, or everything from the cases once more."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from wangge.cockpit import counting
from wangge.cockpit.models import CUBES
from wangge.kernel.db import Tx
from wangge.kernel.queue import Open

AT_ONCE = 200  # statements; a batch has a thousand keys
KEYS_AT_ONCE = 5_000
# Screens that read less often than so many times of change begin anew.
KEPT_VERSIONS = 500
BEAT_SECONDS = 2
# What the cubes hold; of another shape they are made anew.
SHAPE = 2
LOCK = "select pg_advisory_xact_lock(hashtext('wangge_cubes'))"
CHANGED = """
with next as (
    update cube_state set version = version + 1,
        horizon = greatest(horizon, version + 1 - %(kept)s),
        true_at = case when %(all)s then %(now)s else true_at end, beat_at = now()
    returning version, horizon),
dropped as (delete from cube_log l using next n where l.version < n.horizon)
insert into cube_log (version, pos) select version, pos
from next, (select distinct unnest(%(grids)s::int[]) as pos) g
"""
BEAT = """
update cube_state set true_at = %s, beat_at = now()
where true_at is null or beat_at < now() - make_interval(secs => %s)
"""
BEGUN = """
update cube_state set built_at = null, building = true, true_at = null, beat_at = now(),
    version = version + 1, horizon = version + 1
"""
BUILDING = "update cube_state set beat_at = now()"
BUILT = """
update cube_state set built_at = %(now)s, shape = %(shape)s, building = false, beat_at = now(),
    version = version + 1, horizon = version + 1
"""
# Never begun, never made, or whoever was making them has been gone for a while.
TO_BUILD = """
select 1 where not exists (select from cube_state where built_at is not null and shape = %s
    or building and beat_at >= now() - interval '2 minutes')
"""
FIRST = "insert into cube_state default values on conflict do nothing"
SPAN = """
select min((received_at at time zone k.zone)::date) as first,
    max((received_at at time zone k.zone)::date) as last
from cases, clock k
"""
OUTSIDE = "delete from {} where day < coalesce(%(first)s::date, 'infinity') or day > %(last)s::date"


@dataclass(frozen=True, slots=True)
class Days:
    """Days of receipt from ``first`` to before ``cap``, as the statements take them."""

    first: date
    cap: date

    @property
    def params(self) -> dict[str, Any]:
        return {"first": self.first, "cap": self.cap}


def lock(tx: Tx) -> None:
    """One at a time, until the transaction ends."""
    tx.one(LOCK)


def refresh(tx: Tx) -> bool:
    """Count the keys of up to ``AT_ONCE`` statements anew; returns whether there may be more.

    A case that commits meanwhile is either counted or leaves its key for the next time: its key is
    taken before it is counted.
    """
    lock(tx)
    keys = [(row["day"], row["pos"]) for row in tx.rows(counting.STALE, [AT_ONCE])]
    if not keys:
        tx.run(BEAT, [tx.now, BEAT_SECONDS])
        return False
    more = tx.one("select 1 from cube_dirty limit 1") is not None
    for n in range(0, len(keys), KEYS_AT_ONCE):
        recount(tx, keys[n : n + KEYS_AT_ONCE], all_done=not more)
    return more


def recount(tx: Tx, keys: list[tuple[date, int]], *, all_done: bool = True) -> None:
    """Count these days and places anew in every cube, and say so to who follows."""
    values = {"days": [day for day, _ in keys], "grids": [pos for _, pos in keys]}
    for cube in CUBES:
        tx.run(counting.forget_keys(cube), values)
        tx.run(counting.count_keys(cube), values)
    tx.run(
        CHANGED,
        {"grids": values["grids"], "all": all_done, "now": tx.now, "kept": KEPT_VERSIONS},
    )


def keep_up(open_tx: Open) -> None:
    """Count until nothing is stale; a city whose cubes were never made gets them whole."""
    with open_tx() as tx:
        to_build = tx.one(TO_BUILD, [SHAPE]) is not None
    if to_build:
        rebuild(open_tx)
    more = True
    while more:
        with open_tx() as tx:
            more = refresh(tx)


def months(first: date, last: date) -> Iterator[Days]:
    """The calendar months from one day to another, both within."""
    begins = first.replace(day=1)
    while begins <= last:
        ends = (begins + timedelta(days=31)).replace(day=1)
        yield Days(begins, ends)
        begins = ends


def span(tx: Tx) -> tuple[date, date] | None:
    """The first and the last day on which anything was received."""
    row = tx.one(SPAN) or {}
    return (row["first"], row["last"]) if row.get("first") else None


def rebuild(open_tx: Open) -> int:
    """Make every cube from the cases, a month in each transaction; returns the cells made.

    What is marked stale meanwhile is counted afterwards; who reads sees a month as it was or as it
    is, and the screen says that its figures are being made.
    """
    made = 0
    with open_tx() as tx:
        lock(tx)
        tx.run("delete from cube_dirty")
        tx.run(FIRST)
        tx.run(BEGUN)
        days = span(tx)
        ends = {"first": days and days[0], "last": days and days[1]}
        for cube in CUBES:
            tx.run(OUTSIDE.format(cube.name), ends)
    for month in months(*days) if days else ():
        with open_tx() as tx:
            lock(tx)
            for cube in CUBES:
                tx.run(counting.forget_days(cube), month.params)
                made += tx.run(counting.count_days(cube), month.params)
            tx.run(BUILDING)
    with open_tx() as tx:
        lock(tx)
        tx.run(BUILT, {"now": tx.now, "shape": SHAPE})
    return made
