"""The plan of the demo city: which area lies in which, down to the micro-grid, and its ground."""

import csv
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from importlib.resources import files
from typing import Any, cast
from uuid import UUID

import numpy as np
from shapely.geometry import shape

from wangge.areas.models import GridKind, Ground, Level
from wangge.demo import ground_names as names
from wangge.demo import ground_tiling as tiling
from wangge.demo.ground_names import Division, numeral

GRIDS = 6098
BEGUN = 0x0193B0000000  # milliseconds that all invented ids carry: December 2024
CITY = "370500"
MICRO_TOWNSHIP = "370505001"  # 垦利街道 tries micro-grids out
LAND_OF_ZONES = {"370571": "370502", "370572": "370503"}  # zones lie in the ground of a district
HOUSEHOLDS = (150, 201)
GRIDS_OF_A_VILLAGE = (1, 4)
GRIDS_OF_A_COMMUNITY = (4, 16)
INSTITUTIONS = {
    "subdistrict": ("农贸市场", "中心小学", "社区卫生服务中心", "第一中学", "商贸城"),
    "town": ("集贸市场", "中心小学", "卫生院"),
    "rural_township": ("集贸市场", "中心小学", "卫生院"),
    "other": ("产业园",),
}


def stable_id(*words: str) -> UUID:
    """Make the same UUIDv7 from the same words, so that two builds are one city."""
    rest = int.from_bytes(blake2b("|".join(words).encode(), digest_size=16).digest())
    late = rest & ((1 << 62) - 1)
    return UUID(int=BEGUN << 80 | 7 << 76 | (rest >> 116) << 64 | 0b10 << 62 | late)


@dataclass
class Plot:
    """One area while the city is laid out; the ground of inner areas follows from the leaves."""

    code: str
    name: str
    level: Level
    kind: str
    short_name: str = ""
    attributes: dict[str, Any] = field(default_factory=dict)
    below: list["Plot"] = field(default_factory=list)
    rough: Ground | None = None
    exact: Ground | None = None
    surveyed: bool = False

    @property
    def ground(self) -> Ground:
        if self.exact is None:
            self.exact = tiling.merge([plot.ground for plot in self.below])
        return self.exact

    def walk(self) -> Iterator["Plot"]:
        yield self
        for plot in self.below:
            yield from plot.walk()

    def leaves(self) -> Iterator["Plot"]:
        return (plot for plot in self.walk() if not plot.below)


def lay_out(rng: np.random.Generator) -> Plot:
    """Draw everything roughly from the top, then join the leaves exactly from the bottom."""
    land = _surveys()
    city = _divisions()
    counties = {county.code: county for county in city.below}
    for code, ground in land.items():
        held = [c for c in city.below if code in (c.code, LAND_OF_ZONES.get(c.code))]
        _place_communities([t for county in held for t in county.below], ground, rng)
        counties[code].surveyed = code not in LAND_OF_ZONES.values()
    city.surveyed = True
    _count_grids(city, rng)
    for township in _at(city, Level.TOWNSHIP):
        for community in township.below:
            _draw_grids(community, rng)
            if township.code == MICRO_TOWNSHIP and community.kind == "community":
                _draw_micro_grids(community, rng)
    leaves = list(city.leaves())
    exact = tiling.join([cast("Ground", leaf.rough) for leaf in leaves], list(land.values()))
    for leaf, ground in zip(leaves, exact, strict=True):
        leaf.exact = ground
    return city


def _at(city: Plot, level: Level) -> list[Plot]:
    return [plot for plot in city.walk() if plot.level is level]


def _table(name: str) -> list[dict[str, str]]:
    with (files("wangge.demo") / "data" / name).open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def _surveys() -> dict[str, Ground]:
    """Read the real borders of the five counties."""
    document = json.loads((files("wangge.demo") / "data/boundaries.geojson").read_text("utf-8"))
    return {
        feature["properties"]["code"]: cast("Ground", shape(feature["geometry"]))
        for feature in document["features"]
        if feature["properties"]["code"] != CITY
    }


def _divisions() -> Plot:
    rows: dict[str, list[Division]] = defaultdict(list)
    for row in _table("divisions.csv"):
        rows[row["parent"]].append(Division(row["code"], row["name"], row["parent"]))
    return Plot(
        CITY,
        "东营市",
        Level.CITY,
        "prefecture",
        below=[
            Plot(
                county.code,
                county.name,
                Level.COUNTY,
                names.county_kind(county.code),
                below=[_township(row, rows[row.code]) for row in rows[county.code]],
            )
            for county in rows["3705"]
        ],
    )


def _township(row: Division, communities: list[Division]) -> Plot:
    name = names.township_name(row)
    below = [
        Plot(
            community.code,
            names.community_name(community, name),
            Level.COMMUNITY,
            names.community_kind(community.code),
            attributes={"original": community.name},
        )
        for community in communities
    ]
    kind = names.township_kind(row.code)
    return Plot(
        row.code, name, Level.TOWNSHIP, kind, attributes={"original": row.name}, below=below
    )


def _place_communities(townships: list[Plot], land: Ground, rng: np.random.Generator) -> None:
    """Settle each township about its seat, then divide the county among all its communities.

    So the borders of townships run between villages, as they do.
    """
    seats = {row["code"]: (float(row["lon"]), float(row["lat"])) for row in _table("townships.csv")}
    around = np.array([seats[township.code] for township in townships])
    settled: list[Plot] = []
    centres: list[tiling.Points] = []
    for township, ground in zip(townships, tiling.divide(land, around), strict=True):
        township.attributes["seat"] = list(seats[township.code])
        settled += sorted(township.below, key=lambda plot: (plot.kind != "community", plot.code))
        centres.append(_settle(township, ground, rng))
    for plot, cell in zip(settled, tiling.divide(land, np.vstack(centres)), strict=True):
        plot.rough = cell


