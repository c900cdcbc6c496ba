"""Steps that follow by themselves: which ones is a switch of the tenant each."""

from typing import Any

from wangge.cases.models import Action, State, StepInput
from wangge.kernel.ids import new_id
from wangge.tenant.switches import Switches


def by_rule(switches: Switches, case: dict[str, Any]) -> list[StepInput]:
    """Steps that the tenant lets run by themselves; which ones is a switch each."""
    match State(case["state"]):
        case State.ACCEPTED if switches.auto_register and not case["asked"]:
            return [_ruled(Action.REGISTER, "auto_register")]
        case State.HANDLED if case["path"] == "short":
            # A sample, drawn by the case's own id, is checked by a supervisor; the rest is closed.
            sample = [_ruled(Action.SEND_CHECK, "short_path_sample")]
            if case["id"].int % 100 < switches.short_path_sample_percent:
                return sample
            return [*sample, _ruled(Action.PASS_CHECK, "short_path_not_sampled")]
        case State.HANDLED if switches.auto_check:
            return [_ruled(Action.SEND_CHECK, "auto_check")]
        case State.CHECKED if case["path"] == "short" and not case["has_asker"]:
            # What lies within a grid needs nobody's approval, and nobody waits for an answer.
            return [_ruled(Action.CLOSE, "within_grid", answer=case["answer"])]
        case State.CHECKED if switches.auto_close and case["answer"].strip():
            if switches.approve_answers:
                return []
            return [_ruled(Action.CLOSE, "auto_close", answer=case["answer"])]
        case _:
            return []


def _ruled(action: Action, rule: str, *, answer: str = "") -> StepInput:
    return StepInput(id=new_id(), action=action, answer=answer, data={"rule": rule})
