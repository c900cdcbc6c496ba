"""The duty roster of every desk: somebody on duty, a leader and a stand-by at any hour."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from wangge.demo.ground_plan import stable_id
from wangge.kernel.db import Tx

BEFORE, AFTER = 3, 10  # days around a moment that are written
DESK_PEOPLE = """
select o.id as unit_id, p.role, p.account_id from organisations o
join posts p on p.unit_id = o.id and p.valid @> %s::date
where o.kind = 'desk' and o.active and p.role in ('acceptor', 'dispatcher', 'duty_leader')
order by o.code, p.role, p.id
"""
WRITE = """
insert into duty_shifts (id, unit_id, duty, account_id, span, note)
select id, unit_id, duty, account_id, tstzrange(begins, ends), ''
from unnest(%s::uuid[], %s::uuid[], %s::text[], %s::uuid[], %s::timestamptz[], %s::timestamptz[])
    as s (id, unit_id, duty, account_id, begins, ends)
where not exists (select from duty_shifts d where d.unit_id = s.unit_id and d.duty = s.duty
    and d.span && tstzrange(s.begins, s.ends))
on conflict do nothing
"""


def fill(tx: Tx, moment: datetime) -> int:
    """Write the days around ``moment`` where nobody has written any; returns how many shifts."""
    zone = _zone(tx)
    today = moment.astimezone(zone).date()
    teams: dict[UUID, dict[str, list[UUID]]] = defaultdict(lambda: defaultdict(list))
    for row in tx.rows(DESK_PEOPLE, [today]):
        teams[row["unit_id"]][row["role"]].append(row["account_id"])
    days = [today + timedelta(days=n) for n in range(-BEFORE, AFTER + 1)]
    shifts = [shift for unit, team in teams.items() for shift in _shifts(unit, team, days, zone)]
    return tx.run(WRITE, [list(column) for column in zip(*shifts, strict=True)]) if shifts else 0


def _zone(tx: Tx) -> ZoneInfo:
    row = tx.one("select zone from clock")
    return ZoneInfo(row["zone"] if row else "UTC")


def _shifts(
    unit: UUID, team: dict[str, list[UUID]], days: list[date], zone: ZoneInfo
) -> Iterator[tuple[Any, ...]]:
    """From 8:30 to 8:30; acceptors take turns, whoever has none stands by with the dispatcher.

    A desk without people for a duty has nobody on it: the ladder passes over the gap.
    """
    on_duty = team["acceptor"] + team["dispatcher"]
    leaders = team["duty_leader"]
    for day in days:
        begins = datetime.combine(day, time(8, 30), zone).astimezone(UTC)
        ends = datetime.combine(day + timedelta(days=1), time(8, 30), zone).astimezone(UTC)
        turn = day.toordinal()
        chosen: dict[str, UUID] = {}
        if on_duty:
            chosen["on_duty"] = on_duty[turn % len(on_duty)]
            chosen["backup"] = on_duty[(turn + 1) % len(on_duty)]
        if leaders:
            chosen["leader"] = leaders[turn % len(leaders)]
        for duty, account in chosen.items():
            key = stable_id("shift", str(unit), duty, day.isoformat())
            yield key, unit, duty, account, begins, ends
