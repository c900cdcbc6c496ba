"""Who is woken for an incident: the duty roster's ladder, how each message reached, who answered.

The ladder, its minutes and the roster are those of an alarm (``dispatch.alarms``): 值班员, three
minutes later 带班领导, then 备班. A message that fails everywhere on a rung costs no minutes.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from wangge.dispatch import alarms
from wangge.emergency.history import (
    check_open,
    is_repeat,
    locked,
    not_yours,
    write,
)
from wangge.emergency.rights import runs
from wangge.kernel.db import Tx
from wangge.kernel.ids import new_id
from wangge.notices import calling
from wangge.notices import service as notices
from wangge.notices.models import sms_text
from wangge.people.models import Actor
from wangge.people.roster import Turn
from wangge.tenant.plans import LEVEL_NAMES
from wangge.tenant.service import rules

PURPOSE = {False: "emergency", True: "drill"}
LOCK = "select i.* from incidents i where i.id = %s for update"
DUE = """
select id from incidents where alert_next_at <= %s and state = 'open'
order by alert_next_at limit 50
"""
CLIMBED = "update incidents set alert_step = %s, alert_next_at = %s where id = %s"
ANSWERED = """
update incidents set answered_at = %s, answered_by = %s, alert_next_at = null,
    version = version + 1 where id = %s and answered_at is null
