"""Reads of staff: the demo's cast."""

from typing import Any

from wangge.kernel.db import Tx
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
