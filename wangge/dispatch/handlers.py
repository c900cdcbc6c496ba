"""What follows from a report or a step, in the same transaction."""

from collections.abc import Sequence
from uuid import UUID

from wangge.cases import answers, ladder
from wangge.cases.models import Action
from wangge.cases.service import STOOD_IN
from wangge.dispatch import (
    alarms,
    asker_words,
    asking,
    in_grid,
    ownership,
    reckoning,
    service,
    suggestion,
)
from wangge.kernel import queue
from wangge.kernel.db import Tx
from wangge.kernel.facts import Fact, on
from wangge.kernel.ids import new_id


@on("CaseReported")
def look_at_new(tx: Tx, reported: Sequence[Fact]) -> None:
    """Emergencies wake people now; anything else is the desk's queue and one notice by a job.

    Of a batch nobody is told one by one: it is an import, and the queue shows it.
    """
    first = [fact.subject for fact in reported if fact.body.get("grid_first")]
    in_grid.send(tx, [fact.subject for fact in reported], first)
    ownership.see_to_these(tx, [fact.subject for fact in reported])
    calm = [fact for fact in reported if not fact.body["emergency"] and not fact.in_batch]
    told = [{"case_id": one.subject, "target": "reported", "key": new_id()} for one in calm]
    queue.defer_each(tx, "tell", told)
    for fact in reported:
        if fact.body["emergency"]:
            queue.defer(
                tx, "alarm", priority=10, case_id=fact.subject, groups=fact.body["emergency"]
            )


@on("RulesChanged")
def suggest_anew(tx: Tx, changed: Sequence[Fact]) -> None:
    if any(fact.body["name"] in ("routes", "types") for fact in changed):
        queue.defer(tx, "suggest_anew")
    if any(fact.body["name"] == "workflow" for fact in changed):
        queue.defer(tx, "owners")  # a step that fewer roles take may leave cases without anybody
    for fact in changed:
        name, version = fact.body["name"], fact.body["version"]
        whole = bool(fact.body.get("move_open")) or name == "switches"  # a light is no date
        if name in reckoning.MOVES and (whole or name == "calendar"):
            queue.defer(tx, "reckon_anew", document=name, version=version, whole=whole)


@on("OrganisationChanged")
def suggest_among(tx: Tx, changed: Sequence[Fact]) -> None:  # noqa: ARG001 - a handler's shape
    queue.defer(tx, "suggest_anew")


@on("CaseMoved")
def follow(tx: Tx, moved: Sequence[Fact]) -> None:
    for fact in moved:
        answers.follow(tx, fact)
        if fact.body["action"] == Action.ACKNOWLEDGE_ALARM:
            alarms.stop(tx, fact.subject)
        if fact.body["action"] in suggestion.RESTS_ON:
            suggestion.refresh(tx, [fact.subject])
        if fact.body["action"] == Action.CORRECT and fact.body["target"] == "reported":
            in_grid.to_its_professional(tx, [fact.subject])
        if fact.body["target"] == "registered" and fact.body["action"] == "register":
            service.dispatch_by_rule(tx, fact.subject)
        _tell(tx, fact)


def _tell(tx: Tx, fact: Fact) -> None:
    """Queue a word to everybody whom the step concerns: who has it now, who decides, who asked."""
    action, target = fact.body["action"], fact.body["target"]
    told = {"case_id": fact.subject, "target": target, "key": new_id()}
    if action in asking.HEARD:
        queue.defer(tx, "tell_of_request", case_id=fact.subject, action=action, key=new_id())
    if action in STOOD_IN | ladder.MOVES:
        queue.defer(tx, "tell", **told, code=f"case_{action}")
    elif action == Action.EXPLAIN_LATENESS:
        queue.defer(tx, "tell_desk", case_id=fact.subject, code="lateness_explained", key=new_id())
    elif fact.body["source"] != target:
        queue.defer(tx, "tell", **told)
        heard = action if action in asker_words.ENDED else target
        if heard in asker_words.SAID:
            queue.defer(tx, "tell_asker", **{**told, "target": heard})


@on("SmsDelivered")
def has_reached(tx: Tx, delivered: Sequence[Fact]) -> None:
    for fact in delivered:
        if fact.body["purpose"] == "asker":
            answers.told_by_sms(tx, fact.subject, fact.body["sent_at"])


@on("SmsAnswered")
def has_answered(tx: Tx, answered: Sequence[Fact]) -> None:
    for fact in answered:
        if fact.body["purpose"] == "emergency" and fact.body["message"] != str(fact.subject):
            alarms.answered(tx, fact.subject, UUID(fact.body["account"]))


@on("PostEnded")
@on("AccountLocked")
@on("OrganisationMoved")
def stand_in_for(tx: Tx, _gone: Sequence[Fact]) -> None:
    """Whoever told of it writes past row-level security, so that nothing is out of sight here."""
    if ownership.see_to(tx):
        queue.defer(tx, "owners")
