"""Reads of what waits to be handed over; row-level security says whose cases are seen."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from wangge.handovers.models import LEADERS, Kind, Row
from wangge.kernel.db import Tx

# An item stands as long as what the leaver had is still where he left it.
STANDS = """
case i.kind
    when 'case' then c.unit_id = i.unit_id and c.state in ('dispatched', 'handling', 'suspended')
    when 'task' then exists (select from case_tasks t where t.id = i.task_id
        and t.state = 'acknowledged' and t.holder_id = i.from_account)
    when 'whistle' then exists (select from whistles x where x.id = i.thing_id
        and x.state = 'open' and x.caller_id = i.from_account)
    when 'promise' then exists (select from case_promises x where x.id = i.thing_id
        and x.kept_at is null and coalesce(x.seen_to_by, x.made_by) = i.from_account)
    when 'supervision' then exists (select from supervisions x where x.id = i.thing_id
        and x.state in ('proposed', 'open')
        and coalesce(x.seen_to_by, x.issued_by) = i.from_account)
    when 'alarm' then c.state not in ('closed', 'evaluated', 'declined', 'withdrawn', 'merged',
        'split')
    else c.state = i.case_state and (i.unit_id is null or c.desk_id = i.unit_id) end
"""
ITEM = """
select i.*, coalesce(c.number, w.number) as number, coalesce(c.title, w.words) as title,
    coalesce(c.state, '') as now_state, c.about_account,
    coalesce(w.due_at, m.by_at, s.answer_by, t.due_at, c.due_at) as due_at,
    case when w.id is not null then w.overdue_at when m.id is not null then m.late_at
        when s.id is not null then s.late_at when t.id is not null then t.overdue_at
        else c.overdue_at end as overdue_at,
    coalesce(c.pos, w.pos) as pos, coalesce(c.place_words, w.place_words) as place_words,
    coalesce(w.words, m.words, s.reason, t.words, '') as what, ar.names,
    coalesce(u.short_name, pa.short_name) as place,
    coalesce(pa.path, ua.path) as path
from handed_items i left join cases c on c.id = i.case_id
left join whistles w on w.id = i.thing_id and i.kind = 'whistle'
left join case_promises m on m.id = i.thing_id and i.kind = 'promise'
left join supervisions s on s.id = i.thing_id and i.kind = 'supervision'
left join case_tasks t on t.id = i.task_id
join areas ar on ar.id = coalesce(c.area_id, w.area_id)
left join organisations u on u.id = i.unit_id left join areas ua on ua.id = u.area_id
left join areas pa on pa.id = i.area_id
"""
# The nearest ones who lead where an item lies: the unit's own, or those of the ground above it.
LED = """
with items as materialized (
    select i.id, i.unit_id, i.from_account, coalesce(a.path, ua.path) as path
    from handed_items i left join areas a on a.id = i.area_id
    left join organisations o on o.id = i.unit_id left join areas ua on ua.id = o.area_id
    where i.state in ('waiting', 'given') and (%(ids)s::uuid[] is null or i.id = any(%(ids)s))),
found as (
    select i.id, p.account_id, 1000 as depth from items i
    join posts p on p.unit_id = i.unit_id and p.role = any(%(managers)s)
        and p.valid @> city_today() and p.account_id <> i.from_account
    join accounts c on c.id = p.account_id and c.active
    union all
    select i.id, p.account_id, nlevel(r.path) from items i
    join areas r on r.path @> i.path
    join posts p on p.area_id = r.id and p.valid @> city_today()
        and p.account_id <> i.from_account
        and (p.role = 'duty_leader' or (p.role = 'grid_leader' and i.unit_id is null))
    join accounts c on c.id = p.account_id and c.active)
select f.id, f.account_id from found f
where f.depth = (select max(g.depth) from found g where g.id = f.id)
"""
# Appointed where the leaver was, as what he was, since he left.
SUCCEEDS = """
exists (select from posts p, clock where p.account_id = %(me)s and p.valid @> city_today()
    and p.role = i.role and p.unit_id is not distinct from i.unit_id
    and p.area_id is not distinct from i.area_id
    and lower(p.valid) >= (i.at at time zone zone)::date)
"""
MINE = f"""
{ITEM} where i.state in ('waiting', 'given') and ({STANDS})
    and (i.to_account = %(me)s or i.id = any(%(led)s)
        or (i.state = 'waiting' and i.from_account <> %(me)s and {SUCCEEDS}))
order by due_at, i.id limit 500
"""
ONE = f"{ITEM} where i.id = %s for update of i"
SUCCESSOR = f"select 1 from handed_items i where i.id = %(id)s and {SUCCEEDS}"
STILL = f"""
select 1 from handed_items i left join cases c on c.id = i.case_id where i.id = %s and {STANDS}
"""
# Whose posts allow what an item needs, at its unit or on its ground.
ABLE = """
select distinct a.id, a.name, coalesce(nullif(p.title, ''), r.short_name, u.short_name) as title,
    p.role
from posts p join accounts a on a.id = p.account_id and a.active
left join areas r on r.id = p.area_id left join organisations u on u.id = p.unit_id
where p.valid @> city_today() and p.role = any(%(roles)s) and p.account_id <> %(gone)s
    and case when %(unit)s::uuid is not null then p.unit_id = %(unit)s
        else p.unit_id is null and r.span @> %(pos)s::int end
order by a.name limit 100
"""


def led(tx: Tx, ids: Sequence[UUID] | None = None) -> dict[UUID, list[UUID]]:
    """Of each pending item the accounts that lead where it lies, the nearest ones."""
    found: dict[UUID, list[UUID]] = {}
    values = {"ids": ids and list(ids), "managers": list(LEADERS["unit"])}
    for row in tx.rows(LED, values):
        found.setdefault(row["id"], []).append(row["account_id"])
    return found


def mine(tx: Tx, me: UUID) -> list[Row]:
    """What waits for this person: to be given on, or to be signed for; the earliest due first."""
    leads = led(tx)
    own = [item for item, leaders in leads.items() if me in leaders]
    rows = tx.rows(MINE, {"me": me, "led": own})
    return [{**row, "led": row["id"] in set(own)} for row in rows]


def one(tx: Tx, item_id: UUID) -> Row | None:
    """An item that one may see, held fast."""
    return tx.one(ONE, [item_id])


def succeeds(tx: Tx, item_id: UUID, me: UUID) -> bool:
    return tx.one(SUCCESSOR, {"id": item_id, "me": me}) is not None


def stands(tx: Tx, item_id: UUID) -> bool:
    return tx.one(STILL, [item_id]) is not None


def able(tx: Tx, item: Row, roles: Sequence[str]) -> list[dict[str, Any]]:
    """Who may take an item on: whose post lies where it lies and allows what it needs."""
    on_unit = item["kind"] not in (Kind.VISIT, Kind.ALARM)
    return tx.rows(
        ABLE,
        {
            "roles": list(roles),
            "unit": item["unit_id"] if on_unit or item["unit_id"] else None,
            "pos": item["pos"],
            "gone": item["from_account"],
        },
    )
