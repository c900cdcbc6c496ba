"""What belongs to a case: its lead, what it carries, its parts and who follows it.

Of what a person may not see he learns that it is there and nothing else.
"""

from typing import Any
from uuid import UUID

from wangge.cases import queries, recurrences
from wangge.cases.models import Action, State
from wangge.cases.rights import may_take
from wangge.cases.service import not_found
from wangge.cases.views import card
from wangge.cases.workflow import LOOP
from wangge.kernel.db import Tx
from wangge.people.models import Actor
from wangge.tenant.service import rules

LEAD = "select lead_id from case_merges where case_id = %s and undone_at is null"
CARRIED = "select case_id as id from case_merges where lead_id = %s and undone_at is null"
PARTS = "select part_id as id from case_parts where origin_id = %s"
ORIGIN = "select origin_id as id from case_parts where part_id = %s"
RELEASED = "select words from case_releases where case_id = %s"
FOLLOWERS = "select count(*) as n from case_followers where case_id = %s"
CARDS = f"{queries.CARD} from cases c {queries.AROUND} where c.id = any(%s) order by c.id"


def related(tx: Tx, actor: Actor, case_id: UUID) -> dict[str, Any]:
    """Read under the reader's own scope; ``hidden`` counts what is out of his sight."""
    case = queries.whole(tx, case_id)
    if case is None:
        raise not_found()
    lead = tx.one(LEAD, [case_id])
    carried, parts = (
        [row["id"] for row in tx.rows(query, [case_id])] for query in (CARRIED, PARTS)
    )
    origin = tx.one(ORIGIN, [case_id])
    earlier, again = recurrences.linked(tx, case_id)
    above = [lead and lead["lead_id"], origin and origin["id"], earlier and earlier["id"]]
    wanted = [*filter(None, above), *carried, *parts, *again]
    known = rules(tx)
    cards = {row["id"]: card(row, known, tx.now) for row in tx.rows(CARDS, [wanted])}
    released = tx.one(RELEASED, [case_id])
    return {
        "lead": cards.get(lead["lead_id"]) if lead else None,
        "lead_hidden": lead is not None and lead["lead_id"] not in cards,
        "members": _seen(cards, carried),
        "members_hidden": sum(one not in cards for one in carried),
        "origin": cards.get(origin["id"]) if origin else None,
        "origin_hidden": origin is not None and origin["id"] not in cards,
        "parts": _seen(cards, parts),
        "parts_hidden": sum(one not in cards for one in parts),
        "earlier": cards.get(earlier["id"]) if earlier else None,
        "earlier_hidden": earlier is not None and earlier["id"] not in cards,
        "earlier_why": earlier["why"] if earlier else None,
        "again": _seen(cards, again),
        "again_hidden": sum(one not in cards for one in again),
        "recurrence_days": known.switches.recurrence_days,
        "released": released["words"] if released else None,
        "followers": (tx.one(FOLLOWERS, [case_id]) or {"n": 0})["n"],
        "may": [
            action.value
            for action in (Action.MERGE, Action.UNMERGE, Action.SPLIT, Action.SPLIT_UP)
            if _may(tx, actor, case, action) and (lead or action is not Action.UNMERGE)
        ]
        + (["release"] if actor.may_at("file.release", desk_id=case["desk_id"]) else []),
    }


def _seen(cards: dict[UUID, dict[str, Any]], ids: list[UUID]) -> list[dict[str, Any]]:
    return [cards[one] for one in ids if one in cards]


def _may(tx: Tx, actor: Actor, case: dict[str, Any], action: Action) -> bool:
    names = rules(tx).workflow.by_action
    moves = {move.action: move for move in LOOP.from_(State(case["state"]))}
    named = names.get(action.value)
    return (
        action in moves
        and (named is None or named.active)
        and may_take(actor, case, moves[action], named)
    )
