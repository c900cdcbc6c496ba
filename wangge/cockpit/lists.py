"""What the screen shows as rows: emergencies, whistles, who is on duty, how its sources do.

Read for the whole city every few seconds in each process, and narrowed to a viewer's ground there.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from time import monotonic
from typing import Any

from wangge.kernel.db import Tx

LAST_SECONDS = 4.0
# A place is told to about a hundred metres; what is about an official or his unit is not told.
EMERGENCIES = """
select c.id, c.number, c.type, c.emergency, c.state, c.pos, c.received_at, a.names,
    round(c.lon::numeric, 3)::float8 as lon, round(c.lat::numeric, 3)::float8 as lat,
    coalesce(unit.short_name, desk.short_name) as holder,
    exists (select from alarms m where m.case_id = c.id and m.acknowledged_at is null) as unanswered
from cases c
join areas a on a.id = c.area_id
join organisations desk on desk.id = c.desk_id
left join organisations unit on unit.id = c.unit_id
where c.rank = 0 and c.state not in ('declined', 'evaluated', 'withdrawn', 'closed')
    and c.state not in ('merged', 'split') and c.about_unit is null and c.about_account is null
order by c.received_at desc, c.id limit 200
"""
DUTY = """
select s.duty, coalesce(stand.name, p.name) as name, o.short_name as unit, a.pos, a.level,
    upper(s.span) as ends
from duty_shifts s
join organisations o on o.id = s.unit_id and o.kind = 'desk' and o.active
join areas a on a.id = o.area_id
join accounts p on p.id = s.account_id
left join shift_stands t on t.shift_id = s.id and t.span @> %(now)s::timestamptz
left join accounts stand on stand.id = t.account_id
where s.span @> %(now)s::timestamptz
order by a.code, array_position(array['leader', 'on_duty', 'backup'], s.duty), name
"""
HEALTH = """
select (select count(*) from sms_messages where at > %(day)s and at < %(soon)s
        and state = 'queued') as sms_waiting,
    (select count(*) from sms_messages where at > %(day)s and state = 'failed') as sms_failed,
    (select count(*) from pgqueuer where status = 'failed') as jobs_held
"""
# 吹哨: no word of who blew it; ``come`` of ``called`` units or members have reported in.
WHISTLES = """
select w.id, w.number, w.reason, w.kind, w.pos, w.area_id, w.at, w.report_by,
    w.overdue_at is not null as late,
    case when w.kind = 'units' then (select count(*) from whistle_calls k
        where k.whistle_id = w.id and k.state <> 'excused') else w.wanted end::int as called,
    case when w.kind = 'units' then (select count(*) from whistle_calls k
        where k.whistle_id = w.id and k.state in ('arrived', 'confirmed', 'signed'))
    else (select count(*) from whistle_members k where k.whistle_id = w.id
        and k.accepted_at is not null) end::int as come
from whistles w where w.state = 'open' order by w.due_at, w.id limit 200
"""
STATIONS = """
select p.id, p.name, p.lon, p.lat, a.pos from places p join areas a on a.id = p.area_id
where p.kind = 'station' order by a.code, p.name, p.id limit 2000
"""
# Where posts are, never where persons are; ``away`` are posts of which the holder is absent.
POSTS = """
select p.role, array_agg(a.pos) as places,
    coalesce(array_agg(a.pos) filter (where exists (select from absences s
        where s.account_id = p.account_id and s.span @> %(now)s::timestamptz)), '{}') as away
from posts p
left join organisations o on o.id = p.unit_id
join areas a on a.id = coalesce(p.area_id, o.area_id)
join accounts h on h.id = p.account_id and h.active
where p.valid @> city_today()
group by p.role order by p.role
"""
# 预警: what it says, in which area; who holds it is a level, never a name.
ALERTS = """
select id, rule, kind, figures, state, pos, area_id, at, due_at, escalated_at is not null as raised
from alerts where state <> 'ended' order by at desc, id limit 500
"""
# A link for whoever may look; a look asks for its reason and stands in the register.
VIDEO = """
select s.id, s.code, s.name, s.area_id, s.pos, round(s.lon::numeric, 4)::float8 as lon,
    round(s.lat::numeric, 4)::float8 as lat
from video_sites s where s.active order by s.code limit 2000
"""
SLOW = timedelta(minutes=5)
DAY = timedelta(days=1)


@dataclass(slots=True)
class Lists:
    """The city's rows as they were at a moment."""

    at: datetime
    emergencies: list[dict[str, Any]] = field(default_factory=list)
    duty: list[dict[str, Any]] = field(default_factory=list)
    health: dict[str, int] = field(default_factory=dict)
    whistles: list[dict[str, Any]] = field(default_factory=list)
    stations: list[dict[str, Any]] = field(default_factory=list)
    posts: list[dict[str, Any]] = field(default_factory=list)
    alerts: list[dict[str, Any]] = field(default_factory=list)
    video: list[dict[str, Any]] = field(default_factory=list)
    read: float = 0.0  # by this process's own clock
    edition: int = 0  # another when the rows are others

    def says(self, other: "Lists") -> bool:
        """Whether both have the same rows."""
        return all(getattr(self, name) == getattr(other, name) for name in ROWS)

    @property
    def age(self) -> float:
        return monotonic() - self.read


ROWS = ("emergencies", "duty", "health", "whistles", "stations", "posts", "alerts", "video")
_kept: dict[str, Lists] = {}
_reading: dict[str, Lock] = defaultdict(Lock)


def current(tx: Tx) -> Lists:
    """The tenant's rows, a few seconds old at most."""
    tenant = tx.cell.tenant
    with _reading[tenant]:
        held = _kept.get(tenant)
        if held is None or held.age > LAST_SECONDS or held.at > tx.now:
            found = read(tx)
            found.edition = held.edition + (not held.says(found)) if held else 1
            held = _kept[tenant] = found
    return held


def read(tx: Tx) -> Lists:
    health: dict[str, int] = tx.one(HEALTH, {"day": tx.now - DAY, "soon": tx.now - SLOW}) or {}
    emergencies = tx.rows(EMERGENCIES)
    duty = tx.rows(DUTY, {"now": tx.now})
    return Lists(
        tx.now, emergencies, duty, health, tx.rows(WHISTLES), tx.rows(STATIONS),
        tx.rows(POSTS, {"now": tx.now}), tx.rows(ALERTS), tx.rows(VIDEO), monotonic(),
    )  # fmt: skip
