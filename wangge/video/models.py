"""What a video site is, a look at one, and what is asked of the owner's platform."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID


class Way(StrEnum):
    """How somebody looks: the owner's own page in his browser, or one still."""

    PAGE = "page"
    SNAPSHOT = "snapshot"


@dataclass(frozen=True, slots=True)
class SiteDraft:
    """A site as it is written down; degrees are WGS-84, addresses the owner's."""

    id: UUID
    code: str
    name: str
    owner_id: UUID
    lon: float
    lat: float
    place_words: str = ""
    page_url: str = ""
    snapshot_url: str = ""
    active: bool = True


@dataclass(frozen=True, slots=True)
class Look:
    """What somebody says before he looks; ``id`` is the line in the register."""

    id: UUID
    site_id: UUID
    way: Way
    reason: str
    case_id: UUID | None = None


class Wanted(NamedTuple):
    """A snapshot that was registered and may be asked for: where, and within what bounds."""

    view_id: UUID
    url: str
    hosts: tuple[str, ...]
    seconds: int
    most_bytes: int
