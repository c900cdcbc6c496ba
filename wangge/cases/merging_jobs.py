"""What follows for merged cases when one of them moves, by jobs that see past any scope."""

from collections.abc import Sequence
from uuid import UUID

from wangge.cases import archive, merging, releases
from wangge.cases.models import FINAL, Action, State
from wangge.kernel import queue
from wangge.kernel.db import Tx
from wangge.kernel.facts import Fact, on
from wangge.kernel.queue import Open, sweep, task

FOLLOWED = """
select distinct case_id from case_followers where case_id = any(%s) and told_at is null
"""
TURNS = merging.DONE | merging.UNDONE


@on("CaseMoved")
def carry_along(tx: Tx, moved: Sequence[Fact]) -> None:
    turned = [
        fact.subject
        for fact in moved
        if fact.body["source"] != fact.body["target"]
        and (fact.body["target"] in TURNS or fact.body["action"] == Action.REOPEN)
    ]
    merging.leave(tx, [fact.subject for fact in moved if fact.body["action"] == Action.REOPEN])
    if turned:
        found = merging.touched(tx, turned)
        queue.defer_each(tx, "merged", [{"case_id": one} for one in found])
    closed = [fact.subject for fact in moved if fact.body["target"] == State.CLOSED]
    if closed:
        followed = tx.rows(FOLLOWED, [closed])
        queue.defer_each(tx, "tell_followers", [{"case_id": row["case_id"]} for row in followed])
    ended = [
        fact.subject
        for fact in moved
        if fact.body["target"] in FINAL and fact.body["source"] != fact.body["target"]
    ]
    queue.defer_each(tx, "seal", [{"case_id": one} for one in ended])


@task("merged")
def merged(open_tx: Open, case_id: str) -> None:
    with open_tx() as tx:
        merging.follow(tx, UUID(case_id))


@task("carry")
def carry(open_tx: Open, lead_id: str) -> None:
    with open_tx() as tx:
        merging.write_down_lost(tx, UUID(lead_id))


@task("seal")
def seal(open_tx: Open, case_id: str) -> None:
    with open_tx() as tx:
        archive.seal(tx, UUID(case_id))


@task("tell_followers")
def tell_followers(open_tx: Open, case_id: str) -> None:
    with open_tx() as tx:
        releases.tell_followers(tx, UUID(case_id))


@sweep("merged", every=300)
def stray(open_tx: Open) -> None:
    """The net below the facts."""
    with open_tx() as tx:
        found = merging.strays(tx)
    for lead in found:
        merged(open_tx, str(lead))
