"""The loop as this city runs it: every move with the city's own names, as data for a screen."""

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel

from wangge.cases.models import Action, Duty, State
from wangge.cases.rights import CaseMove
from wangge.cases.schemas import NameView
from wangge.cases.workflow import DECIDER, LOOP
from wangge.kernel.web import Db
from wangge.people.roles import ROLES, Held
from wangge.tenant.models import Named
from wangge.tenant.service import rules
from wangge.tenant.step_names import ESSENTIAL, ActionRule

router = APIRouter(prefix="/api/v1", tags=["cases"])
# Where a post is held that takes a step of these; anybody else may hold his where he likes.
HELD: dict[str, Held] = {Duty.DESK: Held.DESK, DECIDER: Held.DESK, Duty.UNIT: Held.UNIT}
UNSAID = {"checker": "case.check"}


class StageView(BaseModel):
    """One state: ``first`` is where a matter begins, ``last`` where nothing leads on from."""

    code: State
    name: NameView
    first: bool
    last: bool


class MoveView(BaseModel):
    """From where to where (None: it stays), whose step it is, what the law asks for and allows.

    ``roles`` are those that the law allows; ``only`` are those that the city has kept of them.
    """

    action: Action
    name: NameView
    sources: list[State]
    target: State | None
    by: str
    roles: list[str]
    only: list[str]
    needs: list[str]
    may: list[str]
    essential: bool
    active: bool


class LoopView(BaseModel):
    states: list[StageView]
    moves: list[MoveView]


@router.get("/workflow", operation_id="readWorkflow", response_model=LoopView)
def read_workflow(tx: Db) -> dict[str, Any]:
    """The largest legal graph, each move as the city has named, narrowed or switched off."""
    named = rules(tx).workflow
    states, last = named.by_state, LOOP.finals()
    return {
        "states": [
            {
                "code": state,
                "name": _name(states.get(state.value), state.value),
                "first": state is LOOP.initial,
                "last": state in last,
            }
            for state in State
        ],
        "moves": [_move(move, named.by_action.get(move.action.value)) for move in LOOP.moves],
    }


def _move(move: CaseMove, named: ActionRule | None) -> dict[str, Any]:
    code = move.action.value
    return {
        "action": move.action,
        "name": _name(named, code),
        "sources": [state for state in State if state in move.sources],
        "target": move.target,
        "by": move.by,
        "roles": _roles(move),
        "only": list(named.roles) if named else [],
        "needs": list(move.needs),
        "may": list(move.may),
        "essential": code in ESSENTIAL,
        "active": named is None or named.active,
    }


def _name(named: Named | None, code: str) -> dict[str, str]:
    return {"zh": named.zh, "en": named.en} if named else {"zh": code, "en": code}


def _roles(move: CaseMove) -> list[str]:
    permission = move.permission or UNSAID.get(move.by, "")
    held = HELD.get(move.by)
    return [
        code
        for code, role in ROLES.items()
        if permission in role.grants and (held is None or role.held is held)
    ]
