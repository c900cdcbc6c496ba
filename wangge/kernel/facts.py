"""Facts: what happened, in the past tense, recorded in the transaction that made it true."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from psycopg.types.json import Jsonb

from wangge.kernel.db import Tx
from wangge.kernel.ids import new_id


@dataclass(slots=True)
class Fact:
    """Plain values only, so that it can be replayed; nobody changes one (see cases.StepInput).

    ``pos``, ``unit_ids`` and ``account_id`` say who may hear of it on a live screen. Handlers alone
    are told whether it is ``in_batch``: one of an import, which is no news each by itself.
    """

    name: str
    subject: UUID
    body: dict[str, Any] = field(default_factory=dict)
    pos: int | None = None
    unit_ids: Sequence[UUID] = ()
    account_id: UUID | None = None
    in_batch: bool = False


Handler = Callable[[Tx, Sequence[Fact]], None]
_handlers: dict[str, list[Handler]] = defaultdict(list)
# Of some subjects: the units and accounts that each is kept from, whatever else they may hear.
Keeper = Callable[[Tx, list[UUID]], dict[UUID, frozenset[UUID]]]
_keepers: list[Keeper] = []


def on(name: str) -> Callable[[Handler], Handler]:
    """Register a handler: same transaction, a batch at a time, and its failure undoes all."""

    def register(handler: Handler) -> Handler:
        _handlers[name].append(handler)
        return handler

    return register


def kept_by(keeper: Keeper) -> Keeper:
    """Register who knows of subjects that are kept from somebody; asked for a page at a time."""
    _keepers.append(keeper)
    return keeper


def kept_from(tx: Tx, subjects: Sequence[UUID]) -> dict[UUID, frozenset[UUID]]:
    """Of each subject that is kept from somebody, the units and accounts that do not hear of it."""
    found: dict[UUID, frozenset[UUID]] = {}
    for keeper in _keepers if subjects else ():
        for subject, whom in keeper(tx, list(dict.fromkeys(subjects))).items():
            found[subject] = found.get(subject, frozenset()) | whom
    return found


def _row(fact: Fact) -> dict[str, Any]:
    return {
        "id": str(new_id()),
        "name": fact.name,
        "subject": str(fact.subject),
        "body": fact.body,
        "pos": fact.pos,
        "unit_ids": [str(unit) for unit in fact.unit_ids],
        "account_id": fact.account_id and str(fact.account_id),
    }


def record(tx: Tx, facts: Sequence[Fact]) -> None:
    """Write the facts, wake their readers at commit, and run the handlers now."""
    if not facts:
        return
    tx.one("select record_facts(%s, %s)", [Jsonb([_row(fact) for fact in facts]), tx.now])
    for name in dict.fromkeys(fact.name for fact in facts):
        for handler in _handlers[name]:
            handler(tx, [fact for fact in facts if fact.name == name])


COLUMNS = ("id", "name", "subject", "body", "pos", "unit_ids", "account_id", "historic", "at")


def remember(tx: Tx, happened: Sequence[tuple[Fact, datetime]]) -> None:
    """Write facts of a past that was computed: no handler runs, no reader is woken or sent any."""
    tx.copy(
        "facts",
        COLUMNS,
        (
            (
                new_id(), fact.name, fact.subject, orjson.dumps(fact.body).decode(), fact.pos,
                list(fact.unit_ids), fact.account_id, True, at,
            )
            for fact, at in happened
        ),
    )  # fmt: skip
