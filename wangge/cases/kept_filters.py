"""Filters that somebody keeps under a name of his own, and may share with his organisation."""

from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, NotAllowed, NotFound, Refusal
from wangge.people.models import Actor

MOST = 50
SEEN = """
select f.id, f.name, f.address, f.account_id = %s as own, a.name as by, u.short_name as unit
from kept_filters f join accounts a on a.id = f.account_id
left join organisations u on u.id = f.unit_id
where coalesce(f.address ->> 'page', '') = %s
order by f.account_id <> %s, f.name, f.id
"""
CHANGE = """
update kept_filters set unit_id = %s, name = %s, address = %s, at = %s
where id = %s and account_id = %s
"""


def listed(tx: Tx, actor: Actor, page: str = "") -> list[dict[str, Any]]:
    """One's own first, then those that colleagues share; ``unit`` says with whom.

    ``page`` is the page that they are for, as their address says; none is the list of cases.
    """
    return tx.rows(SEEN, [actor.id, page, actor.id])


def keep(
    tx: Tx, actor: Actor, filter_id: UUID, *, name: str, address: dict[str, Any], shared: bool
) -> None:
    """Write a filter anew or change one's own; a name stands once."""
    mine = tx.rows("select id, name from kept_filters where account_id = %s", [actor.id])
    if any(one["name"] == name and one["id"] != filter_id for one in mine):
        raise Refusal(
            "name_taken", "您已有同名的筛选", "you keep a filter of this name already", field="name"
        )
    if len(mine) >= MOST and filter_id not in {one["id"] for one in mine}:
        raise Refusal(
            "too_many_filters", f"最多保存 {MOST} 个筛选", f"{MOST} filters are kept at most"
        )
    other = tx.one("select account_id from kept_filters where id = %s", [filter_id])
    if other and other["account_id"] != actor.id:
        raise NotAllowed(
            "not_your_filter", "这是同事的筛选，请另存一份", "this is a colleague's; keep a copy"
        )
    unit = next((post.unit_id for post in actor.posts if post.unit_id), None)
    if shared and unit is None:
        raise Invalid(
            "no_organisation", "您的岗位不在单位里，不能共享", "your post is in no organisation",
            field="shared",
        )  # fmt: skip
    row = {"unit_id": unit if shared else None, "name": name, "address": Jsonb(address)}
    if not tx.run(CHANGE, [*row.values(), tx.now, filter_id, actor.id]):
        own = {"id": filter_id, "account_id": actor.id, "at": tx.now}
        tx.insert("kept_filters", [row | own])


def forget(tx: Tx, actor: Actor, filter_id: UUID) -> None:
    """One's own alone; a colleague's stays where it is."""
    if not tx.run(
        "delete from kept_filters where id = %s and account_id = %s", [filter_id, actor.id]
    ):
        raise NotFound("no_such_filter", "没有找到这个筛选", "no such filter of yours")
