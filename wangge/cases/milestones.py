"""When each stage of a case was due and done, kept on its row; and what a step changed of it.

Indicators read the row as it stands. What a step changes of it is written into the step too
(``was``), so that the row of any earlier moment is the present one with later steps undone.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from wangge.cases.models import STAGE, Action
from wangge.tenant.case_types import Stage

ROAD: dict[Stage, tuple[str, str]] = {
    "accept": ("accept_due_at", "accept_done_at"),
    "dispatch": ("dispatch_due_at", "dispatch_done_at"),
    "acknowledge": ("acknowledge_due_at", "acknowledge_done_at"),
    "handle": ("handle_due_at", "handle_done_at"),
    "check": ("check_due_at", "check_done_at"),
}
LATER = {stage: list(ROAD.values())[n + 1 :] for n, stage in enumerate(ROAD)}
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
    Action.DECLINE, Action.WITHDRAW, Action.WITHDRAW_FOR, Action.VOID, Action.RECALL,
    Action.UPHOLD, Action.RULE, Action.FAIL_CHECK, Action.TAKE_BACK, Action.CLOSE, Action.MERGE,
    Action.SPLIT_UP,
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
}
TIMES = (
    *(name for pair in ROAD.values() for name in pair),
    "said_at", "reworked_at", "misdispatched_at", "reopened_at", "extended_at",
    "merged_at",
)  # fmt: skip
WATCHED = (
    *TIMES, "state", "pos", "desk_id", "unit_id", "path", "total_due_at", "overdue_at",
    "registered_at", "closed_at", "solved", "satisfaction", "unit_ids",
)  # fmt: skip


def keep_times(
    now: datetime, before: Mapping[str, Any], after: dict[str, Any], action: Action
) -> None:
    """Bring the times, ``until_at`` and ``was`` of the row after a step up to date.

    A stage that is entered anew begins without its end, and later ones of an earlier run no longer
    count: what stands here is the present run of the case.
    """
    came, stands = STAGE.get(before["state"]), STAGE.get(after["state"])
    if stands in ROAD:
        due, done = ROAD[stands]
        if came != stands:
            for name in (done, *(name for pair in LATER[stands] for name in pair)):
                after[name] = None
        after[due] = after["due_at"]
    for names in (DOES, MARKS):
        if action in names:
            after[names[action]] = now
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
    found = {}
    for name in WATCHED:
        old, new = before[name], after[name]
        if old is not new and old != new:  # most are the very same, and need no comparison
            found[name] = plain(old)
    return found


def plain(value: Any) -> Any:
    """As JSON keeps it: moments and ids as text."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, list):
        return [plain(one) for one in value]
    return str(value) if isinstance(value, UUID | str) else value
