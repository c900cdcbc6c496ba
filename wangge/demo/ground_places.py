"""An invented gazetteer of the demo city: what people call the places where things happen."""

from collections.abc import Iterator
from uuid import UUID

import numpy as np

from wangge.areas.models import GridKind, Level, PlaceDraft
from wangge.demo import ground_tiling as tiling
from wangge.demo.ground_plan import Plot, stable_id

LUCK = (
    "锦绣",
    "阳光",
    "和谐",
    "康乐",
    "安泰",
    "祥和",
    "明月",
    "春晖",
    "金桥",
    "翠湖",
    "丽景",
    "悦民",
)
LUCK_TWO = ("华庭", "名苑", "花园", "家园", "新村", "雅居", "公寓", "小区")
ROADS = (
    "胜利",
    "民生",
    "振兴",
    "和平",
    "府前",
    "新华",
    "育才",
    "滨河",
    "团结",
    "利民",
    "永安",
    "兴业",
)
LANDMARKS = (
    ("老电影院", ("影院", "电影院那块")),
    ("文化广场", ("大广场", "跳舞广场")),
    ("大桥头", ("桥头", "桥东头")),
    ("老车站", ("汽车站旧址",)),
    ("水塔", ("老水塔",)),
    ("人民公园", ("公园", "大公园")),
)
INSTITUTION_KINDS = {
    "市场": "market",
    "商贸城": "market",
    "小学": "school",
    "中学": "school",
    "卫生院": "hospital",
    "卫生服务中心": "hospital",
    "产业园": "landmark",
}
# Places that the stories of the demo speak of: (code of the community, name, kind, aliases).
OF_THE_STORIES = (
    ("370503002005", "兴业小区", "estate", ("兴业", "兴业家属院")),
    ("370503002005", "兴业小区东门", "landmark", ("兴业东门",)),
    ("370503002005", "河安社区党群服务中心", "station", ("河安居委会", "河安社区")),
    ("370505001010", "东方社区地下车库", "estate", ("东方地下车库", "东方社区 地下车库")),
    ("370505001010", "东方花园", "estate", ("东方小区", "东方社区老小区")),
    ("370503001214", "福祥村文化大院", "landmark", ("福祥大院", "福祥村委会")),
    ("370503001201", "东五村卫生室", "hospital", ("东五卫生室",)),
    ("370523106223", "李东村大集", "market", ("李东集", "李东大集")),
)


def gazetteer(city: Plot, rng: np.random.Generator) -> list[PlaceDraft]:
    """Places of the whole city, each inside the grid it is said to be in."""
    return list(_unique(_places(city, rng)))


def _unique(places: Iterator[PlaceDraft]) -> Iterator[PlaceDraft]:
    seen: set[UUID] = set()
    for place in places:
        if place.id not in seen:
            seen.add(place.id)
            yield place


def _places(city: Plot, rng: np.random.Generator) -> Iterator[PlaceDraft]:
    for township in (plot for plot in city.walk() if plot.level is Level.TOWNSHIP):
        yield from _of_a_township(township, rng)
        for community in township.below:
            yield from _of_a_community(township, community, rng)


def _of_a_township(township: Plot, rng: np.random.Generator) -> Iterator[PlaceDraft]:
    grids = [grid for plot in township.below[:12] for grid in plot.below]
    yield _place(
        grids[0], f"{township.name}便民服务中心", "station", (f"{township.name}大厅",), rng
    )
    for i in rng.choice(len(LANDMARKS), 3, replace=False):
        name, aliases = LANDMARKS[i]
        grid = grids[int(rng.integers(len(grids)))]
        yield _place(grid, f"{township.name}{name}", "landmark", (name, *aliases), rng)
    one, two, three = rng.choice(len(ROADS), 3, replace=False)
    for a, b in ((one, two), (one, three), (two, three)):
        grid = grids[int(rng.integers(len(grids)))]
        first, second = f"{ROADS[a]}路", f"{ROADS[b]}街"
        aliases = (f"{first}{second}红绿灯", f"{second}{first}路口")
        yield _place(grid, f"{township.name}{first}与{second}路口", "crossing", aliases, rng)


def _of_a_community(
    township: Plot, community: Plot, rng: np.random.Generator
) -> Iterator[PlaceDraft]:
    grids = [grid for grid in community.below if grid.kind == GridKind.BASE]
    for grid in community.below:
        if grid.kind == GridKind.DEDICATED:
            yield _institution(township, grid, rng)
    for code, name, kind, aliases in OF_THE_STORIES:
        if code == community.code:
            yield _place(grids[0], name, kind, aliases, rng)
    if community.kind == "village":
        alias = (f"{community.name}委会", f"{township.name}{community.name}")
        yield _place(grids[0], community.name, "village", alias, rng)
        return
    name = f"{community.name}党群服务中心"
    yield _place(grids[0], name, "station", (f"{community.name}居委会", community.name), rng)
    stem = community.name.removesuffix("社区")
    for number, grid in enumerate(grids):
        if number == 0:
            estate = f"{stem}{LUCK_TWO[int(rng.integers(len(LUCK_TWO)))]}"
        elif rng.random() < 0.55:
            estate = "".join(words[int(rng.integers(len(words)))] for words in (LUCK, LUCK_TWO))
        else:
            continue
        yield _place(grid, estate, "estate", (f"{community.name}{estate}",), rng)


def _institution(township: Plot, grid: Plot, rng: np.random.Generator) -> PlaceDraft:
    name = str(grid.attributes["host"])
    plain = name.removeprefix(township.name)
    kind = next(kind for end, kind in INSTITUTION_KINDS.items() if name.endswith(end))
    stem = township.name.removesuffix("街道").removesuffix("镇")
    return _place(grid, name, kind, (f"{stem}{plain}", plain), rng)


def _place(
    grid: Plot, name: str, kind: str, aliases: tuple[str, ...], rng: np.random.Generator
) -> PlaceDraft:
    lon, lat = tiling.scatter(grid.ground, 1, rng)[0].round(6)
    return PlaceDraft(
        id=stable_id("place", grid.code, name),
        name=name,
        kind=kind,
        lon=float(lon),
        lat=float(lat),
        aliases=aliases,
        area_id=stable_id("area", grid.code),
        synthetic=True,
    )
