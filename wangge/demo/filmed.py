"""Video sites of the demo city: forty invented ones, before a stand-in that draws its pictures.

There is no camera: each address is that of `wangge.video.local_gateway` on this machine.
"""

from datetime import timedelta
from itertools import cycle, islice
from uuid import UUID, uuid5

from wangge.areas.models import Area, Level
from wangge.demo.ground_plan import stable_id
from wangge.demo.inventing import Spot, Town
from wangge.kernel.db import Tx
from wangge.settings import settings
from wangge.tenant.service import rules, save
from wangge.video import service
from wangge.video.models import Look, SiteDraft, Way

SITES = 40
OWNERS = ("cg", "ga", "jt")
DESKS = ("dispatcher", "duty_leader")
# Hours ago, which of the sites, how, why.
LOOKS = (
    (52, 0, Way.SNAPSHOT, "暴雨后核实路口有没有积水"),
    (51, 1, Way.SNAPSHOT, "同一路段另一头，核实能否通行"),
    (29, 4, Way.PAGE, "学校门口放学时段拥堵，看疏导情况"),
    (20, 7, Way.SNAPSHOT, "居民反映路灯不亮，核实是哪一段"),
    (6, 2, Way.PAGE, "集市占道，派执法队前看现场"),
)


def host() -> str:
    return f"127.0.0.1:{settings().video_port}"


def allow(tx: Tx) -> None:
    """Snapshots may come from the stand-in, and from nowhere else."""
    before = rules(tx)
    body = {**before.document("video").model_dump(mode="json"), "hosts": [host()]}
    save(tx, "video", body, version=before.versions.get("video", 0), author_id=None,
         note="演示城市的规则")  # fmt: skip


def live(tx: Tx) -> int:
    """Write the sites where most of the stories happen, and a few looks; how many sites."""
    town = Town(tx)
    township = _township(town)
    if township is None:
        return 0
    owners = [unit for key in OWNERS if (unit := _unit(town, key, township))]
    spots = list(islice(_spots(town, township), SITES))
    if not owners:
        return 0
    drafts = [
        _site(f"VD-{n:03}", spot, owner)
        for n, (spot, owner) in enumerate(zip(spots, cycle(owners), strict=False), start=1)
    ]
    service.write(tx, [service.placed(tx, None, one) for one in drafts])
    _look(tx, town, township, drafts)
    return len(drafts)


def _site(code: str, spot: Spot, owner: UUID) -> SiteDraft:
    url = f"http://{host()}/sites/{code}"
    return SiteDraft(
        stable_id("video", code), code, f"{spot.name}（示意）", owner, spot.lon, spot.lat,
        "杆上，虚构的点位", url, f"{url}/snapshot",
    )  # fmt: skip


def _spots(town: Town, township: Area) -> list[Spot]:
    """One by one around the grids, so that they are spread."""
    held = [town.spots[one.id] for one in town.grids if _inside(town, one, township)]
    depth = max(map(len, held), default=0)
    return [spots[n] for n in range(depth) for spots in held if n < len(spots)]


def _look(tx: Tx, town: Town, township: Area, sites: list[SiteDraft]) -> None:
    desk = town.directory.units.get(f"desk-{township.code}")
    people = town.crew.at(desk.id, *DESKS) if desk else []
    if not people:
        return
    present, who = tx.now, town.crew.actor(people[0])
    for ago, which, way, why in LOOKS:
        if which < len(sites):
            tx.now = present - timedelta(hours=ago)
            site = sites[which].id
            service.look(tx, who, Look(uuid5(site, f"{ago}"), site, way, why))
    tx.now = present


def _township(town: Town) -> Area | None:
    known = town.directory.atlas
    first = known.codes.get("3705050010101002")
    above = known.above(first) if first else []
    return next((one for one in above if one.level is Level.TOWNSHIP), None) or next(
        iter(known.level(Level.TOWNSHIP)), None
    )


def _inside(town: Town, grid: Area, township: Area) -> bool:
    return township.id in {one.id for one in town.directory.atlas.above(grid)}


def _unit(town: Town, key: str, township: Area) -> UUID | None:
    for area in (township, *town.directory.atlas.above(township)):
        unit = town.directory.units.get(f"{key}-{area.code}")
        if unit:
            return unit.id
    return None
