"""Emergencies: who is woken, one after the other, until somebody says that he has it in hand."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from wangge.cases.models import DONE, Action, State, StepInput, Taker
from wangge.cases.service import locked, marked, not_found
from wangge.dispatch.service import acknowledge_alarm, tell_holders
from wangge.kernel import crypto, facts
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, Refusal
from wangge.kernel.ids import new_id
from wangge.notices import service as notices
from wangge.people import roster
from wangge.people.roles import role
from wangge.people.roster import Turn
from wangge.tenant.service import rules

LADDER = (
    ("on_duty", timedelta(minutes=3)),
    ("leader", timedelta(minutes=3)),
    ("backup", timedelta(minutes=10)),
)
OPEN = """
select m.case_id, m.groups, m.raised_at, m.step, m.next_at, c.number, c.title, c.state,
    c.place_words, c.area_id, a.names, desk.short_name as desk
from alarms m join cases c on c.id = m.case_id join areas a on a.id = c.area_id
join organisations desk on desk.id = c.desk_id
where m.acknowledged_at is null order by m.raised_at desc, m.case_id limit 200
"""
SENT_TO = "select phone_sealed from sms_messages where case_id = %s and purpose = %s order by at"
ON_POST = """
select c.name, p.title, p.role from accounts c
join posts p on p.account_id = c.id and p.valid @> city_today()
where c.id = %s and c.active order by p.role, p.id limit 1
"""
TAKEN = """
select account_id from case_steps where case_id = %s and action = %s order by seq desc limit 1
"""


def raise_alarm(tx: Tx, case_id: UUID, groups: list[str]) -> None:
    """Open the alarm, tell the desk, and wake the first step of the ladder at once."""
    fresh = tx.run(
        "insert into alarms (case_id, groups, raised_at, next_at) values (%s, %s, %s, %s)"
        " on conflict (case_id) do nothing",
        [case_id, groups, tx.now, tx.now],
    )
    if fresh:
        _announce(tx, case_id)
        tell_holders(tx, [case_id], "emergency")
        escalate(tx, case_id)


def _announce(tx: Tx, case_id: UUID) -> None:
    case = tx.one("select pos, unit_ids from cases where id = %s", [case_id])
    if case:
        facts.record(tx, [facts.Fact("CaseAlarmRaised", case_id, {}, **case)])


def escalate(tx: Tx, case_id: UUID) -> None:
    """Wake the next step of the ladder; nothing once somebody has acknowledged.

    A step on which nobody stands, or nobody with a number, is passed over at once: a gap in the
    roster costs no minutes.
    """
    alarm = tx.one("select * from alarms where case_id = %s for update", [case_id])
    if alarm is None or alarm["acknowledged_at"]:
        return
    case = tx.one("select * from cases where id = %s", [case_id])
    if case is None:
        raise not_found()
    if State(case["state"]) in DONE:
        tx.run("update alarms set next_at = null where case_id = %s", [case_id])
        return
    step, woken, next_at = rung(tx, case["desk_id"], alarm["step"])
    _wake(tx, case, alarm["groups"], woken)
    tx.run("update alarms set step = %s, next_at = %s where case_id = %s", [step, next_at, case_id])


def rung(tx: Tx, desk_id: UUID, step: int) -> tuple[int, list[Turn], datetime | None]:
    """Go up the ladder of a desk from ``step``: the step after, whom to wake, when to go on."""
    turns = roster.on_duty(tx, desk_id)
    woken: list[Turn] = []
    while step < len(LADDER) and not woken:
        woken = [turn for turn in turns if turn.duty == LADDER[step][0] and _rings(turn)]
        step += 1
    return step, woken, tx.now + LADDER[step - 1][1] if step < len(LADDER) else None


def _rings(turn: Turn) -> bool:
    """Whether the number that is written for somebody is one that can be called."""
    try:
        return bool(crypto.normal_phone(turn.phone))
    except Invalid:
        return False


def _wake(tx: Tx, case: dict[str, Any], groups: list[str], woken: list[Turn]) -> None:
    _tell(tx, case["id"], groups, [(person.phone, person.account_id) for person in woken])


def tell(tx: Tx, case_id: UUID, groups: list[str], phones: list[str]) -> None:
    """The message of an emergency to these numbers too; who has it in hand is for others."""
    _tell(tx, case_id, groups, [(phone, None) for phone in phones])


def _tell(tx: Tx, case_id: UUID, groups: list[str], people: list[tuple[str, UUID | None]]) -> None:
    case = tx.one("select * from cases where id = %s", [case_id])
    if case is None:
        raise not_found()
    names = {group.code: group.zh for group in rules(tx).words.groups}
    values = {
        "what": "、".join(names.get(code, code) for code in groups),
        "number": case["number"] or "",
        "place": case["place_words"] or "位置待核",
        "title": case["title"][:40],
    }
    for phone, answers in people:
        code = "emergency_call" if answers else "emergency"
        notices.send_sms(
            tx, phone, code, values, purpose="emergency", case_id=case_id, answers=answers
        )


def tell_words(tx: Tx, case_id: UUID, words: str) -> None:
    """A sentence to everybody who was woken, before the matter has ended."""
    case = tx.one("select number, title from cases where id = %s", [case_id]) or {}
    values = {"number": case["number"], "title": case["title"][:40], "answer": words[:60]}
    for phone in woken_for(tx, case_id):
        notices.send_sms(
            tx, phone, "emergency_result", values, purpose="emergency.said", case_id=case_id
        )


def woken_for(tx: Tx, case_id: UUID) -> list[str]:
    """The numbers that the alarm of a case has called, each once."""
    return list(dict.fromkeys(_phones(tx, case_id, "emergency")))


def tell_result(tx: Tx, case_id: UUID) -> None:
    """Say how it ended to everybody who was woken, once a round; nothing if nobody was."""
    case = tx.one(
        "select c.* from cases c join alarms m on m.case_id = c.id where c.id = %s", [case_id]
    )
    if case is None:
        return
    values = {"number": case["number"], "title": case["title"][:40], "answer": case["answer"][:60]}
    purpose = f"emergency_result.{case['round']}"
    told = set(_phones(tx, case_id, purpose))
    for phone in woken_for(tx, case_id):
        if phone not in told:
            notices.send_sms(
                tx, phone, "emergency_result", values, purpose=purpose, case_id=case_id
            )


def _phones(tx: Tx, case_id: UUID, purpose: str) -> list[str]:
    rows = tx.rows(SENT_TO, [case_id, purpose])
    return [crypto.open_(tx.cell.tenant, row["phone_sealed"]) for row in rows]


def open_alarms(tx: Tx) -> list[dict[str, Any]]:
    """Alarms that nobody has taken in hand, as far as the reader may see their cases."""
    groups = {group.code: group for group in rules(tx).words.groups}
    return [
        {
            **row,
            "groups": [
                {"zh": groups[code].zh, "en": groups[code].en}
                for code in row["groups"]
                if code in groups
            ],
        }
        for row in tx.rows(OPEN)
    ]


def stop(tx: Tx, case_id: UUID) -> None:
    """The step that takes an emergency in hand was just written: the ladder ends with it."""
    taken = tx.one(TAKEN, [case_id, Action.ACKNOWLEDGE_ALARM.value])
    if taken is None or not acknowledge_alarm(tx, case_id, taken["account_id"]):
        raise Refusal(
            "no_open_alarm",
            "这件事项没有待接手的紧急叫应，可能已有人接手",
            "no alarm is open on this case; perhaps somebody has it in hand already",
        )


def answered(tx: Tx, case_id: UUID, account_id: UUID) -> None:
    """Whoever was woken replied to the SMS: as good as the button, unless somebody was quicker."""
    alarm = tx.one("select acknowledged_at from alarms where case_id = %s for update", [case_id])
    person = tx.one(ON_POST, [account_id])
    if alarm is None or alarm["acknowledged_at"] or person is None:
        return
    given = StepInput(id=new_id(), action=Action.ACKNOWLEDGE_ALARM, note="以短信回复接手")
    title = person["title"] or role(person["role"]).zh
    taker = Taker("account", account_id, person["name"], title)
    marked(tx, locked(tx, case_id), given, taker)
