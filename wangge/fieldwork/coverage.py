"""Which grids and households nobody has been to for so long, what is due, and who carries how much.

Of people only the load is shown: what waits on their ground, never how busy they were.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid5

from wangge.fieldwork.permissions import PLAN, WORK
from wangge.fieldwork.recording import today
from wangge.fieldwork.rounds import day_span
from wangge.kernel.db import Tx
from wangge.kernel.facts import Fact, record
from wangge.notices import service as notices
from wangge.people.models import Actor
from wangge.tenant.service import rules

# A grid without a border of its own is none; what nobody served since it began is a gap too.
UNSERVED = """
from areas a left join grounds_served s on s.area_id = a.id
where a.level = 'grid' and a.active_from <= %(since)s::timestamptz::date
    and (a.active_to is null or a.active_to > %(day)s)
    and coalesce(greatest(s.visited_at, s.patrolled_at), '-infinity') < %(since)s
"""
GAPS = f"""
insert into coverage_gaps (day, area_id, pos, visited_at, patrolled_at)
select %(day)s, a.id, a.pos, s.visited_at, s.patrolled_at {UNSERVED}
on conflict do nothing returning area_id, pos
"""
NOW = f"""
select %(day)s::date as day, a.id as area_id, a.code, a.names, s.visited_at, s.patrolled_at
{UNSERVED} and a.pos <@ %(scope)s::int4multirange
order by greatest(s.visited_at, s.patrolled_at) nulls first, a.code limit 1000
"""
OLD = "delete from coverage_gaps where day < %s"
TELL = """
select distinct p.account_id, a.id as area_id from posts p join areas a on a.id = p.area_id
join accounts c on c.id = p.account_id and c.active
where p.role = 'grid_leader' and p.valid @> city_today() and exists (
    select from coverage_gaps g where g.day = %(day)s and g.pos <@ a.span)
"""
LISTED = """
select g.day, g.area_id, a.code, a.names, g.visited_at, g.patrolled_at
from coverage_gaps g join areas a on a.id = g.area_id
where g.day = %(day)s and g.pos <@ %(scope)s::int4multirange
order by greatest(g.visited_at, g.patrolled_at) nulls first, a.code limit 1000
"""
WALKED = """
select a.id as area_id, a.code, a.kind, a.names, s.patrolled_at
from areas a left join grounds_served s on s.area_id = a.id
where a.level = 'grid' and a.pos <@ %(scope)s::int4multirange and a.active_from <= %(day)s
    and (a.active_to is null or a.active_to > %(day)s)
    and (a.kind = any(%(kinds)s) or a.code = any(%(risky)s))
order by a.code limit 10000
"""
MOST_DUE = 500
# A home lies on one place and a grid is made of few: joined by place, not by asking whether it lies
# within, which for a city's homes took 8 s instead of 0.1.
HOUSEHOLDS = """
with grids as (
    select id, code, names, span from areas
    where level = 'grid' and pos <@ %(scope)s::int4multirange
), spots as (
    select g.id, n as pos
    from grids g, unnest(g.span) as r, generate_series(lower(r), upper(r) - 1) as n
), counted as (
    select s.id, count(*) as homes,
        count(*) filter (where coalesce(d.seen_at, d.received_at) < %(since)s) as unseen
    from spots s join dwellings d on d.pos = s.pos
    where d.active group by 1
)
select g.id as area_id, g.code, g.names, c.homes, c.unseen
from grids g join counted c on c.id = g.id order by c.unseen desc, g.code limit 500
"""
# Somebody with two grids stands once with both. A task that somebody has taken is his alone; cases
# and homes of a grid that several look after stand with each of them. Grids with nobody follow in
# their place, so that what waits there is not lost from the list.
WORKS = """p.role in ('grid_worker', 'professional_worker') and p.valid @> city_today()"""
LOAD = f"""
with held as (
    select c.id as key, c.id as account_id, c.name, min(a.code) as first, range_agg(a.span) as span,
        jsonb_agg(jsonb_build_object('area_id', a.id, 'code', a.code, 'names', a.names)
            order by a.code) as grids
    from (select distinct p.account_id, p.area_id from posts p where {WORKS}) p
    join accounts c on c.id = p.account_id and c.active join areas a on a.id = p.area_id
    where a.pos <@ %(scope)s::int4multirange
    group by c.id
    union all
    select a.id, null, '', a.code, a.span,
        jsonb_build_array(jsonb_build_object('area_id', a.id, 'code', a.code, 'names', a.names))
    from areas a where a.level = 'grid' and a.pos <@ %(scope)s::int4multirange
        and a.active_from <= %(day)s and (a.active_to is null or a.active_to > %(day)s)
        and not exists (select from posts p join accounts c on c.id = p.account_id and c.active
            where p.area_id = a.id and {WORKS})
    order by first, name limit 500
), spots as (
    select h.key, h.account_id, n as pos
    from held h, unnest(h.span) as r, generate_series(lower(r), upper(r) - 1) as n
), waiting as (
    select s.key, count(*) as n from spots s join cases c on c.pos = s.pos
    where c.state in ('verifying', 'checking') group by 1
), homes as (
    select s.key, count(*) as n from spots s join dwellings d on d.pos = s.pos
    where d.active group by 1
), todo as (
    select pos, owner_id, due_on from field_tasks where state = 'open'
), tasks as (
    select key, count(*) as n, count(*) filter (where due_on < %(day)s) as late from (
        select h.key, t.due_on from held h join todo t on t.owner_id = h.account_id
        union all
        select s.key, t.due_on from spots s join todo t on t.pos = s.pos
        where t.owner_id is null or s.account_id is null
    ) as each_task group by 1
)
select h.account_id, h.name, h.grids, coalesce(t.n, 0) as tasks, coalesce(t.late, 0) as late_tasks,
    coalesce(c.n, 0) as cases, coalesce(d.n, 0) as homes
