"""Reads of teams and of the party's tree on a day; all through one expression of what is seen."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from wangge.kernel.db import Tx
from wangge.people.queries import containing

# What belongs to ground that one reaches a part of: one's street, one's community, one's grid.
SEEN = "a.span && %(scope)s::int4multirange"
WHERE = """jsonb_build_object('id', a.id, 'code', a.code, 'name', a.short_name, 'level', a.level,
    'names', a.names)"""
TEAMS = f"""
select t.id, t.code, t.name, {WHERE} as area, lower(t.valid) as begins, upper(t.valid) as ends,
    (select count(*) from team_grids g where g.team_id = t.id and g.valid @> %(on)s::date) as grids
from teams t join areas a on a.id = t.area_id
where {SEEN} and t.kind = 'grid' and t.valid @> %(on)s::date
    and (%(id)s::uuid is null or t.id = %(id)s)
    and (%(ids)s::uuid[] is null or t.id = any(%(ids)s))
    and (%(q)s::text is null or t.name like %(q)s or t.code like %(q)s)
    and (%(area)s::uuid is null or a.path <@ (select path from areas where id = %(area)s)
        or exists (select from team_grids g where g.team_id = t.id and g.area_id = %(area)s
            and g.valid @> %(on)s::date))
    and (%(after)s::text is null or t.code > %(after)s)
order by t.code limit %(limit)s
"""
GRIDS = f"""
select g.team_id, {WHERE} as area from team_grids g join areas a on a.id = g.area_id
where g.team_id = any(%(teams)s) and g.valid @> %(on)s::date order by a.pos
"""
# A post fills a slot from the grid itself, from inside it, or from above it up to the team's area.
HOLDERS = """
with ground as materialized (
    select g.team_id, a.path, top.path as top from team_grids g join areas a on a.id = g.area_id
    join teams t on t.id = g.team_id join areas top on top.id = t.area_id
    where g.team_id = any(%(teams)s) and g.valid @> %(on)s::date),
near as (
    select distinct ground.team_id, a.id from ground join areas a on a.path <@ ground.path
    union
    select distinct ground.team_id, a.id from ground join areas a
        on a.path @> ground.path and a.path <@ ground.top)
select distinct near.team_id, p.role, c.id as account_id, c.name, p.title, p.kind
from near join posts p on p.area_id = near.id and p.role = any(%(roles)s)
    and p.valid @> %(on)s::date
join accounts c on c.id = p.account_id and c.active
order by c.name, c.id
"""
SEATS = """
select m.id, m.team_id, m.slot, m.kind, m.account_id, m.unit_id, m.retired,
    coalesce(c.name, o.short_name, m.name) as name, coalesce(c.phone, o.phone, m.phone) as phone,
    lower(m.valid) as begins, upper(m.valid) - 1 as ends, m.valid @> %(on)s::date as of_today
from team_members m left join accounts c on c.id = m.account_id
left join organisations o on o.id = m.unit_id
where m.team_id = any(%(teams)s) and (m.valid @> %(on)s::date or %(past)s)
    and (%(kind)s::text is null or m.kind = %(kind)s)
order by m.slot, name, m.id
"""
MEMBERS = f"""
select m.id, m.slot, m.kind, coalesce(c.name, o.short_name, m.name) as name, m.retired,
    lower(m.valid) as begins, upper(m.valid) - 1 as ends,
    jsonb_build_object('id', t.id, 'name', t.name) as team, {WHERE} as area
from team_members m join teams t on t.id = m.team_id and t.kind = 'grid' and t.valid @> %(on)s::date
join areas a on a.id = t.area_id
left join accounts c on c.id = m.account_id left join organisations o on o.id = m.unit_id
where {SEEN} and m.valid @> %(on)s::date and (%(kind)s::text is null or m.kind = %(kind)s)
    and (%(retired)s::bool is null or m.retired = %(retired)s)
    and (%(area)s::uuid is null or a.path <@ (select path from areas where id = %(area)s))
    and (%(after)s::uuid is null or m.id > %(after)s)
order by m.id limit %(limit)s
"""
KINDS = f"""
select m.kind, count(distinct coalesce(m.account_id, m.unit_id, m.id)) as people,
    count(distinct coalesce(m.account_id, m.unit_id, m.id)) filter (where m.retired) as retired
from team_members m join teams t on t.id = m.team_id and t.kind = 'grid' and t.valid @> %(on)s::date
join areas a on a.id = t.area_id
where {SEEN} and m.valid @> %(on)s::date
    and (%(area)s::uuid is null or a.path <@ (select path from areas where id = %(area)s))
group by m.kind order by m.kind
"""
# Each child of an area, with how many people hold each role at it and inside it.
STAFFING = """
with part as (
    select a.id, a.code, a.short_name as name, a.level, a.path from areas a
    where (a.parent_id = %(area)s or a.id = %(area)s) and a.span && %(scope)s::int4multirange
        and (a.active_to is null or a.active_to > %(on)s))
