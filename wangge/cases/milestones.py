"""When each stage of a case was due and done, kept on its row; and what a step changed of it.

Indicators read the row as it stands. What a step changes of it is written into the step too
(``was``), so that the row of any earlier moment is the present one with later steps undone.
"""

from collections.abc import Mapping
from datetime import datetime
from operator import itemgetter
from typing import Any

from wangge.cases.models import STAGE, Action
from wangge.tenant.case_types import Stage

ROAD: dict[Stage, tuple[str, str]] = {
    "accept": ("accept_due_at", "accept_done_at"),
    "dispatch": ("dispatch_due_at", "dispatch_done_at"),
    "acknowledge": ("acknowledge_due_at", "acknowledge_done_at"),
    "handle": ("handle_due_at", "handle_done_at"),
    "check": ("check_due_at", "check_done_at"),
}
# What a stage that is entered anew takes back: its own end, and the times of the stages after it.
TAKES_BACK: dict[Stage, tuple[str, ...]] = {
    stage: (done, *(name for pair in list(ROAD.values())[n + 1 :] for name in pair))
    for n, (stage, (_, done)) in enumerate(ROAD.items())
}
# The step that does the work of a stage. Whatever else leaves a stage leaves it undone.
DOES: dict[Action, str] = {
    Action.ACCEPT: "accept_done_at",
    Action.DISPATCH: "dispatch_done_at",
    Action.ACKNOWLEDGE: "acknowledge_done_at",
    Action.FINISH: "handle_done_at",
    Action.SELF_HANDLE: "handle_done_at",
    Action.PASS_CHECK: "check_done_at",
}
LEAVES_UNDONE = frozenset({
    Action.DECLINE, Action.APPROVE_DECLINE, Action.WITHDRAW, Action.WITHDRAW_FOR, Action.VOID,
    Action.RECALL, Action.UPHOLD, Action.RULE, Action.FAIL_CHECK, Action.TAKE_BACK, Action.CLOSE,
    Action.MERGE, Action.SPLIT_UP, Action.RULE_UNREASONABLE,
})  # fmt: skip
# What happened to a case on the way, with the moment it happened last.
MARKS: dict[Action, str] = {
    Action.FAIL_CHECK: "reworked_at",
    Action.RECALL: "misdispatched_at",
    Action.UPHOLD: "misdispatched_at",
    Action.RULE: "misdispatched_at",
    Action.GRANT_EXTENSION: "extended_at",
    Action.REOPEN: "reopened_at",
    Action.MERGE: "merged_at",
    Action.RULE_UNREASONABLE: "unreasonable_at",
}
TIMES = (
    *(name for pair in ROAD.values() for name in pair),
    "said_at", "reworked_at", "misdispatched_at", "reopened_at", "extended_at",
    "merged_at", "unreasonable_at", "recurs_at",
)  # fmt: skip
WATCHED = (
    *TIMES, "state", "pos", "desk_id", "unit_id", "path", "total_due_at", "overdue_at",
    "registered_at", "closed_at", "solved", "satisfaction", "unit_ids",
)  # fmt: skip

_watched = itemgetter(*WATCHED)


def keep_times(
    now: datetime, before: Mapping[str, Any], after: dict[str, Any], action: Action
) -> None:
    """Bring the times, ``until_at`` and ``was`` of the row after a step up to date.

    A stage that is entered anew begins without its end, and later ones of an earlier run no longer
    count: what stands here is the present run of the case.
    """
    came, stands = STAGE.get(before["state"]), STAGE.get(after["state"])
    if stands in ROAD:
        if came != stands:
            after |= dict.fromkeys(TAKES_BACK[stands])
        after[ROAD[stands][0]] = after["due_at"]
    if done := DOES.get(action):
        after[done] = now
    if mark := MARKS.get(action):
        after[mark] = now
    if action in (Action.EVALUATE, Action.REOPEN) and after["solved"] is not None:
        after["said_at"] = now
    if action is Action.SELF_HANDLE:
        after["accept_due_at"] = None  # nobody had to take it in
    if action is Action.UNMERGE:
        after["merged_at"] = None
    after["until_at"] = max(
        filter(None, (before["until_at"], now, after["total_due_at"], after["due_at"]))
    )
    after["was"] = _was(before, after)


def _was(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """What was otherwise before, as it was; JSON keeps moments and ids as text."""
    values = zip(WATCHED, _watched(before), _watched(after), strict=True)
    # Most are the very same, and need no comparison.
    return {name: old for name, old, new in values if old is not new and old != new}
