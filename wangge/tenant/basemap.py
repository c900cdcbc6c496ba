"""What lies beneath the grids on the maps of desk and wall: nothing, an own file, or 天地图."""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from wangge.tenant.models import Part, mistake, refuse_repeated

Server = Annotated[
    str,
    StringConstraints(
        pattern=r"^https?://[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?(:[0-9]{1,5})?$", max_length=270
    ),
]
Key = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z]{0,64}$")]
FileId = Annotated[str, StringConstraints(pattern=r"^$|^[0-9a-f-]{36}$")]
OF_TIANDITU = tuple(f"https://t{n}.tianditu.gov.cn" for n in range(4))


class Basemap(Part):
    """The document ``basemap``; as the product comes no host but its own is asked for a map.

    ``file``: id of a PMTiles file that `wangge areas basemap` took. ``layer``, ``names``, ``key``,
    ``servers``: of Tianditu or of whoever offers its interface; a ``key`` is seen by the browsers
    that use it, and empty means the one of the environment. ``attribution`` is shown on the map.
    """

    kind: Literal["none", "pmtiles", "tianditu"] = "none"
    file: FileId = ""
    layer: Literal["vec", "img", "ter"] = "vec"
    names: bool = True
    key: Key = ""
    servers: Annotated[tuple[Server, ...], Field(min_length=1, max_length=8)] = OF_TIANDITU
    attribution: Annotated[str, Field(max_length=200)] = ""

    @model_validator(mode="after")
    def sensible(self) -> Self:
        refuse_repeated(list(self.servers), "地图服务器", "map servers")
        if self.kind == "pmtiles" and not self.file:
            mistake(
                "用 PMTiles 要写明文件，先用 wangge areas basemap 放进来",
                "name the PMTiles file, which `wangge areas basemap` takes in",
            )
        return self
