"""Areas of one level and their borders from a foreign file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast
from uuid import UUID

import numpy as np
import shapely
from shapely.errors import GEOSException
from shapely.geometry import shape

from wangge.areas import queries, service
from wangge.areas.import_rows import ImportReport, checked, required, word
from wangge.areas.layers import Layer, geojson_layer
from wangge.areas.models import AreaDraft, BorderDraft, GridKind, Ground, Level, Setting
from wangge.areas.references import DEGREES, Reference
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid
from wangge.kernel.ids import new_id
from wangge.kernel.place import Datum, to_wgs84

TAKEN = {"code", "name", "short_name", "kind", "parent"}


@dataclass(frozen=True, slots=True)
class _Row:
    """One checked feature and the area it is to become or already is."""

    code: str
    name: str
    short_name: str
    kind: str
    ground: Ground
    attributes: dict[str, Any]
    area_id: UUID | None
    parent_id: UUID | None
    renamed: bool
    moved: bool


@dataclass(slots=True)
class _Known:
    """What the tenant has already, by the codes that the file speaks of."""

    level: Level
    areas: dict[str, dict[str, Any]]
    borders: dict[UUID, Ground]
    seen: dict[str, int] = field(default_factory=dict)

    def parent(self, code: str, parent_code: str) -> dict[str, Any] | None:
        """Find the named parent, else the longest known code that ``code`` begins with."""
        codes = [parent_code] if parent_code else [code[:n] for n in range(len(code) - 1, 1, -1)]
        for above in filter(None, map(self.areas.get, codes)):
            if Level(above["level"]).depth < self.level.depth and above["active_to"] is None:
                return above
        return None


def import_geojson(
    tx: Tx,
    document: Mapping[str, Any],
    level: Level,
    *,
    datum: Datum = Datum.WGS84,
    valid_from: date,
    source: str,
    dry_run: bool = False,
) -> ImportReport:
    """Take borders from a GeoJSON document; see :func:`import_layer`."""
    return import_layer(
        tx,
        geojson_layer(document),
        level,
        datum=datum,
        valid_from=valid_from,
        source=source,
        dry_run=dry_run,
    )


def import_layer(
    tx: Tx,
    layer: Layer,
    level: Level,
    *,
    datum: Datum = Datum.WGS84,
    valid_from: date,
    source: str,
    dry_run: bool = False,
) -> ImportReport:
    """Add areas of one level, or move the borders and change the names of those already known.

    Properties of a feature: ``code`` and ``name``, and where wanted ``parent`` (a code; by
    default the longest known code that ``code`` begins with), ``kind``, ``short_name``; all
    others are kept as attributes of a new area.

    A projection is undone first; ``datum`` says what the degrees then are measured in, because
    no file says of itself that it is GCJ-02 or BD-09.
    """
    features = layer.features
    report = ImportReport(dry_run, len(features))
    known = _known(tx, features, level, valid_from)
    rows = list(
        checked(
            report,
            features,
            lambda number, row: _read(known, number, row, datum, layer.reference),
        )
    )
    report.added = sum(row.area_id is None for row in rows)
    report.changed = sum(row.area_id is not None and (row.moved or row.renamed) for row in rows)
    report.unchanged = len(rows) - report.added - report.changed
    if report.written:
        _write(tx, level, rows, valid_from=valid_from, source=source)
    return report


def ground_of(geometry: Any, datum: Datum, reference: Reference = DEGREES) -> Ground:
    """Read a GeoJSON polygon of any reference and datum as checked WGS-84 ground."""
    try:
        read = shape(geometry)
    except (AttributeError, GEOSException, IndexError, KeyError, TypeError, ValueError) as error:
        raise Invalid("bad_ring", "边界坐标无法读取", "the coordinates cannot be read") from error
    flat = shapely.force_2d(read)
    if not np.isfinite(shapely.get_coordinates(flat)).all():
        raise Invalid("bad_ring", "边界坐标不是数字", "a coordinate is not a number")
    if reference.to_degrees:
        flat = shapely.transform(flat, reference.to_degrees)
        if not np.isfinite(shapely.get_coordinates(flat)).all():
            raise Invalid(
                "not_in_reference",
                f"坐标不在“{reference.name}”的范围内，请核对坐标系和带号",
                f"a coordinate lies outside of {reference.name}; check the system and its zone",
            )
    if datum in {Datum.GCJ02, Datum.BD09}:
        flat = shapely.transform(flat, lambda xy: np.array([to_wgs84(x, y, datum) for x, y in xy]))
    service.check_ground(cast("Ground", flat))
    return cast("Ground", flat)


def _known(tx: Tx, features: Sequence[Any], level: Level, valid_from: date) -> _Known:
    codes = {word(feature, "code") for feature in features}
    wanted = codes | {word(feature, "parent") for feature in features}
    wanted |= {code[:length] for code in codes for length in range(2, len(code))}
    areas = queries.by_codes(tx, sorted(wanted))
    held = [areas[code]["id"] for code in codes if code in areas]
    return _Known(level, areas, queries.borders(tx, held, valid_from))


def _read(known: _Known, number: int, feature: Any, datum: Datum, reference: Reference) -> _Row:
    if isinstance(feature, Invalid):
        raise feature
    code, name = required(feature, "code"), required(feature, "name")
    held, parent = _place_in_the_tree(known, number, code, word(feature, "parent"))
    ground = ground_of(feature.get("geometry"), datum, reference)
    short_name = word(feature, "short_name") or (held["short_name"] if held else name)
    border = known.borders.get(held["id"]) if held else None
    return _Row(
        code,
        name,
        short_name,
        _kind(known.level, word(feature, "kind")),
        ground,
        _attributes(known.level, feature["properties"]),
        held["id"] if held else None,
        parent["id"] if parent else None,
        renamed=held is not None and (held["name"], held["short_name"]) != (name, short_name),
        moved=border is None or border.wkb != ground.wkb,
    )


def _kind(level: Level, said: str) -> str:
    """Every grid has exactly one kind: one of households, unless the file says otherwise."""
    if level is not Level.GRID:
        return said
    if (said or GridKind.BASE) not in set(GridKind):
        raise Invalid(
            "bad_grid_kind",
            f"网格类别“{said}”不对：base 为基础网格，dedicated 为专属网格",
            f"{said} is no kind of grid: base or dedicated",
        )
    return said or GridKind.BASE


def _attributes(level: Level, properties: Mapping[str, Any]) -> dict[str, Any]:
    """Foreign columns are kept as they are; days become text, because JSON knows none."""
    said = properties.get("setting") or Setting.URBAN
    if level is Level.GRID and said not in set(Setting):
        raise Invalid(
            "bad_setting",
            f"“setting”写的是“{said}”：urban 为城区，rural 为乡镇",
            f"{said} is no setting of a grid: urban or rural",
        )
    return {
        key: value.isoformat() if isinstance(value, date) else value
        for key, value in properties.items()
        if key not in TAKEN
    }


def _place_in_the_tree(
    known: _Known, number: int, code: str, parent_code: str
) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    first = known.seen.setdefault(code, number)
    if first != number:
        raise Invalid(
            "duplicate_code",
            f"编码 {code} 与第 {first} 行重复",
            f"code {code} repeats row {first}",
        )
    held = known.areas.get(code)
    if held and held["level"] != known.level:
        raise Invalid(
            "duplicate_code",
            f"编码 {code} 已用于另一层级的「{held['name']}」",
            f"code {code} belongs to {held['name']}, an area of another level",
        )
    if held and held["active_to"] is not None:
        raise Invalid("area_closed", f"「{held['name']}」已撤销", f"{held['name']} was closed")
    parent = None if held else known.parent(code, parent_code)
    if held is None and parent is None and known.level is not Level.CITY:
        raise Invalid(
            "unknown_parent",
            f"找不到上级区域：{parent_code or code}",
            f"no area above {parent_code or code}",
        )
    return held, parent


def _write(tx: Tx, level: Level, rows: list[_Row], *, valid_from: date, source: str) -> None:
    drafts: list[AreaDraft] = []
    borders: list[BorderDraft] = []
    for row in rows:
        if row.area_id is None:
            area_id = new_id()
            drafts.append(
                AreaDraft(
                    area_id,
                    row.parent_id,
                    level,
                    row.kind,
                    row.code,
                    row.name,
                    row.short_name,
                    row.attributes,
                )
            )
            borders.append(BorderDraft(area_id, row.ground, synthetic=False, source=source))
            continue
        if row.renamed:
            service.rename(tx, row.area_id, row.name, short_name=row.short_name)
        if row.moved:
            service.change_border(tx, row.area_id, row.ground, valid_from=valid_from, source=source)
    if drafts:
        service.load(tx, drafts, borders, begun=valid_from)
