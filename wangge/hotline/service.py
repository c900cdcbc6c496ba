"""What a desk does with its orders: keep a layout, note a change, decide on a likely double."""

from typing import Literal
from uuid import UUID

from psycopg.types.json import Jsonb

from wangge.audit.service import record
from wangge.hotline.batches import desk_of
from wangge.hotline.layouts import Layout
from wangge.kernel.db import Tx
from wangge.kernel.errors import NotFound
from wangge.kernel.ids import new_id
from wangge.people.models import Actor

Decision = Literal["same", "different"]


def not_found() -> NotFound:
    return NotFound("no_such_order", "没有找到这张工单", "no such order")


def keep_layout(tx: Tx, actor: Actor, name: str, layout: Layout) -> None:
    """Save under a name of this desk; the same name is written over."""
    tx.run(
        "insert into hotline_layouts (id, unit_id, name, body, author_id, at)"
        " values (%s, %s, %s, %s, %s, %s) on conflict (unit_id, name)"
        " do update set body = excluded.body, author_id = excluded.author_id, at = excluded.at",
        [new_id(), desk_of(actor), name, Jsonb(layout.model_dump()), actor.id, tx.now],
    )
    record(tx, "hotline.layout", detail={"name": name})


def drop_layout(tx: Tx, actor: Actor, name: str) -> None:
    tx.run("delete from hotline_layouts where unit_id = %s and name = %s", [desk_of(actor), name])


def seen(tx: Tx, actor: Actor, case_id: UUID) -> None:
    """Somebody has read what the hotline changed; the flag is taken down."""
    changed = tx.run(
        "update hotline_orders set changes_sealed = null, changed_at = null"
        " where case_id = %s and unit_id = %s",
        [case_id, desk_of(actor)],
    )
    if not changed:
        raise not_found()
    record(tx, "hotline.change_seen", case_id)


def decide(tx: Tx, actor: Actor, case_id: UUID, other_id: UUID, decision: Decision) -> None:
    """Write down what a person found; neither case is touched by it."""
    changed = tx.run(
        "update hotline_doubles d set decision = %s, decided_by = %s, decided_at = %s"
        " from hotline_orders o where o.case_id = d.case_id and o.unit_id = %s"
        " and d.case_id = %s and d.other_id = %s",
        [decision, actor.id, tx.now, desk_of(actor), case_id, other_id],
    )
    if not changed:
        raise not_found()
    record(tx, "hotline.double", case_id, detail={"other": str(other_id), "decision": decision})
