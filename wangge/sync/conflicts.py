"""The conflict list: both values kept, or a step that was too late, until a person decides."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from psycopg.types.json import Jsonb

from wangge.kernel import crypto, facts
from wangge.kernel.db import Role, Tx, dumps
from wangge.kernel.errors import Invalid, NotFound, Refusal
from wangge.kernel.operations import KINDS, LEADS, Kind, Operation, Outcome, State
from wangge.people.models import Actor
from wangge.sync.models import Receipt, Sent

COLUMNS = """
select x.id, x.account_id, x.account_name, x.kind, x.collection, x.record, x.why, x.code, x.zh,
    x.en, x.body_sealed, x.pos, x.unit_ids, x.made_at, x.received_at, x.state, x.decision,
    x.decided_by, x.decided_name, x.decided_at,
    h.id as home, coalesce(c.number || ' ' || c.title, d.building || d.unit || d.room, '') as about
from sync_conflicts x left join cases c on c.id = x.record
left join residents r on r.id = x.record left join care_entries e on e.id = x.record
left join households h on h.id = coalesce(r.household_id, e.household_id, x.record)
left join dwellings d on d.id = h.dwelling_id
"""
MINE = """(x.account_id = %(me)s
    or x.pos <@ coalesce(%(others)s::jsonb ->> x.kind, %(ground)s)::int4multirange)"""
DECIDE = """
update sync_conflicts set state = 'decided', decision = %(decision)s, decided_by = %(me)s,
    decided_name = %(name)s, decided_at = %(now)s where id = %(id)s
