"""Somebody asks, somebody else decides: what a kind of request is made of."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from wangge.cases.models import Action, StepInput
from wangge.tenant.rules import Rules

Request = dict[str, Any]


class Status(StrEnum):
    """What became of a request. One whose case went on without it has lapsed."""

    PENDING = "pending"
    GRANTED = "granted"
    REFUSED = "refused"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Asking:
    """What there is to look at when somebody asks or decides; ``past`` has the oldest first.

    ``request`` is the one to be decided, None while somebody asks.
    """

    known: Rules
    now: datetime
    case: dict[str, Any]
    past: Sequence[Request]
    request: Request | None = None

    def of_round(self, kind: str) -> list[Request]:
        """Earlier requests of the kind in the present round."""
        return [
            one for one in self.past if one["kind"] == kind and one["round"] == self.case["round"]
        ]


# Refuses what may not be asked or decided so; else what was filled in, with what follows from it.
Prepare = Callable[[Asking, StepInput], StepInput]


def as_it_is(_asking: Asking, given: StepInput) -> StepInput:
    return given


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind: the step that asks, the steps that decide, and who takes those.

    ``permission`` is what a post at the deciding desk must grant. ``is_open``: whether the time for
    asking is now, which is what the button says; ``ask`` refuses with the reason. ``above``:
    whether this one goes to a desk higher than the case's own. ``offers``: whether a pending one
    may be decided so. ``apart``: whoever handled the case does not decide either, and without a
    desk above where somebody may, ``alone`` is the decision that then stands by rule.
    ``of_place``: it is over as soon as the case stands in another state or at another desk.
    """

    code: str
    asks: Action
    decides: Mapping[Action, Status]
    permission: str
    ask: Prepare = as_it_is
    decide: Prepare = as_it_is
    is_open: Callable[[Rules, datetime, dict[str, Any]], bool] = lambda _known, _now, _case: True
    above: Callable[[Request], bool] = lambda _request: False
    offers: Callable[[Request, Action], bool] = lambda _request, _action: True
    apart: bool = False
    of_place: bool = False
    alone: Action | None = None
