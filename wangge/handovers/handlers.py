"""When a post ends its open work is handed over in the same transaction."""

from collections.abc import Sequence

from wangge.handovers import finding
from wangge.kernel.db import Tx
from wangge.kernel.facts import Fact, on

HELD = "select id from posts where account_id = any(%s) and valid @> city_today()"


@on("PostEnded")
def work_left(tx: Tx, ended: Sequence[Fact]) -> None:
    """Registered after those who find others for what is nobody's: the rest has an owner still."""
    finding.hand_over(tx, [fact.subject for fact in ended])


@on("AccountLocked")
def work_locked_out(tx: Tx, locked: Sequence[Fact]) -> None:
    """Who was shut out goes on with nothing either."""
    rows = tx.rows(HELD, [[fact.subject for fact in locked]])
    finding.hand_over(tx, [row["id"] for row in rows])
