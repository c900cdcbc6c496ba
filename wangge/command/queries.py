"""Reads of the command desk; the transaction is under row-level security."""

from typing import Any
from uuid import UUID

from wangge.kernel.db import Tx

# A unit's word is a step of the case: the lead's own, or that of its child task.
ANSWER = """
left join lateral (select s.at, s.actor_name, s.action = 'assist' and s.data ->> 'did' = 'return'
        as returned
    from case_steps s where s.case_id = k.case_id and s.seq > k.seq and case
        when k.task_id is null then s.action = 'acknowledge' and s.unit_id = k.unit_id
        else s.action = 'assist' and s.data ->> 'task' = k.task_id::text
            and s.data ->> 'did' in ('acknowledge', 'return') end
    order by s.seq limit 1) a on true
left join case_tasks t on t.id = k.task_id
"""
# Still awaited: not taken back, not given to another, not over.
AWAITED = """
a.at is null and case when k.task_id is null
    then c.state = 'dispatched' and c.unit_id = k.unit_id
    else t.state = 'dispatched' and t.unit_id = k.unit_id end
"""
CALLS = f"""
select k.id, k.order_id, k.unit_id, k.task_id, k.words, k.answer_by, k.late_at, k.at,
    o.short_name as unit, o.phone, a.at as answered_at, coalesce(a.actor_name, '') as answered_by,
    coalesce(a.returned, false) as returned, {AWAITED} as awaited, g.name as given_name
from command_calls k join cases c on c.id = k.case_id
join organisations o on o.id = k.unit_id join accounts g on g.id = k.given_by {ANSWER}
where k.case_id = %s order by k.at, k.task_id is not null, o.code
"""
OPEN = f"""
select c.id as case_id, c.number, c.title, c.state, min(k.answer_by) as answer_by,
    array_agg(o.short_name order by k.answer_by, o.code) as units
from command_calls k join cases c on c.id = k.case_id
join organisations o on o.id = k.unit_id {ANSWER}
where k.at >= %(since)s and {AWAITED}
group by c.id order by min(k.answer_by), c.id limit 100
"""
LATE = f"""
select k.id, k.case_id, k.given_by, k.unit_id, o.short_name as unit, c.number, c.title, c.desk_id,
    c.pos, c.unit_ids
from command_calls k join cases c on c.id = k.case_id
join organisations o on o.id = k.unit_id {ANSWER}
where k.late_at is null and k.answer_by < %(now)s and k.at >= %(since)s and {AWAITED}
order by k.answer_by limit 200 for update of k skip locked
"""
CASE = """
select c.id, c.number, c.title, c.state, c.version, c.desk_id, c.unit_id, c.area_id, c.pos, c.lon,
    c.lat, d.short_name as desk, d.area_id as desk_area, u.short_name as unit, a.level
from cases c join organisations d on d.id = c.desk_id join areas a on a.id = c.area_id
left join organisations u on u.id = c.unit_id
where c.id = %s
"""
# Who looks after the ground of a case, nearest first: of the grid, and above it to the community.
GROUND = """
select distinct on (nlevel(h.path), p.role, n.name, n.id) n.id as account_id, n.name, n.phone,
    p.role, p.title, h.id as place_id, h.short_name as place, nlevel(h.path) as depth
from cases c join areas here on here.id = c.area_id join areas h on h.path @> here.path
    and h.level in ('grid', 'micro_grid', 'community', 'committee', 'natural_village', 'estate')
join posts p on p.area_id = h.id and p.valid @> city_today() and p.role = any(%(roles)s)
join accounts n on n.id = p.account_id and n.active
where c.id = %(case)s and n.id is distinct from c.about_account
order by nlevel(h.path) desc, p.role, n.name, n.id limit 20
"""
GROUP = """
select g.team_id as id, t.name from command_groups g join teams t on t.id = g.team_id
    and t.valid @> city_today()
where g.case_id = %s
"""


def case(tx: Tx, case_id: UUID) -> dict[str, Any] | None:
    return tx.one(CASE, [case_id])


def calls(tx: Tx, case_id: UUID) -> list[dict[str, Any]]:
    """Every unit that was sent out on a case, in the order of the acts, with its word."""
    return tx.rows(CALLS, [case_id])


def ground(tx: Tx, case_id: UUID, roles: list[str]) -> list[dict[str, Any]]:
    return tx.rows(GROUND, {"case": case_id, "roles": roles})


def group(tx: Tx, case_id: UUID) -> dict[str, Any] | None:
    return tx.one(GROUP, [case_id])
