"""换班 and 代班: asked for, agreed by the other, confirmed; the roster keeps what was written.

A confirmed change is kept beside the shift as who stands for whom and when, so that who was really
on duty can be answered for any moment.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.range import TimestamptzRange

from wangge.audit.service import record
from wangge.kernel import facts
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, NotAllowed, NotFound, Refusal
from wangge.kernel.facts import Fact
from wangge.people import roster, stands
from wangge.people.models import Actor
from wangge.tenant.service import rules

ASKED, AGREED, CONFIRMED = "asked", "agreed", "confirmed"
SHIFT = """
select s.id, s.unit_id, s.duty, s.account_id, lower(s.span) as begins, upper(s.span) as ends
from duty_shifts s where s.id = %s for update
"""
ONE = "select * from shift_changes where id = %s for update"


def ask_swap(
    tx: Tx, change_id: UUID, *, shift_id: UUID, other_id: UUID, words: str, actor: Actor
) -> None:
    """Offer one's own shift for another's of the same unit and duty; neither has begun."""
    if _repeat(tx, change_id, actor):
        return
    shift, other = _shift(tx, shift_id), _shift(tx, other_id)
    mine, his = _whole(tx, shift), _whole(tx, other)
    if mine != actor.id:
        raise _not_your_shift()
    if (shift["unit_id"], shift["duty"]) != (other["unit_id"], other["duty"]) or his == mine:
        raise Invalid(
            "no_fit_for_swap",
            "只能和同一单位、同一类值班的其他人换班",
            "a swap is between two people of one unit and duty",
            field="other_id",
        )
    for one in (shift, other):
        if one["begins"] <= tx.now:
            raise _begun()
    _write(tx, change_id, "swap", shift, other_id, his, words, actor, shift["begins"])
    _say(tx, change_id, ASKED, his)


def ask_stand_in(
    tx: Tx,
    change_id: UUID,
    *,
    shift_id: UUID,
    to: UUID,
    begins: datetime | None,
    ends: datetime | None,
    words: str,
    actor: Actor,
) -> None:
    """Ask somebody to stand in for a shift or a part of it; whoever leads appoints at once."""
    if _repeat(tx, change_id, actor):
        return
    shift = _shift(tx, shift_id)
    first, last = begins or max(shift["begins"], tx.now), ends or shift["ends"]
    aware = first.tzinfo is not None and last.tzinfo is not None
    if not aware or not shift["begins"] <= first < last <= shift["ends"]:
        raise Invalid(
            "outside_shift",
            "代班时间须在这个班次之内",
            "the time of a stand-in lies within the shift",
            field="ends",
        )
    if last <= tx.now:
        raise _begun()
    held = stands.held(tx, shift_id, first, last)
    unit = tx.one(roster.UNIT, [shift["unit_id"]])
    leads = bool(unit) and actor.may_at(
        "roster.edit", pos=unit["pos"] if unit else None, unit_id=shift["unit_id"]
    )
    if held is None or (held != actor.id and not leads):
        raise _not_your_shift()
    if to == held or tx.one(roster.SERVES, [to, shift["unit_id"], shift["unit_id"]]) is None:
        raise Invalid(
            "not_of_this_unit",
            "此人在该单位及其辖区没有岗位，或本来就是他值班",
            "this person holds no post in the unit or its area, or has the shift already",
            field="to",
        )
    appointed = leads and held != actor.id
    _write(tx, change_id, "stand_in", shift, None, to, words, actor, first, last, held)
    if appointed:
        _confirmed(tx, _one(tx, change_id), actor.name)
    else:
        _say(tx, change_id, ASKED, to)


def answer(tx: Tx, change_id: UUID, *, agree: bool, why: str, actor: Actor) -> None:
    """The other agrees or not; where the city lets agreement suffice, that is all."""
    change = _one(tx, change_id)
    if change["to_account"] != actor.id:
        raise NotAllowed(
            "not_asked_of_you", "这次换班、代班没有请您", "this change was not asked of you"
        )
    if change["state"] == (AGREED if agree else "refused"):
        return
    _must_be(tx, change, ASKED)
    if not agree:
        _decided(tx, change, "refused", actor.name, why)
        return
    tx.run(
        "update shift_changes set state = 'agreed', agreed_at = %s where id = %s",
        [tx.now, change_id],
    )
    if rules(tx).switches.swaps_confirmed:
        _say(tx, change_id, AGREED, change["from_account"])
    else:
        _confirmed(tx, change, "")


def decide(tx: Tx, change_id: UUID, *, confirm: bool, why: str, actor: Actor) -> None:
    """Whoever edits the roster confirms what both agreed on; never of his own shift."""
    change = _one(tx, change_id)
    roster.may_write(tx, change["unit_id"], actor=actor)
    if actor.id in (change["from_account"], change["to_account"]):
        raise NotAllowed(
            "own_request", "不能审批自己的换班、代班", "nobody confirms a change of his own shift"
        )
    if change["state"] == (CONFIRMED if confirm else "refused"):
        return
    _must_be(tx, change, AGREED)
    if confirm:
        _confirmed(tx, change, actor.name)
    else:
        _decided(tx, change, "refused", actor.name, why)


def withdraw(tx: Tx, change_id: UUID, *, actor: Actor) -> None:
    change = _one(tx, change_id)
    if change["asked_by"] != actor.id:
        raise NotAllowed("not_asked_by_you", "这不是您提出的", "you did not ask for this")
    if change["state"] != "withdrawn":
        _must_be(tx, change, ASKED, AGREED)
        _decided(tx, change, "withdrawn", actor.name, "")


def _confirmed(tx: Tx, change: dict[str, Any], by: str) -> None:
    shift = _shift(tx, change["shift_id"])
    spans = [(shift, change["to_account"], change["span"].lower, change["span"].upper)]
    if change["kind"] == "swap":
        other = _shift(tx, change["other_id"])
        spans.append((other, change["from_account"], other["begins"], other["ends"]))
        if (_whole(tx, shift), _whole(tx, other)) != (change["from_account"], change["to_account"]):
            raise stands.changed_since()
        if min(shift["begins"], other["begins"]) <= tx.now:
            raise _begun()
    elif stands.held(tx, shift["id"], spans[0][2], spans[0][3]) != change["from_account"]:
        raise stands.changed_since()
    but = [one["id"] for one, *_ in spans]
    for one, account, first, last in spans:
        stands.check_once(tx, one, account, first, last, but=but)
        stands.write(tx, one["id"], account, first, last, change["id"])
    _decided(tx, change, CONFIRMED, by, "")


def _decided(tx: Tx, change: dict[str, Any], state: str, by: str, why: str) -> None:
    tx.run(
        "update shift_changes set state = %s, decided_name = %s, decided_at = %s, why = %s"
        " where id = %s",
        [state, by, tx.now, why, change["id"]],
    )
    record(tx, f"roster.{change['kind']}", change["id"], detail={"state": state})
    for account in {change["from_account"], change["to_account"]}:
        _say(tx, change["id"], state, account)


def _say(tx: Tx, change_id: UUID, state: str, account: UUID) -> None:
    facts.record(tx, [Fact("ShiftChangeMoved", change_id, {"state": state}, account_id=account)])


def _write(
    tx: Tx,
    change_id: UUID,
    kind: str,
    shift: dict[str, Any],
    other_id: UUID | None,
    to: UUID,
    words: str,
    actor: Actor,
    first: datetime,
    last: datetime | None = None,
    held: UUID | None = None,
) -> None:
    tx.insert(
        "shift_changes",
        [
            {
                "id": change_id,
                "kind": kind,
                "unit_id": shift["unit_id"],
                "shift_id": shift["id"],
                "other_id": other_id,
                "span": TimestamptzRange(first, last or shift["ends"]),
                "from_account": held or actor.id,
                "to_account": to,
                "words": words,
                "state": ASKED,
                "asked_by": actor.id,
                "asked_at": tx.now,
            }
        ],
    )


def _repeat(tx: Tx, change_id: UUID, actor: Actor) -> bool:
    row = tx.one("select asked_by from shift_changes where id = %s", [change_id])
    if row and row["asked_by"] != actor.id:
        raise Refusal("id_taken", "此编号已被使用", "this id is taken")
    return row is not None


def _shift(tx: Tx, shift_id: UUID) -> dict[str, Any]:
    row = tx.one(SHIFT, [shift_id])
    if row is None:
        raise NotFound("no_such_shift", "没有此班次", "no such shift")
    return row


def _whole(tx: Tx, shift: dict[str, Any]) -> UUID:
    """Whoever has the whole shift as things stand."""
    held = stands.held(tx, shift["id"], shift["begins"], shift["ends"])
    if held is None:
        raise stands.changed_since()
    return held


def _one(tx: Tx, change_id: UUID) -> dict[str, Any]:
    row = tx.one(ONE, [change_id])
    if row is None:
        raise NotFound("no_such_change", "没有这次换班、代班", "there is no such change")
    return row


def _must_be(tx: Tx, change: dict[str, Any], *states: str) -> None:
    if change["state"] not in states:
        raise Refusal(
            "change_over", "这次换班、代班已有结果，或还没有取得对方同意",
            "this change is settled, or the other has not agreed yet", state=change["state"],
        )  # fmt: skip
    if change["span"].upper <= tx.now:
        raise _begun()


def _begun() -> Refusal:
    return Refusal(
        "shift_begun", "班次已经开始或结束，不能再换", "the shift has begun or is over already"
    )


def _not_your_shift() -> NotAllowed:
    return NotAllowed("not_your_shift", "只能换出自己的班次", "only one's own shift is given away")
