"""One step on many cases: each row its own step with its own rights, tried before it is taken."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from wangge.audit import service as audit
from wangge.cases import queries
from wangge.cases.models import Action, StepInput
from wangge.cases.service import not_found, step_of_account
from wangge.cases.views import card
from wangge.kernel.db import Tx
from wangge.kernel.errors import Refusal
from wangge.kernel.ids import new_id
from wangge.people.models import Actor
from wangge.tenant.service import rules

# What is judged case by case (declining, deciding, checking on the spot) is no step for many.
MANY = frozenset(
    {
        Action.ACCEPT,
        Action.REGISTER,
        Action.DISPATCH,
        Action.ACKNOWLEDGE,
        Action.SEND_CHECK,
        Action.CLOSE,
        Action.URGE,
        Action.REMARK,
    }
)
OWN = "select id, type, route, answer from cases where id = any(%s)"


@dataclass(frozen=True, slots=True)
class Row:
    """A case that was chosen; ``id`` is that of the step, ``version`` the one that was seen."""

    case_id: UUID
    id: UUID
    version: int


@dataclass(frozen=True, slots=True)
class Together:
    """The step for all rows. What is left empty each case fills with what is known of itself."""

    action: Action
    note: str = ""
    answer: str = ""
    unit_id: UUID | None = None
    type: str | None = None

    def of(self, row: Row, own: dict[str, Any], count: int) -> StepInput:
        route = own["route"] or {}
        guesses = route.get("suggested") or [{}]
        filled: dict[str, Any] = {}
        match self.action:
            case Action.ACCEPT | Action.REGISTER:
                filled["type"] = self.type or own["type"] or guesses[0].get("code")
            case Action.DISPATCH:
                proposed = route.get("unit_id")
                filled["unit_id"] = self.unit_id or (UUID(proposed) if proposed else None)
            case Action.CLOSE:
                filled["answer"] = self.answer or own["answer"]
        return StepInput(
            id=row.id, action=self.action, version=row.version, note=self.note,
            data={"together": count}, **filled,
        )  # fmt: skip


def previewed(tx: Tx, actor: Actor, asked: Together, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """What the step would do to each case, found out by taking it and undoing it."""
    tried = [Row(row.case_id, new_id(), row.version) for row in rows]
    return _each(tx, actor, asked, tried, undo=True)


def taken(tx: Tx, actor: Actor, asked: Together, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Take the step on each case that allows it; the others stay and say why."""
    found = _each(tx, actor, asked, rows, undo=False)
    done = sum(one["refused"] is None for one in found)
    audit.record(
        tx, "cases.together", None, "",
        {"action": asked.action.value, "chosen": len(rows), "taken": done}, account_id=actor.id,
    )  # fmt: skip
    return found


def _each(
    tx: Tx, actor: Actor, asked: Together, rows: Sequence[Row], *, undo: bool
) -> list[dict[str, Any]]:
    """The cases in the order of their ids: two desks at once never wait for each other in turn."""
    ids = [row.case_id for row in rows]
    before = {one["id"]: one for one in queries.cards_of(tx, ids)}
    own = {one["id"]: one for one in tx.rows(OWN, [ids])}
    found = {
        row.case_id: _one(tx, actor, asked, row, own.get(row.case_id), len(rows), undo=undo)
        for row in sorted(rows, key=lambda one: one.case_id)
    }
    known = rules(tx)
    return [
        {
            "case_id": row.case_id,
            "before": card(before[row.case_id], known, tx.now) if row.case_id in before else None,
            **found[row.case_id],
        }
        for row in rows
    ]


def _one(
    tx: Tx,
    actor: Actor,
    asked: Together,
    row: Row,
    own: dict[str, Any] | None,
    count: int,
    *,
    undo: bool,
) -> dict[str, Any]:
    try:
        if own is None:
            raise not_found()
        with tx.conn.transaction(force_rollback=undo):
            step_of_account(tx, actor, row.case_id, asked.of(row, own, count))
            after = queries.cards_of(tx, [row.case_id])
    except Refusal as refusal:
        said = {"code": refusal.code, "zh": refusal.zh, "en": refusal.en}
        return {"after": None, "refused": said}
    known = rules(tx)
    return {"after": card(after[0], known, tx.now) if after else None, "refused": None}
