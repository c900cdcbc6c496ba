"""Reads of groups and their threads; row-level security shows a thread to its members alone."""

from datetime import datetime
from typing import Any
from uuid import UUID

from wangge.kernel.db import Tx

MOST_RECENT = 100
WHERE = "jsonb_build_object('id', a.id, 'code', a.code, 'name', a.short_name, 'names', a.names)"
# ``recent``: when the latest were said by others; each screen counts those after its own mark.
GROUPS = f"""
select t.id, t.name, a.pos, {WHERE} as area, t.id = any((select my_groups())::uuid[]) as member,
    (select count(distinct p.account_id) from group_people p where p.team_id = t.id) as people,
    array(select m.at from group_messages m where m.team_id = t.id and m.kind = 'message'
        and m.taken_back_at is null and m.account_id <> %(me)s
        order by m.at desc limit {MOST_RECENT}) as recent,
    (select jsonb_build_object('name', m.account_name, 'text', left(m.text, 60), 'at', m.at)
        from group_messages m where m.team_id = t.id and m.kind = 'message'
        and m.taken_back_at is null order by m.at desc limit 1) as last
from teams t join areas a on a.id = t.area_id
where t.kind = 'service' and t.valid @> city_today()
    and (t.id = any((select my_groups())::uuid[]) or a.pos <@ %(runs)s::int4multirange)
    and (%(id)s::uuid is null or t.id = %(id)s)
order by member desc, a.pos, t.name limit 200
"""
PEOPLE = """
select p.account_id, c.name, c.phone, (array_agg(p.seat_id) filter (where p.seat_id is not null))[1]
        as seat_id,
    max(o.short_name) as unit, coalesce(max(q.title), '') as title, max(q.role) as role
from group_people p join accounts c on c.id = p.account_id and c.active
left join organisations o on o.id = p.unit_id
left join lateral (select h.title, h.role from posts h where h.account_id = p.account_id
    and h.valid @> city_today() order by h.unit_id is distinct from p.unit_id, h.role, h.id limit 1)
    q on true
where p.team_id = %s group by p.account_id, c.name, c.phone order by c.name, p.account_id
"""
# What was agreed on, whether or not somebody holds the post today.
SEATS = """
select m.id, m.role, m.account_id, m.unit_id, coalesce(c.name, o.short_name) as name
from team_members m left join accounts c on c.id = m.account_id
left join organisations o on o.id = m.unit_id
where m.team_id = %s and m.valid @> city_today() order by name, m.id
"""
GRIDS = f"""
select {WHERE} as area from team_grids g join areas a on a.id = g.area_id
where g.team_id = %s and g.valid @> city_today() order by a.pos
"""
MESSAGES = """
select m.id, m.kind, m.account_id, m.account_name as name, m.account_title as title, m.text,
    m.receipt, m.valid_until, m.taken_back_at is not null as taken_back, m.at,
    array(select r.account_id from group_reads r where r.message_id = m.id) as readers,
    (select jsonb_build_object('id', g.case_id, 'number', c.number, 'state', c.state)
        from group_cases g left join cases c on c.id = g.case_id where g.message_id = m.id) as case,
    coalesce((select jsonb_agg(jsonb_build_object('id', f.id, 'kind', f.kind)
        order by f.created_at, f.id) from files f where f.group_message_id = m.id), '[]') as files
from group_messages m where m.team_id = %(team)s and m.kind = 'message'
    and (%(before)s::timestamptz is null or m.at < %(before)s)
order by m.at desc, m.id desc limit %(limit)s
"""
INVITATION = """
select m.id, m.valid_until, f.id as file_id from group_messages m
join files f on f.group_message_id = m.id
where m.team_id = %s and m.kind = 'invitation' and m.taken_back_at is null
order by m.at desc limit 1
"""
# For anybody: groups of the area, or of what lies around it, whose picture still opens.
OPEN_TO_ALL = """
select t.id, t.name, i.valid_until from areas here
join areas a on a.path @> here.path or here.path @> a.path
join teams t on t.area_id = a.id and t.kind = 'service' and t.valid @> city_today()
join lateral (select m.valid_until from group_messages m where m.team_id = t.id
    and m.kind = 'invitation' and m.taken_back_at is null order by m.at desc limit 1) i
    on i.valid_until is null or i.valid_until >= city_today()
where here.code = %(code)s and a.level = any(%(levels)s)
    and (a.path @> here.path or exists (select from team_grids g join areas s on s.id = g.area_id
        where g.team_id = t.id and g.valid @> city_today() and here.path @> s.path))
order by a.pos, t.name limit 5
"""
LEVELS = ["community", "committee", "estate", "natural_village", "grid", "micro_grid"]


def groups(tx: Tx, me: UUID, runs: str, one: UUID | None = None) -> list[dict[str, Any]]:
    """Those one is in, and on the ground ``runs`` those one runs."""
    return tx.rows(GROUPS, {"me": me, "runs": runs, "id": one})


def people(tx: Tx, team: UUID) -> list[dict[str, Any]]:
    return tx.rows(PEOPLE, [team])


def seats(tx: Tx, team: UUID) -> list[dict[str, Any]]:
    return tx.rows(SEATS, [team])


def grids(tx: Tx, team: UUID) -> list[dict[str, Any]]:
    return [row["area"] for row in tx.rows(GRIDS, [team])]


def messages(tx: Tx, team: UUID, before: datetime | None, limit: int) -> list[dict[str, Any]]:
    """From the newest back."""
    return tx.rows(MESSAGES, {"team": team, "before": before, "limit": limit})


def invitation(tx: Tx, team: UUID) -> dict[str, Any] | None:
    return tx.one(INVITATION, [team])


def open_to_all(tx: Tx, code: str) -> list[dict[str, Any]]:
    return tx.rows(OPEN_TO_ALL, {"code": code, "levels": LEVELS})


def is_open(tx: Tx, team: UUID) -> bool:
    """Whether its picture may be shown to anybody today."""
    row = tx.one(
        "select 1 from group_messages m join teams t on t.id = m.team_id"
        " where m.team_id = %s and m.kind = 'invitation' and m.taken_back_at is null"
        " and t.valid @> city_today()"
        " and (m.valid_until is null or m.valid_until >= city_today())",
        [team],
    )
    return row is not None
