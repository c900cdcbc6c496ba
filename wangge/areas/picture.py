"""A still picture of an area and its children as SVG, for phones that cannot draw the map."""

from math import cos, radians
from xml.sax.saxutils import escape, quoteattr

import shapely

from wangge.areas.atlas import Atlas
from wangge.areas.models import Area, Ground

WIDE = 720
MARGIN = 12
MOST_LABELS = 40
MARK = "#c0392b"


def draw(atlas: Atlas, area: Area, *, mark: tuple[float, float] | None = None) -> str | None:
    """Draw the outlines and names; ``mark`` (lon, lat) is where something happened."""
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
        f" data-code={quoteattr(child.code)}><title>{escape(child.name)}</title></path>"
        for child in children
    ]
    parts.append(f'<path d="{path(ground)}" class="whole"/>')
    if len(children) <= MOST_LABELS:
        for child in children:
            x, y = on_paper(*shapely.point_on_surface(atlas.grounds[child.id]).coords[0])
            parts.append(f'<text x="{x:.1f}" y="{y:.1f}">{escape(child.short_name)}</text>')
    if mark:
        x, y = on_paper(*mark)
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="8" class="mark"/>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size[0]:.0f} {size[1]:.0f}"'
        f' role="img" aria-label={quoteattr(area.name)}><style>{_STYLE}</style>'
        + "".join(parts)
        + "</svg>"
    )


_STYLE = (
    ".child{fill:#eef3f8;fill-rule:evenodd;stroke:#8aa0b5;stroke-width:1}"
    ".whole{fill:none;stroke:#2c5f8a;stroke-width:3}"
    "text{font:14px sans-serif;text-anchor:middle;dominant-baseline:middle;fill:#1d2b38}"
    f".mark{{fill:{MARK};stroke:#fff;stroke-width:3}}"
)
