"""What is said of each call of a whistle, and what every change of a whistle asks first."""

from typing import Any
from uuid import UUID

from wangge.cases.service import locked as locked_case
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, NotAllowed, NotFound, Refusal
from wangge.people.models import Actor
from wangge.tenant.deadline import due_at
from wangge.tenant.limits import Limit
from wangge.tenant.lists import WHISTLE_REASONS, WhistleReason
from wangge.tenant.service import rules
from wangge.whistles.history import say, tell_case, write_step
from wangge.whistles.models import CallAction, CallState, CallStep, WhistleState
from wangge.whistles.rights import may_say
from wangge.whistles.workflow import CALLS

LOCK = "select w.* from whistles w where w.id = %s for update"
WRITE_CALL = """
update whistle_calls set state = %(state)s, due_at = %(due_at)s, arrived_at = %(arrived_at)s,
    arrived_by = %(arrived_by)s, confirmed_at = %(confirmed_at)s, note = %(note)s,
    reason = %(reason)s, report = %(report)s, overdue_at = %(overdue_at)s
where id = %(id)s
"""


def whistle_reason(tx: Tx, code: str) -> WhistleReason:
    found = next((one for one in rules(tx).lists.whistle_reasons if one.code == code), None)
    if found is None or not found.active:
        raise Invalid("field_needed", "请选择吹哨事由", "choose why you call", field="reason")
    return found


def limits_of(tx: Tx, code: str) -> WhistleReason:
    """Of a whistle that stands: its reason may have left the list since."""
    reasons = rules(tx).lists.whistle_reasons
    return next((one for one in reasons if one.code == code), WHISTLE_REASONS[0])


def locked(tx: Tx, whistle_id: UUID) -> dict[str, Any]:
    row = tx.one(LOCK, [whistle_id])
    if row is None:
        raise not_found()
    return row


def not_found() -> NotFound:
    return NotFound("no_such_whistle", "没有找到这次吹哨", "no such whistle")


def check_version(whistle: dict[str, Any], version: int | None) -> None:
    if version is not None and version != whistle["version"]:
        raise Refusal(
            "stale_version",
            "这次吹哨刚被他人更新，请核对后再提交；您填写的内容仍在",
            "somebody has just changed this whistle; look again, what you typed is kept",
            version=whistle["version"],
        )


def check_open(whistle: dict[str, Any]) -> None:
    if whistle["state"] != WhistleState.OPEN:
        raise Refusal("whistle_over", "这次吹哨已经结束", "this whistle is over")


def not_yours() -> NotAllowed:
    return NotAllowed(
        "not_your_step",
        "这一步由其他岗位办理；您填写的内容仍在",
        "this step belongs to another post; what you typed is kept",
    )


def is_repeat(tx: Tx, whistle_id: UUID, step_id: UUID, actor: Actor) -> bool:
    row = tx.one("select whistle_id, account_id from whistle_steps where id = %s", [step_id])
    if row and (row["whistle_id"], row["account_id"]) != (whistle_id, actor.id):
        raise Refusal("id_taken", "这个编号已被使用，请重新提交", "this id is taken; send again")
    return row is not None


def step(tx: Tx, actor: Actor, whistle_id: UUID, call_id: UUID, given: CallStep) -> None:
    """A person's word on one call; the time of an arrival is the server's."""
    whistle = locked(tx, whistle_id)
    if is_repeat(tx, whistle_id, given.id, actor):
        return
    check_open(whistle)
    check_version(whistle, given.version)
    call = tx.one(
        "select k.*, o.short_name as unit from whistle_calls k join organisations o"
        " on o.id = k.unit_id where k.id = %s and k.whistle_id = %s",
        [call_id, whistle_id],
    )
    if call is None:
        raise NotFound("no_such_call", "没有呼叫这个单位", "no such call")
    move = CALLS.move(CallState(call["state"]), given.action)
    if not may_say(actor, whistle, call, move):
        raise not_yours()
    for field in move.needs:
        if not getattr(given, field).strip():
            zh, en = (
                ("请写明情况", "please say why") if field == "note"
                else ("请选择理由", "please choose a reason")
            )  # fmt: skip
            raise Invalid("field_needed", zh, en, field=field)
    if given.action is CallAction.MARK_ABSENT and (
        call["state"] == CallState.CALLED and tx.now < call["due_at"]
    ):
        raise Refusal(
            "too_early", "报到时限未到，还不能记为未到场",
            "the time to report in is not over yet", due_at=call["due_at"],
        )  # fmt: skip
    _said(tx, actor, whistle, call, given, move.target)


def _said(
    tx: Tx,
    actor: Actor,
    whistle: dict[str, Any],
    call: dict[str, Any],
    given: CallStep,
    target: CallState | None,
) -> None:
    after = dict(call)
    if target:
        after["state"] = target.value
    calendar, reason = rules(tx).calendar, limits_of(tx, whistle["reason"])
    match given.action:
        case CallAction.ARRIVE:
            after |= {"arrived_at": tx.now, "arrived_by": actor.id, "overdue_at": None}
        case CallAction.CONFIRM:
            after["confirmed_at"] = tx.now
        case CallAction.REPORT:
            after["report"] = given.note.strip()
        case CallAction.CONTEST:
            after |= {"reason": given.reason, "note": given.note.strip(), "overdue_at": None}
            after["due_at"] = due_at(calendar, tx.now, Limit.parse(reason.rule))
        case CallAction.REJECT:
            after |= {"note": given.note.strip(), "overdue_at": None}
            after["due_at"] = due_at(calendar, tx.now, Limit.parse(reason.arrive))
        case CallAction.MARK_ABSENT:
            after |= {"note": given.note.strip(), "arrived_at": None, "arrived_by": None}
        case _:
            after["note"] = given.note.strip()
    tx.run(WRITE_CALL, after)
    tx.run("update whistles set version = version + 1 where id = %s", [whistle["id"]])
    action = given.action.value
    write_step(
        tx, whistle, action, actor,
        step_id=given.id, call=call, note=given.note.strip(), reason=given.reason,
    )  # fmt: skip
    if given.action in (CallAction.ARRIVE, CallAction.CONFIRM, CallAction.MARK_ABSENT):
        case = case_of(tx, whistle)
        tell_case(tx, case, whistle, actor, action, given.note.strip(), unit=call)
    say(tx, whistle, f"whistle_{action}", call)


def case_of(tx: Tx, whistle: dict[str, Any]) -> dict[str, Any] | None:
    return locked_case(tx, whistle["case_id"]) if whistle["case_id"] else None
