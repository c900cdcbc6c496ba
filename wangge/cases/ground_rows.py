"""The rows behind the five counts of a grid, as conditions over a row ``c`` of ``cases``."""

from dataclasses import dataclass

from wangge.cases.catalogue import LOCAL
from wangge.cases.figure_sets import FINISHED, within

OF_TYPES = "c.type = any(%(in_types)s)"
DONE = (
    f"c.state in ({', '.join(repr(state.value) for state in sorted(FINISHED))})"
    f" and {within('closed_at')}"
)
# Settled on the spot, or in the hands of the community and below alone.
HERE = f"(c.path = 'short' or c.unit_ids <@ {LOCAL})"


@dataclass(frozen=True, slots=True)
class Counter:
    """``counted_as`` names the types that it is about; empty: all."""

    code: str
    zh: str
    en: str
    where: str
    counted_as: str = ""


FIVE = {
    one.code: one
    for one in (
        Counter(
            "found_in_grid", "事项在网格发现", "found in the grid by its people",
            f"{within('received_at')} and c.channel in ('worker', 'patrol')",
        ),
        Counter(
            "screened_in_grid", "隐患在网格排查", "hazards screened in the grid",
            f"{within('received_at')} and {OF_TYPES}", "hazard",
        ),
        Counter(
            "reconciled_in_grid", "矛盾在网格化解", "disputes settled in the grid",
            f"{DONE} and {OF_TYPES} and {HERE}", "dispute",
        ),
        Counter(
            "served_in_grid", "服务在网格开展", "services given in the grid",
            f"{DONE} and {OF_TYPES} and {HERE}", "service",
        ),
        Counter(
            "solved_in_grid", "问题在网格解决", "problems solved without leaving the grid",
            f"{DONE} and c.path = 'short'",
        ),
    )
}  # fmt: skip
