"""The history of a whistle, and what of it the case tells on which it hangs."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from wangge.cases.models import SYSTEM, Action, StepInput, Taker
from wangge.cases.service import marked
from wangge.kernel import facts
from wangge.kernel.db import Tx
from wangge.kernel.ids import new_id
from wangge.people.models import Actor

LINE = """
insert into whistle_steps (id, whistle_id, seq, action, call_id, unit_id, actor_kind, account_id,
    actor_name, actor_title, note, reason, data, at)
select %(id)s, %(whistle)s, coalesce(max(seq), 0) + 1, %(action)s, %(call)s, %(unit)s, %(kind)s,
    %(account)s, %(name)s, %(title)s, %(note)s, %(reason)s, %(data)s, %(at)s
from whistle_steps where whistle_id = %(whistle)s
"""


def taker_of(actor: Actor | None) -> Taker:
    return Taker("account", actor.id, actor.name, actor.title) if actor else SYSTEM


def write_step(
    tx: Tx,
    whistle: dict[str, Any],
    action: str,
    actor: Actor | None,
    *,
    step_id: UUID | None = None,
    call: dict[str, Any] | None = None,
    note: str = "",
    reason: str = "",
) -> None:
    """One line, written once; the whistle is locked, so its number is its own."""
    taker = taker_of(actor)
    tx.run(
        LINE,
        {
            "id": step_id or new_id(), "whistle": whistle["id"], "action": action,
            "call": call and call["id"], "unit": call and call["unit_id"], "kind": taker.kind,
            "account": taker.account_id, "name": taker.name, "title": taker.title,
            "note": note, "reason": reason, "data": Jsonb({}), "at": tx.now,
        },
    )  # fmt: skip


def tell_case(
    tx: Tx,
    case: dict[str, Any] | None,
    whistle: dict[str, Any],
    actor: Actor | None,
    did: str,
    note: str,
    *,
    unit: dict[str, Any] | None = None,
    called: Sequence[UUID] = (),
) -> None:
    """A line in the case's own history; whoever is called to it sees it from then on."""
    if case is None:
        return
    data = {"whistle": str(whistle["id"]), "number": whistle["number"], "did": did}
    name = unit["unit"] if unit else ""
    if name:
        data["unit"] = name
    line = StepInput(
        id=new_id(),
        action=Action.WHISTLE,
        note=note or name,
        unit_id=unit["unit_id"] if unit else None,
        data={**data, "called": [str(one) for one in called]} if called else data,
    )
    marked(tx, case, line, taker_of(actor))


def say(tx: Tx, whistle: dict[str, Any], code: str, call: dict[str, Any] | None = None) -> None:
    """What the bus carries: open screens hear of it, and people are told by a job."""
    body = {"code": code, "call": str(call["id"]) if call else ""}
    facts.record(
        tx,
        [
            facts.Fact(
                "WhistleMoved",
                whistle["id"],
                body,
                whistle["pos"],
                whistle["unit_ids"],
                whistle["caller_id"],
            )
        ],
    )
