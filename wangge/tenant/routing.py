"""The dispatch directory (派单目录) as rows: which unit looks after what, where and when."""

from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from wangge.tenant.calendar import MonthDay
from wangge.tenant.models import Code, Note, Part, mistake, refuse_repeated

UnitCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,59}$")]
AreaCode = Annotated[str, StringConstraints(pattern=r"^\*$|^[0-9A-Za-z_-]{2,40}$")]
ClockSpan = Annotated[
    str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$")
]
ANY = "*"
UP, DOWN = "@up", "@down"


class Season(Part):
    """A part of every year; may run over the turn of the year."""

    first: MonthDay
    last: MonthDay

    def covers(self, day: str) -> bool:
        """``day`` as month and day: ``07-15``."""
        if self.first <= self.last:
            return self.first <= day <= self.last
        return day >= self.first or day <= self.last


class Route(Part):
    """``type`` is a type, a class or ``*``; ``area`` an area's code, or ``*`` for the city.

    ``unit`` is an organisation's code; or a kind of organisation that is looked for at the area
    of the case and upwards (``@property``, ``@desk``, ``@department``); or the desk one level above
    or below the one in charge (``@up``, ``@down``). With ``share`` whoever of them has the least
    open matters gets it. ``desk``, ``hours`` (when it came in) and ``season`` narrow the row.
    """

    type: Code | Annotated[str, StringConstraints(pattern=r"^\*$")] = ANY
    area: AreaCode = ANY
    unit: UnitCode | Annotated[str, StringConstraints(pattern=r"^@[a-z]{2,20}$")]
    share: Annotated[tuple[UnitCode, ...], Field(max_length=20)] = ()
    desk: UnitCode | None = None
    hours: Literal["working", "off"] | ClockSpan | None = None
    season: Season | None = None
    grid_first: bool = False
    note: Note = ""
    ground: Note = ""
    active: bool = True

    @property
    def conditions(self) -> int:
        """How many of them narrow the row: the more, the more exact it is."""
        return sum(one is not None for one in (self.desk, self.hours, self.season))

    @property
    def key(self) -> str:
        """What tells a row from the others."""
        season = f"{self.season.first}/{self.season.last}" if self.season else ""
        more = [part for part in (self.desk, self.hours, season) if part]
        return " & ".join([f"{self.type} @ {self.area}", *more])

    @model_validator(mode="after")
    def shared_among_units(self) -> Self:
        if self.share and self.unit.startswith("@"):
            mistake(
                "按负荷分派时，承办单位要写明单位，不能写类别",
                "where the load is shared, the unit must be one by name, not a kind",
            )
        if self.unit in self.share or len(set(self.share)) < len(self.share):
            mistake("按负荷分派的单位重复", "a unit stands twice among those that share")
        return self


class Routes(Part):
    """The most exact row wins: the deepest area, the most exact type, the most conditions."""

    routes: tuple[Route, ...] = Field(default=(), max_length=20_000)

    @model_validator(mode="after")
    def one_answer_each(self) -> Self:
        refuse_repeated(
            [route.key for route in self.routes if route.active],
            "派单目录里的行",
            "rows of the dispatch directory",
        )
        return self

    @cached_property
    def by_place(self) -> dict[tuple[str, str], tuple[Route, ...]]:
        """Active rows by area and type, the narrowest first, else as they are written."""
        found: dict[tuple[str, str], list[Route]] = {}
        for route in self.routes:
            if route.active:
                found.setdefault((route.area, route.type), []).append(route)
        return {
            key: tuple(sorted(rows, key=lambda route: -route.conditions))
            for key, rows in found.items()
        }

    @cached_property
    def grid_first(self) -> bool:
        """Whether any row sends matters to the grid's own professional before anybody else."""
        return any(route.grid_first for route in self.routes if route.active)
