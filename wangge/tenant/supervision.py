"""Supervision 督办 as a city wants it: urging, answers, who hears of what is late."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from wangge.tenant.limits import LimitText
from wangge.tenant.models import Code, Part, mistake

Level = Literal["unit", "community", "township", "county", "city"]


class Rung(Part):
    """Who hears of it when the stage is late by ``after`` percent of its own time.

    ``unit`` is whoever manages the holder; a level of the ground is asked for ``roles`` there, and
    where nobody holds one, at the next level above.
    """

    after: Annotated[int, Field(ge=0, le=2000)]
    level: Level
    roles: tuple[Code, ...] = ("duty_leader",)


class Supervision(Part):
    """The document ``supervision``."""

    urges_a_day: Annotated[int, Field(ge=1, le=20)] = 2
    answer_within: LimitText = "1WD"
    ladder: tuple[Rung, ...] = ()
    silence: LimitText | None = "3WD"
    silence_manager: LimitText = "1WD"
    gather_from: Annotated[int, Field(ge=2, le=100)] = 4

    @model_validator(mode="after")
    def upwards(self) -> Self:
        shares = [rung.after for rung in self.ladder]
        if shares != sorted(set(shares)):
            mistake(
                "上报阶梯须按超期比例从低到高，各级不同",
                "the rungs of the ladder stand in order of their share, each another",
            )
        return self
