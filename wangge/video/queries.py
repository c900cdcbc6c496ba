"""Reads of video sites and of the register; where a row lies within reach is said in place."""

from datetime import datetime
from typing import Any
from uuid import UUID

from wangge.kernel.db import Tx
from wangge.people.models import Reach

SITE = """
select s.id, s.code, s.name, s.place_words, s.area_id, s.pos, s.lon, s.lat, s.active, a.names,
    s.owner_id, o.short_name as owner, s.page_url, s.snapshot_url
from video_sites s join areas a on a.id = s.area_id join organisations o on o.id = s.owner_id
"""
REACHED = "(s.pos <@ %(scope)s::int4multirange or s.owner_id = any(%(units)s))"
LISTED = f"""{SITE} where {REACHED} and (s.active or %(closed)s)
    and (%(q)s = '' or strpos(s.name || ' ' || s.code || ' ' || s.place_words, %(q)s) > 0)
    and (%(area)s::uuid is null or exists (select from areas w where w.id = %(area)s
        and s.pos <@ w.span))
    and s.code > %(after)s order by s.code limit %(limit)s
"""
# A degree of latitude is 111 km; the box is cut down to the circle by whoever asks.
NEAR = f"""{SITE} where s.active and s.pos <@ %(scope)s::int4multirange
    and s.lat between %(south)s and %(north)s and s.lon between %(west)s and %(east)s
limit 200
"""
CASE = "select id, lon, lat from cases where id = %s"
VIEW = """
select v.*, s.code, s.name, s.snapshot_url, s.active, p.sha256, k.file_id
from video_views v join video_sites s on s.id = v.site_id
left join video_pictures p on p.view_id = v.id left join video_kept k on k.view_id = v.id
where v.id = %s
"""
# The case is named to whoever may see it: of another one learns only that there was one.
VIEWS = """
select v.id, v.at, v.way, v.reason, v.account_name, v.account_post, v.site_id, s.code, s.name,
    o.short_name as owner, v.case_id is not null as for_case, c.id as case_id,
    c.number as case_number, p.at as shown_at, k.at as kept_at,
    coalesce(k.reason, '') as kept_reason
from video_views v join video_sites s on s.id = v.site_id
join organisations o on o.id = v.owner_id
left join cases c on c.id = v.case_id
left join video_pictures p on p.view_id = v.id left join video_kept k on k.view_id = v.id
where (v.account_id = %(me)s or v.pos <@ %(scope)s::int4multirange
        or v.owner_id = any(%(units)s))
    and (%(site)s::uuid is null or v.site_id = %(site)s)
    and (%(case)s::uuid is null or v.case_id = %(case)s)
    and (%(since)s::timestamptz is null or v.at >= %(since)s)
    and (%(until)s::timestamptz is null or v.at < %(until)s)
    and (%(at)s::timestamptz is null or (v.at, v.id) < (%(at)s, %(id)s::uuid))
order by v.at desc, v.id desc limit %(limit)s
"""


def sites(
    tx: Tx, reach: Reach, *, q: str, area: UUID | None, after: str, limit: int, closed: bool = False
) -> list[dict[str, Any]]:
    """By code, from the one behind ``after``."""
    values = {"scope": reach.scope, "units": reach.units, "q": q.strip(), "area": area,
              "after": after, "limit": limit, "closed": closed}  # fmt: skip
    return tx.rows(LISTED, values)


def site(tx: Tx, site_id: UUID) -> dict[str, Any] | None:
    return tx.one(f"{SITE} where s.id = %s", [site_id])


def boxed(tx: Tx, scope: str, box: tuple[float, float, float, float]) -> list[dict[str, Any]]:
    """Sites in use within west, south, east, north."""
    west, south, east, north = box
    values = {"scope": scope, "west": west, "south": south, "east": east, "north": north}
    return tx.rows(NEAR, values)


def place_of_case(tx: Tx, case_id: UUID) -> dict[str, Any] | None:
    return tx.one(CASE, [case_id])


def view(tx: Tx, view_id: UUID) -> dict[str, Any] | None:
    return tx.one(VIEW, [view_id])


def views(
    tx: Tx,
    me: UUID,
    reach: Reach,
    *,
    site: UUID | None = None,
    case: UUID | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    after: list[Any] | None = None,
    limit: int = 50,
) -> list[dict[str, Any]]:
    """The register as far as it is this person's to read, newest first: his own looks, always."""
    at, last = after or (None, None)
    values = {"me": me, "scope": reach.scope, "units": reach.units, "site": site, "case": case,
              "since": since, "until": until, "at": at, "id": last, "limit": limit}  # fmt: skip
    return tx.rows(VIEWS, values)
