"""How often homes and grids are visited, by kind of care; whether there is a daily number."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from wangge.tenant.models import Code, Part, refuse_repeated

Days = Annotated[int, Field(ge=1, le=730)]


class Frequency(Part):
    """Every so many days somebody calls on a household with this kind of care."""

    kind: Code
    days: Days


class Visits(Part):
    """The document ``visits``. ``daily_homes`` 0: no quota, which is how the product comes.

    ``stretches``: a patrol may say which stretches it walked, street by street, never by the
    minute; off as the product comes.
    """

    care: tuple[Frequency, ...] = ()
    household_days: Days = 180
    grid_days: Days = 30
    daily_homes: Annotated[int, Field(ge=0, le=50)] = 0
    stretches: bool = False

    @model_validator(mode="after")
    def each_kind_once(self) -> Self:
        refuse_repeated([one.kind for one in self.care], "关爱类别", "kinds of care")
        return self

    def days_of(self, kinds: tuple[str, ...]) -> int:
        """The shortest that applies to a household."""
        wanted = set(kinds)
        return min([self.household_days, *(one.days for one in self.care if one.kind in wanted)])
