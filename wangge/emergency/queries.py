"""Reads of incidents, tasks, calls, resources; each list has the one expression of who sees it."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from wangge.emergency.rights import SEES
from wangge.kernel.db import Tx

CARD = """
select i.*, a.names, desk.short_name as desk, c.number as case_number, c.title as case_title,
    (select count(*) from incident_tasks t where t.incident_id = i.id
        and t.state <> 'dropped') as tasks,
    (select count(*) from incident_tasks t where t.incident_id = i.id
        and t.state in ('taken', 'done')) as taken,
    (select count(*) from incident_tasks t where t.incident_id = i.id
        and t.state = 'done') as done,
    (select count(*) from incident_tasks t where t.incident_id = i.id
        and t.late_at is not null and t.state in ('given', 'taken')) as late
from incidents i join areas a on a.id = i.area_id
join organisations desk on desk.id = i.desk_id left join cases c on c.id = i.case_id
"""
TASKS = """
select t.*, coalesce(p.name, o.short_name) as owner, coalesce(p.phone, o.phone) as phone
from incident_tasks t left join organisations o on o.id = t.unit_id
left join accounts p on p.id = t.account_id
where t.incident_id = any(%s) order by t.incident_id, t.seq
"""
MINE = f"""
select t.*, coalesce(p.name, o.short_name) as owner, coalesce(p.phone, o.phone) as phone,
    i.number, i.title, i.drill, i.level, i.kind, i.place_words, i.lon, i.lat
from incident_tasks t join incidents i on i.id = t.incident_id and i.state = 'open'
left join organisations o on o.id = t.unit_id left join accounts p on p.id = t.account_id
where {SEES} and t.state in ('given', 'taken')
    and (t.account_id = %(me)s or t.unit_id = any(%(own)s))
order by t.state, t.due_at nulls last, t.id limit 100
"""
LOG = """
select id, seq, kind, words, data, name, title, at from incident_log
where incident_id = %s order by seq
"""
CALLS = """
select id, step, duty, account_id, name, unit, phone, way, called_at, receipt, receipt_at,
    acknowledged_at
from incident_calls where incident_id = %s order by called_at, step, name, way
"""
SENT = """
select s.id, s.resource_id, s.amount, s.metres, s.state, s.sent_at, s.on_site_at, s.back_at, s.note,
    r.name, r.kind, r.keeper, r.phone, r.measure, r.lon, r.lat, o.short_name as unit
from incident_resources s join emergency_resources r on r.id = s.resource_id
join organisations o on o.id = r.unit_id
where s.incident_id = %s order by s.sent_at, s.id
"""
# On a sphere, as far as the eye of a dispatcher cares; the order is what counts.
METRES = """
2 * 6371008.8 * asin(sqrt(sin(radians(r.lat - %(lat)s) / 2) ^ 2
    + cos(radians(r.lat)) * cos(radians(%(lat)s)) * sin(radians(r.lon - %(lon)s) / 2) ^ 2))
"""
NEAREST = f"""
select r.id, r.code, r.name, r.kind, r.capabilities, r.place_words, r.lon, r.lat, r.amount, r.away,
    r.measure, r.keeper, r.phone, o.short_name as unit, round({METRES})::int as metres
from emergency_resources r join organisations o on o.id = r.unit_id
where r.state = 'ready' and r.amount > r.away and r.capabilities @> array[%(able)s::text]
    and (%(kind)s = '' or r.kind = %(kind)s)
order by {METRES}, r.code limit %(limit)s
"""
RESOURCES = """
select r.*, o.short_name as unit, a.names from emergency_resources r
join organisations o on o.id = r.unit_id join areas a on a.id = r.area_id
"""
TOTALS = f"""
select i.level, count(*) as n, count(*) filter (where i.state = 'open') as open
from incidents i where {SEES} and not i.drill and i.alerted_at >= %(since)s group by i.level
"""


def open_(tx: Tx, sees: dict[str, Any]) -> list[dict[str, Any]]:
    return tx.rows(
        f"{CARD} where i.state = 'open' and {SEES} order by i.drill, i.alerted_at desc, i.id"
        " limit 100",
        sees,
    )


def whole(tx: Tx, sees: dict[str, Any], incident_id: UUID) -> dict[str, Any] | None:
    return tx.one(f"{CARD} where i.id = %(id)s and {SEES}", {**sees, "id": incident_id})


def page(
    tx: Tx, sees: dict[str, Any], wanted: Mapping[str, str], after: Sequence[Any] | None, limit: int
) -> list[dict[str, Any]]:
    """Newest alert first; keyset (alert, id)."""
    where = [SEES]
    values: dict[str, Any] = {**sees, "limit": limit}
    for name in ("state", "level", "category", "kind"):
        if wanted.get(name):
            where.append(f"i.{name} = %({name})s")
            values[name] = wanted[name]
    if wanted.get("drill"):
        where.append("i.drill" if wanted["drill"] == "drill" else "not i.drill")
    if after:
        where.append("(i.alerted_at, i.id) < (%(after_at)s, %(after_id)s)")
        values |= {"after_at": after[0], "after_id": after[1]}
    return tx.rows(
        f"{CARD} where {' and '.join(where)} order by i.alerted_at desc, i.id desc limit %(limit)s",
        values,
    )


def totals(tx: Tx, sees: dict[str, Any], since: Any) -> list[dict[str, Any]]:
    """Real incidents by level; a drill is never counted."""
    return tx.rows(TOTALS, {**sees, "since": since})


def tasks(tx: Tx, incidents: Sequence[UUID]) -> dict[UUID, list[dict[str, Any]]]:
    found: dict[UUID, list[dict[str, Any]]] = {}
    for row in tx.rows(TASKS, [list(incidents)]):
        found.setdefault(row["incident_id"], []).append(row)
    return found


def mine(tx: Tx, sees: dict[str, Any], own: Sequence[UUID]) -> list[dict[str, Any]]:
    """Tasks that wait for this person, or for the units in which he handles work."""
    return tx.rows(MINE, {**sees, "own": list(own)})


def log(tx: Tx, incident_id: UUID) -> list[dict[str, Any]]:
    return tx.rows(LOG, [incident_id])


def calls(tx: Tx, incident_id: UUID) -> list[dict[str, Any]]:
    return tx.rows(CALLS, [incident_id])


def sent(tx: Tx, incident_id: UUID) -> list[dict[str, Any]]:
    return tx.rows(SENT, [incident_id])


def nearest(
    tx: Tx, lon: float, lat: float, able: str, *, kind: str = "", limit: int = 3
) -> list[dict[str, Any]]:
    """The nearest resources that can do it and of which something is there, with metres."""
    asked = {"lon": lon, "lat": lat, "able": able, "kind": kind, "limit": limit}
    return tx.rows(NEAREST, asked)


def resources(tx: Tx, *, kind: str, able: str, words: str) -> list[dict[str, Any]]:
    """By kind and code; at most 500."""
    return tx.rows(
        f"{RESOURCES} where (%(kind)s = '' or r.kind = %(kind)s)"
        " and (%(able)s = '' or r.capabilities @> array[%(able)s::text])"
        " and (%(words)s = '' or strpos(r.name || r.place_words || o.short_name, %(words)s) > 0)"
        " order by r.kind, r.code limit 500",
        {"kind": kind, "able": able, "words": words},
    )


def resource(tx: Tx, resource_id: UUID) -> dict[str, Any] | None:
    return tx.one(f"{RESOURCES} where r.id = %s", [resource_id])
