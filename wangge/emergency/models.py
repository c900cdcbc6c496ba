"""What an incident 突发事件 is made of: what somebody fills in, and where its parts stand."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

RUN = "incident.run"
READ = "incident.read"
HANDLE = "case.read"


class IncidentState(StrEnum):
    """Where an incident stands."""

    OPEN = "open"
    CLOSED = "closed"


class TaskState(StrEnum):
    """Where a task stands: given, 已签收, done, or no longer needed."""

    GIVEN = "given"
    TAKEN = "taken"
    DONE = "done"
    DROPPED = "dropped"


class Said(StrEnum):
    """What somebody says of a task."""

    TAKE = "take"
    DONE = "done"
    DROP = "drop"


class ResourceKind(StrEnum):
    """仓库, 泵, 队伍, 避难场所, 车辆."""

    WAREHOUSE = "warehouse"
    PUMP = "pump"
    TEAM = "team"
    SHELTER = "shelter"
    VEHICLE = "vehicle"


class Moved(StrEnum):
    """What becomes of a resource that was sent."""

    ON_SITE = "on_site"
    BACK = "back"


@dataclass(frozen=True, slots=True)
class Opening:
    """What somebody fills in to open an incident; of a case the place is the case's."""

    id: UUID
    drill: bool
    kind: str
    level: str
    title: str
    words: str = ""
    response: str = ""
    plan: str = ""
    case_id: UUID | None = None
    lon: float | None = None
    lat: float | None = None
    place_words: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """A task beside the plan: to a unit or to a person, with minutes from now if it has a time."""

    id: UUID
    words: str
    unit_id: UUID | None = None
    account_id: UUID | None = None
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Ending:
    """How an incident ended; the counts of people are 0 where nobody was harmed or moved."""

    result: str
    cause: str = ""
    lessons: str = ""
    dead: int = 0
    injured: int = 0
    moved: int = 0
