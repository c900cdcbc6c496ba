"""What follows when somebody's post ends."""

from collections.abc import Sequence

from wangge.kernel.db import Tx
from wangge.kernel.facts import Fact, on
from wangge.teams import party


@on("PostEnded")
def leave_what_one_no_longer_serves(tx: Tx, facts: Sequence[Fact]) -> None:
    party.gone(tx, [fact.account_id for fact in facts if fact.account_id])
