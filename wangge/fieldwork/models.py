"""What a grid worker records, as a phone or a screen says it."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID


class RecordKind(StrEnum):
    """What a record is of."""

    VISIT = "visit"
    SERVICE = "service"
    OUTREACH = "outreach"
    ERRAND = "errand"
    TALK = "talk"
    PATROL = "patrol"
    CHECK = "check"


class Finding(StrEnum):
    """What somebody who supervises found where he stood."""

    IN_ORDER = "in_order"
    NOT_IN_ORDER = "not_in_order"
    NOT_CLEAR = "not_clear"


class Follow(StrEnum):
    """What follows from it; the first four of a case, the last opens a new one."""

    NONE = "none"
    URGE = "urge"
    NOTICE = "notice"
    REWORK = "rework"
    CASE = "case"


class Result(StrEnum):
    """How a call at a door ended; ``AGAIN``: another day was agreed."""

    IN = "in"
    NOT_HOME = "not_home"
    REFUSED = "refused"
    AGAIN = "again"


class FieldTaskState(StrEnum):
    """An open task is the ground's, whoever works there."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What a need becomes: a task for the grid by a day, or a case with an id of its own."""

    id: UUID
    words: str
    due_on: date | None = None
    as_case: bool = False
    type: str | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """One call at a door. A home of the register, or words where whoever calls reads no register.

    ``done_at`` is when it was by the clock of whoever made it; when it came is the server's.
    """

    result: Result
    done_at: datetime
    household_id: UUID | None = None
    area_id: UUID | None = None
    place_words: str = ""
    met: str = ""
    topics: tuple[str, ...] = ()
    words: str = ""
    needs: str = ""
    again_on: date | None = None
    partner_id: UUID | None = None
    follow_ups: tuple[FollowUp, ...] = ()


@dataclass(frozen=True, slots=True)
class Service:
    """为民服务, 宣传, 代办, 座谈: what it was, for how many, and whatever words there are."""

    kind: RecordKind
    done_at: datetime
    type: str = ""
    household_id: UUID | None = None
    area_id: UUID | None = None
    place_words: str = ""
    words: str = ""
    people: int | None = None
    partner_id: UUID | None = None
    follow_ups: tuple[FollowUp, ...] = ()


@dataclass(frozen=True, slots=True)
class Stretch:
    """From one place to another, named by its streets; there is nothing finer.

    One of a plan is ticked as walked, without ``minutes``.
    """

    begins: str
    ends: str
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Patrol:
    """A walk round: planned or not, with what was put right on the way and what became a case."""

    done_at: datetime
    area_id: UUID | None = None
    plan_id: UUID | None = None
    words: str = ""
    place_words: str = ""
    partner_id: UUID | None = None
    stretches: tuple[Stretch, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()


@dataclass(frozen=True, slots=True)
class PatrolPlan:
    """A common route and time, for people and for units that come along."""

    area_id: UUID
    title: str
    route: str
    begins_at: datetime
    ends_at: datetime
    unit_ids: tuple[UUID, ...] = ()
    account_ids: tuple[UUID, ...] = ()
    stretches: tuple[Stretch, ...] = ()


@dataclass(frozen=True, slots=True)
class SpotCheck:
    """现场督查: what was found at a case or on a ground, in words, and what is to follow.

    ``follow_id`` is the notice's, the step's or the new case's own; ``lon`` and ``lat`` are of
    what was looked at, where the device said them.
    """

    finding: Finding
    words: str
    done_at: datetime
    follow: Follow = Follow.NONE
    follow_id: UUID | None = None
    case_id: UUID | None = None
    area_id: UUID | None = None
    lon: float | None = None
    lat: float | None = None
    place_words: str = ""
    type: str | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """``number``: of the cases that it led to, in the order of its follow-ups."""

    id: UUID
    fresh: bool
    duplicate_of: UUID | None = None
    cases: tuple[str, ...] = ()
