"""Yellow lights: whoever holds a case is told once that its time is nearly used up."""

from wangge.dispatch.service import tell_holders
from wangge.kernel.db import Tx

# A red light needs no yellow one: what is late already is told as late.
WARN = """
with nearly as (
    select id from cases where warned_at is null and overdue_at is null
        and duty not in ('none', 'asker') and yellow_at <= %(now)s
    order by yellow_at limit 500 for update skip locked)
update cases c set warned_at = %(now)s from nearly n where c.id = n.id
returning c.id, c.due_at >= %(now)s as in_time
"""


def warn(tx: Tx) -> int:
    """One sweep; returns how many lights turned yellow."""
    lit = tx.rows(WARN, {"now": tx.now})
    tell_holders(tx, [case["id"] for case in lit if case["in_time"]], "case_warning")
    return len(lit)