select part.id, part.code, part.name, part.level, part.id = %(area)s as whole,
    jsonb_object_agg(held.role, held.people) filter (where held.role is not null) as roles
from part left join lateral (
    select p.role, count(distinct p.account_id) as people
    from areas b join posts p on p.area_id = b.id and p.valid @> %(on)s::date
    join accounts c on c.id = p.account_id and c.active
    where b.path <@ part.path and b.span && %(scope)s::int4multirange group by p.role) held on true
group by part.id, part.code, part.name, part.level order by whole desc, part.code
"""
# Grids, and communities, in which something that should be is missing on the day.
WITHOUT = {
    "grids_without_team": "a.level = 'grid' and not exists (select from team_grids g"
    " join teams t on t.id = g.team_id and t.kind = 'grid' and t.valid @> %(on)s::date"
    " where g.area_id = a.id and g.valid @> %(on)s::date)",
    "grids_without_branch": "a.level = 'grid' and not exists (select from party_grids g"
    " join party_organisations o on o.id = g.organisation_id and o.valid @> %(on)s::date"
    " where g.area_id = a.id and g.valid @> %(on)s::date)",
    "grids_without_worker": "a.level = 'grid' and not exists (select from posts p"
    " join accounts c on c.id = p.account_id and c.active where p.area_id = a.id"
    " and p.role in ('grid_worker', 'professional_worker') and p.valid @> %(on)s::date)",
    "grids_without_liaison": "a.level = 'grid' and not exists (select from posts p"
    " join accounts c on c.id = p.account_id and c.active where p.area_id = a.id"
    " and p.role = any(%(liaisons)s) and p.valid @> %(on)s::date)",
    "communities_without_leader": "a.level = 'community' and not exists (select from posts p"
    " join accounts c on c.id = p.account_id and c.active where p.area_id = a.id"
    " and p.role = 'grid_leader' and p.valid @> %(on)s::date)",
    "communities_without_secretary": "a.level = 'community' and not exists (select from posts p"
    " join accounts c on c.id = p.account_id and c.active where p.area_id = a.id"
    " and p.role = 'secretary' and p.valid @> %(on)s::date)",
}
LACKING = f"""
select {WHERE} as area from areas a
where {SEEN} and (a.active_to is null or a.active_to > %(on)s) and ({{}})
    and (%(area)s::uuid is null or a.path <@ (select path from areas where id = %(area)s))
order by a.pos limit 500
"""


ONE_AREA = f"select {WHERE} as area from areas a where a.id = %(id)s and {SEEN}"


def area(tx: Tx, scope: str, found: UUID) -> dict[str, Any] | None:
    row = tx.one(ONE_AREA, {"id": found, "scope": scope})
    return dict(row["area"]) if row else None


def teams(
    tx: Tx,
    scope: str,
    on: date,
    *,
    team: UUID | None = None,
    ids: Sequence[UUID] | None = None,
    q: str = "",
    area: UUID | None = None,
    after: str | None = None,
    limit: int = 50,
) -> list[dict[str, Any]]:
    values = {"scope": scope, "on": on, "id": team, "ids": list(ids) if ids is not None else None}
    more = {"q": containing(q), "area": area, "after": after, "limit": limit}
    return tx.rows(TEAMS, values | more)


def grids(tx: Tx, found: Sequence[UUID], on: date) -> list[dict[str, Any]]:
    return tx.rows(GRIDS, {"teams": list(found), "on": on})


def holders(tx: Tx, found: Sequence[UUID], roles: Sequence[str], on: date) -> list[dict[str, Any]]:
    return tx.rows(HOLDERS, {"teams": list(found), "roles": list(roles), "on": on})


def seats(tx: Tx, found: Sequence[UUID], on: date, *, past: bool = False) -> list[dict[str, Any]]:
    return tx.rows(SEATS, {"teams": list(found), "on": on, "past": past, "kind": None})


def members(
    tx: Tx,
    scope: str,
    on: date,
    *,
    kind: str | None,
    retired: bool | None,
    area: UUID | None,
    after: UUID | None,
    limit: int,
) -> list[dict[str, Any]]:
    values = {"scope": scope, "on": on, "kind": kind, "retired": retired, "area": area}
    return tx.rows(MEMBERS, values | {"after": after, "limit": limit})


def kinds(tx: Tx, scope: str, on: date, area: UUID | None) -> list[dict[str, Any]]:
    return tx.rows(KINDS, {"scope": scope, "on": on, "area": area})


def staffing(tx: Tx, scope: str, on: date, area: UUID) -> list[dict[str, Any]]:
    return tx.rows(STAFFING, {"scope": scope, "on": on, "area": area})


def lacking(
    tx: Tx, what: str, scope: str, on: date, area: UUID | None, liaisons: Sequence[str]
) -> list[dict[str, Any]]:
    """Up to 500 areas in which ``what`` (a key of WITHOUT) is missing, in the order of the map."""
    query = LACKING.format(WITHOUT[what])
    values = {"scope": scope, "on": on, "area": area, "liaisons": list(liaisons)}
    return tx.rows(query, values)
