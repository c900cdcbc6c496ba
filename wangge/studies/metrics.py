"""What the explorer can be asked for: the catalogue, the counts of the city screen, the facts.

Nothing is defined here. A metric names a figure that stands elsewhere, so that its number is that
of the page of figures or of the wall, and its click opens the rows of that figure.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from wangge.cases.catalogue import BY_CODE, INDICATORS, Indicator, told
from wangge.cases.figure_facts import ALL as FACTS
from wangge.kernel.errors import Invalid

Words = tuple[str, str]


class Kind(StrEnum):
    """``flow`` has a day for each case, ``stock`` is what stands at a moment, ``ratio`` is two.

    ``indicator`` is of the catalogue; ``fact`` a count that may look at more than the row.
    """

    FLOW = "flow"
    STOCK = "stock"
    RATIO = "ratio"
    INDICATOR = "indicator"
    FACT = "fact"


@dataclass(frozen=True, slots=True)
class Metric:
    """``figure`` opens its rows, ``below`` those that it is divided by.

    ``day`` is the column whose day of the city a flow is counted on; ``cube`` the cube that keeps
    the flow, and the sum of its column.
    """

    code: str
    kind: Kind
    name: Words
    formula: Words
    group: str
    figure: str
    below: str = ""
    day: str = ""
    cube: tuple[str, str, str] | None = None
    mean: bool = False
    source: str = "GK"

    @property
    def indicator(self) -> Indicator:
        return BY_CODE[self.code]

    @property
    def may_be_usual(self) -> bool:
        return self.kind is Kind.FLOW

    @property
    def may_look_back(self) -> bool:
        return self.kind is not Kind.FACT


COUNTS = (
    Metric(
        "received", Kind.FLOW, ("收到", "received"),
        ("期内收到的全部事项，含后来不予受理、撤回、合并的",
         "everything received in the period, also what was later declined, withdrawn or merged"),
        "count", "wall_received", day="received_at", cube=("cube_types", "day", "n"),
    ),
    Metric(
        "closed", Kind.FLOW, ("结案", "closed"),
        ("期内由中心结案、现仍是结案或已评价的", "closed by a desk in the period and closed still"),
        "count", "wall_closed", day="closed_at", cube=("cube_closings", "closed_on", "n"),
    ),
    Metric(
        "closed_in_time", Kind.FLOW, ("按期结案", "closed in time"),
        ("期内结案、在总时限以内的", "closed in the period within the whole limit"),
        "count", "wall_in_time", day="closed_at",
        cube=("cube_closings", "closed_on", "in_time"),
    ),
    Metric(
        "open", Kind.STOCK, ("在办", "open"),
        ("不论何时收到，此刻还没有办结的", "not ended at this moment, whenever it was received"),
        "count", "wall_open",
    ),
    Metric(
        "late", Kind.STOCK, ("在办超期", "open and overdue"),
        ("此刻在办、已经超过时限的", "open at this moment and past a limit"),
        "count", "wall_late",
    ),
    Metric(
        "graded_satisfaction", Kind.RATIO, ("满意率（按收到，大屏口径）",
                                            "satisfaction (of received, as on the wall)"),
        ("期内收到的事项，评了满意的（基本满意是否计入，按本市公布的设置）÷ 评了满意度的",
         "of cases received in the period: satisfied (by the published setting) ÷ given a grade"),
        "count", "wall_satisfied", "wall_said",
    ),
)  # fmt: skip


def _of_catalogue(one: Indicator) -> Metric:
    formula = told(one)
    above = "denominator" if one.is_mean else "numerator"
    return Metric(
        one.code, Kind.INDICATOR, one.name, (formula["zh"], formula["en"]), one.post,
        f"{one.code}:{above}", f"{one.code}:denominator", mean=one.is_mean, source=one.source,
    )  # fmt: skip


@cache
def metrics() -> dict[str, Metric]:
    """All of them by code, in the order in which they are offered."""
    facts = (
        Metric(f"fact_{one.code}", Kind.FACT, (one.zh, one.en), (one.zh, one.en), "fact", one.code)
        for one in FACTS
    )
    found = (*COUNTS, *(_of_catalogue(one) for one in INDICATORS), *facts)
    return {one.code: one for one in found}


def metric(code: str) -> Metric:
    found = metrics().get(code)
    if found is None:
        raise Invalid(
            "no_such_metric", "没有这个指标", "there is no such indicator", field="metric"
        )
    return found
