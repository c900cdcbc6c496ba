"""Putting a phone's times right: a wrong clock makes no refusal and moves no deadline."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

RIGHT = timedelta(minutes=2)
EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Clock:
    """How far a phone's clock ran ahead when something was typed, seconds; received when."""

    ahead: timedelta
    received_at: datetime

    @classmethod
    def of(cls, ahead: int | None, sent_at: datetime, received_at: datetime) -> "Clock":
        """Believe what the phone learnt when it typed; else compare when it sent and we received.

        How long it was on its way makes a clock look slow by that much, which harms nobody.
        """
        known = timedelta(seconds=ahead) if ahead is not None else held(sent_at) - received_at
        return cls(known, received_at)

    def right(self, said: datetime | None) -> datetime | None:
        """City time of a moment that the phone named; never later than it was received."""
        if said is None:
            return None
        there = held(said)
        if abs(self.ahead) > RIGHT:
            there = held(there - self.ahead)
        return min(there, self.received_at)

    def word(self, *said: datetime | None) -> str:
        """How sure the times are: right, corrected, or doubtful when one still lay ahead."""
        for moment in said:
            if moment is None:
                continue
            there = held(moment)
            if abs(self.ahead) > RIGHT:
                there = held(there - self.ahead)
            if there > self.received_at + RIGHT or there != held(there) or moment != held(moment):
                return "doubtful"
        return "corrected" if abs(self.ahead) > RIGHT else "right"


def held(moment: datetime) -> datetime:
    """Within what any calendar and any column can hold."""
    return min(max(moment, EARLIEST), LATEST)
