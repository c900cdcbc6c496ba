"""A clock that was stopped: its pauses, the time they leave, and where an amount of it is spent."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from wangge.tenant.calendar import Days
from wangge.tenant.limits import Limit, Unit

Stretch = tuple[datetime, datetime]
END = datetime.max.replace(tzinfo=UTC)
WORKED = frozenset({Unit.WORKING_HOUR, Unit.WORKING_DAY})


class Pause(NamedTuple):
    """From when to when a clock stood; without ``last`` it still stands."""

    first: datetime
    last: datetime | None = None


def closed(pauses: Iterable[Pause], now: datetime) -> list[Stretch]:
    """As if what still stands went on now: in order, what touches joined, nothing empty."""
    found: list[Stretch] = []
    for first, last in sorted((first, last or now) for first, last in pauses):
        if last <= first:
            continue
        if found and first <= found[-1][1]:
            found[-1] = found[-1][0], max(last, found[-1][1])
        else:
            found.append((first, last))
    return found


def counted_from(days: Days, start: datetime, limit: Limit) -> datetime:
    """Hours count from the start, days from the midnight after it."""
    return start if limit.in_hours else days.moment(days.at(start).date, "24:00")


def counting(days: Days, first: datetime, limit: Limit) -> Iterator[Stretch]:
    """The time that counts for the unit, from a moment on, without end."""
    if limit.unit not in WORKED:
        yield first, END
        return
    day = days.at(first)
    while True:
        for opened, shut in day.spans:
            if shut > first:
                yield max(opened, first), shut
        day = days[day.date + timedelta(1)]


def free(stretches: Iterable[Stretch], held: Sequence[Stretch]) -> Iterator[Stretch]:
    """What the pauses leave; both in order."""
    for first, last in stretches:
        begin = first
        for stopped, resumed in held:
            if resumed <= begin:
                continue
            if stopped >= last:
                break
            if stopped > begin:
                yield begin, stopped
            begin = resumed
        if begin < last:
            yield begin, last


def spend(stretches: Iterable[Stretch], amount: timedelta) -> datetime:
    """The moment at which so much of the time is used up; a span used up ends with it."""
    for first, last in stretches:
        if amount <= last - first:
            return first + amount
        amount -= last - first
    raise AssertionError(amount)  # pragma: no cover - time does not end


def spent(stretches: Iterable[Stretch], until: datetime) -> timedelta:
    """How much of the time lies before a moment."""
    total = timedelta()
    for first, last in stretches:
        if first >= until:
            break
        total += min(last, until) - first
    return total


def shifted(
    days: Days, start: datetime, limit: Limit, due: datetime, held: Sequence[Stretch]
) -> datetime:
    """Where a limit that would end at ``due`` ends when the clock stood in ``held``.

    The limit keeps its time to the minute: hours and working days in their own time, so that it may
    end within a day. Calendar days keep whole days: this is the end of the last one's night, which
    the caller moves to where such a day ends.
    """
    first = counted_from(days, start, limit)
    if limit.unit is Unit.CALENDAR_DAY:
        due = days.moment(days.at(start).date + timedelta(limit.days), "24:00")
    amount = spent(counting(days, first, limit), due)
    return spend(free(counting(days, first, limit), held), amount)


def share_at(
    days: Days,
    start: datetime,
    limit: Limit,
    due: datetime,
    percent: int,
    held: Sequence[Stretch] = (),
) -> datetime:
    """When so many hundredths of the limit's own time are used up (黄灯)."""
    first = counted_from(days, start, limit)
    whole = spent(free(counting(days, first, limit), held), due)
    return spend(free(counting(days, first, limit), held), whole * percent / 100)
