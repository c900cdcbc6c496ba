"""The wire shapes of groups."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from wangge.cases.schemas import NameView, Wire
from wangge.groups.models import GroupDraft, Invitation, Said
from wangge.intake.schemas import AskerBody
from wangge.kernel.ids import new_id
from wangge.people.schemas import Day, Line
from wangge.teams.models import Seat

Words = Annotated[str, Field(max_length=20_000)]
Files = Annotated[list[UUID], Field(max_length=9, default_factory=list)]
Name = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]*$")]


class GroupArea(BaseModel):
    id: UUID
    code: str
    name: str
    names: list[str]


class LastSaid(BaseModel):
    name: str
    text: str
    at: datetime


class GroupCard(BaseModel):
    """``recent``: when others said the latest; a screen counts those after its own mark."""

    id: UUID
    name: str
    area: GroupArea
    member: bool
    runs: bool
    people: int
    recent: list[datetime]
    last: LastSaid | None


class GroupList(BaseModel):
    """``receipts``: whether this city lets writers ask who has read; ``may_found`` as it says."""

    items: list[GroupCard]
    receipts: bool
    may_found: bool


class GroupPerson(BaseModel):
    """``seat_id``: the place that was given to him; without it he is in by his post in a grid."""

    account_id: UUID
    name: str
    title: str
    role_name: NameView | None
    unit: str | None
    phone: str
    seat_id: UUID | None


class GroupSeat(BaseModel):
    """A place that was given: to a person, or to whoever holds a unit's post."""

    id: UUID
    name: str
    account_id: UUID | None
    unit_id: UUID | None
    role: str
    role_name: NameView | None


class InvitationView(BaseModel):
    file_id: UUID
    valid_until: date | None
    expired: bool


class ServiceGroup(GroupCard):
    receipts: bool
    keep_days: int
    persons: list[GroupPerson]
    seats: list[GroupSeat]
    grids: list[GroupArea]
    invitation: InvitationView | None
    may_leave: UUID | None


class SeatBody(Wire):
    """An account, or a unit with the post there that counts; without ``role`` any of its posts."""

    id: UUID = Field(default_factory=new_id)
    account_id: UUID | None = None
    unit_id: UUID | None = None
    role: Line = ""

    def seat(self) -> Seat:
        return Seat(self.id, "", account_id=self.account_id, unit_id=self.unit_id, role=self.role)


class GroupBody(Wire):
    id: UUID
    name: Name
    area_id: UUID
    grids: Annotated[list[UUID], Field(max_length=200, default_factory=list)]
    seats: Annotated[list[SeatBody], Field(max_length=50, default_factory=list)]

    def draft(self) -> GroupDraft:
        seats = tuple(one.seat() for one in self.seats)
        return GroupDraft(self.id, self.name.strip(), self.area_id, tuple(self.grids), seats)


class SayBody(Wire):
    id: UUID
    text: Words = ""
    files: Files
    receipt: bool = False

    def said(self, team: UUID) -> Said:
        return Said(self.id, team, self.text, tuple(self.files), self.receipt)


class InviteBody(Wire):
    id: UUID
    file_id: UUID
    valid_until: Day | None = None

    def invitation(self, team: UUID) -> Invitation:
        return Invitation(self.id, team, self.file_id, self.valid_until)


class TurnBody(Wire):
    """``id`` is the new case's."""

    id: UUID
    asker: AskerBody | None = None


class FileBrief(BaseModel):
    id: UUID
    kind: str


class CaseOf(BaseModel):
    """``number`` and ``state`` for those who may see the case."""

    id: UUID
    number: str | None
    state: str | None


class MessageView(BaseModel):
    """``readers``: who has read it, told to its writer alone and only if he asked."""

    id: UUID
    name: str
    title: str
    text: str
    mine: bool
    receipt: bool
    readers: list[str] | None
    taken_back: bool
    at: datetime
    case: CaseOf | None
    files: list[FileBrief]


class Thread(BaseModel):
    """From the newest back; ``more`` says whether there are older ones."""

    items: list[MessageView]
    more: bool


class Turned(BaseModel):
    id: UUID
    number: str
    again: bool


class AnswerForGroup(BaseModel):
    """``left_out``: kinds of personal data that were taken out of the words."""

    text: str
    left_out: list[str]


class PublicGroup(BaseModel):
    id: UUID
    name: str
    valid_until: date | None


class GroupSayPayload(Wire):
    """What a phone says without a network."""

    group: UUID
    text: Words = ""
    receipt: bool = False


class GroupCasePayload(Wire):
    message: UUID
    asker: AskerBody | None = None
