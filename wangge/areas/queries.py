"""Reads of the tree, its borders and the gazetteer."""

from collections.abc import Sequence
from datetime import date
from typing import Any, cast
from uuid import UUID

import shapely

from wangge.areas.models import Ground
from wangge.kernel.db import Tx
from wangge.kernel.text import bigrams, folded

STANDING = """
    select a.id, a.parent_id, a.level, a.kind, a.code, a.name, a.short_name, a.names, a.pos,
        a.sort_key, a.attributes, coalesce(b.synthetic, false) as synthetic, b.wkb
    from areas a left join area_borders b on b.area_id = a.id and b.valid @> %(on)s
    where a.active_from <= %(on)s and (a.active_to is null or a.active_to > %(on)s)
    order by a.code
"""
TURNING_DAYS = """
    select max(day) filter (where day <= %(on)s) as first,
        min(day) filter (where day > %(on)s) as last
    from (select active_from from areas union select active_to from areas
        union select lower(valid) from area_borders union select upper(valid) from area_borders
        ) as turning (day)
"""
# A lone character is no bigram of a longer name, so it is looked for at the beginning.
PLACES = """
    select p.id, p.name, p.kind, p.aliases, p.area_id, p.lon, p.lat, p.synthetic, a.names,
        case when normalize(lower(p.name), nfkc) = %(words)s then 0
            when %(words)s = any(p.aliases) then 1
            when starts_with(normalize(lower(p.name), nfkc), %(words)s) then 2
            when exists (select from unnest(p.aliases) as also
                where starts_with(also, %(words)s)) then 3
            else 4 end as rank,
        (p.lon - %(lon)s) ^ 2 * 0.64 + (p.lat - %(lat)s) ^ 2 as far
    from places p join areas a on a.id = p.area_id
    where p.terms @> %(terms)s
    order by rank, far nulls last, length(p.name), p.name, p.id
    limit %(most)s
"""
PLACES_BY_LETTER = PLACES.replace("p.terms @> %(terms)s", "starts_with(p.name, %(words)s)")
PLACES_IN = """
    select p.id, p.name, p.kind, p.aliases, p.area_id, p.lon, p.lat, p.synthetic, a.names
    from areas here join areas a on a.path <@ here.path join places p on p.area_id = a.id
    where here.id = %s order by p.name, p.id limit 200
"""
PLACES_IN_TEXT = """
    select p.id, p.name, p.kind, p.aliases, p.area_id, p.lon, p.lat, p.synthetic, a.names,
        greatest(case when strpos(%(text)s, p.name) > 0 then length(p.name) end,
            (select max(length(also)) from unnest(p.aliases) as also
                where length(also) > 2 and strpos(%(text)s, also) > 0)) as said
    from places p join areas a on a.id = p.area_id
    where p.terms && %(terms)s
    order by said desc nulls last, p.name, p.id
    limit %(most)s
"""


def standing(tx: Tx, on: date) -> list[dict[str, Any]]:
    """Every area that stands on the day, by code, with its border as WKB or None."""
    return tx.conn.execute(STANDING, {"on": on}, binary=True).fetchall()


def turning_days(tx: Tx, on: date) -> tuple[date, date | None]:
    """Find the days around ``on``, end excluded, between which no area or border changes."""
    row = tx.one(TURNING_DAYS, {"on": on}) or {}
    return row.get("first") or date.min, row.get("last")


def zone(tx: Tx) -> str:
    row = tx.one("select zone from clock")
    return str(row["zone"]) if row else "Asia/Shanghai"


def by_ids(tx: Tx, ids: Sequence[UUID]) -> list[dict[str, Any]]:
    return tx.rows(
        "select id, parent_id, path::text, level, code, name, names, pos from areas"
        " where id = any(%s)",
        [list(ids)],
    )


def by_codes(tx: Tx, codes: Sequence[str]) -> dict[str, dict[str, Any]]:
    rows = tx.rows(
        "select id, parent_id, level, kind, code, name, short_name, active_to from areas"
        " where code = any(%s)",
        [list(codes)],
    )
    return {row["code"]: row for row in rows}


def border_versions(tx: Tx, area_id: UUID) -> list[dict[str, Any]]:
    """All versions of a border, oldest first; ``valid_to`` is the first day it no longer holds."""
    return tx.rows(
        "select lower(valid) as valid_from, upper(valid) as valid_to, wkb, synthetic, source"
        " from area_borders where area_id = %s order by lower(valid)",
        [area_id],
    )


def places(
    tx: Tx, words: str, *, near: tuple[float, float] | None = None, most: int = 20
) -> list[dict[str, Any]]:
    """Places by name or alias: exact first, then by beginning, then containing; near ones first."""
    wanted = folded(words).strip()
    terms = bigrams(wanted)
    if not terms:
        return []
    lon, lat = near or (None, None)
    values = {"words": wanted, "terms": terms, "lon": lon, "lat": lat, "most": most}
    return tx.rows(PLACES_BY_LETTER if len(wanted) == 1 else PLACES, values)


def places_in(tx: Tx, area_id: UUID) -> list[dict[str, Any]]:
    """Named places in an area and in those inside it, by name."""
    return tx.rows(PLACES_IN, [area_id])


def places_in_text(tx: Tx, text: str, *, most: int = 5) -> list[dict[str, Any]]:
    """Places that the text names, the longest name first: 「兴业小区3号楼漏水」 names 兴业小区."""
    terms = bigrams(text)
    if not terms:
        return []
    rows = tx.rows(PLACES_IN_TEXT, {"text": folded(text), "terms": terms, "most": most})
    return [row for row in rows if row["said"]]


def borders(tx: Tx, ids: Sequence[UUID], on: date) -> dict[UUID, Ground]:
    rows = tx.conn.execute(
        "select area_id, wkb from area_borders where area_id = any(%s) and valid @> %s",
        [list(ids), on],
        binary=True,
    ).fetchall()
    return {row["area_id"]: cast("Ground", shapely.from_wkb(row["wkb"])) for row in rows}


def same_places(tx: Tx, keys: Sequence[tuple[str, UUID]]) -> list[UUID]:
    """Ids of the places with these names in these areas."""
    rows = tx.rows(
        "select p.id from places p join unnest(%s::text[], %s::uuid[]) as w (name, area_id)"
        " on p.name = w.name and p.area_id = w.area_id",
        [[name for name, _ in keys], [area_id for _, area_id in keys]],
    )
    return [row["id"] for row in rows]
