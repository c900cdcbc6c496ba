"""The ground of the sample towns: real names where the register has them, exact counts of grids.

Who has made a plan says which area lies in which and how many grids it has; where they lie is
invented: each area's ground is divided among those below it, down to the leaves.
"""

import csv
from collections.abc import Iterator, Sequence
from importlib.resources import files

import numpy as np

from wangge.areas.models import GridKind, Ground, Level, PlaceDraft, Setting
from wangge.demo import ground_tiling as tiling
from wangge.demo.ground import City, city_of
from wangge.demo.ground_names import Division, numeral
from wangge.demo.ground_plan import Plot, stable_id

HOUSEHOLDS = (150, 201)


def register(name: str) -> list[Division]:
    """The rows of the register that a sample town stands on."""
    source = (files("wangge.demo") / "data" / name).read_text("utf-8")
    rows = csv.DictReader(source.splitlines())
    return [Division(row["code"], row["name"], row["parent"]) for row in rows]


def shares(total: int, weights: Sequence[float], *, least: int = 0) -> list[int]:
    """Whole numbers that add up to ``total``, ``least`` each and the rest by weight."""
    rest = total - least * len(weights)
    exact = [rest * weight / sum(weights) for weight in weights]
    found = [int(one) for one in exact]
    by_remainder = sorted(range(len(exact)), key=lambda i: found[i] - exact[i])
    for i in by_remainder[: rest - sum(found)]:
        found[i] += 1
    return [least + one for one in found]


def base_grid(
    above: Plot, number: int, households: int, setting: Setting | None = None, name: str = ""
) -> Plot:
    short = name or f"第{numeral(number)}网格"
    more = {"households": households} | ({"setting": setting.value} if setting else {})
    return Plot(
        f"{above.code}1{number:03}", f"{above.name}{short}", Level.GRID, GridKind.BASE, short, more
    )


def dedicated_grid(above: Plot, number: int, host: str, setting: Setting | None = None) -> Plot:
    name = f"{host}专属网格"
    more = {"host": host} | ({"setting": setting.value} if setting else {})
    return Plot(f"{above.code}2{number:03}", name, Level.GRID, GridKind.DEDICATED, name, more)


def settle(plot: Plot, ground: Ground, rng: np.random.Generator) -> None:
    """Give every leaf a rough piece of the ground, as many pieces a level as there are areas."""
    if not plot.below:
        plot.rough = ground
        return
    count = len(plot.below)
    cells = [ground]
    if count > 1:
        samples = tiling.scatter(ground, count * tiling.SAMPLES_EACH, rng)
        cells = tiling.divide(ground, tiling.settle(samples, count, rng))
    for child, i in zip(plot.below, tiling.reading_order(cells), strict=True):
        settle(child, cells[i], rng)


def built(plan: Plot, ground: Ground, seed: int, *, surveyed: bool = False) -> City:
    """Lay a plan out on its ground; with the same seed the same to the last digit."""
    rng = np.random.default_rng(seed)
    settle(plan, ground, rng)
    leaves = list(plan.leaves())
    exact = tiling.join([leaf.rough for leaf in leaves if leaf.rough], [ground])
    for leaf, piece in zip(leaves, exact, strict=True):
        leaf.exact = piece
    plan.surveyed = surveyed
    return city_of(plan, list(_places(plan)))


def _places(plan: Plot) -> Iterator[PlaceDraft]:
    """A service point in every grid, named after it."""
    for grid in plan.walk():
        if grid.level is not Level.GRID:
            continue
        name = f"{grid.name}服务点"
        point = grid.ground.representative_point()
        yield PlaceDraft(
            stable_id("place", grid.code, name), name, "station", point.x, point.y,
            area_id=stable_id("area", grid.code), synthetic=True,
        )  # fmt: skip
