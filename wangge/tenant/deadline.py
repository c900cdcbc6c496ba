"""When something is due, and why: a pure computation over the working calendar."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property

from wangge.tenant.calendar import Calendar, Days
from wangge.tenant.explain import Kind, Line, Step, explain
from wangge.tenant.limits import Limit, Unit
from wangge.tenant.pauses import Stretch, counted_from, counting, share_at, shifted, spent


@dataclass(frozen=True)
class Deadline:
    """``missing_years``: years on the way that the calendar lacks; they count as plain weekdays."""

    start_at: datetime
    due_at: datetime
    limit: Limit
    steps: tuple[Step, ...]
    missing_years: list[int]
    days: Days

    @property
    def provisional(self) -> bool:
        return bool(self.missing_years)

    @cached_property
    def explanation(self) -> list[Line]:
        """Sentences are made only for those who read them."""
        return explain(self.steps, self.limit, self.days.zone, self.missing_years)


def deadline(
    calendar: Calendar, start: datetime, limit: Limit, held: Sequence[Stretch] = ()
) -> Deadline:
    """``start`` is aware; results are UTC. Hours run from ``start``, days from the next day on.

    A deadline in days ends with the last span of its day. The last of some calendar days that is
    not worked moves to the next working day (民法典 art. 203) unless the calendar says otherwise.
    While the clock stood (``held``, in order and apart, see ``pauses.closed``) no time counts.
    """
    days = calendar.days
    start = start.astimezone(UTC)
    steps = [Step(Kind.START, days.at(start), start, start)]
    if limit.unit is Unit.WORKING_HOUR:
        due = _working_hours(days, start, limit.duration, steps)
    elif limit.unit is Unit.WORKING_DAY:
        due = _working_days(days, limit.days, steps)
    elif limit.unit is Unit.CALENDAR_DAY:
        due = _calendar_days(days, limit.days, steps, roll=calendar.roll_calendar_days)
    else:
        due = start + limit.duration
        steps.append(Step(Kind.RUN, days.at(due), start, due))
    missing = {
        step.day.date.year for step in steps[1:] if not step.day.known and step.kind is not Kind.RUN
    }
    if held:
        due, stops = _stopped(calendar, start, limit, due, held)
        steps += stops
        missing |= _unknown(days, start, due) if limit.by_calendar else set()
    last = steps[-1]
    steps.append(Step(Kind.DUE, last.day, last.first, due))
    return Deadline(start, due, limit, tuple(steps), sorted(missing), days)


def due_at(
    calendar: Calendar, start: datetime, limit: Limit, held: Sequence[Stretch] = ()
) -> datetime:
    """The moment of ``deadline`` alone; what ends with a day is worked out once a day and limit."""
    days = calendar.days
    if held:
        return deadline(calendar, start, limit, held).due_at
    if limit.unit is Unit.WORKING_HOUR:
        return _end_of_hours(days, start.astimezone(UTC), limit.duration)
    if limit.in_hours:
        return start.astimezone(UTC) + limit.duration
    key = days.at(start).date, limit.written
    found = days.ends.get(key)
    if found is None:
        found = days.ends[key] = deadline(calendar, start, limit).due_at
    return found


def yellow_at(
    calendar: Calendar,
    start: datetime,
    limit: Limit,
    due: datetime,
    percent: int,
    held: Sequence[Stretch] = (),
) -> datetime:
    """When the light turns yellow: so many hundredths of the limit's own time are used up."""
    days = calendar.days
    if held:
        return share_at(days, start, limit, due, percent, held)
    if limit.in_hours:
        if not limit.by_calendar:
            return start + (due - start) * percent / 100
        return _end_of_hours(days, start, working_time(calendar, start, due) * percent / 100)
    key = days.at(start).date, f"{limit.written}/{percent}"
    found = days.ends.get(key)
    if found is None:
        found = days.ends[key] = share_at(days, start, limit, due, percent)
    return found


