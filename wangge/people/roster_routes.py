"""The doors of the duty roster."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter

from wangge.kernel.web import Db
from wangge.people import roster, schemas
from wangge.people.doors import Me

router = APIRouter(prefix="/roster", tags=["roster"])


@router.get("", operation_id="rosterWeek")
def week(tx: Db, unit: UUID, day: schemas.Day | None = None) -> dict[str, Any]:
    """Show a unit's week, and who is to be woken at this moment."""
    now = [
        {
            "duty": turn.duty,
            "account": {"id": turn.account_id, "name": turn.name, "phone": turn.phone},
            "unit": {"id": turn.unit_id, "name": turn.unit},
            "written": turn.written,
        }
        for turn in roster.on_duty(tx, unit)
    ]
    return {**roster.week(tx, unit, day=day), "now": now}


@router.post("", operation_id="addShift", status_code=201)
def add(tx: Db, me: Me, body: schemas.ShiftIn) -> dict[str, Any]:
    roster.add(
        tx,
        body.id,
        unit_id=body.unit_id,
        duty=body.duty,
        account_id=body.account_id,
        begins=body.begins,
        ends=body.ends,
        note=body.note,
        actor=me,
    )
    return {"id": body.id}


@router.delete("/{shift_id}", operation_id="removeShift")
def remove(tx: Db, me: Me, shift_id: UUID) -> dict[str, Any]:
    roster.remove(tx, shift_id, actor=me)
    return {}
