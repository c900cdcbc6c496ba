"""诉求不合理: a demand without ground, which only a second level may find, never who proposes it.

Its asker has said no, so the case is open again; the ruling ends it against his word, tells him
why and what he can do about it, and takes it out of satisfaction and solved.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from wangge.cases.models import Action, StepInput, Taker
from wangge.cases.requesting import Asking, Kind, Status
from wangge.kernel.errors import Refusal
from wangge.tenant.models import Named
from wangge.tenant.rules import Rules


def _ask(asking: Asking, given: StepInput) -> StepInput:
    past = asking.of_round("unreasonable")
    if any(one["status"] == Status.REFUSED and one["decided_by"] for one in past):
        raise Refusal(
            "found_reasonable",
            "本轮已裁定诉求合理，须继续办理，不能再提请；您填写的内容仍在",
            "in this round the demand was found reasonable, so it is to be handled;"
            " what you typed is kept",
        )
    return given


def _decide(asking: Asking, given: StepInput) -> StepInput:
    """What the asker may still do is written into the history with the ruling."""
    if given.action is not Action.RULE_UNREASONABLE or asking.request is None:
        return given
    said = {"remedies": [one.code for one in remedies(asking.known)]}
    return replace(given, reason=asking.request["reason"], data={**given.data, **said})


def remedies(known: Rules) -> list[Named]:
    """What the city publishes that somebody may do who does not agree with a ruling."""
    return [one for one in known.lists.remedies if one.active]


def ruled(now: datetime, after: dict[str, Any], given: StepInput, _taker: Taker) -> None:
    """The case ends with the words to its asker; his own word stays as he said it."""
    after |= {"closed_at": now, "answer": given.answer}
    # It was reopened to be ruled on and not to be dispatched.
    after |= {"dispatch_due_at": None, "dispatch_done_at": None}


UNREASONABLE = Kind(
    "unreasonable",
    Action.QUESTION,
    {Action.RULE_UNREASONABLE: Status.GRANTED, Action.RULE_REASONABLE: Status.REFUSED},
    "case.decide",
    _ask,
    _decide,
    above=lambda _request: True,
    apart=True,
    alone=Action.RULE_REASONABLE,
)
