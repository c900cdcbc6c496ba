"""What the maps are told of the base map, and the list for whoever chooses one."""

from datetime import datetime
from typing import Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from wangge.basemaps.models import BaseMap
from wangge.settings import settings
from wangge.tenant.basemap import Basemap

# Tianditu's own numbers: web Mercator over CGCS2000 (`w`), which is WGS-84 to within a metre.
TILES = (
    "{server}/{layer}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER={layer}"
    "&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}}"
    "&tk={key}"
)
NAMES = {"vec": "cva", "img": "cia", "ter": "cta"}
DEEPEST = {"vec": 18, "img": 18, "ter": 14}
BY_TIANDITU = "底图：天地图 · 国家地理信息公共服务平台"


class BasemapView(BaseModel):
    """``none``, or where tiles come from; ``address`` is of a PMTiles file, read by its ranges.

    ``names`` are tiles with names alone, to be laid over the others.
    """

    model_config = ConfigDict(json_schema_serialization_defaults_required=True)

    kind: Literal["none", "pmtiles", "tianditu"] = "none"
    tiles: list[str] = []
    names: list[str] = []
    address: str | None = None
    tile_type: Literal["mvt", "png", "jpeg", "webp"] = "png"
    layers: list[str] = []
    min_zoom: int = 0
    max_zoom: int = 24
    bounds: list[float] | None = None
    attribution: str = ""

    @classmethod
    def of_tianditu(cls, chosen: Basemap) -> Self:
        key = chosen.key or settings().tianditu_key

        def tiles(layer: str) -> list[str]:
            return [TILES.format(server=one, layer=layer, key=key) for one in chosen.servers]

        return cls(
            kind="tianditu",
            tiles=tiles(chosen.layer),
            names=tiles(NAMES[chosen.layer]) if chosen.names else [],
            min_zoom=1,
            max_zoom=DEEPEST[chosen.layer],
            attribution=chosen.attribution or BY_TIANDITU,
        )

    @classmethod
    def of_file(cls, chosen: Basemap, made: BaseMap) -> Self:
        return cls.model_validate(
            {
                "kind": "pmtiles",
                "address": f"/api/v1/basemap/{made.id}.pmtiles",
                "tile_type": made.tile_type,
                "layers": made.layers,
                "min_zoom": made.min_zoom,
                "max_zoom": made.max_zoom,
                "bounds": made.bounds,
                "attribution": chosen.attribution or made.attribution,
            }
        )


class BaseMapLine(BaseModel):
    """A file that may be chosen."""

    id: UUID
    name: str
    bytes: int
    tile_type: str
    min_zoom: int
    max_zoom: int
    bounds: list[float]
    attribution: str
    at: datetime


class BaseMapList(BaseModel):
    """Newest first."""

    items: list[BaseMapLine]
    next: None = None
