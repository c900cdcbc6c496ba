"""The party's tree as it stood on a day, with totals that add up from below."""

from datetime import date
from typing import Any
from uuid import UUID

from wangge.kernel.db import Tx
from wangge.teams.queries import SEEN, WHERE

NODE = f"""
select o.id, o.code, o.name, o.kind, {WHERE} as area, lower(o.valid) as begins,
    upper(o.valid) as ends, (select jsonb_agg(jsonb_build_object('account_id', c.id,
        'name', c.name) order by c.name) from party_members m join accounts c on c.id = m.account_id
        where m.organisation_id = o.id and m.duty = 'secretary' and m.valid @> %(on)s::date
            and c.active) as secretaries
from party_organisations o join areas a on a.id = o.area_id
"""
ONE = f"{NODE} where o.id = %(id)s and {SEEN} and o.valid @> %(on)s::date"
# The tops that one sees: those without a parent, or whose parent one does not see.
TOPS = f"""{NODE} left join party_ties t on t.organisation_id = o.id and t.valid @> %(on)s::date
left join party_organisations p on p.id = t.parent_id left join areas pa on pa.id = p.area_id
where {SEEN} and o.valid @> %(on)s::date
    and (p.id is null or not pa.span && %(scope)s::int4multirange)
order by o.code limit 200
"""
CHILDREN = f"""{NODE} join party_ties t on t.organisation_id = o.id and t.valid @> %(on)s::date
where t.parent_id = %(id)s and {SEEN} and o.valid @> %(on)s::date order by o.code limit 500
"""
CHAIN = f"""
with recursive up as (
    select parent_id as id, 1 as depth from party_ties where organisation_id = %(id)s
        and valid @> %(on)s::date
    union all
    select t.parent_id, up.depth + 1 from up join party_ties t on t.organisation_id = up.id
        and t.valid @> %(on)s::date where up.depth < 20)
select up.depth, o.id, o.name, o.kind from up join party_organisations o on o.id = up.id
join areas a on a.id = o.area_id where {SEEN} order by up.depth desc
"""
# Below each of the tops: how many of every kind, and on how many grids they stand.
TOTALS = """
with recursive below as (
    select o.id as top, o.id from party_organisations o where o.id = any(%(tops)s)
    union all
    select below.top, t.organisation_id from below join party_ties t on t.parent_id = below.id
        and t.valid @> %(on)s::date)
select below.top,
    count(*) filter (where o.kind = 'committee' and o.id <> below.top) as committees,
    count(*) filter (where o.kind = 'general_branch' and o.id <> below.top) as general_branches,
    count(*) filter (where o.kind = 'branch' and o.id <> below.top) as branches,
    count(*) filter (where o.kind = 'group' and o.id <> below.top) as groups,
    count(*) filter (where o.kind = 'household' and o.id <> below.top) as households,
    (select count(distinct g.area_id) from party_grids g join below b on b.id = g.organisation_id
        where b.top = below.top and g.valid @> %(on)s::date) as grids,
    (select count(distinct m.account_id) from party_members m join below b
        on b.id = m.organisation_id where b.top = below.top and m.valid @> %(on)s::date) as members
from below join party_organisations o on o.id = below.id and o.valid @> %(on)s::date
group by below.top
"""
NOTHING = dict.fromkeys(
    ("committees", "general_branches", "branches", "groups", "households", "grids", "members"), 0
)
GRIDS = f"""
select {WHERE} as area from party_grids g join areas a on a.id = g.area_id
where g.organisation_id = %(id)s and g.valid @> %(on)s::date and {SEEN} order by a.pos
"""
MEMBERS = """
select m.id, m.duty, m.account_id, c.name, lower(m.valid) as begins, upper(m.valid) - 1 as ends,
    m.valid @> %(on)s::date and c.active as of_today
from party_members m join accounts c on c.id = m.account_id
where m.organisation_id = %(id)s and not isempty(m.valid)
order by of_today desc, m.duty desc, c.name limit 500
"""
# Those that stand on a grid, the highest first.
ON_GRID = f"""{NODE} join party_grids g on g.organisation_id = o.id and g.valid @> %(on)s::date
where g.area_id = %(grid)s and o.valid @> %(on)s::date and {SEEN}
order by array_position(array['committee', 'general_branch', 'branch', 'group', 'household'],
    o.kind), o.code
"""
OF_ACCOUNT = f"""
select m.id, m.duty, o.id as organisation_id, o.name, o.kind, lower(m.valid) as begins,
    upper(m.valid) - 1 as ends, m.valid @> %(on)s::date as of_today
from party_members m join party_organisations o on o.id = m.organisation_id
join areas a on a.id = o.area_id
where m.account_id = %(account)s and not isempty(m.valid) and {SEEN}
order by lower(m.valid), o.code
"""
# A matter counts for the organisations that stood above its grid on the day it was received.
MATTERS = f"""
with recursive came as (
    select g.area_id, g.organisation_id, days.day, sum(days.n) as n
    from (select c.pos, (c.received_at at time zone clock.zone)::date as day, count(*) as n
        from cases c, clock
        where c.received_at >= (%(first)s::date)::timestamp at time zone clock.zone
            and c.received_at < (%(last)s::date + 1)::timestamp at time zone clock.zone
        group by 1, 2) days
    join areas ground on ground.span @> days.pos and ground.level = 'grid'
    join party_grids g on g.area_id = ground.id and g.valid @> days.day
    group by 1, 2, 3),
up as (
    select area_id, organisation_id, day, n from came
    union
    select up.area_id, t.parent_id, up.day, up.n from up
    join party_ties t on t.organisation_id = up.organisation_id and t.valid @> up.day)
select o.id, o.code, o.name, o.kind, lower(o.valid) as begins, upper(o.valid) as ends,
    sum(up.n)::int as matters
from up join party_organisations o on o.id = up.organisation_id
join areas a on a.id = o.area_id
where {SEEN} and o.kind in ('committee', 'general_branch')
group by o.id, o.code, o.name, o.kind, o.valid order by o.code
"""


