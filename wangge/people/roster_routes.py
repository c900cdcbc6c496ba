"""The doors of the duty roster."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import AwareDatetime

from wangge.kernel.web import Db
from wangge.people import absences, my_shifts, roster, schemas, swaps
from wangge.people.doors import Me

router = APIRouter(prefix="/roster", tags=["roster"])


@router.get("", operation_id="rosterWeek")
def week(tx: Db, unit: UUID, day: schemas.Day | None = None) -> dict[str, Any]:
    """Show a unit's week, and who is to be woken at this moment."""
    now = [_turn(turn) for turn in roster.on_duty(tx, unit)]
    return {**roster.week(tx, unit, day=day), "now": now}


def _turn(turn: roster.Turn) -> dict[str, Any]:
    return {
        "duty": turn.duty,
        "account": {"id": turn.account_id, "name": turn.name, "phone": turn.phone},
        "unit": {"id": turn.unit_id, "name": turn.unit},
        "written": turn.written,
        "instead_of": turn.instead_of,
    }


@router.get("/at", operation_id="onDutyAt")
def on_duty_at(tx: Db, me: Me, unit: UUID, at: AwareDatetime) -> dict[str, Any]:
    """Who really was, or will be, on duty at a moment: swaps and stand-ins counted."""
    me.must("people.read")
    return {"at": at, "items": [_turn(turn) for turn in roster.on_duty(tx, unit, at=at)]}


@router.get("/mine", operation_id="myShifts", response_model=schemas.MyShifts)
def shifts_of_mine(tx: Db, me: Me) -> dict[str, Any]:
    said = {"absences": absences.listing(tx, me), "colleagues": absences.colleagues(tx, me)}
    return {**my_shifts.mine(tx, me), **said}


@router.post("/absences", operation_id="sayAbsent", status_code=201)
def say_absent(tx: Db, me: Me, body: schemas.AbsenceIn) -> dict[str, Any]:
    """不在岗: for oneself, or for one of one's people, so that the deputy is called."""
    absences.say(tx, me, body.id, begins=body.begins, ends=body.ends, of=body.account_id)
    return {"id": body.id}


@router.post("/absences/{absence_id}/end", operation_id="endAbsence")
def end_absence(tx: Db, me: Me, absence_id: UUID) -> dict[str, Any]:
    absences.back(tx, me, absence_id)
    return {"id": absence_id}


@router.get("/mine/{shift_id}/partners", operation_id="shiftPartners",
            response_model=schemas.Partners)  # fmt: skip
def partners(tx: Db, me: Me, shift_id: UUID) -> dict[str, Any]:
    """Whose shift mine can be swapped for, and who may stand in for it."""
    return my_shifts.partners(tx, me, shift_id)


@router.post("/swaps", operation_id="askSwap", status_code=201)
def ask_swap(tx: Db, me: Me, body: schemas.SwapIn) -> dict[str, Any]:
    """换班: one's own shift for another's."""
    swaps.ask_swap(tx, body.id, shift_id=body.shift_id, other_id=body.other_id,
                   words=body.words, actor=me)  # fmt: skip
    return {"id": body.id}


@router.post("/stand-ins", operation_id="askStandIn", status_code=201)
def ask_stand_in(tx: Db, me: Me, body: schemas.StandInIn) -> dict[str, Any]:
    """代班: somebody else for a shift or a part of it; whoever leads appoints at once."""
    swaps.ask_stand_in(
        tx, body.id, shift_id=body.shift_id, to=body.to, begins=body.begins, ends=body.ends,
        words=body.words, actor=me,
    )  # fmt: skip
    return {"id": body.id}


@router.post("/changes/{change_id}/answer", operation_id="answerShiftChange")
def answer_change(tx: Db, me: Me, change_id: UUID, body: schemas.Agreement) -> dict[str, Any]:
    swaps.answer(tx, change_id, agree=body.agree, why=body.why, actor=me)
    return {"id": change_id}


@router.post("/changes/{change_id}/decision", operation_id="decideShiftChange")
def decide_change(tx: Db, me: Me, change_id: UUID, body: schemas.Agreement) -> dict[str, Any]:
    swaps.decide(tx, change_id, confirm=body.agree, why=body.why, actor=me)
    return {"id": change_id}


@router.post("/changes/{change_id}/withdraw", operation_id="withdrawShiftChange")
def withdraw_change(tx: Db, me: Me, change_id: UUID) -> dict[str, Any]:
    swaps.withdraw(tx, change_id, actor=me)
    return {"id": change_id}


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
