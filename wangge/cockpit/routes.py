"""The doors of the wall: the picture, its live line, borders by version, the record of checks."""

import gzip
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from wangge.areas import tiles
from wangge.areas.models import Level
from wangge.areas.routes import TILE_ANSWERS
from wangge.cockpit import ground, replay, service, squares
from wangge.cockpit.panels import City, Seen
from wangge.cockpit.schemas import ChecksView, DayView, WallView
from wangge.cockpit.squares import Detail, Show
from wangge.cockpit.stream import wall
from wangge.kernel.db import Tx
from wangge.kernel.description import EventStream, binary
from wangge.kernel.errors import NotFound
from wangge.kernel.live import Listener, Live
from wangge.kernel.web import Db, cell_of, hop, in_transaction, json
from wangge.people.doors import Me, OfficeDb, OfficeMe
from wangge.people.models import Actor

router = APIRouter(prefix="/api/v1/wall", tags=["wall"])
Indicator = Annotated[str, Query(max_length=30)]
GEOJSON = "application/geo+json"
FINDINGS = """
select f.at, f.cube, f.kind, f.day::text as day, f.found_on::text as found_on,
    coalesce(array_to_string(a.names, '›'), f.pos::text) as area, f.key, f.expected, f.found,
    f.repaired
from cube_findings f left join areas a on a.pos = f.pos order by f.at desc, f.id limit 200
"""
CHECKED = """
select checked_at, coalesce(checked_cells, 0) as cells, coalesce(checked_wrong, 0) as wrong
from clock left join cube_state on true
"""


def _seen(tx: Tx, area: UUID | None, indicator: str, level: Level | None) -> tuple[City, Seen]:
    actor = Actor.of(tx)
    service.reach(actor)
    found = service.city(tx)
    return found, service.seen_by(actor, found.ground, area, indicator, level)


@router.get("", operation_id="readWall", response_model=WallView)
async def read_wall(
    request: Request,
    area: UUID | None = None,
    indicator: Indicator = "received",
    level: Level | None = None,
) -> Response:
    """Every panel of an area, from memory: without an area the widest of one's posts."""

    def work(tx: Tx) -> dict[str, Any]:
        found, seen = _seen(tx, area, indicator, level)
        picture = service.picture(tx.cell.tenant, found, seen)
        home = service.home(Actor.of(tx), found.ground)
        return {**picture, "times": found.times, "home": home}

    return json(await hop(request, "intake", work))


@router.get("/live", operation_id="watchWall", response_class=EventStream)
async def watch_wall(
    request: Request,
    area: UUID | None = None,
    indicator: Indicator = "received",
    level: Level | None = None,
) -> StreamingResponse:
    """Server-sent events: ``whole`` with all panels, then ``wall`` with what changed.

    A panel that is named in ``wall`` replaces the old one; ``moved`` are places of ``values``,
    null where nothing is any more; ``times`` comes every few seconds although nothing changed.
    """

    def begin(tx: Tx) -> tuple[Actor, City, Seen]:
        return Actor.of(tx), *_seen(tx, area, indicator, level)

    actor, found, seen = await run_in_threadpool(in_transaction, request, "intake", begin)
    lines: Live = request.app.state.live
    stream = await lines.stream(cell_of(request))
    viewer = Listener(actor.id, [], frozenset())
    return StreamingResponse(
        wall(stream).events(viewer, seen, found, service.home(actor, found.ground)),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


@router.get(
    "/borders/{edition}/{area}/{level}.geojson",
    operation_id="wallBorders",
    response_class=Response,
    responses={200: binary(GEOJSON)},
)
def borders(
    tx: OfficeDb, me: OfficeMe, request: Request, edition: str, area: UUID, level: Level
) -> Response:
    """Borders of a level inside an area; a browser keeps them while their edition stands."""
    here = ground.of(tx)
    seen = service.seen_by(me, here, area, "received", level)
    if edition != here.book.edition or level not in ground.SHOWN:
        raise NotFound("no_such_edition", "边界已更新，请刷新", "the borders have changed; reload")
    headers = {
        "Cache-Control": "private, max-age=31536000, immutable",
        "Vary": "Accept-Encoding, Cookie",
    }
    packed = here.borders(seen.area, level)
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        return Response(packed, headers=headers, media_type=GEOJSON)
    return Response(gzip.decompress(packed), headers=headers, media_type=GEOJSON)


@router.get(
    "/cases/{z}/{x}/{y}",
    operation_id="wallCaseTile",
    response_class=Response,
    responses={one: said for one, said in TILE_ANSWERS.items() if one != 304},
)
def case_tile(
    tx: Db,
    me: Me,
    z: int,
    x: int,
    y: int,
    area: UUID | None = None,
    detail: Detail = Detail.CLUSTERS,
    show: Show = Show.OPEN,
) -> Response:
    """Open cases of an area as a vector tile: squares with how many (``n``) and overdue (``late``).

    At most 16 squares a tile, for a heat 1,024; at every zoom they add up to the same number.
    """
    here = ground.of(tx)
    seen = service.seen_by(me, here, area, "open", None)
    spans = "{" + ",".join(f"[{low},{high})" for low, high in here.spans[seen.area.id]) + "}"
    drawn = squares.tile(squares.counted(tx, (z, x, y), spans, detail, show), (z, x, y), detail)
    headers = {"Cache-Control": "private, max-age=20"}
    if not drawn:
        return Response(status_code=204, headers=headers)
    return Response(drawn, headers=headers, media_type=tiles.MEDIA_TYPE)


@router.get("/day", operation_id="replayWallDay", response_model=DayView)
async def replay_day(
    request: Request, day: date, area: UUID | None = None, level: Level | None = None
) -> Response:
    """What came in on a day by hour and place: 24 frames for the map, fetched once."""

    def work(tx: Tx) -> dict[str, Any]:
        found, seen = _seen(tx, area, "received", level)
        return replay.frames(tx, found, seen, day)

    return json(await hop(request, "intake", work))


@router.get("/checks", operation_id="readWallChecks", response_model=ChecksView)
def checks(tx: OfficeDb, me: OfficeMe) -> dict[str, Any]:
    """What the nightly checks of the figures found, newest first; all was mended unless said."""
    me.must("case.supervise")
    row: dict[str, Any] = tx.one(CHECKED) or {}
    return {**row, "findings": tx.rows(FINDINGS)}
