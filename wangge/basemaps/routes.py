"""Doors of the base map: what to lay beneath the grids, and the file of it, part by part."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from wangge.basemaps import queries, service
from wangge.basemaps.schemas import BaseMapLine, BaseMapList, BasemapView
from wangge.files.ranges import RANGED, ranged
from wangge.kernel.description import binary
from wangge.kernel.web import Db, Permission
from wangge.tenant.permissions import EDIT
from wangge.tenant.service import rules

router = APIRouter(prefix="/api/v1/basemap", tags=["areas"])
MEDIA_TYPE = "application/vnd.pmtiles"
CONTENT: dict[int | str, dict[str, Any]] = {
    200: binary(MEDIA_TYPE),
    206: {**binary(MEDIA_TYPE), **RANGED[206]},
    416: RANGED[416],
}


@router.get("", operation_id="readBasemap")
def read_basemap(tx: Db) -> BasemapView:
    """What the city has chosen; a file that is gone is told as none."""
    chosen = rules(tx).basemap
    if chosen.kind == "tianditu":
        return BasemapView.of_tianditu(chosen)
    made = queries.base_map(tx, UUID(chosen.file)) if chosen.kind == "pmtiles" else None
    return BasemapView.of_file(chosen, made) if made else BasemapView()


@router.get("/files", operation_id="listBaseMaps", dependencies=[Depends(Permission(EDIT))])
def list_base_maps(tx: Db) -> BaseMapList:
    """The files that may be chosen."""
    lines = [BaseMapLine.model_validate(one, from_attributes=True) for one in queries.base_maps(tx)]
    return BaseMapList(items=lines)


@router.get(
    "/{base_map_id}.pmtiles",
    operation_id="readBaseMapFile",
    response_class=Response,
    responses=CONTENT,
)
def read_file(base_map_id: UUID, request: Request, tx: Db) -> Response:
    """Bytes of the file, mostly asked for by ranges; they never change under this address."""
    made = service.found(tx, base_map_id)
    tenant = tx.cell.tenant
    headers = {
        "Cache-Control": "private, max-age=31536000, immutable",
        "ETag": f'"{made.sha256.hex()[:32]}"',
    }
    return ranged(
        request, made.bytes, lambda start, end: service.read(tenant, made, start, end), headers,
        media_type=MEDIA_TYPE,
    )  # fmt: skip
