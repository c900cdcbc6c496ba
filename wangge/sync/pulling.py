"""What a phone may hold now, compared with what it was given: changed rows and tombstones.

No log is followed: states are compared, so that a change of post, of ground or of rules needs no
event, and nothing that was written without one is missed. Of each device two answers are
remembered, the last and the one before it, because the last may have been lost on its way.
"""

import secrets
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from wangge.kernel.db import Tx
from wangge.kernel.operations import COLLECTIONS
from wangge.people.models import Actor
from wangge.sync.devices import HOLD_FOR

LOG = """
select log || '.' || left(pg_walfile_name(pg_current_wal_lsn()), 8) as log from upkeep
"""
GIVEN = """
select sent_mark, sent, kept_mark, kept from sync_devices
where id = %s and account_id = %s for update
"""
GIVE = """
update sync_devices set kept_mark = %(base_mark)s, kept = %(base)s, sent_mark = %(mark)s,
    sent = %(given)s where id = %(device)s and account_id = %(account)s
"""
GONE = """
insert into sync_gone (account_id, record, at) select %s, unnest(%s::uuid[]), %s
on conflict (account_id, record) do nothing
"""
Given = dict[str, dict[str, str]]


@dataclass(frozen=True, slots=True)
class Base:
    """What the phone says it holds; ``anew``: nothing that can be relied on."""

    mark: str
    given: Given
    anew: bool


def log_name(tx: Tx) -> str:
    """Changes when the data were restored to an earlier moment."""
    row = tx.one(LOG)
    return str(row["log"]) if row else ""


def pull(tx: Tx, actor: Actor, device: UUID, cursor: str, limit: int) -> dict[str, Any]:
    """One page: what changed since ``cursor``, at most ``limit`` rows, and what is gone."""
    log = log_name(tx)
    row = tx.one(GIVEN, [device, actor.id])
    base = _base(row or {}, cursor, log)
    allowed = {name: known.stamps(tx, actor) for name, known in COLLECTIONS.items()}
    given: Given = {}
    changed: list[dict[str, Any]] = []
    gone: list[dict[str, Any]] = []
    more = False
    for name, known in COLLECTIONS.items():
        now = {str(record): stamp for record, stamp in allowed[name].items()}
        held = base.given.get(name, {})
        lost = [record for record in held if record not in now]
        wanted = [record for record, stamp in now.items() if held.get(record) != stamp]
        room = limit - len(changed)
        more = more or len(wanted) > room
        rows = known.rows(tx, actor, [UUID(one) for one in wanted[:room]]) if room > 0 else {}
        changed += [
            {"collection": name, "id": str(record), "data": data} for record, data in rows.items()
        ]
        gone += [{"collection": name, "id": record} for record in lost]
        sent = {str(record) for record in rows}
        given[name] = {
            record: stamp if record in sent else held[record]
            for record, stamp in now.items()
            if record in sent or record in held
        }
    mark = base.mark
    if changed or gone or base.anew:
        mark = _keep(tx, actor, device, base, given, [one["id"] for one in gone])
    return {
        "cursor": f"{log}.{mark}",
        "anew": base.anew,
        "more": more,
        "log": log,
        "server_time": tx.now,
        "hold_until": tx.now + HOLD_FOR,
        "changed": changed,
        "gone": gone,
        "holds": [
            {"collection": name, "zh": known.zh, "en": known.en, "count": len(allowed[name])}
            for name, known in COLLECTIONS.items()
        ],
    }


def _base(row: dict[str, Any], cursor: str, log: str) -> Base:
    said, _, mark = cursor.rpartition(".")
    if mark and said == log:
        for kept in ("sent", "kept"):
            if row.get(f"{kept}_mark") == mark:
                return Base(mark, row[kept], anew=False)
    return Base("", {}, anew=True)


def _keep(tx: Tx, actor: Actor, device: UUID, base: Base, given: Given, gone: list[str]) -> str:
    mark = secrets.token_urlsafe(9)
    tx.run(
        GIVE,
        {"base_mark": base.mark, "base": Jsonb(base.given), "mark": mark, "given": Jsonb(given),
         "device": device, "account": actor.id},
    )  # fmt: skip
    if gone:
        tx.run(GONE, [actor.id, gone, tx.now])
    return mark
