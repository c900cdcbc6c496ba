"""The cubes: what is counted, by what, in the words that open the rows behind a figure."""

from dataclasses import dataclass

from wangge.cases.wall_rows import (
    CLOSED,
    FAIRLY_SATISFIED,
    IN_TIME,
    LATE,
    OPEN,
    SAID,
    SATISFIED,
)

# The city's own day of a moment; ``k`` is the clock.
DAY = "(c.{0} at time zone k.zone)::date"


@dataclass(frozen=True, slots=True)
class Cube:
    """Counts of cases by day of receipt, place and ``keys``; both are SQL over a row ``c``."""

    name: str
    keys: dict[str, str]
    counts: dict[str, str]
    where: str = "true"

    @property
    def columns(self) -> tuple[str, ...]:
        return ("day", "pos", *self.keys, *self.counts)


CUBES = (
    Cube(
        "cube_states", {"state": "c.state"},
        {"n": "true", "late": LATE, "said": SAID, "satisfied": SATISFIED,
         "fairly": FAIRLY_SATISFIED},
    ),
    Cube(
        "cube_hours", {"hour": "extract(hour from c.received_at at time zone k.zone)::smallint"},
        {"n": "true"},
    ),
    Cube("cube_types", {"type": "coalesce(c.type, '')", "channel": "c.channel"}, {"n": "true"}),
    Cube(
        "cube_units", {"unit_id": "c.unit_id"},
        {"n": "true", "open": OPEN, "late": f"{OPEN} and {LATE}"}, "c.unit_id is not null",
    ),
    Cube(
        "cube_closings", {"closed_on": DAY.format("closed_at")},
        {"n": "true", "in_time": IN_TIME}, CLOSED,
    ),
)  # fmt: skip
