"""Alert rules 预警规则: what makes an early-warning card, who answers it, and how soon."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from wangge.tenant.limits import LimitText
from wangge.tenant.models import Code, Named, Part, mistake, refuse_repeated

Ground = Literal["city", "county", "township", "community", "grid"]
Holder = Literal["community", "township", "county", "city"]
Share = Annotated[float, Field(ge=0.1, le=100_000)]


class Base(Named):
    """What every rule says; a rule that is not ``active`` makes no cards.

    A card is answered by a post of ``roles`` at the level ``holder`` of the ground it is about, or
    above, ``within`` the limit; else the level above is told, once.
    """

    active: bool = False
    holder: Holder = "township"
    roles: Annotated[tuple[Code, ...], Field(min_length=1, max_length=6)] = ("duty_leader",)
    within: LimitText = "4WH"


class Repeat(Base):
    """The same family of types again and again at one place: in one estate, or so near by."""

    kind: Literal["repeat"]
    types: tuple[Code, ...] = ()
    at_least: Annotated[int, Field(ge=2, le=50)] = 3
    days: Annotated[int, Field(ge=1, le=92)] = 30
    metres: Annotated[int, Field(ge=10, le=2000)] = 100
    same_estate: bool = True


class Threshold(Base):
    """An indicator of an area over a value, of what came in within a window of ``days``.

    The last of them is today. Shares are in percent, and nothing is said of fewer than
    ``least`` cases.
    """

    kind: Literal["threshold"]
    indicator: Literal["received", "open", "late", "late_share", "unsatisfied_share"]
    ground: Ground = "township"
    types: tuple[Code, ...] = ()
    days: Annotated[int, Field(ge=1, le=92)] = 7
    above: Share
    least: Annotated[int, Field(ge=1, le=100_000)] = 20

    @model_validator(mode="after")
    def sensible(self) -> Self:
        if self.indicator.endswith("share") and self.above >= 100:
            mistake("比例应小于100", "a share is less than 100")
        if self.types and self.indicator != "received":
            mistake(
                "按类型只能看收到的件数，其他指标不分类型",
                "only what is received is counted by type",
            )
        return self


class Trend(Base):
    """More than is to be expected of the same weekdays of past weeks and of the season.

    ``sigma``: by so many standard deviations; and at least ``least`` cases.
    """

    kind: Literal["trend"]
    ground: Ground = "township"
    types: tuple[Code, ...] = ()
    days: Annotated[int, Field(ge=1, le=28)] = 7
    weeks: Annotated[int, Field(ge=4, le=26)] = 8
    sigma: Annotated[float, Field(ge=2, le=10)] = 3
    least: Annotated[int, Field(ge=2, le=100_000)] = 10


class Burst(Base):
    """More in some neighbouring areas on some days than chance puts there (a scan statistic).

    ``percent``: how often chance alone may bring as much; ``runs``: how often chance is tried.
    """

    kind: Literal["burst"]
    ground: Literal["community", "grid"] = "grid"
    types: tuple[Code, ...] = ()
    days: Annotated[int, Field(ge=1, le=14)] = 7
    history: Annotated[int, Field(ge=14, le=92)] = 35
    kilometres: Annotated[float, Field(ge=0.1, le=50)] = 3
    percent: Annotated[float, Field(ge=0.1, le=10)] = 1
    runs: Annotated[int, Field(ge=99, le=999)] = 199
    least: Annotated[int, Field(ge=3, le=10_000)] = 6

    @model_validator(mode="after")
    def sensible(self) -> Self:
        if self.history < 2 * self.days:
            mistake("对比的天数至少是爆发天数的两倍", "compare with at least twice as many days")
        if self.percent * (self.runs + 1) < 100:
            mistake(
                "模拟次数太少，算不出这么小的概率", "so small a chance needs more trials by chance"
            )
        return self


class SilentGrid(Base):
    """Nothing was heard of a grid for ``days`` working days, which is unusual for it.

    It asks whether help is needed there. A grid of which something was heard on fewer than
    ``heard`` days of the last ``history`` is quiet by nature and is left alone.
    """

    kind: Literal["silent_grid"]
    holder: Holder = "community"
    roles: Annotated[tuple[Code, ...], Field(min_length=1, max_length=6)] = (
        "grid_leader", "secretary", "duty_leader",
    )  # fmt: skip
    within: LimitText = "2WD"
    days: Annotated[int, Field(ge=2, le=60)] = 5
    history: Annotated[int, Field(ge=28, le=366)] = 90
    heard: Annotated[int, Field(ge=2, le=366)] = 10


class SilentSource(Base):
    """A source that usually delivers delivers nothing: by now so many were to be expected."""

    kind: Literal["silent_source"]
    holder: Holder = "city"
    channels: tuple[Code, ...] = ()
    weeks: Annotated[int, Field(ge=3, le=26)] = 8
    expected: Annotated[float, Field(ge=3, le=1000)] = 5


Rule = Annotated[
    Repeat | Threshold | Trend | Burst | SilentGrid | SilentSource, Field(discriminator="kind")
]


class Alerts(Part):
    """The document ``alerts``."""

    rules: Annotated[tuple[Rule, ...], Field(max_length=40)] = ()

    @model_validator(mode="after")
    def each_once(self) -> Self:
        refuse_repeated([rule.code for rule in self.rules], "预警规则", "alert rules")
        return self
