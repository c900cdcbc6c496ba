"""One's own shifts to come, and the swaps and stand-ins that wait for one's word."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from wangge.kernel.db import Tx
from wangge.kernel.errors import NotFound
from wangge.people.models import Actor

MY_SHIFTS = """
select s.id, s.duty, o.short_name as unit, s.unit_id, s.note,
    greatest(lower(s.span), lower(t.span)) as begins, least(upper(s.span), upper(t.span)) as ends,
    case when t.id is not null then w.name end as instead_of
from duty_shifts s join organisations o on o.id = s.unit_id
join accounts w on w.id = s.account_id
left join shift_stands t on t.shift_id = s.id
where s.span && tstzrange(%(now)s, %(until)s) and coalesce(t.account_id, s.account_id) = %(me)s
    and coalesce(upper(t.span), upper(s.span)) > %(now)s
order by 6, s.duty limit 50
"""
# Asked of me, asked by me, or agreed on and mine to confirm.
MY_CHANGES = """
select g.id, g.kind, g.state, g.words, o.short_name as unit, s.duty,
    lower(g.span) as begins, upper(g.span) as ends, lower(os.span) as other_begins,
    upper(os.span) as other_ends, f.name as from_name, t.name as to_name,
    g.to_account = %(me)s and g.state = 'asked' as may_answer,
    g.asked_by = %(me)s as may_withdraw,
    g.state = 'agreed' and (g.unit_id = any(%(units)s) or a.pos <@ %(scope)s::int4multirange)
        and %(me)s <> all(array[g.from_account, g.to_account]) as may_decide
from shift_changes g join duty_shifts s on s.id = g.shift_id
left join duty_shifts os on os.id = g.other_id
join organisations o on o.id = g.unit_id left join areas a on a.id = o.area_id
join accounts f on f.id = g.from_account join accounts t on t.id = g.to_account
where g.state in ('asked', 'agreed') and upper(g.span) > %(now)s
    and (%(me)s = any(array[g.from_account, g.to_account, g.asked_by])
        or (g.state = 'agreed' and g.unit_id = any(%(units)s)))
order by lower(g.span), g.id limit 50
"""
# With whom a shift of mine can be swapped: shifts of others of the same unit and duty, to come and
# whole in one hand.
TO_SWAP = """
select s.id, lower(s.span) as begins, upper(s.span) as ends, a.name
from duty_shifts mine join duty_shifts s on s.unit_id = mine.unit_id and s.duty = mine.duty
    and s.id <> mine.id and lower(s.span) > %(now)s and lower(s.span) < %(until)s
join lateral (select coalesce((select t.account_id from shift_stands t where t.shift_id = s.id
        and t.span @> s.span), case when not exists (select from shift_stands t
        where t.shift_id = s.id) then s.account_id end) as id) held on held.id <> %(me)s
join accounts a on a.id = held.id and a.active
where mine.id = %(shift)s order by lower(s.span), a.name limit 60
"""
TO_STAND_IN = """
select distinct a.id, a.name, coalesce(nullif(p.title, ''), r.short_name, u.short_name) as title
from duty_shifts mine join organisations o on o.id = mine.unit_id
left join areas ground on ground.id = o.area_id
join posts p on p.valid @> city_today() and (p.unit_id = mine.unit_id
    or p.area_id in (select b.id from areas b where b.pos <@ ground.span and b.path <@ ground.path))
join accounts a on a.id = p.account_id and a.active
left join areas r on r.id = p.area_id left join organisations u on u.id = p.unit_id
where mine.id = %(shift)s and a.id <> %(me)s order by a.name, a.id limit 200
"""


def partners(tx: Tx, actor: Actor, shift_id: UUID) -> dict[str, Any]:
    """For one of one's own shifts: with whose it can be swapped, and who may stand in for it."""
    values = {
        "me": actor.id,
        "shift": shift_id,
        "now": tx.now,
        "until": tx.now + timedelta(days=28),
    }
    if not any(row["id"] == shift_id for row in mine(tx, actor)["shifts"]):
        raise NotFound("no_such_shift", "没有此班次", "no such shift")
    return {"shifts": tx.rows(TO_SWAP, values), "people": tx.rows(TO_STAND_IN, values)}


def mine(tx: Tx, actor: Actor) -> dict[str, Any]:
    """One's own shifts of the next two weeks, and the changes that wait for one's word."""
    reach = actor.reach("roster.edit")
    values = {
        "me": actor.id,
        "now": tx.now,
        "until": tx.now + timedelta(days=14),
        "units": reach.units,
        "scope": reach.scope,
    }
    return {"shifts": tx.rows(MY_SHIFTS, values), "changes": tx.rows(MY_CHANGES, values)}
