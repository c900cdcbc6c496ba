"""Who sees an incident and who may do what; the same answer for the buttons and for the step."""

from typing import Any
from uuid import UUID

from wangge.emergency.models import HANDLE, READ, RUN
from wangge.people.models import Actor

# The one expression: seats of the desk and command post of the area, and whoever has a task.
SEES = """
(i.pos <@ %(sees_scope)s::int4multirange or i.unit_ids && %(sees_units)s::uuid[]
    or i.account_ids @> array[%(me)s::uuid])
"""


def sight(actor: Actor) -> dict[str, Any]:
    """The values of ``SEES``: posts that read incidents there, units that handle, oneself."""
    reach = actor.reach(READ)
    units = [*reach.units, *actor.reach(HANDLE).units]
    return {"sees_scope": reach.scope, "sees_units": units, "me": actor.id}


def runs(actor: Actor, incident: dict[str, Any]) -> bool:
    """Command: a duty leader or a leader whose post reaches the place, or the desk in charge."""
    return actor.may_at(RUN, pos=incident["pos"], desk_id=incident["desk_id"])


def owns(actor: Actor, task: dict[str, Any]) -> bool:
    """Whoever the task was given to: the person, or anybody of the unit who handles its work."""
    if task["account_id"]:
        return bool(task["account_id"] == actor.id)
    return actor.may_at(HANDLE, unit_id=task["unit_id"]) and _of(actor, task["unit_id"])


def _of(actor: Actor, unit_id: UUID) -> bool:
    return unit_id in actor.unit_ids
