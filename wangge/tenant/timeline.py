"""A clock from its start to its end as a line of stretches: it runs, it does not, it stood."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from wangge.tenant.calendar import Day, Days, Why
from wangge.tenant.deadline import Deadline
from wangge.tenant.limits import Limit
from wangge.tenant.pauses import WORKED, Stretch, counted_from, counting, free, spent

CLOSED = ("下班时间", "out of hours")
WEEKEND = ("周末", "weekend")
NOT_YET = ("当日不计", "counts from the next day")


class Going(StrEnum):
    """What a clock does in a stretch."""

    RUNS = "runs"
    RESTS = "rests"
    STOOD = "stood"
    LATE = "late"


class Piece(NamedTuple):
    """One stretch; ``zh`` and ``en`` say why the clock does not run."""

    going: Going
    first: datetime
    last: datetime
    zh: str = ""
    en: str = ""


class Reading(NamedTuple):
    """Minutes of the limit's own time: used, standing outside it, and left (0 when it is over)."""

    used: int
    stood: int
    left: int


def line(found: Deadline, now: datetime, held: Sequence[Stretch] = ()) -> list[Piece]:
    """From the start to the deadline, and on to ``now`` when that is later; without a gap."""
    pieces = _cut(_ground(found.days, found.start_at, found.due_at, found.limit), held)
    if now > found.due_at:
        pieces = [*pieces, Piece(Going.LATE, found.due_at, now)]
    return list(_joined(pieces))


def reading(found: Deadline, now: datetime, held: Sequence[Stretch] = ()) -> Reading:
    days, limit = found.days, found.limit
    first = counted_from(days, found.start_at, limit)
    until = min(now, found.due_at)
    counted = spent(counting(days, first, limit), until)
    used = spent(free(counting(days, first, limit), held), until)
    whole = spent(free(counting(days, first, limit), held), found.due_at)
    return Reading(*(round(part.total_seconds() / 60) for part in
                     (used, counted - used, whole - used)))  # fmt: skip


def _ground(days: Days, start: datetime, due: datetime, limit: Limit) -> Iterator[Piece]:
    """Before any pause."""
    first = min(counted_from(days, start, limit), due)
    if first > start:
        yield Piece(Going.RESTS, start, first, *NOT_YET)
    if limit.unit not in WORKED:
        yield Piece(Going.RUNS, first, due)
        return
    at, day = first, days.at(first)
    while at < due:
        ends = min(days.moment(day.date, "24:00"), due)
        for opened, shut in day.spans:
            if shut > at and opened < ends:
                if opened > at:
                    yield Piece(Going.RESTS, at, opened, *CLOSED)
                at = min(shut, ends)
                yield Piece(Going.RUNS, max(opened, first), at)
        if at < ends:
            yield Piece(Going.RESTS, at, ends, *_why(day))
        at, day = ends, days[day.date + timedelta(1)]


def _why(day: Day) -> tuple[str, str]:
    if day.spans:
        return CLOSED
    if day.why is Why.HOLIDAY and day.name:
        return day.name.zh + "放假", day.name.en
    return WEEKEND


def _cut(pieces: Iterator[Piece], held: Sequence[Stretch]) -> list[Piece]:
    """Where the clock stood, that is said, and not which hour of the day it was."""
    found = []
    for piece in pieces:
        for first, last in free([(piece.first, piece.last)], held):
            found.append(piece._replace(first=first, last=last))
        for stopped, resumed in held:
            first, last = max(stopped, piece.first), min(resumed, piece.last)
            if first < last:
                found.append(Piece(Going.STOOD, first, last))
    return sorted(found, key=lambda piece: piece.first)


def _joined(pieces: Sequence[Piece]) -> Iterator[Piece]:
    before: Piece | None = None
    for piece in pieces:
        if before and before._replace(first=piece.first, last=piece.last) == piece:
            before = before._replace(last=piece.last)
            continue
        if before:
            yield before
        before = piece
    if before:
        yield before
