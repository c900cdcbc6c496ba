"""How long something may take: a number and a unit, written like ``2WH`` or ``3WD``."""

import re
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import Annotated

from pydantic import AfterValidator

from wangge.kernel.errors import Invalid
from wangge.tenant.models import mistake

WRITTEN = re.compile(r"(\d{1,5}(?:\.\d{1,2})?)(CH|UH|WH|WD|CD)")
MOST_HOURS = 10_000
MOST_DAYS = 1_000


class Unit(StrEnum):
    """Units of limits; hours run from the moment, days from the next day."""

    CALENDAR_HOUR = "CH"
    URGENT_HOUR = "UH"
    WORKING_HOUR = "WH"
    WORKING_DAY = "WD"
    CALENDAR_DAY = "CD"


UNIT_NAMES = {
    Unit.CALENDAR_HOUR: ("小时", "calendar hours"),
    Unit.URGENT_HOUR: ("紧急工作时", "urgent hours"),
    Unit.WORKING_HOUR: ("工作时", "working hours"),
    Unit.WORKING_DAY: ("个工作日", "working days"),
    Unit.CALENDAR_DAY: ("个自然日", "calendar days"),
}


@dataclass(frozen=True)
class Limit:
    """Hours may have fractions of whole minutes (``0.5WH``), days are whole.

    Each is read once and asked a hundred thousand times: what it says of itself is kept.
    """

    amount: Decimal
    unit: Unit

    @classmethod
    def parse(cls, text: str) -> "Limit":
        """Refuse with ``limit_unreadable`` what is no limit."""
        return _parse(text)

    @cached_property
    def in_hours(self) -> bool:
        return self.unit.value.endswith("H")

    @cached_property
    def by_calendar(self) -> bool:
        """Whether it matters which days are worked."""
        return self.unit not in (Unit.CALENDAR_HOUR, Unit.URGENT_HOUR)

    @cached_property
    def duration(self) -> timedelta:
        """Of a limit in hours."""
        return timedelta(minutes=int(self.amount * 60))

    @property
    def days(self) -> int:
        """Of a limit in days."""
        return int(self.amount)

    @property
    def zh(self) -> str:
        return f"{self.amount.normalize():f}{UNIT_NAMES[self.unit][0]}"

    @property
    def en(self) -> str:
        name = UNIT_NAMES[self.unit][1]
        return f"{self.amount.normalize():f} {name.removesuffix('s') if self.amount == 1 else name}"

    @cached_property
    def written(self) -> str:
        return f"{self.amount.normalize():f}{self.unit.value}"

    def __str__(self) -> str:
        return self.written


@lru_cache(maxsize=1024)
def _parse(text: str) -> Limit:
    found = WRITTEN.fullmatch(text)
    limit = found and Limit(Decimal(found[1]), Unit(found[2]))
    if not limit or not _sensible(limit):
        raise Invalid(
            "limit_unreadable",
            f"看不懂时限“{text[:40]}”：写成数字加单位，例如 2WH（工作时）、3WD（工作日）、"
            "24UH（紧急工作时）、15CD（自然日）、1CH（小时）",
            f"cannot read the limit '{text[:40]}': write a number and a unit, such as 2WH, 3WD, "
            "24UH, 15CD or 1CH",
            field="limit",
        )
    return limit


def _sensible(limit: Limit) -> bool:
    if limit.in_hours:
        return 0 < limit.amount <= MOST_HOURS and (limit.amount * 60) % 1 == 0
    return 0 < limit.amount <= MOST_DAYS and limit.amount % 1 == 0


def _readable(text: str) -> str:
    try:
        Limit.parse(text)
    except Invalid as refusal:
        mistake(refusal.zh, refusal.en)
    return text


LimitText = Annotated[str, AfterValidator(_readable)]
