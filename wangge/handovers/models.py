"""What is handed over: open work of a post that has ended, item by item."""

from enum import StrEnum
from typing import Any

Row = dict[str, Any]


class Kind(StrEnum):
    """What the leaver had: a case in hand, a child task, a visit, a case at his desk, an alarm.

    Or a whistle he blew, a promise he made, a supervision he issued.
    """

    CASE = "case"
    TASK = "task"
    VISIT = "visit"
    DESK = "desk"
    ALARM = "alarm"
    WHISTLE = "whistle"
    PROMISE = "promise"
    SUPERVISION = "supervision"


class ItemState(StrEnum):
    """待交接, 已交办, 已签收; ``over`` when it went on without anybody's signature."""

    WAITING = "waiting"
    GIVEN = "given"
    SIGNED = "signed"
    OVER = "over"


FIELD_WORKERS = ("grid_worker", "professional_worker")
# Who leads where: at a unit, at a desk, on a ground.
LEADERS = {
    "unit": ("department_manager", "property_manager"),
    "desk": ("duty_leader",),
    "ground": ("grid_leader", "duty_leader"),
}
# What whoever takes an item must be allowed, where the item lies.
NEEDED = {
    Kind.CASE: ("case.handle",),
    Kind.TASK: ("case.handle",),
    Kind.VISIT: ("case.verify",),
    Kind.DESK: ("case.accept", "case.dispatch"),
    Kind.ALARM: ("case.accept", "case.dispatch", "case.verify"),
    Kind.WHISTLE: ("whistle.blow",),
    Kind.PROMISE: ("case.correct", "case.callback", "case.dispatch", "case.handle"),
    Kind.SUPERVISION: ("case.supervise",),
}
# These may outlast their case, so that its history has no line of their going from hand to hand.
THINGS = frozenset({Kind.WHISTLE, Kind.PROMISE, Kind.SUPERVISION})
