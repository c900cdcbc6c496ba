"""A first tree for a place that has no grids yet: equal cells over a box, said to be drawn.

The cells are true in metres at the latitude where they lie, and their corners are shared numbers,
so that they tile the city to the last digit.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import ceil, cos, degrees, radians, sin, sqrt

from shapely.geometry import box

from wangge.areas import service
from wangge.areas.geodesy import ECCENTRICITY, SEMI_MAJOR
from wangge.areas.models import AreaDraft, BorderDraft, GridKind, Level
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, Refusal
from wangge.kernel.ids import new_id

MOST_CELLS = 20_000
LABEL = "示意边界(合成)"
SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*(km|m)")
DECIMALS = 9  # a tenth of a millimetre


@dataclass(frozen=True, slots=True)
class Box:
    """West, south, east, north in degrees of WGS-84."""

    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True, slots=True)
class Plan:
    """Lines of the lattice in degrees, and how the cells are shared out among districts."""

    lons: list[float]
    lats: list[float]
    metres: float
    code: str
    name: str
    english: bool
    across: int
    up: int

    @property
    def cells(self) -> int:
        return (len(self.lons) - 1) * (len(self.lats) - 1)


def read_box(text: str) -> Box:
    """Read ``west,south,east,north``."""
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        west, south, east, north = 1.0, 0.0, 0.0, 0.0
    if not (-180 <= west < east <= 180 and -85 <= south < north <= 85):
        raise Invalid(
            "bad_box",
            "范围应写成 西,南,东,北（度），例如 118.0,37.0,118.6,37.4",
            "the box is west,south,east,north in degrees, such as 118.0,37.0,118.6,37.4",
        )
    return Box(west, south, east, north)


def read_metres(text: str) -> float:
    """Read a length such as ``2km`` or ``500m``."""
    found = SIZE.fullmatch(text.strip().lower())
    metres = float(found[1]) * (1000 if found[2] == "km" else 1) if found else 0.0
    if not 10 <= metres <= 100_000:
        raise Invalid(
            "bad_cell",
            "格子边长应如 2km、500m（10 米至 100 公里）",
            "a cell is 2km or 500m (10 m to 100 km)",
        )
    return metres


def plan(
    ground: Box,
    metres: float,
    *,
    code: str,
    name: str,
    english: bool = False,
    districts: tuple[int, int] = (1, 1),
) -> Plan:
    """Lay whole cells over the box from its south-west corner; the last ones may reach beyond it.

    A cell is ``metres`` high everywhere and ``metres`` wide at the middle latitude; meridians
    draw together northwards, which over a city changes its width by less than a hundredth.
    """
    middle = radians((ground.south + ground.north) / 2)
    east = degrees(metres / (_across_radius(middle) * cos(middle)))
    columns = max(1, ceil((ground.east - ground.west) / east - 1e-9))
    lats = [ground.south]
    while lats[-1] < ground.north - 1e-9 and len(lats) <= MOST_CELLS:
        lats.append(round(lats[-1] + _height(lats[-1], metres), DECIMALS))
    lons = [round(ground.west + east * n, DECIMALS) for n in range(min(columns, MOST_CELLS) + 1)]
    found = Plan(lons, lats, metres, code, name, english, *districts)
    if found.cells > MOST_CELLS:
        raise Invalid(
            "too_many_cells",
            f"格子太多（{found.cells} 个），最多 {MOST_CELLS} 个：请放大边长",
            f"{found.cells} cells are too many, at most {MOST_CELLS}: take larger ones",
        )
    if not (0 < found.across < len(lons) and 0 < found.up < len(lats)):
        raise Invalid(
            "bad_districts",
            "区的行列数不能多于格子的行列数",
            "there cannot be more districts than cells in a row or column",
        )
    return found


def _across_radius(phi: float) -> float:
    return SEMI_MAJOR / sqrt(1 - (ECCENTRICITY * sin(phi)) ** 2)


def _height(lat: float, metres: float) -> float:
    """Degrees of a meridian that are so many metres long, by its radius halfway."""
    step = degrees(metres / SEMI_MAJOR)
    for _ in range(3):
        phi = radians(lat + step / 2)
        radius = _across_radius(phi) ** 3 / SEMI_MAJOR**2 * (1 - ECCENTRICITY**2)
        step = degrees(metres / radius)
    return step


def draw(tx: Tx, drawn: Plan, *, begun: date, dry_run: bool = False) -> None:
    """Write city, districts and grids; refuses a tenant that has areas of its own."""
    if tx.rows("select 1 from areas limit 1"):
        raise Refusal(
            "areas_exist",
            "本单位已有区域，画网格只用于还没有区域的单位",
            "this tenant has areas already; drawing is for one that has none",
        )
    areas, borders = drafts(drawn)
    if not dry_run:
        service.load(tx, areas, borders, begun=begun)


def drafts(drawn: Plan) -> tuple[list[AreaDraft], list[BorderDraft]]:
    """City, districts where there is more than one, and the cells as grids."""
    areas: list[AreaDraft] = []
    borders: list[BorderDraft] = []

    def add(
        above: AreaDraft | None, level: Level, code: str, name: str, corners: Sequence[float]
    ) -> AreaDraft:
        kind = GridKind.BASE.value if level is Level.GRID else ""
        area = AreaDraft(new_id(), above.id if above else None, level, kind, code, name)
        areas.append(area)
        borders.append(BorderDraft(area.id, box(*corners), synthetic=True, source=LABEL))
        return area

    lons, lats = drawn.lons, drawn.lats
    whole = (lons[0], lats[0], lons[-1], lats[-1])
    city = add(None, Level.CITY, drawn.code, drawn.name, whole)
    shares = [
        (columns, rows)
        for rows in _shares(len(lats) - 1, drawn.up)
        for columns in _shares(len(lons) - 1, drawn.across)
    ]
    for number, (columns, rows) in enumerate(shares, start=1):
        above = city
        if len(shares) > 1:
            corners = (lons[columns[0]], lats[rows[0]], lons[columns[1]], lats[rows[1]])
            named = f"District {number}" if drawn.english else f"{number}区"
            above = add(city, Level.COUNTY, f"{drawn.code}{number:02}", named, corners)
        for row in range(*rows):
            for column in range(*columns):
                corners = (lons[column], lats[row], lons[column + 1], lats[row + 1])
                named = (
                    f"Grid {row + 1}-{column + 1}"
                    if drawn.english
                    else f"第{row + 1}行{column + 1}列网格"
                )
                add(
                    above,
                    Level.GRID,
                    f"{above.code}{row + 1:03}{column + 1:03}",
                    named,
                    corners,
                )
    return areas, borders


def _shares(cells: int, parts: int) -> list[tuple[int, int]]:
    """Split a row of cells into nearly equal runs."""
    cuts = [cells * part // parts for part in range(parts + 1)]
    return list(pairwise(cuts))
