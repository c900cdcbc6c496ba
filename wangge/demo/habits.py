"""When people report and how long they take: pure, seeded, by the tenant's own calendar."""

import math
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from random import Random
from typing import Any
from uuid import UUID

from wangge.demo.rulebook import text
from wangge.tenant.calendar import Calendar
from wangge.tenant.documents import read

LONGEST = 3.0  # nobody takes more than so many times the stage's time
LEAST = timedelta(minutes=2)
OVERDUE_SPAN = timedelta(hours=6)  # what is late already is taken up within such a time
AWAKE = {"desk": (7, 22), "field": (7, 20), "asker": (7, 22)}


@cache
def words() -> dict[str, Any]:
    """The habits as they stand in data/habits.yaml."""
    found: dict[str, Any] = read(text("habits.yaml"))
    return found


def chance(*seed: object) -> Random:
    """A source of chance of its own for each matter: no order of work changes any of them."""
    return Random(":".join(map(str, seed)))  # noqa: S311 - invents matters, keeps no secret


def id_at(moment: datetime, rng: Random) -> UUID:
    """A UUIDv7 of that moment whose other bits are drawn from ``rng``."""
    milliseconds = int(moment.timestamp() * 1000) & (2**48 - 1)
    bits = milliseconds << 80 | 7 << 76 | rng.getrandbits(12) << 64 | 2 << 62 | rng.getrandbits(62)
    return UUID(int=bits)


@dataclass(frozen=True)
class Rhythm:
    """The days of a city as its people live them."""

    calendar: Calendar

    def share(self, on: date) -> float:
        """How much happens on a day, where an average day is 1."""
        return float(words()["days"][self.calendar.days[on].why.value])

    def arrivals(self, on: date, per_day: float, rng: Random) -> list[datetime]:
        """Moments of the reports of one local day, in order."""
        wanted = per_day * self.share(on)
        number = max(0, round(rng.gauss(wanted, math.sqrt(wanted))))
        hours = rng.choices(range(24), words()["hours"], k=number)
        midnight = datetime.combine(on, time(), self.calendar.days.zone)
        return sorted(
            (midnight + timedelta(hours=hour, seconds=rng.uniform(0, 3600))).astimezone(UTC)
            for hour in hours
        )

    def rate(self, moment: datetime, per_day: float) -> float:
        """Reports a second at a moment."""
        local = moment.astimezone(self.calendar.days.zone)
        hours: list[float] = words()["hours"]
        return per_day * self.share(local.date()) * hours[local.hour] / sum(hours) / 3600

    def taken_up(self, who: str, at: datetime) -> datetime:
        """The first moment from ``at`` on at which such a person is at work or awake."""
        return self._office(at) if who == "unit" else self._awake(at, *AWAKE[who])

    def _office(self, at: datetime) -> datetime:
        day = self.calendar.days.at(at)
        while True:
            for opened, closed in day.spans:
                if at < closed:
                    return max(at, opened)
            day = self.calendar.days[day.date + timedelta(1)]

    def _awake(self, at: datetime, first: int, last: int) -> datetime:
        local = at.astimezone(self.calendar.days.zone)
        if first <= local.hour < last:
            return at
        day = local.date() if local.hour < first else local.date() + timedelta(1)
        # Not all at the stroke of the hour: the minute is kept.
        morning = datetime.combine(day, time(first, local.minute, local.second), local.tzinfo)
        return morning.astimezone(UTC)

    def delay(
        self, what: str, who: str, now: datetime, due: datetime | None, rng: Random
    ) -> datetime:
        """When somebody has done his step: by the time that the stage leaves him, some too late."""
        median, spread = words()["pace"][what]
        part = min(median * math.exp(rng.gauss(0, spread)), LONGEST)
        left = due - now if due and due > now else OVERDUE_SPAN
        return self.taken_up(who, now + max(LEAST, left * part))