def _settle(township: Plot, ground: Ground, rng: np.random.Generator) -> tiling.Points:
    """Put residents' communities close about the seat, villages over the fields around it."""
    seat = tuple(township.attributes["seat"])
    town = sum(plot.kind == "community" for plot in township.below)
    samples = tiling.scatter(ground, tiling.SAMPLES_EACH * len(township.below), rng)
    if town:
        crowd = tiling.crowd(ground, (seat[0], seat[1]), town, rng)
        samples = np.vstack([crowd, samples[len(crowd) :]])
    centres = tiling.settle(samples, len(township.below), rng)
    near = ((centres - np.array(seat)) ** 2 * (tiling.SQUEEZE**2, 1)).sum(axis=1).argsort()
    return np.vstack([centres[near[:town]], _serpentine(centres[near[town:]])])


def _serpentine(centres: tiling.Points) -> tiling.Points:
    """Order points so that villages with neighbouring codes are neighbours."""
    rows = max(1, int(np.sqrt(len(centres) / 2)))
    if len(centres) <= rows:
        return centres
    order: list[int] = []
    for turn, row in enumerate(np.array_split(centres[:, 1].argsort()[::-1], rows)):
        along = row[centres[row, 0].argsort()]
        order.extend(along if turn % 2 == 0 else along[::-1])
    return centres[order]


def _count_grids(city: Plot, rng: np.random.Generator) -> None:
    """Decide how many grids each community has, so that the city has exactly its 6,098."""
    communities = _at(city, Level.COMMUNITY)
    for township in _at(city, Level.TOWNSHIP):
        centre = [plot for plot in township.below if plot.kind == "community"] or township.below
        for i, what in enumerate(INSTITUTIONS[township.kind]):
            host = centre[i % len(centre)]
            host.attributes.setdefault("hosts", []).append(f"{township.name}{what}")
    hosted = sum(len(plot.attributes.get("hosts", ())) for plot in communities)
    town = np.array([plot.kind == "community" for plot in communities])
    low = np.where(town, GRIDS_OF_A_COMMUNITY[0], GRIDS_OF_A_VILLAGE[0])
    high = np.where(town, GRIDS_OF_A_COMMUNITY[1], GRIDS_OF_A_VILLAGE[1])
    wish = np.where(town, 9.2, 2.25) * rng.lognormal(0, 0.35, len(communities))
    counts = np.clip(wish.round().astype(int), low, high)
    while (missing := GRIDS - hosted - int(counts.sum())) != 0:
        step = 1 if missing > 0 else -1
        room = counts < high if step > 0 else counts > low
        eager = np.where(room, step * (wish - counts), -np.inf).argsort()[::-1]
        counts[eager[: min(abs(missing), int(room.sum()))]] += step
    for plot, count in zip(communities, counts, strict=True):
        plot.attributes["base_grids"] = int(count)


def _draw_grids(community: Plot, rng: np.random.Generator) -> None:
    hosts: list[str] = community.attributes.pop("hosts", [])
    count = community.attributes.pop("base_grids") + len(hosts)
    ground = cast("Ground", community.rough)
    samples = tiling.scatter(ground, count * tiling.SAMPLES_EACH, rng)
    cells = tiling.divide(ground, tiling.settle(samples, count, rng))
    small = sorted(range(count), key=lambda i: cells[i].area)[: len(hosts)]
    names_of = dict(zip(small, hosts, strict=True))
    base = dedicated = 0
    for i in tiling.reading_order(cells):
        if i in names_of:
            dedicated += 1
            grid = _dedicated_grid(community, dedicated, names_of[i])
        else:
            base += 1
            grid = _base_grid(community, base, int(rng.integers(*HOUSEHOLDS)))
        grid.rough = cells[i]
        community.below.append(grid)
    community.attributes["households"] = sum(
        grid.attributes.get("households", 0) for grid in community.below
    )


def _base_grid(community: Plot, number: int, households: int) -> Plot:
    short = f"第{numeral(number)}网格"
    return Plot(
        f"{community.code}1{number:03}",
        f"{community.name}{short}",
        Level.GRID,
        GridKind.BASE,
        short,
        {"households": households},
    )


def _dedicated_grid(community: Plot, number: int, host: str) -> Plot:
    name = f"{host}专属网格"
    code = f"{community.code}2{number:03}"
    return Plot(code, name, Level.GRID, GridKind.DEDICATED, name, {"host": host})


def _draw_micro_grids(community: Plot, rng: np.random.Generator) -> None:
    for grid in community.below:
        if grid.kind != GridKind.BASE:
            continue
        count = int(rng.integers(2, 5))
        ground = cast("Ground", grid.rough)
        samples = tiling.scatter(ground, count * tiling.SAMPLES_EACH, rng)
        cells = tiling.divide(ground, tiling.settle(samples, count, rng))
        for number, i in enumerate(tiling.reading_order(cells), start=1):
            short = f"{number}号微网格"
            code, name = f"{grid.code}{number:02}", f"{grid.name}{short}"
            grid.below.append(Plot(code, name, Level.MICRO_GRID, "micro", short, rough=cells[i]))
