"""The sets that indicators count: which cases belong to a period, and which states count how.

``first`` and ``cap`` bound the period; ``cap`` is never later than the moment the figure speaks of,
so that nothing is due before its time. Each condition is SQL over a row ``c`` of ``cases``.
"""

from dataclasses import dataclass
from enum import StrEnum

from wangge.cases.models import State


class Standing(StrEnum):
    """How a state counts. Every state stands in exactly one; a test holds it."""

    OPEN = "open"
    FINISHED = "finished"
    LEFT_OUT = "left_out"


STANDS: dict[State, Standing] = {
    State.REPORTED: Standing.OPEN,
    State.VERIFYING: Standing.OPEN,
    State.ACCEPTED: Standing.OPEN,
    State.REGISTERED: Standing.OPEN,
    State.DISPATCHED: Standing.OPEN,
    State.HANDLING: Standing.OPEN,
    State.HANDLED: Standing.OPEN,
    State.CHECKING: Standing.OPEN,
    State.CHECKED: Standing.OPEN,
    State.REOPENED: Standing.OPEN,
    State.CLOSED: Standing.FINISHED,
    State.EVALUATED: Standing.FINISHED,
    State.DECLINED: Standing.LEFT_OUT,
    State.WITHDRAWN: Standing.LEFT_OUT,
    State.MERGED: Standing.LEFT_OUT,
    State.SPLIT: Standing.LEFT_OUT,
    State.SUSPENDED: Standing.LEFT_OUT,
}
# One matter told by ten is closed once: what was closed with its lead stays with the merged.
COUNTED_AS = """(case when c.merged_at is not null and c.state in ('closed', 'evaluated')
    then 'merged' else c.state end)"""


def standing(*wanted: Standing) -> frozenset[State]:
    return frozenset(state for state, stands in STANDS.items() if stands in wanted)


EVERY = standing(*Standing)
OPEN = standing(Standing.OPEN)
FINISHED = standing(Standing.FINISHED)
COUNTED = standing(Standing.OPEN, Standing.FINISHED)


def within(column: str) -> str:
    return f"c.{column} >= %(first)s and c.{column} < %(cap)s"


def due(limit: str, done: str) -> str:
    """“应…”: the limit falls in the period, or it was done in it."""
    return f"({within(limit)} or {within(done)})"


@dataclass(frozen=True, slots=True)
class Base:
    """A set that denominators are taken from, in words and as a condition."""

    code: str
    zh: str
    en: str
    where: str


# 基本满意 counts or not by the setting of the moment that is spoken of (``Within.fairly``).
SATISFIED = "c.satisfaction = any(%(in_good)s)"
GOOD = ("very_satisfied", "satisfied")
FAIRLY = "fairly_satisfied"


def good(*, fairly: bool) -> list[str]:
    """The grades that count as satisfied."""
    return [*GOOD, FAIRLY] if fairly else [*GOOD]


# Found without ground by a second level: in neither satisfaction nor solved, and counted apart.
UNREASONABLE = "coalesce(c.unreasonable_at < %(cap)s, false)"

RECEIVED = Base("received", "期内收到的", "received in the period", within("received_at"))
SELF_HANDLED = Base(
    "self_handled",
    "期内收到、网格员自行处置的",
    "received in the period and settled on the spot",
    f"{within('received_at')} and c.path = 'short'",
)
TO_ACCEPT = Base(
    "to_accept",
    "应受理的（受理时限在期内，或期内受理）",
    "to be accepted (limit in the period, or accepted in it)",
    due("accept_due_at", "accept_done_at"),
)
TO_DISPATCH = Base(
    "to_dispatch",
    "应派遣的（派遣时限在期内，或期内派出）",
    "to be dispatched (limit in the period, or dispatched in it)",
    due("dispatch_due_at", "dispatch_done_at"),
)
TO_ACKNOWLEDGE = Base(
    "to_acknowledge",
    "应签收的（签收时限在期内，或期内签收）",
    "to be acknowledged (limit in the period, or acknowledged in it)",
    due("acknowledge_due_at", "acknowledge_done_at"),
)
TO_HANDLE = Base(
    "to_handle",
    "应处置的（处置时限在期内，或期内处置完毕）",
    "to be handled (limit in the period, or handled in it)",
    due("handle_due_at", "handle_done_at"),
)
TO_CHECK = Base(
    "to_check",
    "应核查的（核查时限在期内，或期内核查通过）",
    "to be checked (limit in the period, or passed its check in it)",
    due("check_due_at", "check_done_at"),
)
TO_CLOSE = Base(
    "to_close",
    "应结案的（总时限在期内，或期内结案）",
    "to be closed (whole limit in the period, or closed in it)",
    due("total_due_at", "closed_at"),
)
ACCEPTED = Base("accepted", "期内受理的", "accepted in the period", within("accept_done_at"))
HANDLED = Base("handled", "期内处置完毕的", "handled in the period", within("handle_done_at"))
CLOSED = Base("closed", "期内结案的", "closed in the period", within("closed_at"))
CALLED_BACK = Base(
    "called_back",
    "回访有结果的（反映人期内说了是否解决）",
    "called back (the asker said in the period whether it is solved)",
    within("said_at"),
)
