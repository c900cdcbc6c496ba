"""The HTTP door to areas and places; who is signed in may read them all."""

import gzip
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Body, Depends, Query, Request, Response

from wangge.areas import atlas, border_import, picture, place_import, queries, service, tiles
from wangge.areas.models import Level
from wangge.areas.schemas import (
    AreaDetail,
    AreaList,
    AreaRef,
    AreaView,
    Border,
    BorderChange,
    BorderVersion,
    ImportView,
    InsideView,
    Located,
    PlaceList,
    TileJson,
    TopologyView,
)
from wangge.kernel.description import Svg, binary
from wangge.kernel.errors import NotFound
from wangge.kernel.place import Datum
from wangge.kernel.web import Db, Permission

router = APIRouter(prefix="/api/v1", tags=["areas"])
Lon = Annotated[float, Query(ge=-180, le=180)]
Lat = Annotated[float, Query(ge=-90, le=90)]
TILE = "/areas/tiles/{z}/{x}/{y}.mvt"
TILE_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: binary(tiles.MEDIA_TYPE),
    204: {"description": "Nothing lies there"},
    304: {"description": "The one that the browser has is still right"},
}
may_edit = Depends(Permission("area.edit"))


@router.get("/areas", operation_id="listAreas")
def list_areas(
    tx: Db,
    parent: UUID | None = None,
    level: Level | None = None,
    *,
    q: Annotated[str, Query(max_length=60)] = "",
    cursor: Annotated[str, Query(max_length=40)] = "",
    limit: Annotated[int, Query(ge=1, le=500)] = 200,
) -> AreaList:
    """Children of ``parent``, areas of a level, or what ``q`` finds; the city without any.

    Lists run by code, and ``next`` is the code to go on from; what ``q`` finds is one page.
    """
    book = atlas.of(tx)
    if q.strip():
        found = book.search(q, level=level, most=limit)
        return AreaList(items=[AreaView.seen(book, area) for area in found])
    held = book.below.get(parent, []) if parent or level is None else book.level(level)
    rest = [area for area in held if area.code > cursor and level in {None, area.level}]
    return AreaList(
        items=[AreaView.seen(book, area) for area in rest[:limit]],
        next=rest[limit - 1].code if len(rest) > limit else None,
    )


@router.get("/areas/locate", operation_id="locateArea")
def locate_area(tx: Db, lon: Lon, lat: Lat, on: date | None = None) -> Located:
    return Located.at(atlas.of(tx, on), lon, lat)


@router.get("/areas/tiles.json", operation_id="describeAreaTiles")
def describe_tiles(tx: Db) -> TileJson:
    return TileJson.of(atlas.of(tx), "/api/v1/areas/tiles")


@router.get(TILE, operation_id="areaTile", response_class=Response, responses=TILE_ANSWERS)
def area_tile(tx: Db, request: Request, z: int, x: int, y: int) -> Response:
    return tile_answer(request, atlas.of(tx), z, x, y)


def tile_answer(request: Request, book: atlas.Atlas, z: int, x: int, y: int) -> Response:
    """Answer with a tile, or say that the one the browser has is still right."""
    headers = {"ETag": f'"{book.edition}"', "Cache-Control": "private, max-age=60"}
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    packed = tiles.tile(book, z, x, y)
    if not packed:
        return Response(status_code=204, headers=headers)
    headers["Vary"] = "Accept-Encoding"
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        return Response(packed, headers=headers, media_type=tiles.MEDIA_TYPE)
    return Response(gzip.decompress(packed), headers=headers, media_type=tiles.MEDIA_TYPE)


@router.post("/areas/import", operation_id="importAreas", dependencies=[may_edit])
def import_areas(
    tx: Db,
    *,
    document: Annotated[dict[str, Any], Body()],
    level: Level,
    source: Annotated[str, Query(min_length=1, max_length=200)],
    datum: Datum = Datum.WGS84,
    valid_from: date | None = None,
    dry_run: bool = False,
) -> ImportView:
    report = border_import.import_geojson(
        tx,
        document,
        level,
        datum=datum,
        valid_from=valid_from or atlas.today(tx),
        source=source,
        dry_run=dry_run,
    )
    return ImportView.of(report)


