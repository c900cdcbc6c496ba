"""Party organisations and teams as they are written; everything begins and ends on a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal
from uuid import UUID


class Kind(StrEnum):
    """The layers of the party's tree, from above."""

    COMMITTEE = "committee"
    GENERAL_BRANCH = "general_branch"
    BRANCH = "branch"
    GROUP = "group"
    HOUSEHOLD = "household"


KIND_NAMES = {
    Kind.COMMITTEE: ("党（工）委", "Party committee"),
    Kind.GENERAL_BRANCH: ("党总支", "General party branch"),
    Kind.BRANCH: ("网格党支部", "Grid party branch"),
    Kind.GROUP: ("楼栋党小组", "Building party group"),
    Kind.HOUSEHOLD: ("党员中心户", "Member household"),
}
DEPTH = {kind: depth for depth, kind in enumerate(Kind)}
# Those that stand on grids of their own (网格党支部、楼栋党小组).
ON_GRIDS = (Kind.BRANCH, Kind.GROUP)


@dataclass(frozen=True, slots=True)
class PartyDraft:
    """A party organisation; ``begins`` counts for its tie to ``parent_id`` and to its grids too."""

    id: UUID
    code: str
    name: str
    kind: Kind
    area_id: UUID
    begins: date
    parent_id: UUID | None = None
    grids: Sequence[UUID] = ()


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody in a team: an account, an organisation, or a person who has no account.

    ``role``, with an organisation in a service group: whoever holds that post there.
    """

    id: UUID
    slot: str
    kind: str = ""
    account_id: UUID | None = None
    unit_id: UUID | None = None
    name: str = ""
    phone: str = ""
    retired: bool = False
    begins: date | None = None
    ends: date | None = None
    role: str = ""


@dataclass(frozen=True, slots=True)
class TeamDraft:
    """A team and the grids that it serves; ``kind``: a grid's own team, or a service group."""

    id: UUID
    code: str
    name: str
    area_id: UUID
    begins: date
    grids: Sequence[UUID] = ()
    seats: Sequence[Seat] = ()
    kind: Literal["grid", "service"] = "grid"
