"""The wire shapes of indicators: what is divided by what stands beside every share."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel

from wangge.cases.schemas import CaseCard, NameView


class IndicatorView(BaseModel):
    """``share`` is numerator by denominator, or nothing where there is nothing to divide by."""

    code: str
    name: NameView
    formula: NameView
    numerator: int
    denominator: int
    left_out: dict[str, int]
    share: float | None


class IndicatorsView(BaseModel):
    """``within`` names the period for the lists that a figure opens."""

    first: date
    last: date
    within: str
    received: int
    by_state: dict[str, int]
    indicators: list[IndicatorView]


class DefinitionView(BaseModel):
    """One entry of the catalogue; a mean has no numerator."""

    code: str
    name: NameView
    formula: NameView
    numerator: NameView
    denominator: NameView
    aside: NameView | None
    left_out: list[str]
    post: str
    source: str
    mean: bool


class PostView(BaseModel):
    code: str
    name: NameView


class CatalogueView(BaseModel):
    indicators: list[DefinitionView]
    posts: list[PostView]


class FigureView(BaseModel):
    """A share with both counts, or a mean in ``minutes`` over ``denominator`` cases.

    ``left_out`` counts by state what the denominator does not hold; ``aside`` what the formula
    itself puts aside.
    """

    code: str
    numerator: int | None
    denominator: int
    left_out: dict[str, int]
    aside: int
    share: float | None
    minutes: float | None


class PeriodFigures(BaseModel):
    """``fairly_counts``: 基本满意 counts as satisfied here.

    ``fairly_changed_at`` is when that setting was last changed after the period began, if it was:
    the period is counted by the setting of the moment spoken of, not by the one it was told by.
    """

    fairly_counts: bool
    fairly_changed_at: datetime | None
    first: date
    last: date
    within: str
    figures: list[FigureView]


class ChannelView(BaseModel):
    """What came in by a channel; ``change`` is in per cent of the same days of the year before."""

    code: str
    received: int
    year_before: int
    change: float | None


class FiguresView(PeriodFigures):
    """A period with the one before it and the same days of the year before.

    ``recurrence_days`` is the city's published number of days for what comes again.
    """

    moment: datetime
    recurrence_days: int
    before: PeriodFigures
    year_before: PeriodFigures
    channels: list[ChannelView]


class GroupView(BaseModel):
    """A sub-area, a unit or a desk; without an id it is what belongs to none of them."""

    id: UUID | None
    name: str
    leads_on: bool
    within: str | None
    figures: list[FigureView]


class GroupsView(BaseModel):
    parent_id: UUID | None
    parent: str
    above_id: UUID | None
    rows: list[GroupView]


class FactView(BaseModel):
    code: str
    name: NameView
    count: int


class FactsView(BaseModel):
    within: str
    facts: list[FactView]


class UnownedView(BaseModel):
    """Open cases that nobody could take on today; there must be none."""

    count: int
    items: list[CaseCard]


class OfficerCount(BaseModel):
    """Events, each once, and the actions they took; ``shared``: officers of two departments."""

    events: int
    actions: int
    figure: str


class OfficerTotal(OfficerCount):
    shared: int


class OfficerUnit(OfficerCount):
    """``whole``: what the department did in all, in grids and as a unit, each event once."""

    id: UUID
    name: str
    whole: int
    whole_figure: str


class OfficerArea(OfficerCount):
    id: UUID
    name: str
    leads_on: bool
    within: str


class OfficersView(BaseModel):
    """``figure`` with ``within`` opens exactly the rows that were counted."""

    within: str
    total: OfficerTotal
    units: list[OfficerUnit]
    parent_id: UUID | None
    areas: list[OfficerArea]
