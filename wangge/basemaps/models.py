"""A base map that was taken in."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class BaseMap:
    """What is known of a file; degrees are WGS-84."""

    id: UUID
    sha256: bytes
    bytes: int
    name: str
    tile_type: str
    min_zoom: int
    max_zoom: int
    west: float
    south: float
    east: float
    north: float
    layers: list[str]
    attribution: str
    at: datetime

    @property
    def bounds(self) -> list[float]:
        return [self.west, self.south, self.east, self.north]
