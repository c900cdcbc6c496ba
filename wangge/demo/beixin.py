"""A second, small tenant: a street of another city, to see brand and isolation."""

import csv
from collections.abc import Iterator
from importlib.resources import files
from uuid import UUID

import numpy as np
from shapely import box

from wangge.areas.models import AreaDraft, BorderDraft, GridKind, Ground, Level, PlaceDraft
from wangge.demo import ground_tiling as tiling
from wangge.demo.ground import INVENTED, City, area_id
from wangge.demo.ground_names import numeral
from wangge.demo.ground_plan import stable_id

SEED = 370481
GROUND = box(117.130, 35.080, 117.190, 35.125)
TOP = (
    ("370481", "滕州市", Level.CITY, "county_city"),
    ("370481003", "北辛街道", Level.TOWNSHIP, "subdistrict"),
)
GRIDS = 3


def build() -> City:
    """The city above, the street, its communities by their real names, invented grids."""
    rng = np.random.default_rng(SEED)
    source = (files("wangge.demo") / "data" / "beixin.csv").read_text("utf-8")
    communities = [(row["code"], row["name"]) for row in csv.DictReader(source.splitlines())]
    areas = [_area(*TOP[0]), _area(*TOP[1], parent=TOP[0][0])]
    leaves: list[tuple[AreaDraft, Ground]] = []
    cells = tiling.divide(GROUND, tiling.scatter(GROUND, len(communities), rng))
    for (code, name), cell in zip(communities, cells, strict=True):
        areas.append(_area(code, name, Level.COMMUNITY, "community", parent=TOP[1][0]))
        for number, part in enumerate(
            tiling.divide(cell, tiling.scatter(cell, GRIDS, rng)), start=1
        ):
            short = f"第{numeral(number)}网格"
            grid = _area(
                f"{code}1{number:03}", f"{name}{short}", Level.GRID, GridKind.BASE, parent=code,
                short_name=short, attributes={"households": int(rng.integers(150, 201))},
            )  # fmt: skip
            areas.append(grid)
            leaves.append((grid, part))
    exact = tiling.join([part for _, part in leaves], [GROUND])
    grounds = {grid.id: ground for (grid, _), ground in zip(leaves, exact, strict=True)}
    for area in reversed([area for area in areas if area.level is not Level.GRID]):
        grounds[area.id] = tiling.merge([grounds[a.id] for a in areas if a.parent_id == area.id])
    borders = [BorderDraft(key, ground, True, INVENTED) for key, ground in grounds.items()]
    return City(areas, borders, list(_places(areas, grounds)))


def _area(
    code: str, name: str, level: Level, kind: str, *, parent: str = "", short_name: str = "",
    attributes: dict[str, int] | None = None,
) -> AreaDraft:  # fmt: skip
    above = area_id(parent) if parent else None
    return AreaDraft(area_id(code), above, level, kind, code, name, short_name or name,
                     attributes or {})  # fmt: skip


def _places(areas: list[AreaDraft], grounds: dict[UUID, Ground]) -> Iterator[PlaceDraft]:
    names = {area.id: area.name for area in areas}
    for grid in areas:
        if grid.level is not Level.GRID or grid.parent_id is None:
            continue
        point = grounds[grid.id].representative_point()
        name = f"{names[grid.parent_id]}{grid.short_name}服务点"
        yield PlaceDraft(
            stable_id("place", grid.code, name), name, "station", point.x, point.y,
            area_id=grid.id, synthetic=True,
        )  # fmt: skip
