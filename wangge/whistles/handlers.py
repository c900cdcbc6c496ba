"""What follows from a whistle in the same transaction: people are told by a job."""

from collections.abc import Sequence

from wangge.kernel import queue
from wangge.kernel.db import Tx
from wangge.kernel.facts import Fact, on
from wangge.kernel.ids import new_id
from wangge.whistles import owning

SAID = frozenset(
    f"whistle_{what}"
    for what in (
        *("called", "arrive", "contest", "uphold", "reject", "mark_absent", "sign", "late"),
        *("overdue", "concluded", "cancelled", "handed_over"),
    )
)


@on("WhistleMoved")
def follow(tx: Tx, moved: Sequence[Fact]) -> None:
    for fact in moved:
        if fact.body["code"] in SAID:
            queue.defer(
                tx, "whistle_tell",
                whistle_id=fact.subject, code=fact.body["code"], call=fact.body["call"],
                key=new_id(),
            )  # fmt: skip


@on("PostEnded")
@on("AccountLocked")
@on("OrganisationMoved")
def stand_in(tx: Tx, _gone: Sequence[Fact]) -> None:
    owning.see_to(tx)
