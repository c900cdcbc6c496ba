"""A still picture of an area and its children as SVG, for phones that cannot draw the map.

Its units are those of a narrow phone: shown 300 pixels wide, a name is still 13 pixels high.
"""

from collections.abc import Mapping
from math import cos, radians
from uuid import UUID
from xml.sax.saxutils import escape, quoteattr

import shapely

from wangge.areas.atlas import Atlas
from wangge.areas.models import Area, Ground

WIDE = 320
MARGIN = 8
MOST_LABELS = 40
LETTER = 14
HIGH = LETTER * 1.25
PIN = 6
Box = tuple[float, float, float, float]
MARK = "#c0392b"


def draw(
    atlas: Atlas,
    area: Area,
    *,
    mark: tuple[float, float] | None = None,
    fills: Mapping[UUID, str] | None = None,
) -> str | None:
    """Draw the outlines and names; ``mark`` (lon, lat) is where something happened.

    ``fills`` are the colours of children by id, where they are to say something.
    """
    fills = fills or {}
    ground = atlas.grounds.get(area.id)
    if ground is None:
        return None
    west, south, east, north = ground.bounds
    middle = cos(radians((south + north) / 2))
    scale = (WIDE - 2 * MARGIN) / max((east - west) * middle, north - south)
    size = ((east - west) * middle * scale + 2 * MARGIN, (north - south) * scale + 2 * MARGIN)

    def on_paper(lon: float, lat: float) -> tuple[float, float]:
        return MARGIN + (lon - west) * middle * scale, MARGIN + (north - lat) * scale

    def path(outline: Ground) -> str:
        rings = []
        for ring in shapely.get_rings(shapely.get_parts(outline)):
            corners = [on_paper(lon, lat) for lon, lat in shapely.get_coordinates(ring)[:-1]]
            rings.append("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in corners) + "Z")
        return "".join(rings)

    children = [child for child in atlas.below.get(area.id, []) if child.id in atlas.grounds]
    parts = [f"<title>{escape(area.name)}</title>"]
    parts += [
        f'<path d="{path(atlas.grounds[child.id])}" class="child"'
        f"{_filled(fills.get(child.id))} data-code={quoteattr(child.code)}>"
        f"<title>{escape(child.name)}</title></path>"
        for child in children
    ]
    parts.append(f'<path d="{path(ground)}" class="whole"/>')
    taken: list[Box] = []
    if mark:
        x, y = on_paper(*mark)
        taken.append((x - PIN, y - PIN, x + PIN, y + PIN))
    # The largest are named first: what finds no room keeps its name for a touch.
    named = sorted(children, key=lambda child: -atlas.grounds[child.id].area) or [area]
    for child in named[: 5 * MOST_LABELS]:
        at = on_paper(*shapely.point_on_surface(atlas.grounds[child.id]).coords[0])
        if label := _free(child.short_name, at, size, taken):
            taken.append(label)
            x, y = (label[0] + label[2]) / 2, (label[1] + label[3]) / 2
            parts.append(f'<text x="{x:.1f}" y="{y:.1f}">{escape(child.short_name)}</text>')
        if len(taken) > MOST_LABELS:
            break
    if mark:
        x, y = on_paper(*mark)
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{PIN}" class="mark"/>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size[0]:.0f} {size[1]:.0f}"'
        f' role="img" aria-label={quoteattr(area.name)}><style>{_STYLE}</style>'
        + "".join(parts)
        + "</svg>"
    )


def _filled(colour: str | None) -> str:
    return f" style={quoteattr(f'fill:{colour}')}" if colour else ""


def width_of(words: str) -> float:
    """The room that words take: a Chinese character is as wide as it is high."""
    return sum(LETTER if ord(letter) > 0x2E7F else LETTER * 0.6 for letter in words)


def _free(
    words: str, at: tuple[float, float], size: tuple[float, float], taken: list[Box]
) -> Box | None:
    """A box at the point or just above or below it that touches no other; None when full."""
    half = width_of(words) / 2
    if 2 * half > size[0]:
        return None
    x = min(max(at[0], half), size[0] - half)
    for shift in (0.0, -HIGH, HIGH):
        y = min(max(at[1] + shift, HIGH / 2), size[1] - HIGH / 2)
        box = (x - half, y - HIGH / 2, x + half, y + HIGH / 2)
        if not any(_touch(box, other) for other in taken):
            return box
    return None


def _touch(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


_STYLE = (
    ".child{fill:#eef3f8;fill-rule:evenodd;stroke:#8aa0b5;stroke-width:1}"
    ".whole{fill:none;stroke:#2c5f8a;stroke-width:2}"
    f"text{{font:{LETTER}px sans-serif;text-anchor:middle;dominant-baseline:central;fill:#1d2b38;"
    "paint-order:stroke;stroke:#fff;stroke-width:3px;stroke-linejoin:round}"
    f".mark{{fill:{MARK};stroke:#fff;stroke-width:2}}"
)
