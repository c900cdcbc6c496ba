"""两人同行: to which homes two go together, and who may come along."""

from typing import Any
from uuid import UUID

from wangge.kernel.db import Tx
from wangge.kernel.errors import Refusal
from wangge.people.models import Actor
from wangge.people.roles import role
from wangge.registers import queries as homes
from wangge.tenant.service import rules

MOST = 80
COMES = (
    "grid_leader", "secretary", "grid_adviser", "grid_worker", "professional_worker",
    "part_time_worker", "liaison", "grid_police", "building_head", "street_head",
    "grid_assistant", "unit_worker", "volunteer",
)  # fmt: skip
# Those of one's own ground first, then those of what lies beside it under the same roof.
COMPANIONS = """
with mine as (
    select a.path, coalesce(up.path, a.path) as around from posts p
    join areas a on a.id = p.area_id left join areas up on up.id = a.parent_id
    where p.account_id = %(me)s and p.valid @> city_today())
select id, name, role, place, here from (
    select distinct on (c.id) c.id, c.name, p.role, h.short_name as place,
        (h.path <@ m.path or h.path @> m.path) as here
    from mine m join areas h on h.path <@ m.around
    join posts p on p.area_id = h.id and p.valid @> city_today() and p.role = any(%(roles)s)
    join accounts c on c.id = p.account_id and c.active and c.id <> %(me)s
    order by c.id, here desc, p.role) found
order by here desc, place, name limit %(most)s
"""


def companions(tx: Tx, actor: Actor) -> list[dict[str, Any]]:
    """Colleagues and helpers of one's own grid and of those beside it."""
    found = tx.rows(COMPANIONS, {"me": actor.id, "roles": list(COMES), "most": MOST})
    return [{**one, "role": _named(one["role"])} for one in found]


def _named(name: str) -> dict[str, str]:
    known = role(name)
    return {"zh": known.zh, "en": known.en}


def two_for(tx: Tx, household_id: UUID | None) -> list[str]:
    """Why nobody goes to this home alone; empty: one may."""
    if household_id is None:
        return []
    return rules(tx).visits.two_for(*homes.marks(tx, household_id))


def two_go(kinds: list[str]) -> Refusal:
    return Refusal(
        "partner_needed",
        "这一户要两人同行，请选好同行的人；您填写的内容仍在",
        "two go to this home together: choose who comes along; what you typed is kept",
        kinds=kinds,
    )
