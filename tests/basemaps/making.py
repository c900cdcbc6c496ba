"""Real small PMTiles files, written by the specification alone: pictures, or own tiles."""

import gzip
import io
import json
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image

from wangge.basemaps.pmtiles import GZIP, HEADER, NONE

TOWN = (118.0, 37.0, 118.6, 37.4)
TEAL = (20, 150, 140)
Tile = Callable[[int, int, int], bytes]
Column = Callable[[int], int]


def picture(colour: tuple[int, int, int] = TEAL) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (256, 256), colour).save(out, "PNG")
    return out.getvalue()


def tile_id(z: int, x: int, y: int) -> int:
    """The place of a tile on the Hilbert curve, after all tiles of smaller zooms."""
    found = ((1 << (2 * z)) - 1) // 3
    for level in reversed(range(z)):
        s = 1 << level
        rx, ry = int(bool(x & s)), int(bool(y & s))
        found += s * s * ((3 * rx) ^ ry)
        if not ry:
            if rx:
                x, y = s - 1 - x, s - 1 - y
            x, y = y, x
    return found


def covering(z: int, bounds: tuple[float, float, float, float]) -> list[tuple[int, int, int]]:
    west, south, east, north = bounds

    def row(lat: float) -> int:
        return int((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * (1 << z))

    def column(lon: float) -> int:
        return int((lon + 180) / 360 * (1 << z))

    return [
        (z, x, y)
        for x in range(column(west), column(east) + 1)
        for y in range(row(north), row(south) + 1)
    ]


def varint(value: int) -> bytes:
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*found, value])


@dataclass
class Made:
    """A file in the making; each field may be made wrong."""

    tile: Tile = lambda *_: picture()
    kind: int = 2
    zooms: tuple[int, int] = (4, 8)
    bounds: tuple[float, float, float, float] = TOWN
    packing: int = GZIP
    tile_packing: int = NONE
    version: int = 3
    metadata: dict[str, Any] = field(default_factory=lambda: {"attribution": "<b>安城</b>测绘"})
    root: Callable[[bytes], bytes] = lambda whole: whole

    def written(self, to: Path) -> Path:
        wanted = [one for z in range(self.zooms[0], self.zooms[1] + 1)
                  for one in covering(z, self.bounds)]  # fmt: skip
        tiles = sorted((tile_id(*one), self.tile(*one)) for one in wanted)
        tiles = [(number, content) for number, content in tiles if content]
        data, entries, before = b"", [], 0
        for number, content in tiles:
            entries.append((number - before, 1, len(content), len(data) + 1))
            before, data = number, data + content
        directory = varint(len(entries)) + b"".join(
            varint(entry[column]) for column in range(4) for entry in entries
        )
        pack = gzip.compress if self.packing == GZIP else bytes
        root = self.root(pack(directory))
        said = pack(json.dumps(self.metadata).encode())
        at = [HEADER.size, len(root)]
        at += [at[0] + at[1], len(said)]
        at += [at[2] + at[3], 0]
        at += [at[4], len(data), len(tiles), len(tiles), len(tiles)]
        edges = [round(one * 1e7) for one in self.bounds]
        head = HEADER.pack(
            b"PMTiles", self.version, *at, 1, self.packing, self.tile_packing, self.kind,
            *self.zooms, *edges, self.zooms[0], *edges[:2],
        )  # fmt: skip
        to.write_bytes(head + root + said + data)
        return to
