"""Queues and lists for one person: which rows, in which order, page by page."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from wangge.areas.atlas import no_such_area
from wangge.cases import deciding, queries, task_views
from wangge.cases.queries import BY_CODE, QUEUES, Filter, Queue
from wangge.cases.views import card
from wangge.kernel import paging
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid
from wangge.people.models import Actor
from wangge.people.roles import Held, role
from wangge.tenant.rules import Rules
from wangge.tenant.service import rules

FEW_GRIDS = 200
KNOWN_AREA = "select 1 from areas where id = %s"  # also one that has ended since
ASSISTING = frozenset({"to_assist", "assist_returned"})


def _places(known: Rules, actor: Actor, queue: Queue) -> dict[str, Any]:
    """The units and the ground over which this person holds the queue's permission."""
    posts = [post for post in actor.posts if queue.permission in post.grants]
    spans = [pair for post in posts if role(post.role).held is not Held.UNIT for pair in post.span]
    wide = sum(high - low for low, high in spans) > FEW_GRIDS
    return {
        "units": list({post.unit_id for post in posts if post.unit_id}),
        "span": "{" + ",".join(f"[{low},{high})" for low, high in spans) + "}",
        "ranges": spans,
        "ground": [] if wide else [pos for low, high in spans for pos in range(low, high)],
        "account": actor.id,
        "deciding": deciding.of(actor, known) if queue.key == "decider" else "",
    }


def _is_held(queue: Queue, places: dict[str, Any], actor: Actor) -> bool:
    if queue.permission not in actor.permissions:
        return False
    match queue.key:
        case "unit":
            return bool(places["units"])
        case "span":
            return places["span"] != "{}" or (queue.code == "overdue" and bool(places["units"]))
        case "below":
            return any(
                post.unit and post.area and post.area["level"] in ("city", "county")
                for post in actor.posts
                if queue.permission in post.grants
            )
        case "decider":
            return not deciding.PERMISSIONS.isdisjoint(actor.permissions)
        case _:
            return True


def queues(tx: Tx, actor: Actor) -> list[dict[str, Any]]:
    found = []
    for queue in QUEUES:
        places = _places(rules(tx), actor, queue)
        if not _is_held(queue, places, actor):
            continue
        rows = queue.rows(places)
        waiting = queries.count(tx, rows, places)
        if queue.quiet and not waiting:
            continue
        found.append(
            {
                "code": queue.code,
                "count": waiting,
                "emergencies": queries.count(tx, f"{rows} and c.rank = 0", places)
                if queue.code in ("to_accept", "to_dispatch", "to_acknowledge", "to_handle")
                else 0,
            }
        )
    return found


def page(
    tx: Tx, actor: Actor, wanted: Filter, *, queue: str, cursor: str, limit: int
) -> dict[str, Any]:
    """One page and the cursor of the next."""
    params: dict[str, Any] = {}
    if wanted.area_id and tx.one(KNOWN_AREA, [wanted.area_id]) is None:
        raise no_such_area()
    where = queries.narrowed(wanted, params)
    chosen = _in_queue(actor, rules(tx), queue, params) if queue else None
    if chosen:
        where.insert(0, chosen.rows(params))
        if chosen.key == "decider":
            return deciding.page(tx, actor, where, params, cursor, limit)
    elif (few := queries.few(tx)) is not None:
        params["few"] = few
        where.insert(0, "c.id = any(%(few)s)")
    if chosen is None or chosen.newest:
        after = paging.after(cursor, datetime, UUID)
        rows = queries.newest_page(tx, where, params, after, limit)
        last = rows[-1] if len(rows) == limit else None
        mark = last and paging.cursor(last["received_at"], last["id"])
    else:
        after = paging.after(cursor, int, datetime, UUID)
        rows = queries.queue_page(tx, where, params, after, limit)
        last = rows[-1] if len(rows) == limit else None
        mark = last and paging.cursor(last["rank"], last["due_at"], last["id"])
    known = rules(tx)
    items = [card(row, known, tx.now) for row in rows]
    if chosen and chosen.code in ASSISTING:
        units, returned = params["units"], chosen.code == "assist_returned"
        tasks = task_views.marks(tx, [row["id"] for row in rows], units, returned=returned)
        items = [item | {"task": tasks.get(item["id"])} for item in items]
    return {"items": items, "next": mark}


def everything(
    tx: Tx, actor: Actor, wanted: Filter, *, queue: str = "", most: int = 50_000
) -> Iterator[dict[str, Any]]:
    """Every row of a list for export, page by page, newest first."""
    known, after, left = rules(tx), None, most
    while left > 0:
        params: dict[str, Any] = {}
        where = queries.narrowed(wanted, params)
        if queue:
            where.insert(0, _in_queue(actor, known, queue, params).rows(params))
        rows = queries.newest_page(tx, where, params, after, min(1000, left))
        replies = queries.replies(tx, [row["id"] for row in rows])
        yield from ({**card(row, known, tx.now), "answer": replies[row["id"]]} for row in rows)
        if len(rows) < 1000:
            return
        after, left = [rows[-1]["received_at"], rows[-1]["id"]], left - len(rows)


def _in_queue(actor: Actor, known: Rules, code: str, params: dict[str, Any]) -> Queue:
    """The queue, if one of the actor's posts has it; its places go into ``params``."""
    chosen = BY_CODE.get(code)
    if chosen is None or chosen.permission not in actor.permissions:
        raise Invalid("unknown_queue", "没有这个列表", "no such queue", field="queue")
    params |= _places(known, actor, chosen)
    return chosen
