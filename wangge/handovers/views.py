"""What a screen shows of items that wait, with what this person may do."""

from typing import Any
from uuid import UUID

from wangge.handovers import queries
from wangge.handovers.models import Row
from wangge.handovers.service import may_give, may_sign, roles_for
from wangge.kernel.db import Tx
from wangge.people.models import Actor
from wangge.people.schemas import words


def page(tx: Tx, actor: Actor) -> dict[str, Any]:
    """Everything that waits for this person, the earliest due first."""
    known: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    items = [_view(tx, actor, row, known) for row in queries.mine(tx, actor.id)]
    return {
        "items": items,
        "next": None,
        "to_sign": sum(item["may_sign"] for item in items),
        "to_give": sum(item["may_give"] and not item["to_name"] for item in items),
    }


def _view(tx: Tx, actor: Actor, row: Row, known: dict[Any, Any]) -> dict[str, Any]:
    gives = may_give(actor, row)
    key: tuple[UUID | None, int | None, str] = (
        row["unit_id"], None if row["unit_id"] else row["pos"], row["kind"],
    )  # fmt: skip
    if gives and key not in known:
        known[key] = [
            {**one, "role": words(one["role"])}
            for one in queries.able(tx, row, roles_for(row["kind"]))
        ]
    return {
        **{
            name: row[name]
            for name in (
                "id", "case_id", "thing_id", "kind", "what",
                "number", "title", "state", "due_at", "names",
                "place_words", "from_name", "from_title", "at", "to_name", "given_name",
            )
        },
        "case_state": row["now_state"],
        "overdue": row["overdue_at"] is not None,
        "place": row["place"] or "",
        "may_give": gives,
        "may_sign": may_sign(tx, actor, row),
        "people": known.get(key, []) if gives else [],
    }  # fmt: skip
