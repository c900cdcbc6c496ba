"""Supervision 督办 as a city wants it: urging, who hears of what is late, when nothing rings."""

from datetime import datetime, time, timedelta
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from wangge.tenant.calendar import Calendar, Clock
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


class Quiet(Part):
    """Hours without what is not urgent, by the clock on the wall; may run past midnight."""

    first: Clock
    last: Clock

    @model_validator(mode="after")
    def not_all_day(self) -> Self:
        if self.first == self.last or "24:00" in (self.first, self.last):
            mistake(
                "免打扰时段的起止不能相同，零点写作 00:00",
                "quiet hours begin and end at different times; midnight is 00:00",
            )
        return self

    def until(self, calendar: Calendar, moment: datetime) -> datetime | None:
        """The first minute after the quiet hours around ``moment``; None outside them."""
        local = moment.astimezone(calendar.days.zone)
        first, last = time.fromisoformat(self.first), time.fromisoformat(self.last)
        now = local.time()
        inside = first <= now < last if first < last else now >= first or now < last
        if not inside:
            return None
        day = local.date() + timedelta(days=1) if now >= last else local.date()
        return calendar.days.moment(day, self.last)


class Supervision(Part):
    """The document ``supervision``."""

    urges_a_day: Annotated[int, Field(ge=1, le=20)] = 2
    answer_within: LimitText = "1WD"
    ladder: tuple[Rung, ...] = ()
    silence: LimitText | None = "3WD"
    silence_manager: LimitText = "1WD"
    gather_from: Annotated[int, Field(ge=2, le=100)] = 4
    quiet: Quiet | None = None
    digest_at: Clock | None = "08:30"
    digest_roles: tuple[Code, ...] = ("supervisor", "leader", "duty_leader")
    digest_sms: bool = False

    @model_validator(mode="after")
    def upwards(self) -> Self:
        shares = [rung.after for rung in self.ladder]
        if shares != sorted(set(shares)):
            mistake(
                "上报阶梯须按超期比例从低到高，各级不同",
                "the rungs of the ladder stand in order of their share, each another",
            )
        return self
