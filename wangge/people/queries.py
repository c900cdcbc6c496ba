"""Reads of staff: the directory of one's reach, one account, the demo's cast."""

import re
from datetime import date
from typing import Any
from uuid import UUID

from wangge.kernel.db import Tx
from wangge.people.models import Reach
from wangge.people.roles import ROLES, role

CAST = """
select a.id, a.name, a.profile -> 'demo' ->> 'group' as "group", p.role, p.title,
    coalesce(array_to_string(ar.names[2:], ' › '), '') as area,
    coalesce(o.short_name, '') as unit, (a.profile -> 'demo' ->> 'order')::int as "order"
from accounts a
cross join lateral (select * from posts where account_id = a.id and valid @> city_today()
    order by role, id limit 1) p
left join areas ar on ar.id = p.area_id
left join organisations o on o.id = p.unit_id
where a.active and a.profile ? 'demo'
order by "order", a.username limit 60
"""
# A town without a chosen cast offers the first holder of every role.
FIRST_OF_EACH = CAST.replace(
    "where a.active and a.profile ? 'demo'",
    "where a.id in (select distinct on (role) account_id from posts where valid @> city_today()"
    " order by role, id)",
)
GROUPS = {"area": "grid", "desk": "desk", "unit": "unit"}


def demo_cast(tx: Tx) -> list[dict[str, Any]]:
    """Who may be played by a click: accounts with ``profile.demo = {group, order}``."""
    rows = tx.rows(CAST) or tx.rows(FIRST_OF_EACH)
    roles = list(ROLES)
    return [
        {
            "id": row["id"],
            "name": row["name"],
            "group": row["group"] or GROUPS[role(row["role"]).held],
            "role": row["role"],
            "title": row["title"] or role(row["role"]).zh,
            "place": row["unit"] or row["area"],
        }
        for row in sorted(
            rows,
            key=lambda row: (row["order"] is None, row["order"] or roles.index(row["role"])),
        )
    ]


POSTS = """
select p.account_id, p.id, p.role, p.kind, p.title, p.public, p.deputy,
    h.short_name as lent_by,
    lower(p.valid) as begins, upper(p.valid) - 1 as ends, p.valid @> %(today)s::date as of_today,
    case when a.id is not null then jsonb_build_object('id', a.id, 'code', a.code,
        'name', a.short_name, 'level', a.level, 'names', a.names) end as area,
    case when o.id is not null then jsonb_build_object('id', o.id, 'code', o.code,
        'name', o.short_name, 'kind', o.kind) end as unit
from posts p left join areas a on a.id = p.area_id left join organisations o on o.id = p.unit_id
left join organisations h on h.id = p.lent_by
where p.account_id = any(%(accounts)s) and (p.valid @> %(today)s::date or %(past)s)
order by lower(p.valid), p.role, p.id
"""
STAFF = """
select c.id, c.username, c.name, c.phone, c.active, c.profile ->> 'source' as source,
    case when not c.active then 'locked' when c.password_hash is null then 'new' else 'in_use' end
        as state
from accounts c
where (%(after)s::text is null or c.username > %(after)s)
    and (%(q)s::text is null or c.name like %(q)s or c.username like %(q)s or c.phone = %(phone)s)
    and (c.active or %(all)s)
    and (exists (select from posts p
            left join areas a on a.id = p.area_id
            left join organisations o on o.id = p.unit_id
            left join areas ua on ua.id = o.area_id
            where p.account_id = c.id and p.valid @> %(today)s::date
                and (coalesce(a.pos, ua.pos) <@ %(scope)s::int4multirange
                    or p.unit_id = any(%(units)s))
                and (%(role)s::text is null or p.role = %(role)s)
                and (%(unit)s::uuid is null or p.unit_id = %(unit)s)
                and (%(area)s::uuid is null or coalesce(a.path, ua.path)
                    <@ (select path from areas where id = %(area)s)))
        or (%(all)s and %(role)s::text is null and %(unit)s::uuid is null
            and %(area)s::uuid is null and not exists (select from posts p
                where p.account_id = c.id and p.valid @> %(today)s::date)))
order by c.username limit %(limit)s
"""


def containing(words: str) -> str | None:
    """Return LIKE's pattern for a text that contains ``words``, which are nothing but words."""
    plain = re.sub(r"([\\%_])", r"\\\1", words.strip())
    return f"%{plain}%" if plain else None


def staff(
    tx: Tx,
    reach: Reach,
    *,
    today: date,
    q: str | None = None,
    role_name: str | None = None,
    area: UUID | None = None,
    unit: UUID | None = None,
    after: str | None = None,
    limit: int = 50,
    without_posts: bool = False,
) -> list[dict[str, Any]]:
    """Accounts that hold a post within ``reach`` today, by username.

    ``without_posts`` adds, for administrators, locked accounts and those without a post.
    """
    words = q.strip() if q else ""
    rows = tx.rows(
        STAFF,
        {
            "after": after,
            "q": containing(words),
            "phone": words,
            "all": without_posts,
            "today": today,
            "scope": reach.scope,
            "units": reach.units,
            "role": role_name,
            "unit": unit,
            "area": area,
            "limit": limit,
        },
    )
    held = posts_of(tx, [row["id"] for row in rows], today=today)
    return [{**row, "posts": held.get(row["id"], [])} for row in rows]


def posts_of(
    tx: Tx, accounts: list[UUID], *, today: date, past: bool = False
) -> dict[UUID, list[dict[str, Any]]]:
    """Group posts by account: today's, or with ``past`` all that were and will be."""
    found: dict[UUID, list[dict[str, Any]]] = {}
    for row in tx.rows(POSTS, {"accounts": accounts, "today": today, "past": past}):
        found.setdefault(row.pop("account_id"), []).append(row)
    return found
