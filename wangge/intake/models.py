"""What comes in, and what the one who sent it is told."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from wangge.cases.models import Mode
from wangge.kernel.errors import Refusal
from wangge.people.models import Actor


@dataclass(slots=True)
class AskerWords:
    """What an asker says of himself; nothing is asked twice and nothing must be said."""

    name: str = ""
    phone: str = ""
    mode: Mode = Mode.OPEN


@dataclass(slots=True)
class Report:
    """One matter as it was told; everything but ``text`` may be missing.

    ``to_sorting_desk``: whoever brings it cannot say what it is, so the city's desk sorts it.
    """

    id: UUID
    text: str
    channel: str
    title: str = ""
    kind: str = ""
    type: str | None = None
    level: str = ""
    lon: float | None = None
    lat: float | None = None
    area_id: UUID | None = None
    area_code: str = ""
    place_words: str = ""
    found_at: datetime | None = None
    reported_at: datetime | None = None
    file_ids: list[UUID] = field(default_factory=list)
    file_token: bytes | None = None
    asker: AskerWords | None = None
    wants_code: bool = False
    source_ref: str = ""
    locale: str = "zh"
    to_sorting_desk: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """Who brings the matter in: a person with posts, or nobody in particular.

    ``sure_when``: the time of discovery was put right by the server, so that limits may run from
    it where the city wants that.
    """

    actor: Actor | None = None
    name: str = ""
    sure_when: bool = False


@dataclass(frozen=True, slots=True)
class Receipt:
    """``code`` is the follow code, shown once and kept only as its hash."""

    id: UUID
    number: str
    code: str
    place_state: str
    emergency: list[str]
    area_names: list[str]

    def answer(self, wanted: Collection[UUID], kept: Collection[UUID]) -> dict[str, Any]:
        """As a door says it; of the files that were sent, those that are not kept are named."""
        left_out = [one for one in wanted if one not in kept]
        return {**self.plain(), "files_left_out": left_out}

    def awaiting(self, hashes: Collection[str]) -> dict[str, Any]:
        """As a door says it to whose photos come after the words: those that have not come."""
        return {**self.plain(), "awaits": list(hashes)}

    def plain(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "number": self.number,
            "code": self.code,
            "place_state": self.place_state,
            "emergency": self.emergency,
            "area_names": self.area_names,
        }


class Outcome(StrEnum):
    """What became of one item of a batch."""

    TAKEN = "taken"
    REPEATED = "repeated"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Answer:
    """One item's answer: a receipt, or the refusal that says why there is none."""

    outcome: Outcome
    receipt: Receipt | None = None
    refusal: Refusal | None = None
