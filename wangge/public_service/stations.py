"""Service stations near somebody, with the hours of the desk that runs each."""

from datetime import date, datetime, timedelta
from typing import Any

from wangge.kernel.db import Tx
from wangge.tenant.calendar import Day
from wangge.tenant.service import rules

MOST = 10
DAYS_AHEAD = 7
# Metres on a plane around the place that is asked for: near enough to say which is nearer.
NEAR = """
with near as (
    select p.id, p.name, p.lon, p.lat, p.area_id, a.path, a.names,
        111320 * sqrt((p.lat - %(lat)s) ^ 2
            + ((p.lon - %(lon)s) * cos(radians(%(lat)s))) ^ 2) as metres
    from places p join areas a on a.id = p.area_id where p.kind = 'station'
    order by metres, p.id limit %(most)s)
select n.id, n.name, n.lon, n.lat, n.names, n.metres, o.id as desk_id, o.short_name as desk,
    o.phone
from near n left join lateral (
    select o.id, o.short_name, o.phone from organisations o join areas d on d.id = o.area_id
    where o.kind = 'desk' and o.active and d.path @> n.path
    order by nlevel(d.path) desc, o.id limit 1) o on true
order by n.metres, n.id
"""


def near(tx: Tx, lon: float, lat: float) -> list[dict[str, Any]]:
    """The nearest stations, in metres as the crow flies, each with today and the week ahead."""
    rows = tx.rows(NEAR, {"lon": lon, "lat": lat, "most": MOST})
    return [_station(tx, row) for row in rows]


def _station(tx: Tx, row: dict[str, Any]) -> dict[str, Any]:
    days = rules(tx).calendar_of(row["desk_id"]).days
    today: date = tx.now.astimezone(days.zone).date()
    week = [days[today + timedelta(n)] for n in range(DAYS_AHEAD)]
    spans = [span for day in week for span in day.spans]
    now = next((end for begin, end in spans if begin <= tx.now < end), None)
    return {
        "id": row["id"],
        "name": row["name"],
        "names": row["names"],
        "lon": row["lon"],
        "lat": row["lat"],
        "metres": round(row["metres"]),
        "desk": row["desk"] or "",
        "phone": row["phone"] or "",
        "open_until": now,
        "opens_at": None if now else next((begin for begin, _ in spans if begin > tx.now), None),
        "week": [_day(day) for day in week],
        "hours_known": all(day.known for day in week),
    }


def _day(day: Day) -> dict[str, Any]:
    spans: list[dict[str, datetime]] = [{"first": a, "last": b} for a, b in day.spans]
    return {
        "date": day.date,
        "spans": spans,
        "name": {"zh": day.name.zh, "en": day.name.en} if day.name else None,
    }
