"""Every kind of request there is, and what asking and deciding leave on the case's own row."""

from typing import Any
from uuid import UUID

from wangge.cases.extensions import EXTENSION
from wangge.cases.models import Action, State, StepInput
from wangge.cases.objections import OBJECTION
from wangge.cases.refusing import REFUSAL
from wangge.cases.requesting import Kind, Request
from wangge.cases.stopping import PAUSE, SUSPENSION
from wangge.cases.unreasonable import UNREASONABLE
from wangge.cases.workflow import LOOP

KINDS: tuple[Kind, ...] = (EXTENSION, OBJECTION, PAUSE, SUSPENSION, UNREASONABLE, REFUSAL)
BY_CODE = {kind.code: kind for kind in KINDS}
ASKED_BY = {kind.asks: kind for kind in KINDS}
DECIDED_BY = {action: kind for kind in KINDS for action in kind.decides}
# Where a request of the kind can wait: in the states from which it is decided.
WAITS_IN = {
    kind.code: frozenset(
        source for move in LOOP.moves if move.action in kind.decides for source in move.sources
    )
    for kind in KINDS
}


def carry(case: dict[str, Any], after: dict[str, Any], given: StepInput) -> None:
    """Which requests still wait after the step; where the unit or the state is another, none."""
    asked = list(case["asked"])
    if kind := ASKED_BY.get(given.action):
        asked.append(kind.code)
    elif kind := DECIDED_BY.get(given.action):
        asked.remove(kind.code)
    elif given.action is Action.WITHDRAW_REQUEST:
        asked = [code for code in asked if code not in given.data["kinds"]]
    same = after["unit_id"] == case["unit_id"]
    stays = (after["state"], after["desk_id"]) == (case["state"], case["desk_id"])
    after["asked"] = [
        code
        for code in asked
        if same
        and State(after["state"]) in WAITS_IN[code]
        and (stays or not BY_CODE[code].of_place)
    ]
    if "desk_id" in given.data and given.action in (*ASKED_BY, Action.RAISE_REQUEST):
        # Whoever is to decide must see the case, wherever it lies.
        deciding = UUID(given.data["desk_id"])
        after["unit_ids"] = list(dict.fromkeys([*after["unit_ids"], deciding]))


def to_decide(case: dict[str, Any], action: Action) -> Request | None:
    """The pending request of a case that the action decides; ``pending`` was read with the case."""
    kind = DECIDED_BY.get(action)
    return next(
        (
            one
            for one in case.get("pending", ())
            if kind and one["kind"] == kind.code and kind.offers(one, action)
        ),
        None,
    )
