"""Figures side by side: sub-areas, units, desks, always in the order of the directory."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from wangge.cases import figures, satisfied
from wangge.cases.figure_rows import Within
from wangge.cases.satisfied import Way
from wangge.kernel.db import Tx
from wangge.people.models import Actor
from wangge.tenant.service import rules

PLACE = """
select a.id, a.short_name as name, a.parent_id, a.level, a.span from areas a
where case when %(area)s::uuid is null then a.parent_id is null else a.id = %(area)s end
"""
CHILDREN = """
select a.id, a.short_name as name, exists (select from areas b where b.parent_id = a.id) as leads_on
from areas a where a.parent_id = %s order by a.code
"""
CHANNELS = """
select c.channel, count(*) as n from cases c where c.received_at >= %(first)s and {} group by 1
"""
UNITS = "select id, short_name as name from organisations where id = any(%s) order by code"


def compared(tx: Tx, first: date, last: date, zone: ZoneInfo, **narrowed: Any) -> dict[str, Any]:
    """A period, the equally long one before it and the same days of the year before."""
    whole = figures.within_of(tx, first, last, zone, **narrowed)
    past = figures.within_of(tx, _year_before(first), _year_before(last), zone, **narrowed)
    length = last - first + timedelta(days=1)
    way = satisfied.way(tx, narrowed.get("as_of"))

    def told(since: date, until: date) -> dict[str, Any]:
        return _period(tx, since, until, zone, narrowed, way)

    return {
        **told(first, last),
        "moment": narrowed.get("as_of") or tx.now,
        "recurrence_days": rules(tx).switches.recurrence_days,
        "before": told(first - length, first - timedelta(days=1)),
        "year_before": told(_year_before(first), _year_before(last)),
        "within": whole.token,
        "channels": channels(tx, whole, past),
    }


def channels(tx: Tx, now: Within, past: Within) -> list[dict[str, Any]]:
    """How many came in by each channel, now and a year before; of a period that still runs, so far.

    ``change`` is in per cent of the year before; None where nothing came in then.
    """
    past = past.narrowed(cap=min(past.cap, past.first + (now.cap - now.first)))
    came, then = (
        {row["channel"]: row["n"] for row in tx.rows(CHANNELS.format(one.where), one.params)}
        for one in (now, past)
    )
    found = [(code, came.get(code, 0), then.get(code, 0)) for code in sorted({*came, *then})]
    return [
        {
            "code": code,
            "received": n,
            "year_before": before,
            "change": round(100 * (n - before) / before, 1) if before else None,
        }
        for code, n, before in found
    ]


def _year_before(day: date) -> date:
    """The same day of the year before; of 29 February the 28th."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


def _period(
    tx: Tx, first: date, last: date, zone: ZoneInfo, narrowed: dict[str, Any], way: Way
) -> dict[str, Any]:
    within = figures.within_of(tx, first, last, zone, **narrowed)
    return {
        "first": first,
        "last": last,
        "within": within.token,
        "fairly_counts": within.fairly,
        "fairly_changed_at": way.changed_after(within.first),
        "figures": figures.figures(tx, within),
    }


def own_area(actor: Actor) -> UUID | None:
    """The one area that this person's posts are held in; None where there is none or several."""
    areas = {post.area["id"] for post in actor.posts if post.area and post.reaches_ground}
    return UUID(areas.pop()) if len(areas) == 1 else None


def _place(tx: Tx, actor: Actor, within: Within) -> dict[str, Any]:
    return tx.one(PLACE, {"area": within.area or own_area(actor)}) or {}


def place_of(tx: Tx, actor: Actor, within: Within) -> UUID | None:
    """The area whose parts stand side by side: the one asked for, one's own, or the whole city."""
    found: UUID | None = _place(tx, actor, within).get("id")
    return found


def by_area(tx: Tx, actor: Actor, within: Within) -> dict[str, Any]:
    """Every sub-area of an area, those without a case too, and what lies in none of them."""
    place = _place(tx, actor, within)
    within = within.narrowed(area=place.get("id"))
    counted = figures.grouped(tx, within, "area", parent=place.get("id"))
    rows = [
        {
            "id": child["id"],
            "name": child["name"],
            "leads_on": child["leads_on"],
            "within": within.narrowed(area=child["id"]).token,
            "figures": counted.get(child["id"]) or figures.told([]),
        }
        for child in tx.rows(CHILDREN, [place.get("id")])
    ]
    return {
        "parent_id": place.get("id"),
        "parent": place.get("name", ""),
        "above_id": place.get("parent_id"),
        "rows": rows + _rest(counted),
    }


def by_organisation(tx: Tx, within: Within, by: str) -> dict[str, Any]:
    """Units that handle, or desks in charge, that have to do with what one may see."""
    counted = figures.grouped(tx, within, by)
    named = tx.rows(UNITS, [[key for key in counted if key]])
    rows = [
        {
            "id": unit["id"],
            "name": unit["name"],
            "leads_on": False,
            "within": within.narrowed(**{by: unit["id"]}).token,
            "figures": counted[unit["id"]],
        }
        for unit in named
    ]
    return {"parent_id": within.area, "parent": "", "above_id": None, "rows": rows + _rest(counted)}


def _rest(counted: dict[UUID | None, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """What no row above counts; it opens no list of its own."""
    if None not in counted:
        return []
    return [{"id": None, "name": "", "leads_on": False, "within": None, "figures": counted[None]}]


def table(tx: Tx, actor: Actor, by: str, within: Within) -> dict[str, Any]:
    return by_area(tx, actor, within) if by == "area" else by_organisation(tx, within, by)
