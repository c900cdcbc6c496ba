"""The log of facts for whoever follows it: in one line, none missed, none twice, up to a horizon.

A cursor by time or by id misses what commits late. Committed facts are therefore put in line one
after the other under a lock, and readers follow the places in that line.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from wangge.kernel.db import Tx
from wangge.kernel.errors import Refusal
from wangge.kernel.queue import Open, sweep
from wangge.settings import settings

PAGE = 1000
FORGET_AT_ONCE = 5000
LOCK = "select pg_advisory_xact_lock(hashtext('wangge_sequencer'))"
# An id is made where the fact is recorded, after the locks its transaction had to wait for.
# The sort waits for every row that another has taken, before a place is given; the lock says so
# plainly and stays true if this statement changes.
PLACE = """
with taken as (delete from facts_waiting returning fact_id)
insert into fact_positions (fact_id) select fact_id from taken order by fact_id
"""
# The name changes with the timeline: after a recovery to an earlier moment places are given anew.
READ = """
select u.log || '.' || left(pg_walfile_name(pg_current_wal_lsn()), 8) as log, u.horizon,
    coalesce((select max(pos) from fact_positions), u.horizon) as last, placed.*
from upkeep u left join lateral (
    select p.pos as position, f.id, f.name, f.subject, f.body, f.pos, f.unit_ids, f.account_id, f.at
    from fact_positions p join facts f on f.id = p.fact_id
    where p.pos > %s order by p.pos limit %s) placed on true
order by placed.position
"""


@dataclass(frozen=True, slots=True)
class Page:
    """Facts in line; the next page begins after ``position`` of the same ``log``."""

    log: str
    position: int
    facts: list[dict[str, Any]]


class FactsGone(Refusal):
    """What the reader has not read is no longer there; it begins anew from what stands now."""

    status = 410

    def __init__(self, page: Page) -> None:
        super().__init__(
            "facts_gone",
            "要接着读的记录已过保存期，或数据已恢复到另一时刻；请重新取全量后再续读",
            "what follows is past its keeping, or the data were restored; take a snapshot, go on",
            log=page.log,
            position=page.position,
        )
        self.page = page


def put_in_line(tx: Tx) -> int:
    """Give every committed fact its place; returns how many were given."""
    tx.one(LOCK)
    return tx.run(PLACE)


def read(tx: Tx, after: int, *, log: str = "", limit: int = PAGE) -> Page:
    """Give what follows ``after``; ``log`` is what the last page said, empty for a first read.

    Refuses with ``FactsGone`` when the reader has fallen behind the horizon or the log is another.
    """
    put_in_line(tx)
    rows = tx.rows(READ, [after, limit])
    first = rows[0]
    found = [row for row in rows if row["position"] is not None]
    if (log and log != first["log"]) or not first["horizon"] <= after <= first["last"]:
        raise FactsGone(Page(first["log"], first["last"], []))
    return Page(first["log"], found[-1]["position"] if found else after, found)


def end(tx: Tx) -> Page:
    """Where to go on after a snapshot taken from now on: first the end, then the snapshot."""
    put_in_line(tx)
    (row,) = tx.rows(READ, [2**62, 0])
    return Page(row["log"], row["last"], [])


def forget(tx: Tx, *, days: int) -> int:
    """Remove the oldest facts that are past their keeping; at most a few thousand at a time."""
    tx.one(LOCK)
    row = tx.one(
        "select forget_facts(%s, %s) as n", [tx.now - timedelta(days=days), FORGET_AT_ONCE]
    )
    return int(row["n"]) if row else 0


@sweep("facts.line", every=5)
def in_line(open_tx: Open) -> None:
    """Facts do not pile up while nobody reads."""
    with open_tx() as tx:
        put_in_line(tx)


@sweep("facts.keeping", every=3600)
def past_keeping(open_tx: Open) -> None:
    more = True
    while more:
        with open_tx() as tx:
            more = forget(tx, days=settings().fact_days) >= FORGET_AT_ONCE
