"""Quiet hours 静默时段 and the daily digest, as a city wants them."""

from datetime import datetime, time, timedelta
from typing import Annotated, Self
from zoneinfo import ZoneInfo

from pydantic import StringConstraints, model_validator

from wangge.tenant.models import Code, Part, mistake, refuse_repeated

Minute = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
DAY = timedelta(days=1)


class Digest(Part):
    """The posts whose reminders come once a day, and when."""

    role: Code
    at: Minute


class Quiet(Part):
    """The document ``quiet``; hours that end before they begin go over midnight."""

    active: bool = False
    first: Minute = "22:00"
    last: Minute = "07:00"
    askers: bool = True
    digests: tuple[Digest, ...] = ()

    @model_validator(mode="after")
    def sensible(self) -> Self:
        if self.first == self.last:
            mistake(
                "静默时段的开始和结束不能相同", "quiet hours end at another time than they begin"
            )
        if self.active and self.length > timedelta(hours=12):
            mistake("静默时段最长十二小时", "quiet hours are twelve hours at most")
        refuse_repeated([digest.role for digest in self.digests], "汇总的岗位", "posts of digests")
        return self

    @property
    def length(self) -> timedelta:
        first, last = _of_day(self.first), _of_day(self.last)
        return (last - first) % DAY

    def ends(self, now: datetime, zone: ZoneInfo) -> datetime | None:
        """The first allowed minute, if ``now`` is quiet; None when it is not."""
        if not self.active:
            return None
        local = now.astimezone(zone)
        since = (timedelta(hours=local.hour, minutes=local.minute) - _of_day(self.first)) % DAY
        return next_at(self.last, now, zone) if since < self.length else None


def next_at(clock: str, now: datetime, zone: ZoneInfo) -> datetime:
    """The next moment after ``now`` at which the city's clock shows this time."""
    local = now.astimezone(zone)
    hour, minute = (int(part) for part in clock.split(":"))
    on = datetime.combine(local.date(), time(hour, minute), zone)
    if on <= local:
        on = datetime.combine(local.date() + DAY, time(hour, minute), zone)
    return on.astimezone(now.tzinfo)


def _of_day(clock: str) -> timedelta:
    hour, minute = (int(part) for part in clock.split(":"))
    return timedelta(hours=hour, minutes=minute)
