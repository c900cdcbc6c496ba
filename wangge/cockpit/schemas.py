"""The wall as the API shows it."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel


class Named(BaseModel):
    zh: str
    en: str


class Step(BaseModel):
    id: UUID
    name: str
    level: str


class Place(BaseModel):
    """``below`` is the level of its children; ``edition`` names the borders that go with it."""

    id: UUID
    pos: int
    level: str
    below: str | None
    edition: str
    path: list[Step]


class Figures(BaseModel):
    """Of today; ``usual`` is the mean of the same weekdays until this moment of the day."""

    received: int
    usual: float | None
    unusual: bool
    open: int
    late: int
    closed: int
    in_time: int


class Periods(BaseModel):
    """What a list of cases takes as ``within`` to show the rows of a figure."""

    today: str
    week: str
    month: str


class Source(BaseModel):
    channel: str
    n: int
    usual: float | None


class Standing(BaseModel):
    state: str
    n: int


class Hours(BaseModel):
    today: list[int]
    usual: list[float] | None


class Type(BaseModel):
    """``n`` of seven days, ``before`` the mean of the four weeks before them."""

    type: str
    name: Named | None
    n: int
    before: float


class Satisfaction(BaseModel):
    """``fairly_counts``: 基本满意 is among the satisfied, as the city publishes."""

    fairly_counts: bool
    said: int
    satisfied: int
    received: int


class AreaFigures(Figures):
    id: UUID
    pos: int
    name: str


class Coloured(BaseModel):
    level: str
    indicator: str


class Emergency(BaseModel):
    """``lon`` and ``lat`` to about a hundred metres; ``unanswered`` while nobody took the alarm."""

    id: UUID
    number: str
    type: str | None
    name: Named | None
    emergency: list[str]
    state: str
    pos: int
    received_at: datetime
    names: list[str]
    lon: float | None
    lat: float | None
    holder: str
    unanswered: bool


class Duty(BaseModel):
    duty: str
    name: str
    unit: str
    pos: int
    level: str
    ends: datetime


class LatestMatter(BaseModel):
    """A matter just received or closed; its place is its grid's middle, or about a hundred metres.

    ``exact`` says which of the two; disputes, services, what has no type yet and what was said in
    confidence are told by the grid alone. No word of the asker.
    """

    id: UUID
    number: str
    what: Literal["received", "closed"]
    at: datetime
    type: str | None
    name: Named | None
    channel: str
    urgent: bool
    pos: int
    place: str
    lon: float | None
    lat: float | None
    exact: bool


class OpenWhistle(BaseModel):
    """``come`` of the ``called`` have reported in; of members as many are called as are wanted."""

    id: UUID
    number: str
    reason: Named
    kind: str
    pos: int
    place: str
    at: datetime
    report_by: datetime
    late: bool
    called: int
    come: int


class Station(BaseModel):
    id: UUID
    name: str
    lon: float
    lat: float
    pos: int


class OpenAlert(BaseModel):
    """An early warning that nobody has ended; ``late`` while it waits longer than it may.

    It stands in the middle of its area; ``raised`` says that the level above was told.
    """

    id: UUID
    kind: str
    title: Named
    words: Named
    state: Literal["open", "acknowledged"]
    pos: int
    place: str
    at: datetime
    late: bool
    raised: bool
    lon: float | None
    lat: float | None


class WallVideoSite(BaseModel):
    """Where a look may be asked for, with its reason, by whoever may."""

    id: UUID
    code: str
    name: str
    pos: int
    place: str
    lon: float
    lat: float


class PostCount(BaseModel):
    """How many posts of a role are held in the area today, and of how many the holder is away."""

    role: str
    name: Named
    held: int
    away: int


class Health(BaseModel):
    """``silent`` names sources of which something should have come by now."""

    built: bool
    checked_at: datetime | None
    checked_wrong: int
    weeks: int
    silent: list[str]
    sms_waiting: int
    sms_failed: int
    jobs_held: int


class Truth(BaseModel):
    """When a source was last true, and how many seconds ago by the server's clock."""

    at: datetime | None
    age: float


class Times(BaseModel):
    cubes: Truth
    lists: Truth


class WallView(BaseModel):
    """Every panel of an area; ``values`` colour the map by the place (``pos``) of each area.

    ``home`` is the area with which the wall begins for this viewer; above it he sees nothing.
    """

    area: Place
    now: Figures
    within: Periods
    sources: list[Source]
    states: list[Standing]
    hours: Hours
    types: list[Type]
    satisfaction: Satisfaction
    areas: list[AreaFigures]
    map: Coloured
    values: dict[str, float]
    emergencies: list[Emergency]
    latest: list[LatestMatter]
    whistles: list[OpenWhistle]
    stations: list[Station]
    posts: list[PostCount]
    alerts: list[OpenAlert]
    video: list[WallVideoSite]
    duty: list[Duty]
    health: Health
    times: Times
    home: UUID | None


class DayView(BaseModel):
    """A day by hour: ``frames`` by the place of each area, what came in in that hour alone."""

    day: date
    level: str
    totals: list[int]
    frames: list[dict[str, int]]


class FindingView(BaseModel):
    """One error that a check found: ``found_on`` is the day to which a row had been moved."""

    at: datetime
    cube: str
    kind: str
    day: str
    found_on: str | None
    area: str
    key: str
    expected: list[int]
    found: list[int]
    repaired: bool


class ChecksView(BaseModel):
    checked_at: datetime | None
    cells: int
    wrong: int
    findings: list[FindingView]
