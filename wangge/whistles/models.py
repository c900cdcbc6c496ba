"""What a whistle and the call of one unit are made of."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class WhistleState(StrEnum):
    """Where a whistle stands."""

    OPEN = "open"
    CONCLUDED = "concluded"
    CANCELLED = "cancelled"


class Kind(StrEnum):
    """Whom a whistle calls: units, or members nearby who can do what is needed."""

    UNITS = "units"
    MEMBERS = "members"


class CallState(StrEnum):
    """Where the call of one unit stands."""

    CALLED = "called"
    ARRIVED = "arrived"
    CONFIRMED = "confirmed"
    ABSENT = "absent"
    CONTESTED = "contested"
    EXCUSED = "excused"
    SIGNED = "signed"


class CallAction(StrEnum):
    """What somebody says of one call."""

    ARRIVE = "arrive"
    CONTEST = "contest"
    UPHOLD = "uphold"
    REJECT = "reject"
    CONFIRM = "confirm"
    MARK_ABSENT = "mark_absent"
    SIGN = "sign"
    REPORT = "report"


class Outcome(StrEnum):
    """How a whistle ended, in the words of whoever blew it."""

    SOLVED = "solved"
    PARTLY = "partly"
    UNSOLVED = "unsolved"


class Box(StrEnum):
    """The lists of whistles: what waits for me, what I see that is open, what is over."""

    TODO = "todo"
    OPEN = "open"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Blow:
    """What somebody fills in to blow a whistle; on a case the place is the case's."""

    id: UUID
    reason: str
    words: str
    unit_ids: tuple[UUID, ...] = ()
    kind: Kind = Kind.UNITS
    skill: str = ""
    wanted: int = 0
    case_id: UUID | None = None
    area_id: UUID | None = None
    lon: float | None = None
    lat: float | None = None
    place_words: str = ""
    report_by: datetime | None = None
    source_ref: str = ""


@dataclass(frozen=True, slots=True)
class CallStep:
    """What somebody fills in about one call; ``version`` is the whistle's as he saw it."""

    id: UUID
    action: CallAction
    version: int | None = None
    note: str = ""
    reason: str = ""
