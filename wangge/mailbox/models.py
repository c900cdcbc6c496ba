"""What boxes, openings, letters, talks and postings are made of."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID


class LetterKind(StrEnum):
    """The three kinds of letters; each becomes a case of the same kind."""

    COMPLAINT = "complaint"
    SUGGESTION = "suggestion"
    WISH = "wish"


class Way(StrEnum):
    """Where sorting sends a matter: the group deals with it itself, or it goes to a talk."""

    GROUP = "group"
    TALK = "talk"


class Days(StrEnum):
    """On which days a box is opened."""

    EVERY = "every"
    WORKING = "working"


@dataclass(frozen=True, slots=True)
class BoxDraft:
    """A box as the desk writes it down; ``openers`` take turns by the day."""

    id: UUID
    code: str
    name: str
    lon: float
    lat: float
    place_words: str = ""
    openers: tuple[UUID, ...] = ()
    open_by: str = "17:30"
    days: Days = Days.EVERY
    active: bool = True


@dataclass(frozen=True, slots=True)
class Record:
    """What the day's person says of his opening; ``opened_at`` is when he says it was."""

    opened_at: datetime
    letters: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """One of the matters of a letter; without a place it lies where the box hangs."""

    id: UUID
    kind: LetterKind
    text: str
    lon: float | None = None
    lat: float | None = None
    place_words: str = ""


@dataclass(frozen=True, slots=True)
class TalkDraft:
    """A residents' talk as it is called: when, where, on which cases, with whom."""

    id: UUID
    title: str
    place_words: str
    held_at: datetime
    chair: str
    case_ids: tuple[UUID, ...]
    units: tuple[tuple[UUID, str], ...]


@dataclass(frozen=True, slots=True)
class Promise:
    """Who does what by when."""

    id: UUID
    unit_id: UUID
    words: str
    due_on: date


@dataclass(frozen=True, slots=True)
class Decision:
    """What a talk decided on one case: the words, the day that was named, and who does what."""

    id: UUID
    case_id: UUID
    words: str
    promised_on: date | None
    promises: tuple[Promise, ...] = ()
