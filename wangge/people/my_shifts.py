"""One's own shifts to come, and the swaps and stand-ins that wait for one's word."""

from datetime import timedelta
from typing import Any

from wangge.kernel.db import Tx
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
