"""The wire shapes of the explorer: every figure with how many, of how many, and what opens it."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel

from wangge.cases.schemas import NameView


class MetricView(BaseModel):
    """One that can be asked for; ``usual``, ``timed`` and ``as_of`` say what it can answer."""

    code: str
    name: NameView
    formula: NameView
    group: str
    kind: Literal["flow", "stock", "ratio", "indicator", "fact"]
    mean: bool
    source: str
    usual: bool
    timed: bool
    as_of: bool


class ExploreGroup(BaseModel):
    code: str
    name: NameView


class MetricsView(BaseModel):
    metrics: list[MetricView]
    groups: list[ExploreGroup]


class ExploreCell(BaseModel):
    """``value`` is a count, a share, or minutes where the answer is a mean; null: none to divide.

    ``figure`` and ``below`` with ``within`` open the rows above and below the line.
    """

    first: date
    last: date
    value: float | None
    n: int | None
    of: int | None
    left_out: dict[str, int]
    aside: int
    figure: str
    below: str
    within: str | None


class ExploreLine(ExploreCell):
    """Beside the earlier period; ``usual`` is the mean of the eight periods before.

    ``unusual``: further from it than chance brings; never said of a period that still runs.
    """

    before: ExploreCell | None
    usual: float | None
    unusual: bool
    running: bool


class ExploreRow(ExploreLine):
    """A day, week or month, an area or a type; without a key what lies in none of them."""

    key: str
    name: NameView | None
    leads_on: bool


class ExploreArea(BaseModel):
    id: UUID
    name: str
    above: UUID | None


class ExploreType(BaseModel):
    code: str
    name: NameView


class ExploreMap(BaseModel):
    """Borders of the rows: the edition and the level by which the wall's borders are asked."""

    edition: str
    level: str


class ExploreView(BaseModel):
    """``whole``: the reader sees every case of the area; else the figures are of what he sees.

    ``counted_from`` the cubes, true at ``true_at``, or the cases themselves at ``moment``.
    """

    metric: str
    kind: str
    mean: bool
    name: NameView
    formula: NameView
    first: date
    last: date
    area: ExploreArea | None
    types: list[ExploreType]
    by: Literal["time", "area", "type"]
    every: Literal["day", "week", "month"]
    compare: Literal["none", "before", "year", "usual", "beside"]
    as_of: datetime | None
    moment: datetime
    whole: bool
    counted_from: Literal["cubes", "rows"]
    true_at: datetime | None
    total: ExploreLine
    rows: list[ExploreRow]
    beside: list[ExploreRow]
    beside_hidden: int
    map: ExploreMap | None
