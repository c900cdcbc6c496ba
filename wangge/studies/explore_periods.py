"""Periods of the explorer: days, weeks from Monday and months, and what each is compared with."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

BACK = 8  # periods whose mean is usual, as on the city screen and in the analyses
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Days of the city, both ends counted."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def is_months(self) -> bool:
        return self.first.day == 1 and (self.last + DAY).day == 1

    def shifted(self, days: int) -> "Span":
        by = timedelta(days=days)
        return Span(self.first + by, self.last + by)

    def months_back(self, months: int) -> "Span":
        """The same days so many months ago; the last of a month becomes the last of that one."""
        ends = (self.last + DAY).day == 1
        return Span(back(self.first, months), back(self.last, months, ends=ends))


def back(day: date, months: int, *, ends: bool = False) -> date:
    """The day so many months ago, or the last of that month where it has none such."""
    number = day.year * 12 + day.month - 1 - months
    first = date(number // 12, number % 12 + 1, 1)
    last = (first + timedelta(days=31)).replace(day=1) - DAY
    return last if ends else first.replace(day=min(day.day, last.day))


def buckets(whole: Span, every: str) -> list[Span]:
    """The days, weeks or months of a period in order; the first and the last may be parts."""
    found, first = [], whole.first
    while first <= whole.last:
        match every:
            case "day":
                last = first
            case "week":
                last = first + timedelta(days=6 - first.weekday())
            case _:
                last = back(first, -1).replace(day=1) - DAY
        found.append(Span(first, min(last, whole.last)))
        first = found[-1].last + DAY
    return found


def before(span: Span, whole: Span, every: str) -> Span:
    """Its place in the period before: as many days, whole weeks or months earlier."""
    if every == "month":
        months = (whole.last.year - whole.first.year) * 12 + whole.last.month - whole.first.month
        return span.months_back(months + 1)
    return span.shifted(-(weeks(whole.days) if every == "week" else whole.days))


def year_before(span: Span, every: str) -> Span:
    """The same days of the year before; of a week the same weekdays."""
    return span.shifted(-364) if every == "week" else span.months_back(12)


def weeks(days: int) -> int:
    """So many days rounded up to whole weeks, so that weekdays meet the same weekdays."""
    return 7 * -(-days // 7)


def earlier(span: Span) -> Iterator[Span]:
    """The eight periods before whose mean is usual: whole months, or whole weeks back."""
    step = weeks(span.days)
    for n in range(1, BACK + 1):
        yield span.months_back(n * _months(span)) if span.is_months else span.shifted(-n * step)


def _months(span: Span) -> int:
    return (span.last.year - span.first.year) * 12 + span.last.month - span.first.month + 1


def joined(spans: Iterable[Span]) -> list[Span]:
    """The same days in spans that do not touch."""
    found: list[Span] = []
    for span in sorted(spans):
        if found and span.first <= found[-1].last + DAY:
            found[-1] = Span(found[-1].first, max(found[-1].last, span.last))
        else:
            found.append(span)
    return found
