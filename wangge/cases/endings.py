"""What ends a case before anybody has handled it: withdrawn for the asker, or void."""

from typing import Any

from wangge.cases.models import Action, StepInput
from wangge.kernel.errors import Refusal


def check_ending(case: dict[str, Any], given: StepInput) -> None:
    """Refuse to withdraw in the name of an asker who is not there."""
    if given.action is Action.WITHDRAW_FOR and not has_asker(case):
        raise Refusal(
            "no_asker_to_withdraw",
            "这件事项没有诉求人，不能代为撤单；确实不该立的，请值班长作废",
            "nobody asked for this case, so nobody can withdraw it; a duty leader may void it",
        )


def has_asker(case: dict[str, Any]) -> bool:
    """Whether somebody asked; ``case`` as it is locked for a step or read whole."""
    return bool(case.get("has_asker") or case.get("asker_mode"))
