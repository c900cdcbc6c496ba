"""What the states and steps of the loop are called here, who takes them, what they ask for."""

from functools import cached_property
from typing import Literal, Self

from pydantic import model_validator

from wangge.tenant.models import Code, Label, Named, Part, mistake, refuse_repeated

Needed = Literal[
    "note",
    "answer",
    "unit_id",
    "type",
    "reason",
    "photo_before",
    "photo_after",
    "solved",
    "place",
    "files",
]
# Without one of these a case could come to a stop and nobody would answer.
ESSENTIAL = frozenset(
    (
        *("report", "accept", "register", "dispatch", "acknowledge", "finish", "send_check"),
        *("pass_check", "fail_check", "close", "evaluate", "overdue", "acknowledge_alarm"),
        *("hand_over", "take_back", "raise_request", "reckon", "resume", "review", "left_open"),
    )
)


class ActionRule(Named):
    """``active`` switches the step on; ``roles`` narrows who may take it (empty: as the law says).

    A city may switch off or ask for more. What is legal at all stands in the code of the loop.
    """

    roles: tuple[Code, ...] = ()
    needs: tuple[Needed, ...] = ()


class StateName(Named):
    """``public`` is the sentence a resident reads while a matter is in this state."""

    public: Label | None = None


class StepNames(Part):
    """The document ``workflow``."""

    states: tuple[StateName, ...]
    actions: tuple[ActionRule, ...]

    @model_validator(mode="after")
    def each_once(self) -> Self:
        refuse_repeated([state.code for state in self.states], "状态代码", "state codes")
        refuse_repeated([action.code for action in self.actions], "步骤代码", "action codes")
        for action in self.actions:
            refuse_repeated(list(action.roles), f"“{action.zh}”的岗位", f"roles of {action.code}")
            if action.code in ESSENTIAL and not action.active:
                mistake(
                    f"“{action.zh}”不能关闭：没有这一步，事项走不到结案",
                    f"'{action.code}' cannot be switched off: cases could not end",
                )
        return self

    @cached_property
    def by_action(self) -> dict[str, ActionRule]:
        return {action.code: action for action in self.actions}

    @cached_property
    def by_state(self) -> dict[str, StateName]:
        return {state.code: state for state in self.states}
