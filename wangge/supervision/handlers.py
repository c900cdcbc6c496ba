"""What supervision does at once when a case moves, in the same transaction."""

from collections.abc import Sequence

from wangge.cases.models import Action
from wangge.kernel.db import Tx
from wangge.kernel.facts import Fact, on
from wangge.supervision import ladder, service


@on("CaseMoved")
def look_on(tx: Tx, moved: Sequence[Fact]) -> None:
    late = [fact.subject for fact in moved if fact.body["action"] == Action.OVERDUE]
    if late:
        ladder.begin(tx, late)
    for fact in moved:
        if fact.body["action"] == Action.URGE:
            service.urged(tx, fact.subject)
