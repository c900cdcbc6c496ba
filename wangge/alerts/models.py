"""What early warnings are made of: what a rule found, and where its card stands."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from wangge.areas.models import Level

Row = dict[str, Any]


class State(StrEnum):
    """Where a card stands."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    ENDED = "ended"


class Outcome(StrEnum):
    """How a card ended: it became a case, was settled without one, or there was nothing in it."""

    CASE = "case"
    SETTLED = "settled"
    FALSE_ALARM = "false_alarm"


class Box(StrEnum):
    """The lists of cards: what is not ended yet, and what is."""

    OPEN = "open"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Found:
    """What a rule found: of what, in which days (both within), where, and the figures.

    ``case_ids`` are the cases that it counts one by one; where a rule counts by area and day they
    are left out, and the same words that count find the rows.
    """

    subject: str
    first: date
    last: date
    pos: int
    figures: dict[str, Any]
    types: tuple[str, ...] = ()
    lon: float | None = None
    lat: float | None = None
    case_ids: tuple[UUID, ...] = field(default=())

    def meets(self, other: "Found") -> bool:
        """Whether both speak of the same: of one subject, or of common ground, on common days."""
        if self.first > other.last or other.first > self.last:
            return False
        mine, his = (set(one.figures.get("grids", ())) for one in (self, other))
        return self.subject == other.subject or bool(mine & his)


# Who is told when a card's holder did not answer.
ABOVE = {
    Level.COMMUNITY: Level.TOWNSHIP,
    Level.TOWNSHIP: Level.COUNTY,
    Level.COUNTY: Level.CITY,
    Level.CITY: Level.CITY,
}
# Nothing that was taken back or joined to another counts; nor what is about an official or unit.
COUNTED = """c.state not in ('withdrawn', 'merged', 'split')
    and c.about_unit is null and c.about_account is null"""