def working_time(calendar: Calendar, first: datetime, last: datetime) -> timedelta:
    """Working time between two moments; nothing when ``last`` is not after ``first``."""
    days = calendar.days
    total = timedelta()
    day = days.at(first)
    end = days.at(last).date if last > first else day.date
    while day.date <= end:
        for opened, closed in day.spans:
            total += max(timedelta(), min(closed, last) - max(opened, first))
        day = days[day.date + timedelta(1)]
    return total


def worked_on(calendar: Calendar, start: datetime, time: timedelta) -> datetime:
    """When so much working time has passed after ``start``; ``start`` itself if that is none."""
    return _end_of_hours(calendar.days, start.astimezone(UTC), time) if time else start


def _stopped(
    calendar: Calendar, start: datetime, limit: Limit, due: datetime, held: Sequence[Stretch]
) -> tuple[datetime, list[Step]]:
    """The later end, and each pause with the minutes that it took from the limit."""
    days = calendar.days
    moved = shifted(days, start, limit, due, held)
    first, steps = counted_from(days, start, limit), []
    for stopped, resumed in held:
        begin, end = max(stopped, first), min(resumed, moved)
        if begin < end:
            lost = spent(counting(days, begin, limit), end)
            minutes = round(lost.total_seconds() / 60)
            steps.append(Step(Kind.STOP, days.at(begin), begin, end, minutes))
    if limit.unit is Unit.CALENDAR_DAY:
        last = days.at(moved - timedelta(microseconds=1)).date
        moved = max(due, _end_of_day(days, last, [], 0, roll=calendar.roll_calendar_days))
    return moved, steps


def _unknown(days: Days, first: datetime, last: datetime) -> set[int]:
    years = range(days.at(first).date.year, days.at(last).date.year + 1)
    return {year for year in years if not days[date(year, 1, 1)].known}


def _working_hours(days: Days, start: datetime, left: timedelta, steps: list[Step]) -> datetime:
    day = steps[0].day
    while True:
        used = False
        for opened, closed in day.spans:
            begins = max(opened, start)
            if begins >= closed:
                continue
            used = True
            ends = min(closed, begins + left)
            steps.append(Step(Kind.SPAN, day, begins, ends))
            left -= ends - begins
            if not left:
                return ends
        if not used:
            kind = Kind.OVER if day.spans else Kind.SKIP
            steps.append(Step(kind, day, start, start))
        day = days[day.date + timedelta(1)]


def _end_of_hours(days: Days, start: datetime, left: timedelta) -> datetime:
    """Where ``_working_hours`` ends, without the way there."""
    day = days.at(start)
    while True:
        for opened, closed in day.spans:
            begins = max(opened, start)
            if begins < closed:
                if left <= closed - begins:
                    return begins + left
                left -= closed - begins
        day = days[day.date + timedelta(1)]


def _working_days(days: Days, wanted: int, steps: list[Step]) -> datetime:
    day = steps[0].day
    counted = 0
    while counted < wanted:
        day = days[day.date + timedelta(1)]
        if day.spans:
            counted += 1
            steps.append(Step(Kind.COUNT, day, day.spans[0][0], day.spans[-1][1], counted))
        else:
            steps.append(Step(Kind.SKIP, day, steps[0].first, steps[0].first))
    return day.spans[-1][1]


def _calendar_days(days: Days, wanted: int, steps: list[Step], *, roll: bool) -> datetime:
    return _end_of_day(days, steps[0].day.date + timedelta(wanted), steps, wanted, roll=roll)


def _end_of_day(days: Days, on: date, steps: list[Step], wanted: int, *, roll: bool) -> datetime:
    last = days[on]
    midnight = days.moment(on, "24:00")
    if last.spans or not roll:
        ends = last.spans[-1][1] if last.spans else midnight
        steps.append(Step(Kind.COUNT, last, days.moment(on, "00:00"), ends, wanted))
        return ends
    while not last.spans:
        steps.append(Step(Kind.ROLL, last, midnight, midnight, wanted))
        last = days[last.date + timedelta(1)]
    steps.append(Step(Kind.COUNT, last, last.spans[0][0], last.spans[-1][1], wanted))
    return last.spans[-1][1]
