"""Things that a desk lent: to whom, until when, and back."""

from datetime import datetime
from uuid import UUID

from wangge.handovers import shifts
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, NotAllowed, NotFound
from wangge.people.models import Actor


def lend(
    tx: Tx, actor: Actor, key: UUID, *, unit_id: UUID, what: str, to_whom: str, due: datetime | None
) -> None:
    """Write down what was lent; a repeat with the same id changes nothing."""
    _must_be_of(tx, actor, unit_id)
    for name, value in (("what", what), ("to_whom", to_whom)):
        if not value:
            raise Invalid("field_needed", "请填写物品和借用人", "say what was lent and to whom",
                          field=name)  # fmt: skip
    if tx.one("select 1 from lent_items where id = %s", [key]) is None:
        tx.insert(
            "lent_items",
            [
                {
                    "id": key,
                    "unit_id": unit_id,
                    "what": what,
                    "to_whom": to_whom,
                    "due_at": due,
                    "lent_by": actor.id,
                    "lent_name": actor.name,
                    "lent_at": tx.now,
                }
            ],
        )


def returned(tx: Tx, actor: Actor, key: UUID) -> UUID:
    """It is back; a repeat changes nothing. Returns the unit."""
    row = tx.one("select unit_id from lent_items where id = %s for update", [key])
    if row is None or row["unit_id"] not in actor.unit_ids:
        raise NotFound("no_such_item", "没有这件借出的物品", "there is no such thing lent")
    tx.run(
        "update lent_items set returned_at = %s, returned_name = %s"
        " where id = %s and returned_at is null",
        [tx.now, actor.name, key],
    )
    found: UUID = row["unit_id"]
    return found


def _must_be_of(tx: Tx, actor: Actor, unit_id: UUID) -> None:
    shifts.must_see(tx, actor, unit_id)
    if unit_id not in actor.unit_ids:
        raise NotAllowed(
            "not_of_this_unit", "只能登记本单位借出的物品", "only things of one's own unit"
        )
