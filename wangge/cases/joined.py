"""What joining cases and taking them apart changes of a case: pure effects on its row."""

from datetime import datetime
from typing import Any
from uuid import UUID

from wangge.cases.models import Duty, State, StepInput, Taker

# What a merged case had and gets back when it stands on its own again.
FORMER = ("state", "duty", "unit_id", "holder_id")


def former(case: dict[str, Any]) -> dict[str, str | None]:
    """What of a case must be kept to set it free again, as plain values."""
    return {name: None if case[name] is None else str(case[name]) for name in FORMER}


def carried(_now: datetime, after: dict[str, Any], _given: StepInput, _taker: Taker) -> None:
    """The lead case carries it: nobody has it in hand, and an answer given before is void."""
    after |= {"unit_id": None, "holder_id": None, "closed_at": None, "answer": ""}


def set_free(_now: datetime, after: dict[str, Any], given: StepInput, _taker: Taker) -> None:
    """It stands again where it stood; its stage has its whole time from now on.

    An answer that it was closed with was its lead's.
    """
    was = given.data["former"]
    after |= {"state": State(was["state"]), "duty": Duty(was["duty"])}
    after |= {"closed_at": None, "answer": ""}
    after |= {name: was[name] and UUID(was[name]) for name in ("unit_id", "holder_id")}


def ended(now: datetime, after: dict[str, Any], _given: StepInput, _taker: Taker) -> None:
    """Its parts go on; this one is over."""
    after |= {"closed_at": now, "unit_id": None, "holder_id": None}
