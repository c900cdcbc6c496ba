"""What follows from a whistle in the same transaction: people are told by a job."""

from collections.abc import Sequence

from wangge.cases.models import Action
from wangge.kernel import queue
from wangge.kernel.db import Tx
from wangge.kernel.facts import Fact, on
from wangge.kernel.ids import new_id
from wangge.whistles import owning

ABOUT = """
select c.id from cases c where c.id = any(%s)
    and (c.about_unit is not null or c.about_account is not null)
    and exists (select from whistles w where w.case_id = c.id and w.state = 'open')
"""
SAID = frozenset(
    f"whistle_{what}"
    for what in (
        *("called", "arrive", "contest", "uphold", "reject", "mark_absent", "sign", "late"),
        *(
            "members",
            "member_came",
            "member_left",
            "overdue",
            "concluded",
            "cancelled",
            "handed_over",
        ),
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


@on("CaseMoved")
def keep_away(tx: Tx, moved: Sequence[Fact]) -> None:
    """A correction may have said whom the case is about."""
    corrected = [fact.subject for fact in moved if fact.body["action"] == Action.CORRECT]
    if about := [row["id"] for row in tx.rows(ABOUT, [corrected])] if corrected else []:
        owning.leave(tx, about)


@on("PostEnded")
@on("AccountLocked")
@on("OrganisationMoved")
def stand_in(tx: Tx, _gone: Sequence[Fact]) -> None:
    owning.see_to(tx)
