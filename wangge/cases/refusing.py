"""不予受理: where a city wants it, two persons refuse; who proposes does not tell the asker.

The words to him are the proposer's. Whoever approves sends them as they stand, or says no with a
note, so that nobody's own words go out on his own word alone.
"""

from dataclasses import replace

from wangge.cases.models import Action, StepInput
from wangge.cases.requesting import Asking, Kind, Status
from wangge.kernel.errors import Refusal
from wangge.tenant.rules import Rules

BY_ONE, BY_TWO = Action.DECLINE, Action.PROPOSE_DECLINE


def is_offered(known: Rules, action: Action) -> bool:
    """One of the two ways, as the city has it."""
    if action in (BY_ONE, BY_TWO):
        return (action is BY_TWO) == known.switches.decline_by_two
    return True


def check_alone(known: Rules, given: StepInput) -> None:
    """Refuse to refuse alone where the city wants two."""
    if given.action is BY_ONE and not is_offered(known, given.action):
        raise Refusal(
            "declined_by_two",
            "不予受理须由他人审核后告知诉求人，请改为“提请不予受理”；您填写的内容仍在",
            "somebody else approves a refusal before its asker is told: propose it;"
            " what you typed is kept",
            instead=BY_TWO.value,
        )


def _ask(_asking: Asking, given: StepInput) -> StepInput:
    """The words wait in the request: they are no answer before they are approved."""
    return replace(given, answer="", data={**given.data, "answer": given.answer})


def _decide(asking: Asking, given: StepInput) -> StepInput:
    if given.action is not Action.APPROVE_DECLINE or asking.request is None:
        return given
    request = asking.request
    return replace(given, reason=request["reason"], answer=request["data"]["answer"])


REFUSAL = Kind(
    "refusal",
    BY_TWO,
    {Action.APPROVE_DECLINE: Status.GRANTED, Action.REFUSE_DECLINE: Status.REFUSED},
    "case.decide",
    _ask,
    _decide,
    of_place=True,
    alone=Action.REFUSE_DECLINE,
)
