"""Who may do what about a whistle: the same answer for the buttons and for the step."""

from typing import Any

from wangge.people.models import Actor
from wangge.whistles.models import CallState
from wangge.whistles.workflow import CALLS, LEAD, RULER, SIGNER, UNIT, CallMove

LEADERS = frozenset({"department_manager", "property_manager"})


def leads(actor: Actor, whistle: dict[str, Any]) -> bool:
    """Whoever blew it, while his post still reaches the place; and the desk in charge of it."""
    if whistle["caller_id"] == actor.id and actor.may_at("whistle.blow", pos=whistle["pos"]):
        return True
    return actor.may_at("whistle.blow", desk_id=whistle["desk_id"])


def may_say(actor: Actor, whistle: dict[str, Any], call: dict[str, Any], move: CallMove) -> bool:
    rules = actor.may_at("whistle.rule", desk_id=whistle["ruling_desk_id"])
    match move.by:
        case _ if move.by == UNIT:
            return actor.may_at(move.permission, unit_id=call["unit_id"])
        case _ if move.by == LEAD:
            return leads(actor, whistle)
        case _ if move.by == RULER:
            return rules
        case _ if move.by == SIGNER:
            return rules or any(
                post.role in LEADERS and post.unit_id == call["unit_id"] for post in actor.posts
            )
        case _:
            return False


def offered(actor: Actor, whistle: dict[str, Any], call: dict[str, Any]) -> list[CallMove]:
    """What this person may say of the call now."""
    if whistle["state"] != "open":
        return []
    moves = CALLS.from_(CallState(call["state"]))
    return [move for move in moves if may_say(actor, whistle, call, move)]


def rates_as(actor: Actor, whistle: dict[str, Any], call: dict[str, Any]) -> list[str]:
    """As whom this person may rate: of those who were there, each the other side, at the end."""
    if whistle["state"] != "concluded" or call["state"] != CallState.CONFIRMED:
        return []
    found = ["whistler"] if leads(actor, whistle) else []
    if actor.may_at("case.handle", unit_id=call["unit_id"]):
        found.append("unit")
    return found
