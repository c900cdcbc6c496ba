"""What follows from a report or a step, in the same transaction."""

from collections.abc import Sequence

from wangge.dispatch import asker_words, service
from wangge.kernel import queue
from wangge.kernel.db import Tx
from wangge.kernel.facts import Fact, on


@on("CaseReported")
def look_at_new(tx: Tx, reported: Sequence[Fact]) -> None:
    """Emergencies wake people now; everything else is the desk's queue and one notice by a job."""
    for fact in reported:
        if fact.body["emergency"]:
            queue.defer(
                tx, "alarm", priority=10, case_id=fact.subject, groups=fact.body["emergency"]
            )


@on("CaseMoved")
def follow(tx: Tx, moved: Sequence[Fact]) -> None:
    for fact in moved:
        if fact.body["target"] == "registered" and fact.body["action"] == "register":
            service.dispatch_by_rule(tx, fact.subject)
        if fact.body["source"] != fact.body["target"]:
            queue.defer(tx, "tell", case_id=fact.subject, target=fact.body["target"])
            if fact.body["target"] in asker_words.SAID:
                queue.defer(tx, "tell_asker", case_id=fact.subject, target=fact.body["target"])