@router.get("/areas/{area_id}", operation_id="readArea")
def read_area(tx: Db, area_id: UUID) -> AreaDetail:
    book = atlas.of(tx)
    area = book.area(area_id)
    versions = queries.border_versions(tx, area_id)
    return AreaDetail(
        **AreaView.seen(book, area).model_dump(),
        attributes=area.attributes,
        above=[AreaRef.of(above) for above in book.above(area)],
        inside=[
            InsideView(level=level, kind=kind, setting=setting, count=count)
            for (level, kind, setting), count in sorted(
                book.counted(area).items(), key=lambda one: (one[0][0].depth, one[0][1:])
            )
        ],
        borders=[BorderVersion.of(row) for row in versions],
    )


@router.get("/areas/{area_id}/border", operation_id="areaBorder")
def area_border(
    tx: Db, area_id: UUID, datum: Datum = Datum.WGS84, on: date | None = None
) -> Border:
    book = atlas.of(tx, on)
    border = Border.of(book, book.area(area_id), datum)
    if border is None:
        raise no_border()
    return border


@router.put("/areas/{area_id}/border", operation_id="changeBorder", dependencies=[may_edit])
def change_border(tx: Db, area_id: UUID, body: BorderChange) -> TopologyView:
    """Open a new version of the border, and answer what that does to its neighbours."""
    parent = atlas.of(tx).area(area_id).parent_id
    service.change_border(
        tx,
        area_id,
        border_import.ground_of(body.geometry, body.datum),
        valid_from=body.valid_from or atlas.today(tx),
        source=body.source,
        synthetic=body.synthetic,
    )
    return TopologyView.of(service.topology(tx, parent or area_id, on=body.valid_from))


@router.get("/areas/{area_id}/topology", operation_id="areaTopology", dependencies=[may_edit])
def area_topology(tx: Db, area_id: UUID, on: date | None = None) -> TopologyView:
    return TopologyView.of(service.topology(tx, area_id, on=on))


@router.get("/areas/{area_id}/picture.svg", operation_id="areaPicture", response_class=Svg)
def area_picture(tx: Db, area_id: UUID, lon: Lon | None = None, lat: Lat | None = None) -> Response:
    book = atlas.of(tx)
    mark = (lon, lat) if lon is not None and lat is not None else None
    drawn = picture.draw(book, book.area(area_id), mark=mark)
    if drawn is None:
        raise no_border()
    return Svg(drawn)


@router.get("/places", operation_id="searchPlaces")
def search_places(
    tx: Db,
    q: Annotated[str, Query(max_length=60)],
    lon: Lon | None = None,
    lat: Lat | None = None,
    limit: Annotated[int, Query(ge=1, le=50)] = 20,
) -> PlaceList:
    near = (lon, lat) if lon is not None and lat is not None else None
    return PlaceList.of(queries.places(tx, q, near=near, most=limit))


@router.get("/areas/{area_id}/places", operation_id="listPlacesOfArea")
def places_of_area(area_id: UUID, tx: Db) -> PlaceList:
    """Named places in an area, by name, at most two hundred: the places of a grid's card."""
    return PlaceList.of(queries.places_in(tx, atlas.of(tx).area(area_id).id))


@router.post("/places/import", operation_id="importPlaces", dependencies=[may_edit])
def import_places(
    tx: Db,
    table: Annotated[str, Body(media_type="text/csv")],
    datum: Datum = Datum.WGS84,
    dry_run: bool = False,
) -> ImportView:
    return ImportView.of(place_import.import_places(tx, table, datum=datum, dry_run=dry_run))


def no_border() -> NotFound:
    return NotFound("no_border", "该区域尚无边界", "this area has no border yet")
