"""待审批: the list of what waits for somebody's decision, in the order in which it is due."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from wangge.cases.queries import AROUND, CARD
from wangge.cases.request_kinds import KINDS
from wangge.cases.request_views import request_card
from wangge.cases.requests import deciding_roles
from wangge.cases.views import card
from wangge.kernel import paging
from wangge.kernel.db import Tx
from wangge.people.models import Actor
from wangge.tenant.rules import Rules
from wangge.tenant.service import rules

PERMISSIONS = frozenset(kind.permission for kind in KINDS)
WAITING = """
select {wanted} from case_requests r join cases c on c.id = r.case_id
where r.status = 'pending' and ({mine}) and r.account_id is distinct from {me}
    and c.holder_id is distinct from {me}
    and not (r.kind = any({apart}) and c.handler_id is not distinct from {me})
    and not (r.unit_id <> r.desk_id and r.unit_id = any({units}))
    and not (r.unit_id = r.desk_id and exists (select from posts h
        where h.account_id = r.account_id and h.unit_id = r.unit_id and h.role = any({roles})
            and h.valid @> city_today()))
"""
FIRST = """
select distinct on (r.case_id) r.case_id, r.id as request_id, r.kind as request_kind,
    u.short_name as request_unit, r.until_at as request_until, r.asked_at as request_asked_at,
    r.due_at as request_due_at
from case_requests r join organisations u on u.id = r.unit_id
where r.id = any(array({ids})) order by r.case_id, r.due_at, r.id
"""


def _array(values: Iterable[Any], kind: str) -> str:
    return "'{" + ",".join(sorted(map(str, values))) + "}'::" + kind


def waiting(known: Rules, actor: Actor, wanted: str) -> str:
    """SQL for what waits for this person, never his own; ``requests.is_own`` says it of one row.

    Ids stand in it as they are, as in every queue.
    """
    places = [
        f"r.kind = '{kind.code}' and r.desk_id = any({_array(desks, 'uuid[]')})"
        for kind in KINDS
        if (desks := _desks(known, actor, kind.code))
    ]
    return WAITING.format(
        wanted=wanted,
        mine=" or ".join(places) or "false",
        me=f"'{actor.id}'::uuid",
        apart=_array((kind.code for kind in KINDS if kind.apart), "text[]"),
        units=_array(actor.unit_ids, "uuid[]"),
        roles=_array({post.role for post in actor.posts if post.unit_id}, "text[]"),
    )


def _desks(known: Rules, actor: Actor, code: str) -> list[UUID]:
    roles = next(deciding_roles(known, kind) for kind in KINDS if kind.code == code)
    return [post.unit_id for post in actor.posts if post.unit_id and post.role in roles]


def of(actor: Actor, known: Rules) -> str:
    """The ids of the cases that wait for his decision, as a queue's condition takes them."""
    return waiting(known, actor, "r.case_id")


def page(
    tx: Tx, actor: Actor, where: Sequence[str], params: dict[str, Any], cursor: str, limit: int
) -> dict[str, Any]:
    """One page and the cursor of the next; what is due in it is the decision, not the stage."""
    known = rules(tx)
    first = FIRST.format(ids=waiting(known, actor, "r.id"))
    conditions = list(where)
    if after := paging.after(cursor, datetime, UUID):
        conditions.append("(r.request_due_at, c.id) > (%(a0)s, %(a1)s)")
        params |= {f"a{n}": value for n, value in enumerate(after)}
    rows = tx.rows(
        f"{CARD}, r.* from ({first}) as r join cases c on c.id = r.case_id {AROUND}"
        f" where {' and '.join(conditions)} order by r.request_due_at, c.id limit {limit:d}",
        params,
    )
    items = []
    for row in rows:
        asked = request_card(row, known, tx.now)
        due = {"due_at": asked["due_at"], "light": asked["light"]}
        items.append({**card(row, known, tx.now), **due, "asked": asked})
    last = rows[-1] if len(rows) == limit else None
    mark = last and paging.cursor(last["request_due_at"], last["id"])
    return {"items": items, "next": mark}
