"""What the screen shows as rows: emergencies, who is on duty, how its sources do.

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
SLOW = timedelta(minutes=5)
DAY = timedelta(days=1)


@dataclass(slots=True)
class Lists:
    """The city's rows as they were at a moment."""

    at: datetime
    emergencies: list[dict[str, Any]] = field(default_factory=list)
    duty: list[dict[str, Any]] = field(default_factory=list)
    health: dict[str, int] = field(default_factory=dict)
    read: float = 0.0  # by this process's own clock
    edition: int = 0  # another when the rows are others

    def says(self, other: "Lists") -> bool:
        """Whether both have the same rows."""
        mine = self.emergencies, self.duty, self.health
        return mine == (other.emergencies, other.duty, other.health)

    @property
    def age(self) -> float:
        return monotonic() - self.read


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
    return Lists(tx.now, emergencies, duty, health, monotonic())
