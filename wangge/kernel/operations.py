"""Operations: what a phone did without a network, and which module takes each kind of it.

Modules register their kinds and what a phone may hold of theirs; `wangge.sync` takes, orders,
merges and answers. ``actor`` is the signed-in person as the people module reads him.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from wangge.kernel.db import Role, Tx
from wangge.kernel.errors import NotAllowed, NotFound, Refusal


class State(StrEnum):
    """What became of an operation; only ``later`` is no answer for good."""

    APPLIED = "applied"
    REPEATED = "repeated"
    MERGED = "merged"
    CONFLICT = "conflict"
    PROPOSAL = "proposal"
    REFUSED = "refused"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that somebody did. Times are those of the city, put right by the server.

    ``version`` and ``base`` are what he saw; ``had()`` says whether this account was ever given
    the record, or did anything about it before. ``sure``: no time still lay in the future when
    the phone's clock was put right. ``by``: whose it is and of when, where somebody
    else decides what becomes of it.
    """

    id: UUID
    kind: str
    record: UUID
    payload: Mapping[str, Any]
    made_at: datetime
    found_at: datetime | None = None
    done_at: datetime | None = None
    version: int | None = None
    base: Mapping[str, Any] = field(default_factory=dict)
    had: Callable[[], bool] = lambda: False
    by: tuple[UUID, datetime] | None = None
    sure: bool = False

    def times(self) -> dict[str, str]:
        """For a history: when it was made, found and done, beside when it was received."""
        said = {"made_at": self.made_at, "found_at": self.found_at, "done_at": self.done_at}
        return {name: at.isoformat() for name, at in said.items() if at is not None}


@dataclass(frozen=True, slots=True)
class Place:
    """Whose ground and units a record is, so that the right people see its conflicts."""

    pos: int | None = None
    unit_ids: Sequence[UUID] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a kind answers; ``refusal`` is why it could not be as it was typed.

    ``place`` is asked for only when something is left for a person to decide.
    """

    state: State = State.APPLIED
    result: dict[str, Any] = field(default_factory=dict)
    details: dict[str, Any] = field(default_factory=dict)
    refusal: Refusal | None = None
    place: Place = Place()


class Later(Refusal):
    """Not now, but the same operation may be taken once something else has come."""

    status = 409


Apply = Callable[[Tx, Any, Operation], Outcome]
# What still counts of an operation that was refused; None: nothing does.
Instead = Callable[[Tx, Any, Operation, Refusal], Outcome | None]


@dataclass(frozen=True, slots=True)
class Merging:
    """A kind that changes fields of a record which others change too.

    ``read`` locks the record and gives the present values of all its fields; ``write`` changes
    some of them; ``place`` says whose it is. Values are plain, as JSON has them. ``shown`` masks
    a typed value for whoever reads the conflict list.
    """

    read: Callable[[Tx, Any, UUID], dict[str, Any]]
    write: Callable[[Tx, Any, Operation, dict[str, Any]], None]
    place: Callable[[Tx, UUID], Place]
    shown: Callable[[str, Any], Any] = lambda _field, value: value


LEADS = "case.entrust"


@dataclass(frozen=True, slots=True)
class Kind:
    """``walled``: under row-level security. ``leavers``: taken too after the post has ended.

    ``leads``: the right to the ground by which others than their person see its conflicts.
    """

    name: str
    apply: Apply | None = None
    merging: Merging | None = None
    instead: Instead | None = None
    walled: bool = True
    leavers: bool = False
    collection: str = ""
    leads: str = LEADS

    @property
    def role(self) -> Role:
        return "app" if self.walled else "intake"


@dataclass(frozen=True, slots=True)
class Collection:
    """What a phone may hold of one sort, and why; both functions run under row-level security.

    ``stamps`` gives every record that this person may hold now, with a stamp that changes whenever
    what ``rows`` would give of it changes.
    """

    name: str
    zh: str
    en: str
    stamps: Callable[[Tx, Any], dict[UUID, str]]
    rows: Callable[[Tx, Any, Sequence[UUID]], dict[UUID, dict[str, Any]]]


KINDS: dict[str, Kind] = {}
COLLECTIONS: dict[str, Collection] = {}


def kind(known: Kind) -> Kind:
    """Register a kind; a name is registered once."""
    if known.name in KINDS:
        message = f"registered twice: {known.name}"
        raise KeyError(message)
    KINDS[known.name] = known
    return known


def collection(known: Collection) -> Collection:
    """Register what a phone may hold; the order of registering is the order of the pages."""
    if known.name in COLLECTIONS:
        message = f"registered twice: {known.name}"
        raise KeyError(message)
    COLLECTIONS[known.name] = known
    return known


def is_too_late(refusal: Refusal) -> bool:
    """Whether a step was overtaken by what happened, rather than filled in wrongly."""
    return isinstance(refusal, NotAllowed | NotFound) or (
        refusal.status == Refusal.status and refusal.code != "id_taken"
    )
