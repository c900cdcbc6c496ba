"""The wire shapes of teams and of the party's tree."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from wangge.kernel.ids import new_id
from wangge.people.schemas import Body, Day, Line
from wangge.teams.models import Kind, PartyDraft, Seat, TeamDraft

Code = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[0-9A-Za-z._-]+$")]
Name = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]*$")]
Grids = Annotated[list[UUID], Field(max_length=2000)]


class AreaBrief(BaseModel):
    id: UUID
    code: str
    name: str
    level: str
    names: list[str]


class Brief(BaseModel):
    """``id`` and a name; of a team, a committee, a branch."""

    id: UUID
    name: str


class Link(Brief):
    kind: Kind


class Totals(BaseModel):
    """What stands below, at every depth; ``members`` and ``grids`` count each once."""

    committees: int
    general_branches: int
    branches: int
    groups: int
    households: int
    grids: int
    members: int


class Secretary(BaseModel):
    account_id: UUID
    name: str


class PartyView(BaseModel):
    id: UUID
    code: str
    name: str
    kind: Kind
    area: AreaBrief
    begins: date
    ends: date | None
    secretaries: list[Secretary]
    totals: Totals


class PartyMember(BaseModel):
    """``ends`` is the last day; nobody who ever was in it is left out."""

    id: UUID
    duty: Literal["secretary", "member"]
    account_id: UUID
    name: str
    begins: date
    ends: date | None
    of_today: bool


class PartyWhole(PartyView):
    above: list[Link]
    below: list[PartyView]
    grids: list[AreaBrief]
    people: list[PartyMember]


class PartyList(BaseModel):
    on: date
    items: list[PartyView]


class PartyMatters(BaseModel):
    id: UUID
    code: str
    name: str
    kind: Kind
    begins: date
    ends: date | None
    matters: int


class PartyMattersList(BaseModel):
    """Matters received in the period, by the tree that stood on the day of each."""

    first: date
    last: date
    items: list[PartyMatters]


class PartyIn(Body):
    id: UUID = Field(default_factory=new_id)
    code: Code
    name: Name
    kind: Kind
    area_id: UUID
    parent_id: UUID | None = None
    grids: Grids = Field(default_factory=list)
    begins: Day | None = None

    def draft(self, today: date) -> PartyDraft:
        return PartyDraft(
            self.id, self.code, self.name, self.kind, self.area_id, self.begins or today,
            self.parent_id, tuple(self.grids),
        )  # fmt: skip


class NameIn(Body):
    name: Name


class ParentIn(Body):
    """``on`` is the first day; today if left out."""

    parent_id: UUID | None
    on: Day | None = None


class GridsIn(Body):
    grids: Grids
    on: Day | None = None


class EndIn(Body):
    """``on`` is the first day without it; today if left out."""

    on: Day | None = None


class MemberIn(Body):
    id: UUID = Field(default_factory=new_id)
    account_id: UUID
    duty: Literal["secretary", "member"] = "member"
    begins: Day | None = None


class Held(BaseModel):
    """Somebody in a slot: by a post (``source`` post) or because he is listed."""

    source: Literal["post", "listed"]
    id: UUID | None = None
    account_id: UUID | None
    unit_id: UUID | None = None
    name: str
    title: str = ""
    role: str | None = None
    kind: str = ""
    phone: str = ""
    retired: bool = False
    begins: date | None = None
    ends: date | None = None


class SlotView(BaseModel):
    code: str
    zh: str
    en: str
    least: int
    most: int | None
    short: int
    held: list[Held]


class Missing(BaseModel):
    slot: str
    zh: str
    en: str
    short: int


class TeamView(BaseModel):
    """``people`` counts each person once, however many slots he fills."""

    id: UUID
    code: str
    name: str
    area: AreaBrief
    begins: date
    ends: date | None
    grids: int
    people: int
    missing: list[Missing]


class TeamWhole(TeamView):
    slots: list[SlotView]
    ground: list[AreaBrief]
    former: list[Held]


class TeamPage(BaseModel):
    items: list[TeamView]
    next: str | None


class NameView(BaseModel):
    zh: str
    en: str


class KindName(NameView):
    code: str


class SlotRule(KindName):
    least: int
    takes: list[Literal["person", "organisation"]]


class Composition(BaseModel):
    """How this city composes its teams: the slots and kinds that are in use."""

    template: NameView
    slots: list[SlotRule]
    kinds: list[KindName]


class TeamIn(Body):
    id: UUID = Field(default_factory=new_id)
    code: Code
    name: Name
    area_id: UUID
    grids: Grids = Field(default_factory=list)
    begins: Day | None = None

    def draft(self, today: date) -> TeamDraft:
        return TeamDraft(
            self.id, self.code, self.name, self.area_id, self.begins or today, tuple(self.grids)
        )


class SeatIn(Body):
    """One of ``account_id``, ``unit_id`` and ``name``; ``ends`` is the last day."""

    id: UUID = Field(default_factory=new_id)
    slot: Code
    kind: Line = ""
    account_id: UUID | None = None
    unit_id: UUID | None = None
    name: Line = ""
    phone: Line = ""
    retired: bool = False
    begins: Day | None = None
    ends: Day | None = None

    def seat(self) -> Seat:
        return Seat(**self.model_dump())


class MemberView(BaseModel):
    id: UUID
    name: str
    slot: str
    kind: str
    retired: bool
    begins: date
    ends: date | None
    team: Brief
    area: AreaBrief


class KindCount(BaseModel):
    kind: str
    people: int
    retired: int


class MemberPage(BaseModel):
    """``kinds`` counts all of the area, each person once; ``items`` is one page."""

    kinds: list[KindCount]
    items: list[MemberView]
    next: str | None


class StaffingRow(BaseModel):
    """People by role at an area and inside it; ``whole`` is the area that was asked for."""

    id: UUID
    code: str
    name: str
    level: str
    whole: bool
    roles: dict[str, int]


class Staffing(BaseModel):
    on: date
    items: list[StaffingRow]


class Lack(BaseModel):
    what: str
    areas: list[AreaBrief]


class Lacks(BaseModel):
    """At most 500 areas of each; ``teams`` are those with an unfilled slot or without a grid."""

    on: date
    lacks: list[Lack]
    teams: list[TeamView]


class Belongs(BaseModel):
    id: UUID
    organisation_id: UUID
    name: str
    kind: Kind
    duty: Literal["secretary", "member"]
    begins: date
    ends: date | None
    of_today: bool


class BelongsList(BaseModel):
    items: list[Belongs]


class GridForces(BaseModel):
    """Two nets in one: the chain of areas, the party's chains, and the teams of one grid."""

    area: AreaBrief
    chains: list[list[Link]]
    teams: list[TeamWhole]


class ImportErrorView(BaseModel):
    row: int
    column: str
    code: str
    zh: str
    en: str


class Imported(BaseModel):
    dry_run: bool
    rows: int
    written: int
    errors: list[ImportErrorView]
