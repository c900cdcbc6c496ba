"""Service groups as they are founded, and what is said in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from wangge.teams.models import Seat


@dataclass(frozen=True, slots=True)
class GroupDraft:
    """A group of an area: the grids whose people are in it, and who else is."""

    id: UUID
    name: str
    area_id: UUID
    grids: Sequence[UUID] = ()
    seats: Sequence[Seat] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """A message; ``receipt``: its writer asks who has read it, where the city allows that."""

    id: UUID
    team_id: UUID
    text: str
    file_ids: Sequence[UUID] = ()
    receipt: bool = False


@dataclass(frozen=True, slots=True)
class Invitation:
    """The picture by which residents join the outside chat group, and the day it runs out."""

    id: UUID
    team_id: UUID
    file_id: UUID
    valid_until: date | None = None
