"""Rights to homes: read them, write them, and see a number in full."""

from datetime import datetime, timedelta
from uuid import UUID

from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, NotFound, Refusal
from wangge.people.models import Actor

READ, EDIT, CONTACT = "home.read", "home.edit", "home.contact"
CLOCK_MAY_ERR = timedelta(minutes=10)


def must_reach(actor: Actor, permission: str, pos: int, what: NotFound) -> None:
    """To all but the workers of its ground a home is not there."""
    if not actor.may_at(permission, pos=pos):
        raise what


def no_such_dwelling() -> NotFound:
    return NotFound("no_such_dwelling", "没有找到这处房屋", "no such dwelling")


def no_such_household() -> NotFound:
    return NotFound("no_such_household", "没有找到这一户", "no such household")


def no_such_resident() -> NotFound:
    return NotFound("no_such_resident", "没有找到这位居民", "no such resident")


def no_such_care() -> NotFound:
    return NotFound("no_such_care", "没有这条关爱登记", "no such care entry")


def no_such_caution() -> NotFound:
    return NotFound("no_such_caution", "没有这条上门提醒", "there is no such note on the door")


def not_your_ground(area_id: UUID) -> Invalid:
    return Invalid(
        "not_your_ground", "这里不在您的网格", "this is not on your ground",
        field="area_id", area=area_id,
    )  # fmt: skip


def check_past(tx: Tx, moment: datetime, field: str = "found_at") -> None:
    if moment > tx.now + CLOCK_MAY_ERR:
        raise Invalid(
            "found_in_future",
            "发现时间晚于现在，请检查手机时间",
            "the time of discovery lies in the future; check the phone's clock",
            field=field,
        )


def stale(version: int) -> Refusal:
    return Refusal(
        "stale_version",
        "这条信息刚被他人更新，请核对后再提交；您填写的内容仍在",
        "somebody has just changed this; look again, what you typed is kept",
        version=version,
    )
