"""How a whistle ends: the conclusion, calling it off, and the rating of both sides."""

from typing import Any
from uuid import UUID

from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, NotFound, Refusal
from wangge.people.models import Actor
from wangge.tenant.service import rules
from wangge.whistles import queries
from wangge.whistles.history import say, tell_case, write_step
from wangge.whistles.models import CallState, Outcome, WhistleState
from wangge.whistles.rights import leads, rates_as
from wangge.whistles.service import (
    case_of,
    check_open,
    check_version,
    is_repeat,
    locked,
    not_yours,
)
from wangge.whistles.workflow import SILENT

END = """
update whistles set state = %(state)s, outcome = %(outcome)s, conclusion = %(conclusion)s,
    ended_at = %(ended_at)s, version = version + 1 where id = %(id)s
"""


def conclude(
    tx: Tx, actor: Actor, whistle_id: UUID, *,
    step_id: UUID, version: int | None, outcome: Outcome, conclusion: str,
) -> None:  # fmt: skip
    """The whistler's conclusion; refused while a called unit is silent and no leader has signed."""
    whistle = locked(tx, whistle_id)
    if is_repeat(tx, whistle_id, step_id, actor):
        return
    check_open(whistle)
    check_version(whistle, version)
    if not leads(actor, whistle):
        raise not_yours()
    if not conclusion.strip():
        raise Invalid(
            "field_needed", "请写明结论", "please write the conclusion", field="conclusion"
        )
    calls = queries.calls(tx, [whistle_id])
    silent = [call["unit"] for call in calls if call["state"] in SILENT]
    if silent:
        raise Refusal(
            "unit_silent",
            f"还有单位没有表态：{'、'.join(silent)}；须其报到、裁定免除，或由其负责人签字",
            f"not heard from: {', '.join(silent)}; they come, are excused, or their leader signs",
            units=silent,
        )
    waiting = [call["unit"] for call in calls if call["state"] == CallState.ARRIVED]
    if waiting:
        raise Refusal(
            "arrival_open",
            f"请先确认报到：{'、'.join(waiting)}",
            f"confirm first who is here: {', '.join(waiting)}",
            units=waiting,
        )
    _end(tx, actor, whistle, step_id, WhistleState.CONCLUDED, conclusion, outcome)


def cancel(
    tx: Tx, actor: Actor, whistle_id: UUID, *, step_id: UUID, version: int | None, note: str
) -> None:
    """Call it off while nobody has come yet; the units are told why."""
    whistle = locked(tx, whistle_id)
    if is_repeat(tx, whistle_id, step_id, actor):
        return
    check_open(whistle)
    check_version(whistle, version)
    if not leads(actor, whistle):
        raise not_yours()
    if not note.strip():
        raise Invalid("field_needed", "请写明为什么撤销", "please say why", field="note")
    if any(call["arrived_at"] for call in queries.calls(tx, [whistle_id])):
        raise Refusal(
            "somebody_came", "已有单位报到，请写结论结束", "somebody has come: write a conclusion"
        )
    _end(tx, actor, whistle, step_id, WhistleState.CANCELLED, note, None)


def _end(
    tx: Tx,
    actor: Actor,
    whistle: dict[str, Any],
    step_id: UUID,
    state: WhistleState,
    words: str,
    outcome: Outcome | None,
) -> None:
    values = {"id": whistle["id"], "state": state.value, "conclusion": words.strip(),
              "outcome": outcome and outcome.value, "ended_at": tx.now}  # fmt: skip
    tx.run(END, values)
    write_step(tx, whistle, state.value, actor, step_id=step_id, note=words.strip(),
               reason=outcome.value if outcome else "")  # fmt: skip
    tell_case(tx, case_of(tx, whistle), whistle, actor, state.value, words.strip())
    say(tx, whistle, f"whistle_{state.value}")


def rate(
    tx: Tx, actor: Actor, whistle_id: UUID, call_id: UUID, *, side: str, grade: str, note: str
) -> None:
    """One side rates the other, once; only where the unit was there."""
    whistle = locked(tx, whistle_id)
    call = tx.one(
        "select * from whistle_calls where id = %s and whistle_id = %s", [call_id, whistle_id]
    )
    if call is None:
        raise NotFound("no_such_call", "没有呼叫这个单位", "no such call")
    if whistle["state"] != WhistleState.CONCLUDED or call["state"] != CallState.CONFIRMED:
        raise Refusal(
            "not_there",
            "结论之后、由到场的双方互相评价",
            "after the conclusion, and only between those who were there",
        )
    if side not in rates_as(actor, whistle, call):
        raise not_yours()
    if grade not in rules(tx).lists.codes["satisfaction"]:
        raise Invalid("field_needed", "请选择评价", "choose a grade", field="grade")
    standing = tx.one(
        "select grade from whistle_ratings where call_id = %s and by_whom = %s", [call_id, side]
    )
    if standing and standing["grade"] != grade:
        raise Refusal("rated_already", "已经评价过了", "rated already")
    if standing is None:
        tx.insert(
            "whistle_ratings",
            [{"whistle_id": whistle_id, "call_id": call_id, "by_whom": side, "grade": grade,
              "note": note.strip(), "account_id": actor.id, "at": tx.now}],
        )  # fmt: skip
