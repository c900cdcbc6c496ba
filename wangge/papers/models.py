"""The contents of the papers this platform prints; every text is ready to be read."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Word:
    """A term in both languages, Chinese first."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A photograph with what it shows; JPEG or PNG bytes, as small as will do on paper."""

    caption: str
    data: bytes = field(repr=False)
    shot_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One step of a case: who did what when; ``note`` is internal, ``answer`` is for the asker."""

    round: int
    at: datetime
    action: Word
    actor: str
    unit: str = ""
    note: str = ""
    answer: str = ""


@dataclass(frozen=True, slots=True)
class AskedFor:
    """A request that was made in a case, and its outcome in words."""

    name: Word
    by: str
    at: datetime
    words: str
    until: datetime | None
    outcome: Word
    decided_by: str = ""
    decided_at: datetime | None = None
    decision: str = ""
    granted_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class CaseFile:
    """The printed file of a case; ``asker`` is already masked."""

    brand: str
    number: str
    title: str
    text: str
    kind: Word
    type: Word | None
    state: Word
    channel: Word
    place: str
    received_at: datetime
    due_at: datetime | None
    asker: str
    lines: Sequence[Line]
    printed_at: datetime
    printed_by: str
    url: str
    pictures: Sequence[Picture] = ()
    internal: bool = False
    requests: Sequence[AskedFor] = ()


@dataclass(frozen=True, slots=True)
class SupervisionPaper:
    """A supervision notice, listing or criticism on paper, with its answer if there is one."""

    brand: str
    kind: Word
    number: str
    unit: str
    case_number: str
    title: str
    reason: str
    issued_by: str
    issued_at: datetime
    answer_by: datetime | None
    answer: str
    answered_by: str
    answered_at: datetime | None
    ended_by: str
    ended_at: datetime | None
    ended_why: str
    printed_at: datetime
    printed_by: str
    url: str


@dataclass(frozen=True, slots=True)
class ShiftPaper:
    """A shift's handover on paper; each row is what its table shows, in order.

    ``cases`` are the most pressing of ``in_all``.
    """

    brand: str
    unit: str
    begins: datetime
    ends: datetime
    cases: Sequence[Sequence[str]]
    in_all: int
    promises: Sequence[Sequence[str]]
    lent: Sequence[Sequence[str]]
    given_name: str
    given_at: datetime
    given_words: str
    taken_name: str
    taken_at: datetime | None
    taken_words: str
    printed_at: datetime
    printed_by: str


@dataclass(frozen=True, slots=True)
class Server:
    """Somebody who serves an area, as the public notice names them."""

    name: str
    duty: str
    phone: str


@dataclass(frozen=True, slots=True)
class Group:
    """People of one kind on the public notice."""

    kind: Word
    people: Sequence[Server]


Ring = Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class ServePoster:
    """The public notice of who serves an area; ``border`` in degrees, drawn as a sketch only."""

    brand: str
    slogan: str
    area: str
    path: Sequence[str]
    groups: Sequence[Group]
    hotline: str
    supervision_phone: str
    url: str
    made_on: date
    colour: str = "#1a5fb4"
    border: Sequence[Ring] = ()
    paper: str = "a3"
