"""Rights to the field's own records."""

from uuid import UUID

from wangge.areas import atlas
from wangge.areas.models import Area, Level
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, NotFound
from wangge.people.models import Actor

WORK, PLAN, SERVICES = "field.work", "field.plan", "service.read"


def own_ground(tx: Tx, actor: Actor, area_id: UUID | None) -> Area:
    """The grid that is named if it is his, or the one he works in; refuses another's."""
    places = atlas.of(tx)
    if area_id is not None:
        found = places.areas.get(area_id)
        if found is None or not actor.may_at(WORK, pos=found.pos):
            raise Invalid(
                "not_your_ground", "这里不在您的网格", "this is not on your ground",
                field="area_id",
            )  # fmt: skip
        return found
    actor.must(WORK)
    mine = [
        area
        for post in actor.posts
        if WORK in post.grants and post.area
        for area in [places.codes.get(post.area["code"])]
        if area
    ]
    if not mine:
        raise Invalid("grid_needed", "请选择网格", "choose the grid", field="area_id")
    return max(mine, key=lambda area: area.level.depth)


def grid_of(tx: Tx, area: Area) -> Area:
    """The grid that an area is or lies in; a larger area stays as it is."""
    if area.level is Level.MICRO_GRID:
        above = next((one for one in atlas.of(tx).above(area) if one.level is Level.GRID), None)
        return above or area
    return area


def no_such_record() -> NotFound:
    return NotFound("no_such_record", "没有找到这条记录", "no such record")


def no_such_task() -> NotFound:
    return NotFound("no_such_field_task", "没有找到这项任务", "no such task")


def no_such_plan() -> NotFound:
    return NotFound("no_such_patrol_plan", "没有找到这次巡查安排", "no such patrol plan")