"""
MOST = 200


def add(tx: Tx, actor: Actor, kind: Kind, sent: Sent, outcome: Outcome, receipt: Receipt) -> None:
    """Put an operation on the list, in the transaction that takes it."""
    operation = sent.operation
    body = {"fields": outcome.details.get("fields", []), "payload": dict(operation.payload)}
    fields = outcome.state is State.CONFLICT
    tx.insert(
        "sync_conflicts",
        [
            {
                "id": operation.id, "account_id": actor.id, "account_name": actor.name,
                "kind": kind.name, "collection": kind.collection, "record": operation.record,
                "why": "fields" if fields else "proposal", "code": receipt.code,
                "zh": (receipt.message or {}).get("zh", ""),
                "en": (receipt.message or {}).get("en", ""),
                "body_sealed": crypto.seal(tx.cell.tenant, dumps(body).decode()),
                "pos": outcome.place.pos, "unit_ids": list(outcome.place.unit_ids),
                "made_at": operation.made_at, "received_at": sent.received_at,
            }
        ],
    )  # fmt: skip
    _tell(tx, "ConflictListed", operation.id, operation.record, outcome.place.pos, actor.id)


def _tell(tx: Tx, name: str, conflict: UUID, record: UUID, pos: int | None, account: UUID) -> None:
    told = facts.Fact(name, record, {"conflict": str(conflict)}, pos, account_id=account)
    facts.record(tx, [told])


def _ground(actor: Actor) -> dict[str, Any]:
    others = {
        kind.name: actor.reach(kind.leads).scope for kind in KINDS.values() if kind.leads != LEADS
    }
    return {"me": actor.id, "ground": actor.reach(LEADS).scope, "others": Jsonb(others)}


def listing(tx: Tx, actor: Actor, *, decided: bool) -> list[dict[str, Any]]:
    """Mine and, for whoever leads, those of his ground; the newest first."""
    rows = tx.rows(
        f"{COLUMNS} where {MINE} and x.state = %(state)s"
        f" order by x.received_at desc, x.id desc limit {MOST}",
        {**_ground(actor), "state": "decided" if decided else "open"},
    )
    return [_view(tx, actor, row) for row in rows]


def _view(tx: Tx, actor: Actor, row: dict[str, Any]) -> dict[str, Any]:
    body = _masked(row["kind"], orjson.loads(crypto.open_(tx.cell.tenant, row["body_sealed"])))
    return {
        **{name: row[name] for name in ("id", "kind", "collection", "record", "why")},
        "code": row["code"],
        "about": row["about"],
        "home": row["home"],
        **{name: row[name] for name in ("made_at", "received_at", "state")},
        "message": {"zh": row["zh"], "en": row["en"]} if row["zh"] else None,
        "fields": body["fields"],
        "payload": body["payload"],
        "by": {"id": row["account_id"], "name": row["account_name"]},
        "mine": row["account_id"] == actor.id,
        "decided": {
            **row["decision"],
            "by": {"id": row["decided_by"], "name": row["decided_name"]},
            "at": row["decided_at"],
        }
        if row["decision"]
        else None,
    }


def _masked(kind: str, body: dict[str, Any]) -> dict[str, Any]:
    """Names and numbers as masks: whoever decides need not know them to know whose is newer."""
    known = KINDS.get(kind)
    if known is None or known.merging is None:
        return body
    shown = known.merging.shown
    fields = [{**one, "mine": shown(one["field"], one["mine"])} for one in body["fields"]]
    typed = body["payload"].get("fields", {})
    masked = {name: shown(name, value) for name, value in typed.items()}
    return {"fields": fields, "payload": {**body["payload"], "fields": masked}}


def role_of(tx: Tx, actor: Actor, conflict_id: UUID) -> Role:
    """In whose role it is decided: that of its kind; refuses what its reader may not see."""
    row = tx.one(
        f"select x.kind from sync_conflicts x where x.id = %(id)s and {MINE}",
        {**_ground(actor), "id": conflict_id},
    )
    if row is None:
        raise _no_such_conflict()
    return KINDS[row["kind"]].role


def _no_such_conflict() -> NotFound:
    return NotFound("no_such_conflict", "没有这条待处理内容", "no such conflict")


def decide(
    tx: Tx,
    actor: Actor,
    conflict_id: UUID,
    decision_id: UUID,
    *,
    choices: Mapping[str, str],
    choice: str,
    note: str,
) -> dict[str, Any]:
    """Decide as ``actor``, with his rights and what stands today; both values stay readable."""
    row = tx.one(
        f"{COLUMNS} where x.id = %(id)s and {MINE} for update of x",
        {**_ground(actor), "id": conflict_id},
    )
    if row is None:
        raise _no_such_conflict()
    decision = {"choices": dict(choices), "choice": choice, "note": note.strip()}
    if row["state"] == "decided":
        if row["decision"] != decision:
            raise Refusal("decided_already", "这一条已经处理过了", "this was decided already")
        return _view(tx, actor, row)
    body = orjson.loads(crypto.open_(tx.cell.tenant, row["body_sealed"]))
    if row["why"] == "fields":
        _choose(tx, actor, row, body, decision_id, choices)
    elif choice == "take":
        _retry(tx, actor, row, body, decision_id)
    elif choice != "drop":
        raise Invalid("choice_needed", "请选择采纳或放弃", "choose take or drop", field="choice")
    tx.run(
        DECIDE,
        {"decision": Jsonb(decision), "me": actor.id, "name": actor.name, "now": tx.now,
         "id": conflict_id},
    )  # fmt: skip
    _tell(tx, "ConflictDecided", conflict_id, row["record"], row["pos"], row["account_id"])
    again = tx.one(f"{COLUMNS} where x.id = %(id)s", {"id": conflict_id})
    return _view(tx, actor, again or row)


def _again(
    row: dict[str, Any], decision_id: UUID, payload: dict[str, Any], at: datetime
) -> Operation:
    by = (row["account_id"], row["made_at"])
    return Operation(decision_id, row["kind"], row["record"], payload, at, by=by)


def _choose(
    tx: Tx,
    actor: Actor,
    row: dict[str, Any],
    body: dict[str, Any],
    decision_id: UUID,
    choices: Mapping[str, str],
) -> None:
    """Every field gets a word; where it is the phone's, its value is written over what stands."""
    named = {one["field"]: one["mine"] for one in body["fields"]}
    if set(choices) != set(named) or not set(choices.values()) <= {"mine", "theirs"}:
        raise Invalid(
            "choices_needed", "请为每一项选择保留哪个值", "choose one value for each field",
            field="choices",
        )  # fmt: skip
    wanted = {name: value for name, value in named.items() if choices[name] == "mine"}
    merging = KINDS[row["kind"]].merging
    if merging is None:
        return
    stands = merging.read(tx, actor, row["record"])
    changed = {name: value for name, value in wanted.items() if stands.get(name) != value}
    if changed:
        merging.write(tx, actor, _again(row, decision_id, body["payload"], tx.now), changed)


def _retry(
    tx: Tx, actor: Actor, row: dict[str, Any], body: dict[str, Any], decision_id: UUID
) -> None:
    kind = KINDS[row["kind"]]
    operation = _again(row, decision_id, body["payload"], tx.now)
    if kind.merging:
        fields = body["payload"].get("fields", {})
        kind.merging.read(tx, actor, row["record"])
        kind.merging.write(tx, actor, operation, fields)
    elif kind.apply:
        kind.apply(tx, actor, operation)
