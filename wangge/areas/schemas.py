"""Wire shapes of areas, borders and places."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Literal, Self
from uuid import UUID

import shapely
from pydantic import BaseModel, Field

from wangge.areas.atlas import Atlas
from wangge.areas.geodesy import square_metres
from wangge.areas.import_rows import ImportReport
from wangge.areas.models import Area, Level
from wangge.areas.tiles import DEEPEST, FIELDS, FROM_ZOOM, extent
from wangge.areas.topology import Flaw, Topology
from wangge.kernel.place import Datum, from_wgs84

Box = tuple[float, float, float, float]


class AreaRef(BaseModel):
    """An area as it is named beside something else."""

    id: UUID
    level: Level
    code: str
    name: str
    names: list[str]

    @classmethod
    def of(cls, area: Area) -> Self:
        return cls(id=area.id, level=area.level, code=area.code, name=area.name, names=area.names)


class AreaView(AreaRef):
    """An area in the tree; ``box`` is west, south, east, north in WGS-84 degrees."""

    parent_id: UUID | None
    kind: str
    short_name: str
    pos: int
    children: int
    box: Box | None
    centre: tuple[float, float] | None
    synthetic: bool

    @classmethod
    def seen(cls, atlas: Atlas, area: Area) -> Self:
        ground = atlas.grounds.get(area.id)
        middle = shapely.point_on_surface(ground) if ground else None
        return cls(
            id=area.id,
            parent_id=area.parent_id,
            level=area.level,
            kind=area.kind,
            code=area.code,
            name=area.name,
            short_name=area.short_name,
            names=area.names,
            pos=area.pos,
            children=len(atlas.below.get(area.id, [])),
            box=ground.bounds if ground else None,
            centre=(middle.x, middle.y) if middle else None,
            synthetic=area.synthetic,
        )


class TileLayer(BaseModel):
    """One layer of the tiles: the areas of one level."""

    id: Level
    minzoom: int
    fields: dict[str, str]


class TileJson(BaseModel):
    """What a map must know before it asks for the first tile (TileJSON 3.0.0).

    ``bounds`` are west, south, east, north of all that is drawn; the world where nothing is.
    """

    tilejson: Literal["3.0.0"] = "3.0.0"
    tiles: list[str]
    minzoom: int = 0
    maxzoom: int = DEEPEST
    bounds: Box
    vector_layers: list[TileLayer] = [
        TileLayer(id=level, minzoom=zoom, fields=FIELDS) for level, zoom in FROM_ZOOM.items()
    ]

    @classmethod
    def of(cls, book: Atlas, root: str) -> Self:
        """``root`` is the path under which the tiles answer."""
        return cls(tiles=[f"{root}/{{z}}/{{x}}/{{y}}.mvt"], bounds=extent(book))


class AreaList(BaseModel):
    """Areas of one question; ``next`` is the cursor of the page after this."""

    items: list[AreaView]
    next: str | None = None


class BorderVersion(BaseModel):
    """When a border holds; ``valid_to`` is the first day it no longer does."""

    valid_from: date
    valid_to: date | None
    square_metres: float
    synthetic: bool
    source: str

    @classmethod
    def of(cls, row: dict[str, Any]) -> Self:
        size = square_metres(shapely.from_wkb(row["wkb"]))
        return cls(square_metres=round(size, 1), **{k: v for k, v in row.items() if k != "wkb"})


class InsideView(BaseModel):
    """So many areas of a level inside another; ``kind`` and ``setting`` of grids only."""

    level: Level
    kind: str
    setting: str
    count: int


class AreaDetail(AreaView):
    """One area with what lies above it, how many lie inside, and the versions of its border."""

    attributes: dict[str, Any]
    above: list[AreaRef]
    inside: list[InsideView]
    borders: list[BorderVersion]


class Located(BaseModel):
    """Where a point lies; ``area`` is None outside the city."""

    area: AreaView | None
    micro_grid: AreaRef | None
    above: list[AreaRef]

    @classmethod
    def at(cls, atlas: Atlas, lon: float, lat: float) -> Self:
        """Answer for a WGS-84 point, with the areas above from the nearest up."""
        area = atlas.locator.at(lon, lat)
        if area is None:
            return cls(area=None, micro_grid=None, above=[])
        micro = atlas.micro_grid(area, lon, lat)
        return cls(
            area=AreaView.seen(atlas, area),
            micro_grid=AreaRef.of(micro) if micro else None,
            above=[AreaRef.of(above) for above in atlas.above(area)],
        )


class Border(BaseModel):
    """A border as a GeoJSON feature, in the datum that was asked for."""

    type: str = "Feature"
    bbox: Box
    properties: dict[str, Any]
    geometry: dict[str, Any]

    @classmethod
    def of(cls, atlas: Atlas, area: Area, datum: Datum) -> Self | None:
        ground = atlas.grounds.get(area.id)
        if ground is None:
            return None
        moved = shapely.transform(
            ground, lambda xy: [from_wgs84(lon, lat, datum) for lon, lat in xy]
        )
        properties = AreaRef.of(area).model_dump(mode="json")
        properties |= {"kind": area.kind, "synthetic": area.synthetic, "datum": datum.value}
        return cls(
            bbox=moved.bounds, properties=properties, geometry=shapely.geometry.mapping(moved)
        )


class BorderChange(BaseModel):
    """A new version of a border, as a GeoJSON polygon."""

    geometry: dict[str, Any]
    datum: Datum = Datum.WGS84
    valid_from: date | None = None
    source: str = Field(min_length=1, max_length=200)
    synthetic: bool = False


class FlawView(BaseModel):
    """One gap, overlap or piece beyond the parent, with its size and outline."""

    fault: str
    square_metres: float
    areas: list[AreaRef]
    geometry: dict[str, Any]

    @classmethod
    def of(cls, flaw: Flaw) -> Self:
        return cls(
            fault=flaw.fault,
            square_metres=round(flaw.square_metres, 2),
            areas=[AreaRef.of(area) for area in flaw.areas],
            geometry=shapely.geometry.mapping(flaw.ground),
        )


class TopologyView(BaseModel):
    """All flaws right below one area; totals in square metres."""

    area: AreaRef
    children: int
    without_border: list[AreaRef]
    gap: float
    overlap: float
    outside: float
    flaws: list[FlawView]

    @classmethod
    def of(cls, report: Topology) -> Self:
        return cls(
            area=AreaRef.of(report.parent),
            children=report.children,
            without_border=[AreaRef.of(area) for area in report.without_border],
            gap=round(report.total("gap"), 2),
            overlap=round(report.total("overlap"), 2),
            outside=round(report.total("outside"), 2),
            flaws=[FlawView.of(flaw) for flaw in report.flaws],
        )


class PlaceView(BaseModel):
    """A place of the gazetteer with the path of the area it lies in."""

    id: UUID
    name: str
    kind: str
    aliases: list[str]
    lon: float
    lat: float
    area_id: UUID
    names: list[str]
    synthetic: bool


class PlaceList(BaseModel):
    """Places found, the likeliest first."""

    items: list[PlaceView]
    next: None = None

    @classmethod
    def of(cls, rows: Sequence[dict[str, Any]]) -> Self:
        return cls(items=[PlaceView.model_validate(row) for row in rows])


class Problem(BaseModel):
    """Why a row of a file was not taken, in both languages."""

    row: int
    name: str
    code: str
    message: dict[str, str]


class ImportView(BaseModel):
    """What an import did or would do; nothing is written while one row is wrong."""

    dry_run: bool
    written: bool
    rows: int
    added: int
    changed: int
    unchanged: int
    errors: list[Problem]

    @classmethod
    def of(cls, report: ImportReport) -> Self:
        return cls(
            dry_run=report.dry_run,
            written=report.written,
            rows=report.rows,
            added=report.added,
            changed=report.changed,
            unchanged=report.unchanged,
            errors=[
                Problem(
                    row=error.row,
                    name=error.name,
                    code=error.code,
                    message={"zh": error.zh, "en": error.en},
                )
                for error in report.errors
            ],
        )
