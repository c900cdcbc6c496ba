"""What a PMTiles file says of itself, believed only as far as its bytes bear it out.

Source: PMTiles Version 3 Specification, https://github.com/protomaps/PMTiles (2022): a header of
127 bytes, directories of varints, JSON metadata, and tiles, each section somewhere in the file.
"""

import json
import re
import zlib
from dataclasses import dataclass
from pathlib import Path
from struct import Struct
from typing import Any, BinaryIO

from wangge.kernel.errors import Invalid

MOST_BYTES = 30 << 30  # a province with its streets to zoom 15 has about 3 GB
MOST_DIRECTORY, MOST_METADATA = 16 << 20, 4 << 20
MOST_LAYERS, LONGEST = 100, 400
HEADER = Struct("<7sB11Q6B4iB2i")
NONE, GZIP = 1, 2
UNKNOWN = 0
TYPES = {1: "mvt", 2: "png", 3: "jpeg", 4: "webp"}
BEGINS = {"png": b"\x89PNG", "jpeg": b"\xff\xd8", "webp": b"RIFF"}
PACKED = b"\x1f\x8b"
TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Archive:
    """A checked file; ``bounds`` are west, south, east, north in degrees of WGS-84."""

    tile_type: str
    min_zoom: int
    max_zoom: int
    bounds: tuple[float, float, float, float]
    layers: tuple[str, ...]
    attribution: str


def inspect(file: Path) -> Archive:
    """Read header, metadata, directories and the first tile; refuse what does not fit together."""
    size = file.stat().st_size
    if size > MOST_BYTES:
        raise _wrong(f"不能超过 {MOST_BYTES >> 30} GB", f"it is larger than {MOST_BYTES >> 30} GB")
    with file.open("rb") as opened:
        return _Reader(opened, size).archive()


class _Reader:
    def __init__(self, opened: BinaryIO, size: int) -> None:
        self.opened, self.size = opened, size
        head = opened.read(HEADER.size)
        if len(head) < HEADER.size or head[:7] != b"PMTiles":
            raise _wrong("不是 PMTiles 文件", "it is no PMTiles file")
        (
            _, version, *offsets, _clustered, self.packing, self.tile_packing, kind,
            self.min_zoom, self.max_zoom, west, south, east, north, _zoom, _lon, _lat,
        ) = HEADER.unpack(head)  # fmt: skip
        if version != 3:
            raise _wrong(f"是第 {version} 版，要第 3 版", f"it is version {version}, not 3")
        self.root, self.metadata, self.leaves, self.tiles = (
            (offsets[n], offsets[n + 1]) for n in (0, 2, 4, 6)
        )
        self.tile_type = TYPES.get(kind, "")
        self.bounds = tuple(one / 1e7 for one in (west, south, east, north))

    def archive(self) -> Archive:
        self._fits()
        west, south, east, north = self.bounds
        said = self._said()
        listed = said.get("vector_layers")
        layers = listed if isinstance(listed, list) else []
        names = [one.get("id") for one in layers if isinstance(one, dict)]
        self._first_tile()
        return Archive(
            self.tile_type, self.min_zoom, self.max_zoom, (west, south, east, north),
            tuple(name for name in names if isinstance(name, str) and 0 < len(name) <= 100)[
                :MOST_LAYERS
            ],
            " ".join(TAG.sub(" ", str(said.get("attribution") or "")).split())[:LONGEST],
        )  # fmt: skip

    def _fits(self) -> None:
        west, south, east, north = self.bounds
        if not self.tile_type:
            raise _wrong("瓦片要是 MVT、PNG、JPEG 或 WebP", "tiles are MVT, PNG, JPEG or WebP")
        if self.packing not in {NONE, GZIP} or self.tile_packing not in {UNKNOWN, NONE, GZIP}:
            raise _wrong("压缩方式只认 gzip 或不压缩", "only gzip or no compression is read")
        if not 0 <= self.min_zoom <= self.max_zoom <= 24:
            raise _wrong("缩放级别不对", "its zooms make no sense")
        if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
            raise _wrong("范围不对", "its bounds make no sense")
        for offset, length in (self.root, self.metadata, self.leaves, self.tiles):
            if offset + length > self.size:
                raise _wrong("文件不完整", "it is cut off")

    def _said(self) -> dict[str, Any]:
        if not self.metadata[1]:
            return {}
        try:
            found = json.loads(self._section(*self.metadata, most=MOST_METADATA))
        except ValueError:
            raise _wrong("说明部分读不出来", "its metadata cannot be read") from None
        return found if isinstance(found, dict) else {}

    def _first_tile(self) -> None:
        """Follow the directories to the first tile, which must be what the header says it is."""
        section = self.root
        for _ in range(4):
            offset, length, run = _first(self._section(*section, most=MOST_DIRECTORY))
            base, all_ = self.tiles if run else self.leaves
            if not length or offset + length > all_:
                raise _wrong("目录指向文件之外", "its directory points outside of it")
            if run:
                self.opened.seek(base + offset)
                begins = self.opened.read(4)
                wanted = PACKED if self.tile_packing == GZIP else BEGINS.get(self.tile_type, b"")
                if not begins.startswith(wanted):
                    raise _wrong("瓦片不是所写的格式", "its tiles are not what its header says")
                return
            section = (base + offset, length)
        raise _wrong("目录层数太多", "its directories are too deep")

    def _section(self, offset: int, length: int, *, most: int) -> bytes:
        if length > most:
            raise _wrong("目录或说明太大", "its directory or metadata is too large")
        self.opened.seek(offset)
        packed = self.opened.read(length)
        if self.packing == NONE:
            return packed
        unpacking = zlib.decompressobj(zlib.MAX_WBITS | 16)
        try:
            found = unpacking.decompress(packed, most)
        except zlib.error:
            raise _wrong("内容解不开", "its content cannot be unpacked") from None
        if unpacking.unconsumed_tail:
            raise _wrong("目录或说明太大", "its directory or metadata is too large")
        if not unpacking.eof:
            raise _wrong("内容解不开", "its content cannot be unpacked")
        return found


def _first(directory: bytes) -> tuple[int, int, int]:
    """Offset, length and run length of the first entry; a run of 0 is a leaf directory.

    Columns follow each other: the entries' tile ids, runs, lengths, offsets plus one.
    """
    numbers = _varints(directory)
    count = numbers[0] if numbers else 0
    if not count or len(numbers) < 1 + 4 * count:
        raise _wrong("没有瓦片", "there is no tile in it")
    return numbers[1 + 3 * count] - 1, numbers[1 + 2 * count], numbers[1 + count]


def _varints(data: bytes) -> list[int]:
    found, value, shift = [], 0, 0
    for byte in data:
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            found.append(value)
            value = shift = 0
        elif shift > 63:
            raise _wrong("目录读不出来", "its directory cannot be read")
    return found


def _wrong(zh: str, en: str) -> Invalid:
    return Invalid("basemap_wrong", f"这份底图用不了：{zh}", f"this base map cannot be used: {en}")
