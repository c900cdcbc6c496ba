"""What the command desk orders and whom it reaches."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Order:
    """Units sent out together: one that leads, if the case has none yet, and those that assist.

    ``minutes``: within how many each has to acknowledge; ``tasks`` are the ids of the child tasks.
    """

    id: UUID
    words: str
    minutes: int
    lead: UUID | None = None
    assist: Sequence[UUID] = ()
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Word:
    """A sentence to people by their posts; ``id`` is the line in the history of the case."""

    id: UUID
    to: Sequence[UUID]
    words: str