from held h left join tasks t using (key) left join waiting c using (key)
left join homes d using (key)
order by h.first, h.name
"""
QUOTA = """
select c.id, c.name, a.names,
    (select count(distinct coalesce(r.dwelling_id, r.id)) from field_records r
        where r.kind = 'visit' and (r.account_id = c.id or r.partner_id = c.id)
        and r.done_at >= %(first)s and r.done_at < %(last)s) as homes
from posts p join accounts c on c.id = p.account_id and c.active join areas a on a.id = p.area_id
where p.role in ('grid_worker', 'professional_worker') and p.valid @> city_today()
    and a.pos <@ %(scope)s::int4multirange
order by a.code, c.name limit 500
"""
KEPT_DAYS = 90


def nightly(tx: Tx) -> int:
    """Write down the grids where nobody was for so long; their leaders are told once a day."""
    day = today(tx)
    rows = tx.rows(GAPS, {"day": day, "since": _since(tx, day)})
    tx.run(OLD, [day - timedelta(days=KEPT_DAYS)])
    if rows:
        _tell(tx, day)
        record(tx, [Fact("CoverageRead", row["area_id"], {}, row["pos"]) for row in rows[:200]])
    return len(rows)


def _tell(tx: Tx, day: date) -> None:
    notices.notify(
        tx,
        [
            notices.Notice(
                account_id=row["account_id"], code="coverage_gap",
                body={"day": f"{day.month}月{day.day}日"},
                id=uuid5(row["area_id"], f"gap:{day}:{row['account_id']}"),
            )
            for row in tx.rows(TELL, {"day": day})
        ],
    )  # fmt: skip


def _since(tx: Tx, day: date) -> datetime:
    begins, _ = day_span(tx, day)
    return begins - timedelta(days=rules(tx).visits.grid_days)


def gaps(tx: Tx, actor: Actor, day: date | None = None) -> list[dict[str, Any]]:
    """The list of a night, or as it is now; those served longest ago stand first."""
    scope = actor.reach(PLAN).scope
    if day is not None:
        return tx.rows(LISTED, {"day": day, "scope": scope})
    now = today(tx)
    return tx.rows(NOW, {"day": now, "since": _since(tx, now), "scope": scope})


def households(tx: Tx, actor: Actor, days: int) -> list[dict[str, Any]]:
    """Grid by grid how many homes nobody has called on for so long; counts, never names."""
    since = tx.now - timedelta(days=days)
    return tx.rows(HOUSEHOLDS, {"since": since, "scope": actor.reach(PLAN).scope})


def patrols_due(tx: Tx, actor: Actor) -> list[dict[str, Any]]:
    """The grids one works on or leads, by when the city's rule has them walked; late ones first.

    A grid that nobody has walked is due today. Nothing says by whom: it is a plan of places.
    """
    day, known = today(tx), rules(tx)
    if not known.visits.patrols:
        return []
    held = WORK if actor.may(WORK) else PLAN
    asked = {
        "scope": actor.reach(held).scope, "day": day, "risky": list(known.visits.risky),
        "kinds": [one.grids for one in known.visits.patrols],
    }  # fmt: skip
    found, zone = [], known.calendar.days.zone
    for row in tx.rows(WALKED, asked):
        days = known.visits.walked_every(row["kind"], row["code"])
        if days is None:
            continue
        at = row["patrolled_at"]
        due = at.astimezone(zone).date() + timedelta(days=days) if at else day
        found.append({**row, "days": days, "due_on": due, "overdue": due < day})
    return sorted(found, key=lambda one: (one["due_on"], one["code"]))[:MOST_DUE]


def load(tx: Tx, actor: Actor) -> list[dict[str, Any]]:
    """What waits for each worker over all his grids, by grid; nobody is ranked."""
    return tx.rows(LOAD, {"day": today(tx), "scope": actor.reach(PLAN).scope})


def progress(tx: Tx, actor: Actor) -> list[dict[str, Any]]:
    """For the leader of the grids alone, and only where the city has set a quota; by grid."""
    quota = rules(tx).visits.daily_homes
    if not quota:
        return []
    first, last = day_span(tx, today(tx))
    rows = tx.rows(QUOTA, {"first": first, "last": last, "scope": leads(actor)})
    return [{**row, "quota": quota} for row in rows]


def leads(actor: Actor) -> str:
    """The ground of one's posts as a grid leader; a quota's progress is nobody else's."""
    spans: Sequence[tuple[int, int]] = [
        span for post in actor.posts if post.role == "grid_leader" for span in post.span
    ]
    return "{" + ",".join(f"[{low},{high})" for low, high in spans) + "}"
