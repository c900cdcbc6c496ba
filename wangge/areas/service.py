"""What changes the tree: loading it, moving a border, renaming, closing; and asking where."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import shapely
from psycopg.types.json import Jsonb
from psycopg.types.multirange import Multirange
from psycopg.types.range import Range

from wangge.areas import atlas, queries
from wangge.areas.models import Area, AreaDraft, BorderDraft, Ground, Level, PlaceDraft
from wangge.areas.topology import Topology, examine
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid
from wangge.kernel.facts import Fact, record
from wangge.kernel.ids import new_id
from wangge.kernel.text import bigrams, folded, sort_key

AREA_COLUMNS = (
    "id", "parent_id", "path", "level", "kind", "code", "name", "short_name", "names", "pos",
    "span", "sort_key", "attributes", "active_from",
)  # fmt: skip
BORDER_COLUMNS = (
    "id", "area_id", "valid", "wkb", "west", "south", "east", "north", "synthetic", "source",
)  # fmt: skip
PLACE_COLUMNS = ("id", "name", "kind", "aliases", "area_id", "lon", "lat", "terms", "synthetic")


def grid_at(tx: Tx, lon: float, lat: float, *, on: date | None = None) -> Area | None:
    """Find the one area that answers for a WGS-84 point; None when it is outside the city."""
    return atlas.of(tx, on).locator.at(lon, lat)


def load(
    tx: Tx,
    areas: Sequence[AreaDraft],
    borders: Sequence[BorderDraft] = (),
    places: Sequence[PlaceDraft] = (),
    *,
    begun: date,
) -> None:
    """Write new areas, parents before children, with borders and places, by COPY.

    ``begun`` is the first day of the areas and of every border that names no day of its own.
    """
    _change(tx)
    _load_areas(tx, areas, begun)
    tx.copy("area_borders", BORDER_COLUMNS, (_border_row(draft, begun) for draft in borders))
    load_places(tx, places)


def load_places(tx: Tx, places: Sequence[PlaceDraft]) -> None:
    """Write new places; one without an area is put into the grid it lies in."""
    book = atlas.of(tx) if any(draft.area_id is None for draft in places) else None
    rows = [_place_row(book, draft) for draft in places]
    tx.copy("places", PLACE_COLUMNS, iter(rows))


def change_border(
    tx: Tx,
    area_id: UUID,
    ground: Ground,
    *,
    valid_from: date,
    source: str,
    synthetic: bool = False,
) -> None:
    """Close the border that holds on ``valid_from`` and open the new one that day.

    What happened before stays in the grid that was there; later versions stay as they are.
    """
    check_ground(ground)
    rows = queries.by_ids(tx, [area_id])
    if not rows:
        raise atlas.no_such_area()
    _change(tx)
    until = None
    for version in queries.border_versions(tx, area_id):
        start, end = version["valid_from"], version["valid_to"]
        if start < valid_from and (end is None or end > valid_from):
            until = end
            tx.run(
                "update area_borders set valid = daterange(lower(valid), %s)"
                " where area_id = %s and lower(valid) = %s",
                [valid_from, area_id, start],
            )
        elif start == valid_from:
            # Corrected on its own first day: nothing has happened under it yet.
            tx.run(
                "update area_borders set wkb = %s, west = %s, south = %s, east = %s, north = %s,"
                " synthetic = %s, source = %s where area_id = %s and lower(valid) = %s",
                [ground.wkb, *ground.bounds, synthetic, source, area_id, start],
            )
            break
        elif start > valid_from and until is None:
            until = start
    else:
        draft = BorderDraft(area_id, ground, synthetic, source, valid_from)
        tx.copy("area_borders", BORDER_COLUMNS, iter([_border_row(draft, valid_from, until)]))
    body = {"valid_from": valid_from.isoformat(), "source": source}
    record(tx, [Fact("AreaBorderChanged", area_id, body, pos=rows[0]["pos"])])


def rename(tx: Tx, area_id: UUID, name: str, *, short_name: str) -> None:
    """Change a name here and in the path names of everything below."""
    rows = queries.by_ids(tx, [area_id])
    if not rows:
        raise atlas.no_such_area()
    _change(tx)
    tx.run(
        "update areas set name = %s, short_name = %s, sort_key = %s where id = %s",
        [name, short_name, sort_key(name), area_id],
    )
    place = len(rows[0]["names"])
    tx.run(
        "update areas set names = names[:%(place)s - 1] || %(name)s::text || names[%(place)s + 1:]"
        " where path <@ %(path)s::ltree and (%(inner)s or id = %(id)s)",
        {
            "place": place,
            "name": name,
            "path": rows[0]["path"],
            "id": area_id,
            "inner": rows[0]["level"] != Level.CITY,  # paths begin below the city
        },
    )


def close(tx: Tx, area_id: UUID, *, on: date) -> None:
    """End an area and its border on a day; what was found there stays findable there."""
    if any(row["active_to"] is None for row in _children(tx, area_id)):
        raise Invalid(
            "area_has_children",
            "下级区域仍在使用，请先调整下级",
            "areas below it are still in use; move them first",
        )
    _change(tx)
    tx.run("update areas set active_to = %s where id = %s", [on, area_id])
    tx.run(
        "update area_borders set valid = daterange(lower(valid), %s)"
        " where area_id = %s and valid @> %s and lower(valid) < %s",
        [on, area_id, on, on],
    )
    record(tx, [Fact("AreaClosed", area_id, {"on": on.isoformat()})])


def topology(tx: Tx, area_id: UUID, *, on: date | None = None) -> Topology:
    """Examine the borders right below an area for gaps, overlaps and ground beyond it."""
    book = atlas.of(tx, on)
    return _examine(book, book.area(area_id))


def topologies(tx: Tx, *, on: date | None = None) -> Iterator[Topology]:
    """Examine every area that has children, from the city down."""
    book = atlas.of(tx, on)
    return (_examine(book, area) for area in book.areas.values() if book.below.get(area.id))


def _examine(book: atlas.Atlas, area: Area) -> Topology:
    children = [(child, book.grounds.get(child.id)) for child in book.below.get(area.id, [])]
    return examine(area, book.grounds.get(area.id), children)


def check_ground(ground: Ground) -> None:
    """Refuse shapes that are no ground: rings that cross themselves, empty or of another kind."""
    if ground.geom_type not in {"Polygon", "MultiPolygon"} or ground.is_empty:
        raise Invalid("not_a_polygon", "边界必须是面（Polygon）", "a border must be a polygon")
    if not ground.is_valid:
        reason = shapely.is_valid_reason(ground)
        raise Invalid(
            "bad_ring",
            f"边界线有误（自相交或未闭合）：{reason}",
            f"the ring is not valid: {reason}",
        )
    west, south, east, north = ground.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise Invalid(
            "not_degrees",
            "坐标应为经纬度（度），请确认不是投影坐标",
            "coordinates must be degrees of longitude and latitude",
        )


def _change(tx: Tx) -> None:
    """Take the writers' turn, and make every cache read again once this is committed."""
    tx.run("update versions set n = n + 1 where name = 'areas'")
    tx.versions["areas"] = atlas.CHANGED_HERE


