"""The map without an account: grids, places by words, which grid a point lies in."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from wangge.areas import atlas, picture, queries
from wangge.areas.routes import TILE, TILE_ANSWERS, Lat, Lon, no_border, tile_answer
from wangge.areas.schemas import Located, PlaceList, TileJson
from wangge.cases.schemas import NameView
from wangge.kernel.description import Svg
from wangge.kernel.limits import Bucket
from wangge.kernel.web import PublicDb, neighbourhood
from wangge.public_service import stations

router = APIRouter(prefix="/api/v1/public", tags=["public"])
LOOKS = Bucket(rate=10, burst=120)
# A map that is moved asks for many tiles at once.
TILES = Bucket(rate=60, burst=1200)


class HoursView(BaseModel):
    first: datetime
    last: datetime


class StationDay(BaseModel):
    """One day of a station; without spans it is closed, and ``name`` says why if it has a name."""

    date: date
    spans: list[HoursView]
    name: NameView | None


class StationView(BaseModel):
    """A service station: how far, whom to call, until when it is open or when it opens."""

    id: UUID
    name: str
    names: list[str]
    lon: float
    lat: float
    metres: int
    desk: str
    phone: str
    open_until: datetime | None
    opens_at: datetime | None
    week: list[StationDay]
    hours_known: bool


@router.get("/locate", operation_id="locatePublicly")
def locate(tx: PublicDb, request: Request, lon: Lon, lat: Lat) -> Located:
    LOOKS.take(neighbourhood(request))
    return Located.at(atlas.of(tx), lon, lat)


@router.get("/places", operation_id="searchPlacesPublicly")
def places(
    tx: PublicDb,
    request: Request,
    q: Annotated[str, Query(max_length=60)],
    lon: Lon | None = None,
    lat: Lat | None = None,
) -> PlaceList:
    LOOKS.take(neighbourhood(request))
    near = (lon, lat) if lon is not None and lat is not None else None
    return PlaceList.of(queries.places(tx, q, near=near, most=10))


@router.get("/stations", operation_id="stationsNear", response_model=list[StationView])
def stations_near(tx: PublicDb, request: Request, lon: Lon, lat: Lat) -> list[dict[str, Any]]:
    """Stations near a place, the nearest first, with the hours that the calendar gives them."""
    LOOKS.take(neighbourhood(request))
    return stations.near(tx, lon, lat)


@router.get("/areas/tiles.json", operation_id="describeAreaTilesPublicly")
def describe_tiles(tx: PublicDb) -> TileJson:
    return TileJson.of(atlas.of(tx), "/api/v1/public/areas/tiles")


@router.get(TILE, operation_id="areaTilePublicly", response_class=Response, responses=TILE_ANSWERS)
def tile(tx: PublicDb, request: Request, z: int, x: int, y: int) -> Response:
    TILES.take(neighbourhood(request))
    return tile_answer(request, atlas.of(tx), z, x, y)


@router.get("/areas/{area_id}/picture.svg", operation_id="areaPicturePublicly", response_class=Svg)
def area_picture(
    tx: PublicDb, request: Request, area_id: UUID, lon: Lon | None = None, lat: Lat | None = None
) -> Response:
    LOOKS.take(neighbourhood(request))
    book = atlas.of(tx)
    mark = (lon, lat) if lon is not None and lat is not None else None
    drawn = picture.draw(book, book.area(area_id), mark=mark)
    if drawn is None:
        raise no_border()
    return Svg(drawn)
