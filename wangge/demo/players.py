"""The people of a loaded city as actors, found by what they do and where."""

from typing import Any
from uuid import UUID

from wangge.areas import atlas
from wangge.areas.models import Level
from wangge.intake.models import Report
from wangge.kernel.db import Session, Tx
from wangge.people.models import Actor

POSTS = """
select c.id, c.username, c.name, jsonb_agg(jsonb_build_object('id', p.id, 'role', p.role,
    'kind', p.kind, 'title', p.title, 'span', a.span::text,
    'area', case when a.id is not null then jsonb_build_object('id', a.id, 'name', a.short_name,
        'level', a.level, 'code', a.code, 'pos', a.pos, 'names', a.names) end,
    'unit', case when o.id is not null then jsonb_build_object('id', o.id,
        'name', o.short_name, 'kind', o.kind, 'code', o.code) end) order by p.role, p.id) as posts
from accounts c join posts p on p.account_id = c.id
left join areas a on a.id = p.area_id left join organisations o on o.id = p.unit_id
where c.id = %s group by c.id
"""
AT_UNIT = """
select p.account_id as id from posts p join accounts c on c.id = p.account_id
where p.unit_id = %s and p.role = any(%s) order by c.username
"""
AT_GROUND = """
select p.account_id as id from posts p join accounts c on c.id = p.account_id
join areas a on a.id = p.area_id
where p.role = any(%s) and a.span @> %s::int order by nlevel(a.path) desc, c.username
"""
SERVICE = """
select o.id from organisations o join areas a on a.id = o.area_id
where o.kind = 'department' and a.span @> %s::int order by nlevel(a.path) desc, o.code limit 1
"""


def actor_of(tx: Tx, row: dict[str, Any]) -> Actor:
    """Whoever a row of ``POSTS`` is, as if signed in."""
    account = {"id": str(row["id"]), "username": row["username"], "name": row["name"],
               "must_change_password": False, "scope": None}  # fmt: skip
    before, tx.session = tx.session, Session("", tx.now, account, row["posts"])
    try:
        return Actor.of(tx)
    finally:
        tx.session = before


class Players:
    """Looks each person up once."""

    def __init__(self, tx: Tx) -> None:
        self.tx = tx
        self._actors: dict[UUID, Actor] = {}
        self._found: dict[tuple[Any, ...], list[UUID]] = {}

    def with_id(self, account_id: UUID) -> Actor:
        if account_id not in self._actors:
            row = self.tx.one(POSTS, [account_id])
            if row is None:
                raise LookupError(account_id)
            self._actors[account_id] = actor_of(self.tx, row)
        return self._actors[account_id]

    def _ids(self, query: str, *values: Any) -> list[UUID]:
        key = (query, *(tuple(v) if isinstance(v, list) else v for v in values))
        if key not in self._found:
            self._found[key] = [row["id"] for row in self.tx.rows(query, list(values))]
        return self._found[key]

    def named(self, username: str) -> Actor:
        found = self._ids("select id from accounts where username = %s", username)
        return self.with_id(found[0])

    def at_unit(self, unit_id: UUID, roles: tuple[str, ...]) -> list[Actor]:
        return [self.with_id(key) for key in self._ids(AT_UNIT, unit_id, list(roles))]

    def at_ground(self, pos: int, roles: tuple[str, ...]) -> list[Actor]:
        """Nearest first: those of the grid itself, then of its community."""
        return [self.with_id(key) for key in self._ids(AT_GROUND, list(roles), pos)]

    def unit(self, code: str) -> UUID:
        return self._ids("select id from organisations where code = %s", code)[0]

    def service_near(self, pos: int) -> UUID:
        """The first service of the township, for what stands in no row of the directory."""
        return self._ids(SERVICE, pos)[0]

    def acceptor_of(self, area_code: str) -> Actor:
        return self.at_unit(self.unit(f"desk-{area_code}"), ("acceptor",))[0]

    def township(self, report: Report) -> str:
        """Code of the township where the report lies, the city's when it does not say."""
        known = atlas.of(self.tx)
        here = None
        if report.lon is not None and report.lat is not None:
            here = known.locator.at(report.lon, report.lat)
        line = [here, *known.above(here)] if here else []
        found = next((area for area in line if area.level is Level.TOWNSHIP), None)
        return (found or known.level(Level.CITY)[0]).code
