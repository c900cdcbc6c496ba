"""The wall as a whole: what stands now, who may look at which area, and each picture made once."""

from collections import OrderedDict
from threading import Lock
from typing import Any
from uuid import UUID

from wangge.areas.models import Area, Level
from wangge.cockpit import ground, latest, lists, panels, snapshot
from wangge.cockpit.ground import SHOWN, Ground
from wangge.cockpit.panels import INDICATORS, City, Seen
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, NotAllowed
from wangge.people.models import Actor, Intervals, intervals, refused
from wangge.tenant.service import rules

KEPT = 200
PERMISSION = "case.read"
_pictures: OrderedDict[tuple[Any, ...], dict[str, Any]] = OrderedDict()
_shelf = Lock()
_cities: dict[str, City] = {}


def city(tx: Tx) -> City:
    """Everything as it stands; two moments of the same stamp are one city."""
    held, standing = snapshot.current(tx)
    newest = latest.current(tx, held.version)
    found = City(held, standing, lists.current(tx), ground.of(tx), tx.now, rules(tx), newest)
    before = _cities.get(tx.cell.tenant)
    if before is not None and before.stamp == found.stamp and "totals" in before.__dict__:
        found.__dict__["totals"] = before.totals
    _cities[tx.cell.tenant] = found
    return found


def picture(tenant: str, found: City, seen: Seen) -> dict[str, Any]:
    """The panels of an area, made once for all who look at it."""
    key = (tenant, *found.stamp, seen.area.id, seen.indicator, seen.level)
    with _shelf:
        held = _pictures.get(key)
        if held is not None:
            _pictures.move_to_end(key)
    if held is None:
        held = panels.whole(found, seen)
        with _shelf:
            _pictures[key] = held
            while len(_pictures) > KEPT:
                _pictures.popitem(last=False)
    return held


def reach(actor: Actor) -> Intervals:
    """The ground of the posts that may read its cases; a unit's post has none."""
    actor.must(PERMISSION)
    return intervals(actor.reach(PERMISSION).scope)


def seen_by(
    actor: Actor, here: Ground, area_id: UUID | None, indicator: str, level: Level | None
) -> Seen:
    """What is to be shown; without an area the widest that the actor's posts reach whole."""
    within = reach(actor)
    area = here.book.area(area_id) if area_id else here.widest(within)
    if area is None:
        raise refused(PERMISSION)
    if not here.covered(area, within):
        raise NotAllowed(
            "area_not_yours",
            "大屏只显示本岗位辖区，请选择辖区内的区域",
            "the wall shows the area of your posts alone; choose one inside it",
            field="area",
        )
    if indicator not in INDICATORS:
        raise Invalid(
            "no_such_indicator", "没有这个指标", "there is no such indicator", field="indicator"
        )
    return Seen(area, indicator, level or _level(area))


def _level(area: Area) -> Level:
    """Grids, and for a grid itself what it is."""
    return next((one for one in reversed(SHOWN) if one.depth > area.level.depth), area.level)


def home(actor: Actor, here: Ground) -> UUID | None:
    """The area with which the wall begins for somebody, above which it does not lead him."""
    widest = here.widest(reach(actor))
    return widest.id if widest else None