def _counted(tx: Tx, rows: list[dict[str, Any]], on: date) -> list[dict[str, Any]]:
    tops = [row["id"] for row in rows]
    found = {row.pop("top"): row for row in tx.rows(TOTALS, {"tops": tops, "on": on})}
    return [
        {**row, "secretaries": row["secretaries"] or [], "totals": found.get(row["id"], NOTHING)}
        for row in rows
    ]


def tops(tx: Tx, scope: str, on: date) -> list[dict[str, Any]]:
    return _counted(tx, tx.rows(TOPS, {"scope": scope, "on": on}), on)


def one(tx: Tx, scope: str, on: date, organisation: UUID) -> dict[str, Any] | None:
    """Return it with what stands above it and right below it; None when it is not seen that day."""
    values = {"scope": scope, "on": on, "id": organisation}
    rows = tx.rows(ONE, values)
    if not rows:
        return None
    return {
        **_counted(tx, rows, on)[0],
        "above": tx.rows(CHAIN, values),
        "below": _counted(tx, tx.rows(CHILDREN, values), on),
        "grids": [row["area"] for row in tx.rows(GRIDS, values)],
        "people": tx.rows(MEMBERS, values),
    }


def chains(tx: Tx, scope: str, on: date, grid: UUID) -> list[list[dict[str, Any]]]:
    """From the top down to each organisation that stands on the grid."""
    values = {"scope": scope, "on": on}
    return [
        [
            *tx.rows(CHAIN, {**values, "id": last["id"]}),
            {k: last[k] for k in ("id", "name", "kind")},
        ]
        for last in tx.rows(ON_GRID, {**values, "grid": grid})
    ]


def of_account(tx: Tx, scope: str, on: date, account: UUID) -> list[dict[str, Any]]:
    return tx.rows(OF_ACCOUNT, {"scope": scope, "on": on, "account": account})


def matters(tx: Tx, scope: str, first: date, last: date) -> list[dict[str, Any]]:
    return tx.rows(MATTERS, {"scope": scope, "first": first, "last": last})
