"""借调: somebody of a unit serves elsewhere until a day, and is back by himself the day after."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid
from wangge.people.models import Actor, PostDraft
from wangge.people.roles import role

SOON = timedelta(days=30)
OF_THE_UNIT = """
select from posts p join organisations o on o.id = p.unit_id and o.active
where p.account_id = %s and p.unit_id = %s and p.valid @> city_today()
"""
# Those that run and those to come; who sees the post's place or the unit that lent sees them.
LISTED = """
select p.id, p.account_id, c.name, p.role, p.title, lower(p.valid) as begins,
    upper(p.valid) - 1 as ends, h.short_name as lent_by, o.short_name as unit, a.names
from posts p join accounts c on c.id = p.account_id and c.active
join organisations h on h.id = p.lent_by
left join areas ha on ha.id = h.area_id
left join areas a on a.id = p.area_id left join organisations o on o.id = p.unit_id
left join areas oa on oa.id = o.area_id
where p.lent_by is not null and upper(p.valid) > city_today() and not isempty(p.valid)
    and (%(scope)s::int4multirange @> coalesce(a.pos, oa.pos)
        or %(scope)s::int4multirange @> ha.pos
        or p.unit_id = any(%(units)s) or p.lent_by = any(%(units)s))
order by upper(p.valid), c.name, p.id limit 500
"""


def check(tx: Tx, account_id: UUID, draft: PostDraft) -> None:
    """Refuse a secondment without an end, or by a unit in which he has no post."""
    if draft.lent_by is None:
        return
    if draft.ends is None:
        raise Invalid(
            "secondment_needs_end",
            "借调须写明最后一天，到日子自动结束",
            "a secondment has a last day and ends by itself",
            field="ends",
        )
    own = tx.one(OF_THE_UNIT, [account_id, draft.lent_by])
    if own is None or draft.lent_by == draft.unit_id:
        raise Invalid(
            "not_of_that_unit",
            "借出单位须是本人现在任职的单位，且不是借入的单位",
            "he is lent by a unit in which he has a post, to another",
            field="lent_by",
        )


def listing(tx: Tx, actor: Actor, *, today: date) -> list[dict[str, Any]]:
    """Who is lent to whom until when; what ends within thirty days is flagged."""
    reach = actor.reach("people.read")
    rows = tx.rows(LISTED, {"scope": reach.scope, "units": reach.units})
    return [
        {
            "id": row["id"],
            "account_id": row["account_id"],
            "name": row["name"],
            "role": row["role"],
            "title": row["title"] or role(row["role"]).zh,
            "lent_by": row["lent_by"],
            "place": row["unit"] or " › ".join((row["names"] or [])[-3:]),
            "begins": row["begins"],
            "ends": row["ends"],
            "days_left": (row["ends"] - today).days,
            "soon": row["ends"] - today <= SOON,
        }
        for row in rows
    ]
