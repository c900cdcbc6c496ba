"""Three sample towns as the newspapers count them: 东昌府区, 北辛街道, 大村镇.

Counts of grids, communities and committees are theirs. Names come from the register; where it has
none (some residents' committees of 北辛, all natural villages of 大村, hosts of dedicated grids)
they say 示意 or are plainly made up, and the brand of the tenant says so on its sign-in page.
"""

import json
from collections import defaultdict
from functools import cache
from importlib.resources import files
from typing import cast

import numpy as np
from shapely import box
from shapely.geometry import shape

from wangge.areas.models import Ground, Level, Setting
from wangge.demo import ground_names as names
from wangge.demo.ground import City
from wangge.demo.ground_names import Division, numeral
from wangge.demo.ground_plan import Plot
from wangge.demo.sample_ground import (
    HOUSEHOLDS,
    base_grid,
    built,
    dedicated_grid,
    register,
    shares,
)

# 东昌府区: grids by setting, base and dedicated.
DISTRICT = {Setting.URBAN: (1504, 312), Setting.RURAL: (723, 146)}
HEAVY = {"community": 3.0, "village": 1.0, "other": 2.0}
HOSTS = {
    Setting.URBAN: ("商业综合体", "农贸市场", "中学", "小学", "医院", "写字楼", "产业园"),
    Setting.RURAL: ("集贸市场", "中心小学", "卫生院", "工业园", "敬老院", "粮站", "农机站"),
}
# 北辛街道: ten communities (社区党委), sixty residents' committees (居委) under them.
STREET_GROUND = box(117.130, 35.080, 117.190, 35.125)
STREET_GRIDS = (128, 48)
COMMUNITIES, COMMITTEES = 10, 60
STREET_HOSTS = ("商场", "学校", "医院", "市场", "企业园区")
# 大村镇: natural villages, each one grid, and micro-grids.
TOWN_GROUND = box(119.700, 35.760, 119.840, 35.880)
VILLAGES, MICRO_GRIDS = 115, 291


@cache
def dongchangfu() -> City:
    """The district within its real border."""
    return built(district(), _district_ground(), 371502, surveyed=True)


def district() -> Plot:
    """The plan of the district: 1,504 + 312 urban grids, 723 + 146 rural ones."""
    rows = register("dongchangfu.csv")
    below: dict[str, list[Division]] = defaultdict(list)
    for row in rows:
        below[row.parent].append(row)
    [top] = below["3715"]
    plan = Plot(top.code, top.name, Level.CITY, names.county_kind(top.code))
    parts: dict[Setting, list[Plot]] = {Setting.URBAN: [], Setting.RURAL: []}
    for row in below[top.code]:
        kind = names.township_kind(row.code)
        name = names.township_name(row)
        township = Plot(row.code, name, Level.TOWNSHIP, kind, attributes={"original": row.name})
        township.below = [_community(one, name) for one in below[row.code]]
        parts[Setting.RURAL if kind == "town" else Setting.URBAN] += township.below
        plan.below.append(township)
    rng = np.random.default_rng(3715)
    for setting, (base, dedicated) in DISTRICT.items():
        _populate(parts[setting], base, dedicated, HOSTS[setting], setting, rng)
    return plan


def _community(row: Division, township: str) -> Plot:
    return Plot(
        row.code, names.community_name(row, township), Level.COMMUNITY,
        names.community_kind(row.code), attributes={"original": row.name},
    )  # fmt: skip


def _district_ground() -> Ground:
    source = (files("wangge.demo") / "data" / "dongchangfu.geojson").read_text("utf-8")
    return cast("Ground", shape(json.loads(source)["features"][0]["geometry"]))


def _populate(
    areas: list[Plot], base: int, dedicated: int, hosts: tuple[str, ...],
    setting: Setting | None, rng: np.random.Generator,
) -> None:  # fmt: skip
    """Give the areas their grids, by weight; each has at least one of households."""
    weights = [HEAVY.get(area.kind, 1.0) * float(rng.lognormal(0, 0.25)) for area in areas]
    own = shares(base, weights, least=1)
    held = shares(dedicated, weights)
    for area, many, few in zip(areas, own, held, strict=True):
        area.below += [
            base_grid(area, n, int(rng.integers(*HOUSEHOLDS)), setting) for n in range(1, many + 1)
        ]
        area.below += [
            dedicated_grid(area, n, f"{area.name}{_host(hosts, n)}", setting)
            for n in range(1, few + 1)
        ]


def _host(hosts: tuple[str, ...], number: int) -> str:
    """The names of hosts in turn; from the second round on with a number."""
    turn, place = divmod(number - 1, len(hosts))
    return f"{hosts[place]}{turn + 1}" if turn else hosts[place]


@cache
def beixin() -> City:
    """The street: ten communities, sixty committees, 128 base and 48 dedicated grids."""
    known = register("beixin.csv")
    plan = Plot("370481", "滕州市", Level.CITY, "county_city")
    street = Plot("370481003", "北辛街道", Level.TOWNSHIP, "subdistrict")
    plan.below = [street]
    own = [row for row in known if names.community_kind(row.code) == "community"]
    rest = [row for row in known if row not in own[:COMMUNITIES]]
    street.below = [
        Plot(row.code, names.community_name(row, street.name), Level.COMMUNITY, "community",
             attributes={"original": row.name})
        for row in own[:COMMUNITIES]
    ]  # fmt: skip
    for n in range(COMMITTEES):
        above = street.below[n % COMMUNITIES]
        place = len(above.below) + 1
        name = f"{above.name}示意第{numeral(place)}居委"
        if n < len(rest):
            name = f"{names.community_name(rest[n], street.name).removesuffix('社区')}居委"
        above.below.append(Plot(f"{above.code}{place:02}", name, Level.COMMITTEE, "committee"))
    rng = np.random.default_rng(370481)
    committees = [one for area in street.below for one in area.below]
    _populate(committees, *STREET_GRIDS, STREET_HOSTS, None, rng)
    return built(plan, STREET_GROUND, 370481)


@cache
def dacun() -> City:
    """The town: twenty committees, 115 natural villages that are a grid each, 291 micro-grids."""
    plan = Plot("370211", "黄岛区", Level.CITY, "district")
    town = Plot("370211105", "大村镇", Level.TOWNSHIP, "town")
    plan.below = [town]
    town.below = [_community(row, town.name) for row in register("dacun.csv")]
    rng = np.random.default_rng(370211)
    micro = iter(shares(MICRO_GRIDS, [1.0] * VILLAGES, least=2))
    for n in range(VILLAGES):
        above = town.below[n % len(town.below)]
        place = len(above.below) + 1
        name = f"{above.name}示意{numeral(place)}号自然村"
        village = Plot(f"{above.code}{place:02}", name, Level.NATURAL_VILLAGE, "natural_village")
        grid = base_grid(village, 1, int(rng.integers(40, 120)), Setting.RURAL, "网格")
        grid.below = [
            Plot(f"{grid.code}{m:02}", f"{grid.name}{m}号微网格", Level.MICRO_GRID, "micro",
                 f"{m}号微网格")
            for m in range(1, next(micro) + 1)
        ]  # fmt: skip
        village.below = [grid]
        above.below.append(village)
    return built(plan, TOWN_GROUND, 370211)
