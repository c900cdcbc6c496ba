"""The map without an account: grids, places by words, which grid a point lies in."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from wangge.areas import atlas, picture, queries
from wangge.areas.routes import Lat, Lon, no_border, tile_answer
from wangge.areas.schemas import Located, PlaceList, TileJson
from wangge.kernel.limits import Bucket
from wangge.kernel.web import PublicDb, address

router = APIRouter(prefix="/api/v1/public", tags=["public"])
LOOKS = Bucket(rate=10, burst=120)


@router.get("/locate", operation_id="locatePublicly")
def locate(tx: PublicDb, request: Request, lon: Lon, lat: Lat) -> Located:
    LOOKS.take(address(request))
    return Located.at(atlas.of(tx), lon, lat)


@router.get("/places", operation_id="searchPlacesPublicly")
def places(
    tx: PublicDb,
    request: Request,
    q: Annotated[str, Query(max_length=60)],
    lon: Lon | None = None,
    lat: Lat | None = None,
) -> PlaceList:
    LOOKS.take(address(request))
    near = (lon, lat) if lon is not None and lat is not None else None
    return PlaceList.of(queries.places(tx, q, near=near, most=10))


@router.get("/areas/tiles.json", operation_id="describeAreaTilesPublicly")
def describe_tiles(tx: PublicDb) -> TileJson:
    return TileJson.of(atlas.of(tx), "/api/v1/public/areas/tiles")


@router.get("/areas/tiles/{z}/{x}/{y}.mvt", operation_id="areaTilePublicly")
def tile(tx: PublicDb, request: Request, z: int, x: int, y: int) -> Response:
    return tile_answer(request, atlas.of(tx), z, x, y)


@router.get("/areas/{area_id}/picture.svg", operation_id="areaPicturePublicly")
def area_picture(
    tx: PublicDb, area_id: UUID, lon: Lon | None = None, lat: Lat | None = None
) -> Response:
    book = atlas.of(tx)
    mark = (lon, lat) if lon is not None and lat is not None else None
    drawn = picture.draw(book, book.area(area_id), mark=mark)
    if drawn is None:
        raise no_border()
    return Response(drawn, media_type="image/svg+xml")
