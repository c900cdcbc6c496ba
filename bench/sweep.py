"""The deadline sweep: what is due at one moment is found and marked."""

import statistics
import sys
import time

from wangge.dispatch.service import LATE, mark_overdue
from wangge.kernel.db import Cell, transaction

AT_ONCE, ROUNDS = 500, 5
# As they are found at any moment: due a second ago, in all states and places.
# Where rules run by themselves no case stands accepted or checked: it would go its way alone.
DUE = """
update cases set overdue_at = case when id = any(ids) then null else coalesce(overdue_at, %(now)s)
    end, due_at = case when id = any(ids) then %(now)s - interval '1 second' else due_at end
from (select array_agg(id) as ids from (select id from cases where duty not in ('none', 'asker')
    and state not in ('accepted', 'checked') and due_at is not null
    order by md5(%(round)s || id::text) limit %(n)s) as few) as chosen
where id = any(ids) or (overdue_at is null and due_at < %(now)s)
"""


def measure(cell: Cell) -> list[str]:
    """The deadline sweep with 500 due: finding them, and marking them with their history.

    What is late already is marked before, in a transaction of its own: of a row that the same
    transaction has written PostgreSQL checks every reference anew.
    """
    late = AT_ONCE
    while late == AT_ONCE:
        with transaction(cell) as tx:  # the rules are read, too
            late = mark_overdue(tx)
    with transaction(cell) as tx:
        row = tx.one("select count(*) as n from cases where state not in"
                     " ('declined', 'evaluated', 'withdrawn', 'closed')")  # fmt: skip
        open_ = row["n"] if row else 0
    found, marked = zip(*(_round(cell, str(number)) for number in range(ROUNDS)), strict=True)
    spread = f"the middle of {ROUNDS}, {min(marked):,.0f} to {max(marked):,.0f} ms"
    took = f"{statistics.median(marked):,.0f} ms ({spread})"
    return [
        f"deadline sweep over {open_:,} open cases, {AT_ONCE} due (aim 100 ms for {AT_ONCE})",
        f"of which finding them {statistics.median(found):,.0f} ms",
        f"finding and marking them, with history and facts, {took}",
    ]


def _round(cell: Cell, number: str) -> tuple[float, float]:
    """Milliseconds of finding, and of finding and marking, what is due in this round."""
    took: list[float] = []
    with transaction(cell) as tx:
        tx.run(DUE, {"now": tx.now, "n": AT_ONCE, "round": number})
    with transaction(cell) as tx:
        for work in (lambda: len(tx.rows(LATE, [tx.now])), lambda: mark_overdue(tx)):
            began = time.perf_counter()
            due = work()
            took.append((time.perf_counter() - began) * 1000)
            if due != AT_ONCE:
                sys.exit(f"{due} cases were found or marked, not {AT_ONCE}")
    return took[0], took[1]
