"""Who works where in a loaded city, read at once."""

from collections import defaultdict
from uuid import UUID

from wangge.cases.models import Taker
from wangge.demo.players import actor_of
from wangge.kernel.db import Tx
from wangge.people.models import Actor

HANDLERS = ("handler", "property_manager")
FIELD = ("grid_worker", "professional_worker")
EVERYBODY = """
select c.id, c.username, c.name, jsonb_agg(jsonb_build_object('id', p.id, 'role', p.role,
    'kind', p.kind, 'title', p.title, 'span', a.span::text,
    'area', case when a.id is not null then jsonb_build_object('id', a.id, 'name', a.short_name,
        'level', a.level, 'code', a.code, 'pos', a.pos, 'names', a.names) end,
    'unit', case when o.id is not null then jsonb_build_object('id', o.id,
        'name', o.short_name, 'kind', o.kind, 'code', o.code) end) order by p.role, p.id) as posts
from accounts c join posts p on p.account_id = c.id and p.valid @> city_today()
left join areas a on a.id = p.area_id left join organisations o on o.id = p.unit_id
where c.active group by c.id order by c.username
"""


class Crew:
    """Accounts by post; actors are made of the rows that are asked for."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx
        self._rows = {row["id"]: row for row in tx.rows(EVERYBODY)}
        self._actors: dict[UUID, Actor] = {}
        self._takers: dict[UUID, Taker] = {}
        self._at: dict[tuple[str, UUID], list[UUID]] = defaultdict(list)
        for row in self._rows.values():
            for post in row["posts"]:
                place = post["unit"] or post["area"]
                if place:
                    self._at[post["role"], UUID(place["id"])].append(row["id"])

    def at(self, place: UUID, *roles: str) -> list[UUID]:
        """Accounts that hold one of the roles at the unit or area itself, by role and name."""
        return [one for role in roles for one in self._at.get((role, place), ())]

    def actor(self, account_id: UUID) -> Actor:
        if account_id not in self._actors:
            self._actors[account_id] = actor_of(self._tx, self._rows[account_id])
        return self._actors[account_id]

    def taker(self, account_id: UUID) -> Taker:
        if account_id not in self._takers:
            one = self.actor(account_id)
            self._takers[account_id] = Taker("account", one.id, one.name, one.title)
        return self._takers[account_id]
