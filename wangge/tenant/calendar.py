"""The working calendar of a city as data, and the days it makes."""

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property
from itertools import pairwise
from typing import Annotated, NamedTuple, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, StringConstraints, field_validator, model_validator

from wangge.tenant.models import Code, Label, Note, Part, mistake

Clock = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$|^24:00$")]
MonthDay = Annotated[str, StringConstraints(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")]


class Span(Part):
    """Hours of one day in which somebody works, by the clock on the wall; ``24:00`` ends a day."""

    first: Clock
    last: Clock

    @model_validator(mode="after")
    def forwards(self) -> Self:
        if self.first >= self.last:
            mistake(
                f"时段 {self.first}–{self.last} 的结束应晚于开始",
                f"the span {self.first}-{self.last} must end after it begins",
            )
        return self


Spans = Annotated[tuple[Span, ...], Field(min_length=1, max_length=6)]


class Season(Label):
    """Other hours in a part of every year (夏季作息); may run over the turn of the year."""

    first: MonthDay
    last: MonthDay
    spans: Spans

    def covers(self, day: date) -> bool:
        here = day.strftime("%m-%d")
        if self.first <= self.last:
            return self.first <= here <= self.last
        return here >= self.first or here <= self.last


class Holiday(Label):
    """Days off, from the first to the last, both included."""

    first: date
    last: date

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(i) for i in range((self.last - self.first).days + 1)]

    @model_validator(mode="after")
    def sensible(self) -> Self:
        if not timedelta(0) <= self.last - self.first <= timedelta(31):
            mistake(
                f"{self.zh}放假应从{self.first}起、三十一天以内结束，现在写的是{self.last}",
                f"{self.en} must end within 31 days from {self.first}, not on {self.last}",
            )
        return self


class MakeUp(Label):
    """A day of the weekend on which everybody works (调休上班)."""

    day: date


class YearDays(Part):
    """What the State Council published for one year."""

    source: Note = ""
    holidays: tuple[Holiday, ...] = ()
    make_up: tuple[MakeUp, ...] = ()


class OwnHours(Label):
    """What an organisation does otherwise than the city; what is not said is as in the city.

    ``off`` and ``worked`` win over everything; without ``public_holidays`` it works through them.
    """

    spans: Spans | None = None
    seasons: tuple[Season, ...] | None = None
    weekend: tuple[Annotated[int, Field(ge=1, le=7)], ...] | None = None
    public_holidays: bool = True
    off: tuple[Holiday, ...] = ()
    worked: tuple[MakeUp, ...] = ()


class Why(StrEnum):
    """Why a day is worked or not."""

    WEEKDAY = "weekday"
    MAKE_UP = "make_up"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"


class Day(NamedTuple):
    """One day: its worked spans as UTC moments, none where nobody works."""

    date: date
    why: Why
    name: Label | None
    spans: tuple[tuple[datetime, datetime], ...]
    known: bool


class Calendar(Part):
    """Zone, hours, weekends, holidays and make-up days of a city."""

    zone: str = "Asia/Shanghai"
    spans: Spans
    seasons: tuple[Season, ...] = ()
    weekend: tuple[Annotated[int, Field(ge=1, le=7)], ...] = (6, 7)
    roll_calendar_days: bool = True
    years: dict[Annotated[int, Field(ge=1990, le=2200)], YearDays] = Field(default_factory=dict)
    own: dict[Code, OwnHours] = Field(default_factory=dict)

    @field_validator("zone")
    @classmethod
    def known_zone(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            mistake(f"没有时区“{zone}”", f"there is no time zone '{zone}'")
        return zone

    @field_validator("weekend")
    @classmethod
    def some_day_is_worked(cls, weekend: tuple[int, ...]) -> tuple[int, ...]:
        if len(set(weekend)) > 6:
            mistake("一周至少要有一个工作日", "at least one day of the week must be worked")
        return tuple(sorted(set(weekend)))

    @model_validator(mode="after")
    def hours_in_order(self) -> Self:
        for spans in [self.spans, *(season.spans for season in self.seasons)]:
            for before, after in pairwise(spans):
                if before.last > after.first:
                    mistake(
                        f"时段 {before.first}–{before.last} 与 {after.first}–{after.last} "
                        "重叠或次序颠倒",
                        f"the spans {before.first}-{before.last} and {after.first}-{after.last} "
                        "overlap or stand in the wrong order",
                    )
        leap = (date(2024, 1, 1) + timedelta(i) for i in range(366))
        for day in leap:
            here = [season for season in self.seasons if season.covers(day)]
            if len(here) > 1:
                mistake(
                    f"{day:%m-%d} 同时属于“{here[0].zh}”和“{here[1].zh}”",
                    f"{day:%m-%d} lies in both '{here[0].en}' and '{here[1].en}'",
                )
        return self

    @model_validator(mode="after")
    def each_day_once(self) -> Self:
        seen: set[date] = set()
        for year, days in self.years.items():
            dates = [on for h in days.holidays for on in h.days] + [m.day for m in days.make_up]
            for on in dates:
                if on in seen:
                    mistake(f"{on} 写了两次", f"{on} is given twice")
                if abs((on - date(year, 7, 2)).days) > 200:
                    mistake(f"{on} 不在 {year} 年", f"{on} is not in {year}")
                seen.add(on)
            for extra in days.make_up:
                if extra.day.isoweekday() not in self.weekend:
                    mistake(
                        f"补班日 {extra.day} 本来就是工作日",
                        f"the make-up day {extra.day} is a working day anyway",
                    )
        return self

    @model_validator(mode="after")
    def own_hours_in_order(self) -> Self:
        """Each organisation's calendar must itself be one."""
        for code in self.own:
            self.of(code)
        return self

    @cached_property
    def days(self) -> "Days":
        return Days(self)

    @cached_property
    def _of(self) -> dict[str, "Calendar"]:
        return {}

    def of(self, code: str) -> "Calendar":
        """The calendar of an organisation that has hours of its own."""
        if code not in self._of:
            self._of[code] = _apart(self, self.own[code])
        return self._of[code]


class UnitCalendar(Calendar):
    """A city's calendar as one organisation keeps it."""

    apart: OwnHours

    @cached_property
    def days(self) -> "Days":
        return Days(self, off=self.apart.off, worked=self.apart.worked)


def _apart(city: Calendar, own: OwnHours) -> UnitCalendar:
    seasons = city.seasons if own.spans is None else ()
    years = city.years
    if not own.public_holidays:
        years = {year: YearDays(source=days.source) for year, days in years.items()}
    elif own.weekend is not None:
        years = {year: _made_up(days, own.weekend) for year, days in years.items()}
    return UnitCalendar(
        zone=city.zone,
        spans=own.spans or city.spans,
        seasons=seasons if own.seasons is None else own.seasons,
        weekend=city.weekend if own.weekend is None else own.weekend,
        roll_calendar_days=city.roll_calendar_days,
        years=years,
        apart=own,
    )


def _made_up(days: YearDays, weekend: tuple[int, ...]) -> YearDays:
    """A day made up for that is no day off here says nothing here."""
    kept = tuple(one for one in days.make_up if one.day.isoweekday() in weekend)
    return days.model_copy(update={"make_up": kept})


class Days:
    """The days of a calendar, each worked out once; ``off`` and ``worked`` win over its years."""

    def __init__(
        self, calendar: Calendar, off: tuple[Holiday, ...] = (), worked: tuple[MakeUp, ...] = ()
    ) -> None:
        self.zone = ZoneInfo(calendar.zone)
        self._calendar = calendar
        self._known: dict[date, Day] = {}
        self.ends: dict[tuple[date, str], datetime] = {}  # kept by deadline.due_at
        self._off = {
            on: holiday
            for year in calendar.years.values()
            for holiday in year.holidays
            for on in holiday.days
        }
        self._extra = {
            extra.day: extra for year in calendar.years.values() for extra in year.make_up
        }
        for holiday in off:
            self._off |= dict.fromkeys(holiday.days, holiday)
            self._extra = {on: one for on, one in self._extra.items() if on not in self._off}
        self._extra |= {one.day: one for one in worked}

    def __getitem__(self, on: date) -> Day:
        found = self._known.get(on)
        if found is None:
            found = self._known[on] = self._made(on)
        return found

    def at(self, moment: datetime) -> Day:
        return self[moment.astimezone(self.zone).date()]

    def moment(self, on: date, clock: str) -> datetime:
        """UTC moment at which the clock on the wall shows ``clock``."""
        if clock == "24:00":
            on, clock = on + timedelta(1), "00:00"
        local = datetime.combine(on, time.fromisoformat(clock), self.zone)
        return local.astimezone(UTC)

    def _made(self, on: date) -> Day:
        why, name = self._why(on)
        worked = why in (Why.WEEKDAY, Why.MAKE_UP)
        moments = [(self.moment(on, s.first), self.moment(on, s.last)) for s in self._spans(on)]
        spans = tuple((a, b) for a, b in moments if a < b) if worked else ()
        return Day(on, why, name, spans, on.year in self._calendar.years)

    def _why(self, on: date) -> tuple[Why, Label | None]:
        if extra := self._extra.get(on):
            return Why.MAKE_UP, extra
        if off := self._off.get(on):
            return Why.HOLIDAY, off
        weekend = on.isoweekday() in self._calendar.weekend
        return (Why.WEEKEND if weekend else Why.WEEKDAY), None

    def _spans(self, on: date) -> tuple[Span, ...]:
        for season in self._calendar.seasons:
            if season.covers(on):
                return season.spans
        return self._calendar.spans
