"""The dispatch directory (派单目录) as rows: which unit looks after what, and where."""

from functools import cached_property
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from wangge.tenant.models import Code, Note, Part, refuse_repeated

UnitCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,59}$")]
ANY = "*"


class Route(Part):
    """``type`` is a type, a class or ``*``; ``area`` an area's code, or ``*`` for the city.

    ``unit`` is an organisation's code, or a kind of organisation that is looked for at the area
    of the case and upwards: ``@property``, ``@desk``, ``@department``.
    """

    type: Code | Annotated[str, StringConstraints(pattern=r"^\*$")] = ANY
    area: Annotated[str, StringConstraints(pattern=r"^\*$|^[0-9A-Za-z_-]{2,40}$")] = ANY
    unit: UnitCode | Annotated[str, StringConstraints(pattern=r"^@[a-z]{2,20}$")]
    note: Note = ""
    ground: Note = ""
    active: bool = True


class Routes(Part):
    """The most exact row wins: first the deepest area, then the most exact type."""

    routes: tuple[Route, ...] = Field(default=(), max_length=20_000)

    @model_validator(mode="after")
    def one_answer_each(self) -> Self:
        refuse_repeated(
            [f"{route.type} @ {route.area}" for route in self.routes if route.active],
            "派单目录里的行",
            "rows of the dispatch directory",
        )
        return self

    @cached_property
    def by_place(self) -> dict[tuple[str, str], Route]:
        """Active rows by area and type, of which there is at most one each."""
        return {(route.area, route.type): route for route in self.routes if route.active}
