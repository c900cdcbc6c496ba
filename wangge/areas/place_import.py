"""Places of the gazetteer from a CSV file or the points of a map file."""

import csv
import io
import re
from math import isfinite
from typing import Any

import numpy as np
from shapely.errors import GEOSException
from shapely.geometry import shape

from wangge.areas import atlas, queries, service
from wangge.areas.import_rows import ImportReport, checked, required, word
from wangge.areas.layers import Layer
from wangge.areas.models import PlaceDraft
from wangge.areas.references import Reference
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid
from wangge.kernel.ids import new_id
from wangge.kernel.place import Datum, to_wgs84

HEADERS = ("name", "kind", "aliases", "lon", "lat")
BETWEEN_ALIASES = re.compile(r"[;；、|]")


def import_places(
    tx: Tx, text: str, *, datum: Datum = Datum.WGS84, dry_run: bool = False
) -> ImportReport:
    """Add places from CSV (name,kind,aliases,lon,lat; aliases parted by ；).

    A place of the same name in the same grid is replaced.
    """
    try:
        lines = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
        names, rows = lines.fieldnames or (), list(lines)
    except csv.Error as error:
        raise Invalid(
            "unreadable_table", "这不是可读的 CSV 表格", "this is no CSV table that can be read"
        ) from error
    if missing := [name for name in HEADERS if name not in names]:
        raise Invalid(
            "headers_missing",
            f"表头缺少：{'、'.join(missing)}",
            f"columns are missing: {', '.join(missing)}",
            fields=missing,
        )
    return _import(tx, rows, datum, dry_run=dry_run)


def import_point_layer(
    tx: Tx, layer: Layer, *, datum: Datum = Datum.WGS84, dry_run: bool = False
) -> ImportReport:
    """Add places from the points of a shapefile or GeoJSON, by the same rules as from CSV."""
    records = [_record(feature, layer.reference) for feature in layer.features]
    return _import(tx, records, datum, dry_run=dry_run)


def _record(feature: Any, reference: Reference) -> Any:
    if isinstance(feature, Invalid):
        return feature
    try:
        point = shape(feature["geometry"])
        xy = np.array([[point.x, point.y]])
    except (AttributeError, GEOSException, IndexError, KeyError, TypeError, ValueError):
        return Invalid("not_a_point", "地点必须是点（Point）", "a place must be a point")
    lon, lat = (reference.to_degrees(xy) if reference.to_degrees else xy)[0]
    return {**(feature.get("properties") or {}), "lon": float(lon), "lat": float(lat)}


def _import(tx: Tx, records: list[Any], datum: Datum, *, dry_run: bool) -> ImportReport:
    report = ImportReport(dry_run, len(records))
    book = atlas.of(tx)
    seen: dict[tuple[str, Any], int] = {}

    def read(number: int, row: Any) -> PlaceDraft:
        if isinstance(row, Invalid):
            raise row
        draft = _draft(row, book, datum)
        first = seen.setdefault((draft.name, draft.area_id), number)
        if first != number:
            raise Invalid(
                "duplicate_place",
                f"与第 {first} 行重复（同名同网格）",
                f"repeats row {first}: the same name in the same grid",
            )
        return draft

    drafts = list(checked(report, records, read))
    held = queries.same_places(tx, list(seen))
    report.changed, report.added = len(held), len(drafts) - len(held)
    if report.written:
        tx.run("delete from places where id = any(%s)", [held])
        service.load_places(tx, drafts)
    return report


def _draft(row: Any, book: atlas.Atlas, datum: Datum) -> PlaceDraft:
    name, kind = required(row, "name"), required(row, "kind")
    lon, lat = to_wgs84(_degrees(row, "lon"), _degrees(row, "lat"), datum)
    area = book.locator.at(lon, lat)
    if area is None:
        raise service.outside_the_city()
    aliases = tuple(filter(None, map(str.strip, BETWEEN_ALIASES.split(word(row, "aliases")))))
    return PlaceDraft(new_id(), name, kind, lon, lat, aliases, area.id)


def _degrees(row: Any, key: str) -> float:
    try:
        value = float(required(row, key))
    except ValueError as error:
        raise Invalid("not_degrees", f"{key} 不是数字", f"{key} is not a number") from error
    if not isfinite(value) or abs(value) > 180:
        raise Invalid("not_degrees", f"{key} 不是经纬度", f"{key} is not in degrees")
    return value
