"""Days of the same kind: working days beside working days, holidays beside holidays.

Without holidays near, the windows are the same weekdays of the weeks before, week by week.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count, islice, takewhile

from wangge.tenant.calendar import Days, Why

FURTHER = 35  # days: so much further back for what holidays took away
DAY = timedelta(days=1)
SPECIAL = (Why.HOLIDAY, Why.MAKE_UP)
OFF = (Why.HOLIDAY, Why.WEEKEND)


@dataclass(frozen=True, slots=True)
class Alike:
    """Earlier windows of like days; ``special`` if the calendar moved any of them."""

    windows: list[list[date]]
    special: bool


def windows(calendar: Days, first: date, last: date, most: int, begun: date) -> Alike:
    """Up to ``most`` earlier windows, the nearest first, no day of which lies before ``begun``."""
    length = (last - first).days + 1
    near = 7 * ((length + 6) // 7)
    reach = max(begun, first - timedelta(days=near + 7 * (most - 1) + FURTHER))
    days = [first + n * DAY for n in range(length)]
    like = [_like(calendar, day, first, near, reach) for day in days]
    found = min((len(each) for each in like), default=0)
    rows = [[each[n] for each in like] for n in range(min(found, most))]
    plain = [[day - timedelta(days=near + 7 * n) for day in days] for n in range(len(rows))]
    return Alike(rows, rows != plain or any(calendar[day].why in SPECIAL for day in days))


def _like(calendar: Days, day: date, first: date, near: int, reach: date) -> list[date]:
    """Earlier days of the kind of one day, the nearest first.

    A working day and a week-end have those of their weekday. A holiday has earlier holidays, then
    week-ends; a day made up for has working days of any weekday.
    """
    why = calendar[day].why
    if why is Why.HOLIDAY:
        earlier = list(_back(first - DAY, 1, reach))
        return [one for kind in OFF for one in earlier if calendar[one].why is kind]
    if why is Why.MAKE_UP:
        worked: Callable[[date], bool] = lambda one: calendar[one].why not in OFF  # noqa: E731
        return list(filter(worked, _back(first - DAY, 1, reach)))
    same = _back(day - timedelta(days=near), 7, reach)
    return [one for one in same if calendar[one].why is why]


def _back(last: date, step: int, reach: date) -> list[date]:
    """Days from one backwards, none before ``reach``."""
    days = (last - timedelta(days=step * n) for n in count())
    return list(islice(takewhile(lambda day: day >= reach, days), 400))


def plain(calendar: Days, first: date, last: date) -> list[date]:
    """The days of a span that are neither holidays nor made up for."""
    days = [first + n * DAY for n in range((last - first).days + 1)]
    return [day for day in days if calendar[day].why not in SPECIAL]
