"""What a case tells in its own history of what happens to it at the mailbox."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from wangge.cases.models import Action, StepInput, Taker
from wangge.cases.service import marked
from wangge.kernel.db import Tx
from wangge.kernel.ids import new_id
from wangge.people.models import Actor


def taker_of(actor: Actor) -> Taker:
    return Taker("account", actor.id, actor.name, actor.title)


def tell_case(
    tx: Tx,
    case: dict[str, Any],
    actor: Actor,
    did: str,
    note: str,
    *,
    called: Sequence[UUID] = (),
    **data: Any,
) -> dict[str, Any]:
    """A line that leaves the case where it is; whoever is called to it sees it from then on."""
    said = {"did": did, **data, **({"called": [str(one) for one in called]} if called else {})}
    line = StepInput(id=new_id(), action=Action.MAILBOX, note=note, data=said)
    return marked(tx, case, line, taker_of(actor))
