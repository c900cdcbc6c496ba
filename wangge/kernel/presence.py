"""Who has the same subject open now: names in memory for less than a minute, and nowhere else."""

from dataclasses import dataclass, field
from uuid import UUID

import orjson

from wangge.kernel.db import Tx

CHANNEL = "wangge_presence"
# A screen says every twenty seconds that it is still there.
LASTS_SECONDS = 50.0


@dataclass(frozen=True, slots=True)
class Here:
    """Somebody who has come to a subject, is still there, or has left it."""

    subject: UUID
    account_id: UUID
    name: str
    title: str
    stays: bool


def announce(tx: Tx, here: Here) -> None:
    """Tell every process at commit; the announcement is written down nowhere."""
    tx.one("select pg_notify(%s, %s)", [CHANNEL, orjson.dumps(here).decode()])


def read_here(payload: str) -> Here:
    said = orjson.loads(payload)
    return Here(
        UUID(said["subject"]), UUID(said["account_id"]), said["name"], said["title"], said["stays"]
    )


@dataclass
class Places:
    """What one process knows of who is where; moments are those of its own clock, in seconds."""

    people: dict[UUID, dict[UUID, tuple[Here, float]]] = field(default_factory=dict)

    def hear(self, here: Here, now: float) -> bool:
        """Whether somebody came or left; one who stays is only remembered anew."""
        there = self.people.setdefault(here.subject, {})
        known = there.pop(here.account_id, None)
        if here.stays:
            there[here.account_id] = (here, now)
        elif not there:
            del self.people[here.subject]
        return (known is not None) != here.stays

    def forget(self, now: float) -> list[UUID]:
        """The subjects that somebody has left without a word."""
        emptied = []
        for subject, there in list(self.people.items()):
            gone = [one for one, (_, at) in there.items() if now - at > LASTS_SECONDS]
            for one in gone:
                del there[one]
            if gone:
                emptied.append(subject)
            if not there:
                del self.people[subject]
        return emptied

    def others(self, subject: UUID, account_id: UUID) -> list[dict[str, str]]:
        there = self.people.get(subject, {})
        return [
            {"name": here.name, "title": here.title}
            for one, (here, _) in there.items()
            if one != account_id
        ]

    def at(self, subject: UUID) -> frozenset[UUID]:
        return frozenset(self.people.get(subject, {}))