def _children(tx: Tx, area_id: UUID) -> list[dict[str, Any]]:
    return tx.rows("select id, active_to from areas where parent_id = %s", [area_id])


def _load_areas(tx: Tx, drafts: Sequence[AreaDraft], begun: date) -> None:
    """Positions run on from the last one, depth first, so that spans are few long ranges."""
    below: dict[UUID | None, list[AreaDraft]] = defaultdict(list)
    for draft in drafts:
        below[draft.parent_id].append(draft)
    new = {draft.id for draft in drafts}
    outside = {draft.parent_id for draft in drafts if draft.parent_id not in new}
    rows = queries.by_ids(tx, [parent for parent in outside if parent])
    above = {row["id"]: (row["path"], _below_names(row)) for row in rows}
    last = tx.one("select coalesce(max(pos), -1) as pos from areas") or {"pos": -1}
    written = _Writing(below, begun, int(last["pos"]) + 1)
    for parent in outside:
        path, names = above[parent] if parent else ("", [])
        start = written.next_pos
        for draft in below[parent]:
            written.write(draft, path, names)
        if path:
            tx.run(
                "update areas set span = span + int4multirange(int4range(%s, %s))"
                " where path @> %s::ltree",
                [start, written.next_pos, path],
            )
    tx.copy("areas", AREA_COLUMNS, iter(written.rows))


def _below_names(row: dict[str, Any]) -> list[str]:
    return [] if row["level"] == Level.CITY else list(row["names"])


class _Writing:
    """Rows of areas on their way into the table, numbered depth first."""

    def __init__(
        self, below: dict[UUID | None, list[AreaDraft]], begun: date, next_pos: int
    ) -> None:
        self.below = below
        self.begun = begun
        self.next_pos = next_pos
        self.rows: list[list[Any]] = []

    def write(self, draft: AreaDraft, path: str, names: list[str]) -> None:
        pos = self.next_pos
        self.next_pos += 1
        # Labels are positions, not codes: codes are issued anew, positions never.
        own = f"{path}.{pos}" if path else str(pos)
        named = [*names, draft.name]
        row: list[Any] = [
            draft.id, draft.parent_id, own, draft.level.value, str(draft.kind), draft.code,
            draft.name, draft.short_name or draft.name, named, pos, None, sort_key(draft.name),
            Jsonb(draft.attributes), self.begun,
        ]  # fmt: skip
        self.rows.append(row)
        inner = [] if draft.level is Level.CITY else named
        for child in self.below.get(draft.id, []):
            self.write(child, own, inner)
        row[AREA_COLUMNS.index("span")] = Multirange([Range(pos, self.next_pos)])


def _border_row(draft: BorderDraft, begun: date, until: date | None = None) -> list[Any]:
    valid = Range(draft.valid_from or begun, until)
    ground = draft.ground
    return [
        new_id(), draft.area_id, valid, ground.wkb, *ground.bounds, draft.synthetic, draft.source,
    ]  # fmt: skip


def _place_row(book: atlas.Atlas | None, draft: PlaceDraft) -> list[Any]:
    area_id = draft.area_id
    if area_id is None:
        area = book.locator.at(draft.lon, draft.lat) if book else None
        if area is None:
            raise outside_the_city()
        area_id = area.id
    aliases = [folded(also) for also in draft.aliases]
    return [
        draft.id, draft.name, draft.kind, aliases, area_id, draft.lon, draft.lat,
        terms_of(draft.name, aliases), draft.synthetic,
    ]  # fmt: skip


def terms_of(name: str, aliases: Iterable[str]) -> list[str]:
    """Give the words a place is found by."""
    return bigrams(" ".join([name, *aliases]))


def outside_the_city() -> Invalid:
    return Invalid("outside_the_city", "位置不在本市范围内", "the place lies outside the city")
