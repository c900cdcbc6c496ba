"""A service group of civil affairs, social security and a community's own people, and its talk."""

from datetime import timedelta
from uuid import UUID, uuid5

from wangge.areas.models import Area, Level
from wangge.demo.crew import FIELD, HANDLERS
from wangge.demo.inventing import Town
from wangge.groups import service, thread
from wangge.groups.models import GroupDraft, Said
from wangge.kernel.db import Tx
from wangge.people.models import Actor
from wangge.teams.models import Seat

UNITS = ("mz", "rs", "bm")
# Hours ago, who, what; nobody in it is named.
TALK = (
    (30, "field", "各位好，我们网格有位独居老人想申请低保，材料还差收入证明，怎么补？"),
    (29, "mz", "可以由社区出具核实表，不用本人再跑。表我放在便民服务中心窗口了。"),
    (26, "field", "收到，今天下午上门帮老人填。"),
    (5, "field", "群里有居民反映小区门口的路灯坏了三天，晚上老人不敢出门。"),
    (3, "rs", "本周五上午在党群服务中心办社保认证，请帮忙告诉行动不便的老人，我们可以上门。"),
)


def live(tx: Tx) -> int:
    """Found it where most of the stories happen; returns how many messages were said."""
    town = Town(tx)
    present = tx.now
    community = _community(town)
    leaders = town.crew.at(community.id, "grid_leader") if community else []
    if community is None or not leaders:
        return 0
    leader = town.crew.actor(leaders[0])
    grids = [one for one in town.grids if _inside(town, one, community)][:6]
    units = {key: unit for key in UNITS if (unit := _unit(town, key, community))}
    key = uuid5(community.id, "group")
    seats = tuple(Seat(uuid5(key, one), "", unit_id=unit) for one, unit in units.items())
    tx.now = present - timedelta(hours=40)
    name = f"{community.name}救助服务小组"
    service.found(tx, leader, GroupDraft(key, name, community.id, [g.id for g in grids], seats))
    field = next((who for grid in grids for who in town.crew.at(grid.id, *FIELD)), leader.id)
    speakers: dict[str, Actor] = {"field": town.crew.actor(field)}
    for one, unit in units.items():
        people = town.crew.at(unit, *HANDLERS)
        if people:
            speakers[one] = town.crew.actor(people[0])
    said = [(ago, speakers[who], text) for ago, who, text in TALK if who in speakers]
    for n, (ago, who, text) in enumerate(said):
        tx.now = present - timedelta(hours=ago)
        thread.say(tx, who, Said(uuid5(key, str(n)), key, text))
    tx.now = present
    return len(said)


def _community(town: Town) -> Area | None:
    known = town.directory.atlas
    first = known.codes.get("3705050010101002")
    above = known.above(first) if first else []
    return next((one for one in above if one.level is Level.COMMUNITY), None) or next(
        (one for one in known.level(Level.COMMUNITY) if town.crew.at(one.id, "grid_leader")), None
    )


def _inside(town: Town, grid: Area, community: Area) -> bool:
    return community.id in {one.id for one in town.directory.atlas.above(grid)}


def _unit(town: Town, key: str, community: Area) -> UUID | None:
    """The unit of that kind nearest above the community that has people."""
    for area in town.directory.atlas.above(community):
        unit = town.directory.units.get(f"{key}-{area.code}")
        if unit and town.crew.at(unit.id, *HANDLERS):
            return unit.id
    return None
