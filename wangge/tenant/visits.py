"""How often homes and grids are visited, where two go together, whether there is a daily number."""

from collections.abc import Iterable
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from wangge.tenant.models import Code, Part, refuse_repeated

Days = Annotated[int, Field(ge=1, le=730)]


class Frequency(Part):
    """How often a household of a kind is called on (without ``days``: as all others), by how many.

    The kind is one of care, or one of what is to be minded at a door.
    """

    kind: Code
    days: Days | None = None
    two: bool = False


class PatrolFrequency(Part):
    """How often a grid is walked: one of a kind, or one of those that are named as at risk."""

    grids: Literal["base", "dedicated", "risky"]
    days: Days


class Visits(Part):
    """The document ``visits``. ``daily_homes`` 0: no quota, which is how the product comes.

    ``stretches``: a patrol may say which stretches it walked, street by street, never by the
    minute; off as the product comes. ``risky`` are codes of grids: places, never people.
    """

    care: tuple[Frequency, ...] = ()
    risks: tuple[Frequency, ...] = ()
    household_days: Days = 180
    grid_days: Days = 30
    daily_homes: Annotated[int, Field(ge=0, le=50)] = 0
    stretches: bool = False
    patrols: tuple[PatrolFrequency, ...] = ()
    risky: Annotated[tuple[Code, ...], Field(max_length=500)] = ()

    @model_validator(mode="after")
    def each_kind_once(self) -> Self:
        refuse_repeated([one.kind for one in self.care], "关爱类别", "kinds of care")
        refuse_repeated([one.kind for one in self.risks], "上门提醒", "what to mind at a door")
        refuse_repeated([one.grids for one in self.patrols], "巡查", "grids that are walked")
        refuse_repeated(list(self.risky), "重点网格", "grids at risk")
        return self

    def walked_every(self, kind: str, code: str) -> int | None:
        """The shortest that applies to a grid of ``kind``; None: no rule says how often."""
        of = {kind, "risky"} if code in self.risky else {kind}
        return min((one.days for one in self.patrols if one.grids in of), default=None)

    def days_of(self, care: Iterable[str], risks: Iterable[str] = ()) -> int:
        """The shortest that applies to a household."""
        return min([self.household_days, *(one.days for one in self._of(care, risks) if one.days)])

    def two_for(self, care: Iterable[str], risks: Iterable[str] = ()) -> list[str]:
        """For which of its kinds two go together; none: one may go alone."""
        return [one.kind for one in self._of(care, risks) if one.two]

    def _of(self, care: Iterable[str], risks: Iterable[str]) -> list[Frequency]:
        cared, minded = set(care), set(risks)
        return [
            *(one for one in self.care if one.kind in cared),
            *(one for one in self.risks if one.kind in minded),
        ]
