"""The sweeps of the city screen; all safe to run twice."""

from typing import Any
from zoneinfo import ZoneInfo

from wangge.cockpit import checking, cubes
from wangge.kernel.queue import Open, sweep

NIGHT = 3  # the hour of the city from which the day's check is run


@sweep("cubes", every=1)
def keep_up(open_tx: Open) -> None:
    cubes.keep_up(open_tx)


@sweep("cubes.check", every=600)
def check(open_tx: Open) -> None:
    """Once a night: the first time after three o'clock that nobody has looked since."""
    with open_tx() as tx:
        row: dict[str, Any] = (
            tx.one("select checked_at, zone from clock left join cube_state on true") or {}
        )
        zone = ZoneInfo(row["zone"])
        now = tx.now.astimezone(zone)
        last = row["checked_at"]
        due = now.hour >= NIGHT and (last is None or last.astimezone(zone).date() < now.date())
    if due:
        checking.check(open_tx)