"""
ACKNOWLEDGED = """
update incident_calls set acknowledged_at = %s
where incident_id = %s and account_id = %s and acknowledged_at is null
"""
RECEIVED = """
update incident_calls set receipt = %(receipt)s, receipt_at = %(at)s
where message_id = %(message)s and receipt = ''
returning incident_id, step, account_id, name
"""
CALL_OF = "select incident_id, account_id, name from incident_calls where message_id = %s"
LOST = ["failed", "busy", "no_answer"]
REACHED = """
select 1 from incident_calls where incident_id = %s and step = %s and receipt <> all(%s) limit 1
"""
NUMBERS = """
select phone from incident_calls where incident_id = %s
group by phone order by min(called_at), phone
"""


def escalate(tx: Tx, incident_id: UUID) -> None:
    """Wake the next rung; nothing once somebody has answered or the incident is over."""
    incident = tx.one(LOCK, [incident_id])
    if incident is None or incident["answered_at"] or incident["state"] != "open":
        return
    step, woken, next_at = alarms.rung(tx, incident["desk_id"], incident["alert_step"])
    tx.run(CLIMBED, [step, next_at, incident_id])
    if not woken:
        write(tx, incident, "nobody_called", None, data={"step": step})
        return
    for turn in woken:
        _call(tx, incident, step, turn)
    called = [{"name": turn.name, "duty": turn.duty, "unit": turn.unit} for turn in woken]
    write(tx, incident, "called", None, data={"step": step, "called": called})


def _call(tx: Tx, incident: dict[str, Any], step: int, turn: Turn) -> None:
    message = new_id()
    notices.send_sms(
        tx, turn.phone, "incident", _values(tx, incident), message_id=message,
        purpose=PURPOSE[incident["drill"]], answers=turn.account_id,
    )  # fmt: skip
    _written(tx, incident, step, turn, "sms", message)
    if rules(tx).plans.voice:
        text = sms_text("incident_call", _values(tx, incident))
        call = calling.place(tx, turn.phone, text, purpose=PURPOSE[incident["drill"]])
        _written(tx, incident, step, turn, "voice", call)
    body = {"number": incident["number"], "title": incident["title"][:40],
            "mark": "【演练】" if incident["drill"] else "",
            "mark_en": "DRILL " if incident["drill"] else "",
            "incident": str(incident["id"])}  # fmt: skip
    notice = notices.Notice(turn.account_id, "incident_called", body=body, urgent=True)
    notices.notify(tx, [notice])


def _written(
    tx: Tx, incident: dict[str, Any], step: int, turn: Turn, way: str, message: UUID
) -> None:
    tx.insert(
        "incident_calls",
        [{"id": new_id(), "incident_id": incident["id"], "step": step, "duty": turn.duty.value,
          "account_id": turn.account_id, "name": turn.name, "unit": turn.unit,
          "phone": turn.phone, "way": way, "message_id": message, "called_at": tx.now}],
    )  # fmt: skip


def _values(tx: Tx, incident: dict[str, Any]) -> dict[str, str]:
    kind = rules(tx).plans.kind(incident["kind"])
    level = LEVEL_NAMES[incident["level"]]
    return {
        "mark": "【演练】" if incident["drill"] else "【应急】",
        "mark_en": "DRILL" if incident["drill"] else "EMERGENCY",
        "level": level.zh,
        "level_en": level.en,
        "kind": kind.zh if kind else "",
        "kind_en": kind.en if kind else "",
        "place": incident["place_words"],
        "title": incident["title"][:40],
        "number": incident["number"],
    }


def answer(tx: Tx, actor: Actor, incident_id: UUID, *, key: UUID) -> None:
    """收到: by whoever was woken or commands; nobody else is woken from then on."""
    incident = locked(tx, actor, incident_id)
    if is_repeat(tx, incident_id, key, actor):
        return
    check_open(incident)
    woken = tx.run(ACKNOWLEDGED, [tx.now, incident_id, actor.id])
    if not woken and not runs(actor, incident):
        raise not_yours()
    tx.run(ANSWERED, [tx.now, actor.id, incident_id])
    write(tx, incident, "answered", actor, key=key)


def receipt(tx: Tx, message_id: UUID, what: str, at: datetime) -> None:
    """How a message reached; where none of a rung did, the next is woken at once."""
    told = "heard" if what == "acknowledged" else what
    row = tx.one(RECEIVED, {"receipt": told, "at": at, "message": message_id})
    if row is None:
        return
    incident = tx.one(LOCK, [row["incident_id"]])
    if incident is None:
        return
    if what == "acknowledged":
        _heard(tx, incident, row, "voice")
        return
    if what in LOST:
        write(tx, incident, "receipt", None, data={"message": message_id, "receipt": what})
    lost = tx.one(REACHED, [row["incident_id"], row["step"], LOST]) is None
    if lost and incident["alert_step"] == row["step"] and incident["alert_next_at"]:
        escalate(tx, row["incident_id"])


def replied(tx: Tx, message_id: UUID) -> None:
    """Whoever was woken answered the SMS; nothing for the message of another matter."""
    call = tx.one(CALL_OF, [message_id])
    incident = tx.one(LOCK, [call["incident_id"]]) if call else None
    if call and incident:
        _heard(tx, incident, call, "sms")


def _heard(tx: Tx, incident: dict[str, Any], call: dict[str, Any], way: str) -> None:
    """The key was pressed, or the SMS answered: as good as 收到 on the screen."""
    tx.run(ACKNOWLEDGED, [tx.now, incident["id"], call["account_id"]])
    if incident["state"] == "open":
        tx.run(ANSWERED, [tx.now, call["account_id"], incident["id"]])
        write(tx, incident, "answered", None, words=call["name"], data={"way": way})


def climb(tx: Tx, incident_id: UUID) -> None:
    """Go on up the ladder if its time has come; a sweep that runs twice wakes nobody twice."""
    row = tx.one(LOCK, [incident_id])
    if row and row["alert_next_at"] and row["alert_next_at"] <= tx.now:
        escalate(tx, incident_id)


def due(tx: Tx) -> list[UUID]:
    return [row["id"] for row in tx.rows(DUE, [tx.now])]


def tell_result(tx: Tx, incident: dict[str, Any]) -> int:
    """How it ended, to everybody who was woken: by this incident, and by its case's alarm."""
    numbers = [row["phone"] for row in tx.rows(NUMBERS, [incident["id"]])]
    if incident["case_id"] and not incident["drill"]:
        numbers += alarms.woken_for(tx, incident["case_id"])
    values = {**_values(tx, incident), "answer": incident["result"][:60],
              "mark": "【演练】" if incident["drill"] else "",
              "mark_en": "DRILL: " if incident["drill"] else ""}  # fmt: skip
    told = list(dict.fromkeys(numbers))
    for phone in told:
        notices.send_sms(tx, phone, "incident_result", values, purpose="incident_result")
    return len(told)
