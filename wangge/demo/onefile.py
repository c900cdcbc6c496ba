"""The shape of the one file that carries another's rules, people, roster and cases."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from wangge.cases.models import Action, Mode
from wangge.teams.models import Kind as PartyLayer

FORMAT = 1
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=5000)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
Moment = Annotated[
    str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)?$")
]


class Part(BaseModel):
    """Nothing unknown gets in, so that a slip of the pen is told and not overlooked."""

    model_config = ConfigDict(extra="forbid")


class Organisation(Part):
    """``area`` and ``parent`` are codes; ``layer`` is a party organisation's."""

    code: Name
    kind: Literal["desk", "department", "property", "party"]
    layer: PartyLayer = PartyLayer.BRANCH
    name: Name
    short_name: Line = ""
    area: Line = ""
    parent: Line = ""
    phone: Line = ""


class Post(Part):
    """A role in an area or an organisation, both by code."""

    role: Name
    area: Line = ""
    unit: Line = ""
    title: Line = ""
    kind: Line = ""
    public: bool = False
    begins: date | None = None
    ends: date | None = None


class Person(Part):
    """``demo``: the heading under which the demo's front page offers this person."""

    username: Name
    name: Name
    phone: Line = ""
    demo: Line = ""
    posts: list[Post] = Field(default_factory=list)


class Shift(Part):
    """Moments are the city's unless they name a zone."""

    unit: Name
    duty: Literal["on_duty", "leader", "backup"]
    username: Name
    begins: Moment
    ends: Moment
    note: Line = ""


class Try(StrEnum):
    """What somebody does for a case that is no step of the loop."""

    CONTACT = "contact"
    CALL_BACK = "call_back"


class Asker(Part):
    name: Line = ""
    phone: Line = ""
    mode: Mode = Mode.OPEN


class Step(Part):
    """One step of the loop; ``by`` is a username, or ``asker``.

    ``until`` is what is asked for or granted, ``lead`` the ``ref`` of the case that carries this
    one, ``author`` whose instruction it is. ``contact`` and ``call_back`` are tries to reach the
    asker, with ``way`` and ``result``; a call-back that reached him brings his word.
    """

    at: Moment
    by: Name
    action: Action | Try
    note: str = ""
    answer: str = ""
    reason: str = ""
    unit: str = ""
    type: str | None = None
    solved: bool | None = None
    satisfaction: str = ""
    until: Moment | None = None
    author: Line = ""
    lead: Line = ""
    way: Literal["call", "visit"] = "call"
    result: Line = ""


class Case(Part):
    """``ref`` names the case for ever: the same file twice makes nothing twice."""

    ref: Name
    received_at: Moment
    text: Text
    title: Line = ""
    channel: Line = ""
    kind: Line = ""
    type: str | None = None
    level: Line = ""
    lon: float | None = None
    lat: float | None = None
    area: Line = ""
    place_words: Line = ""
    by: Line = ""
    id: UUID | None = None
    asker: Asker | None = None
    steps: list[Step] = Field(default_factory=list)


class File(Part):
    """Every section may be missing; they are taken in this order."""

    wangge_load: Literal[1]
    rules: dict[str, Any] = Field(default_factory=dict)
    organisations: list[Organisation] = Field(default_factory=list)
    people: list[Person] = Field(default_factory=list)
    roster: list[Shift] = Field(default_factory=list)
    cases: list[Case] = Field(default_factory=list)
