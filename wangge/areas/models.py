"""Levels of the tree and the rows that areas, borders and places are made of."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, TypeAlias
from uuid import UUID

from shapely import MultiPolygon, Polygon

Ground: TypeAlias = Polygon | MultiPolygon


class Level(StrEnum):
    """Steps of the tree, from the top; some branches leave steps out."""

    CITY = "city"
    COUNTY = "county"
    TOWNSHIP = "township"
    COMMUNITY = "community"
    COMMITTEE = "committee"
    NATURAL_VILLAGE = "natural_village"
    ESTATE = "estate"
    GRID = "grid"
    MICRO_GRID = "micro_grid"

    @property
    def depth(self) -> int:
        return list(Level).index(self)


class GridKind(StrEnum):
    """基础网格 of households; 专属网格 of one market, school or hospital."""

    BASE = "base"
    DEDICATED = "dedicated"


class Setting(StrEnum):
    """城区 or 乡镇: what a grid's attribute ``setting`` says where grids are planned apart."""

    URBAN = "urban"
    RURAL = "rural"


@dataclass(frozen=True, slots=True)
class Area:
    """One area as it stands on some day; ``names`` is its path from the county down."""

    id: UUID
    parent_id: UUID | None
    level: Level
    kind: str
    code: str
    name: str
    short_name: str
    names: list[str]
    pos: int
    sort_key: str
    attributes: dict[str, Any]
    synthetic: bool = False


@dataclass(frozen=True, slots=True)
class AreaDraft:
    """An area to be written; its place in the tree follows from ``parent_id``."""

    id: UUID
    parent_id: UUID | None
    level: Level
    kind: str
    code: str
    name: str
    short_name: str = ""
    attributes: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BorderDraft:
    """A border to be written, in WGS-84; ``synthetic`` ones are labelled 示意边界(合成)."""

    area_id: UUID
    ground: Ground
    synthetic: bool
    source: str
    valid_from: date | None = None


@dataclass(frozen=True, slots=True)
class PlaceDraft:
    """An entry of the gazetteer to be written."""

    id: UUID
    name: str
    kind: str
    lon: float
    lat: float
    aliases: tuple[str, ...] = ()
    area_id: UUID | None = None
    synthetic: bool = False
