"""A day's diary on paper."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from wangge.papers.pdf import pdf


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was done."""

    time: str
    name: str
    words: str
    place: str
    number: str


@dataclass(frozen=True, slots=True)
class Diary:
    """What one person did on a day, with his own words where he wants them printed."""

    brand: str
    person: str
    title: str
    day: str
    lines: Sequence[Line]
    note: str
    printed_on: str


def diary(content: Diary, *, made_at: datetime) -> bytes:
    return pdf("diary", asdict(content), made_at=made_at)
