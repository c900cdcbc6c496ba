"""Contact with the asker: every try with its time, person and result, and the clock of the first.

A try changes nothing of a case but this: the clock stops when the asker was reached by telephone
or at a visit, and by nothing else.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from wangge.cases import answers
from wangge.cases.clock import stage_limit
from wangge.cases.models import DONE, Mode, State
from wangge.cases.service import locked, not_found
from wangge.kernel import facts
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, NotAllowed, Refusal
from wangge.people.models import Actor
from wangge.tenant.deadline import due_at, yellow_at
from wangge.tenant.limits import Limit
from wangge.tenant.rules import Rules
from wangge.tenant.service import rules

REACHED = {"call": "answered", "visit": "met"}
AT_VISITS = frozenset({"met", "not_home"})
# Would not say is no result of a first contact, a call that was pressed away none of a call-back.
NOT_FOR = {"response": "refused", "answer": "refused", "callback": "rejected"}
OF_CASE = """
select id, round, purpose, way, result, reached, outcome, satisfaction, note, account_id,
    actor_name, actor_title, at
from case_contacts where case_id = %s order by at, id
"""
# The present round's clock runs from the moment at which somebody had taken the matter on.
BEGAN = """
select min(at) as at from case_steps where case_id = %s and round = %s
    and target in ('accepted', 'registered', 'dispatched', 'reopened', 'handled')
"""
ASKER = """
select mode, phone_sealed is not null as has_phone, name_sealed is not null as has_name
from case_askers where case_id = %s
"""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to reach the asker."""

    id: UUID
    way: str
    result: str
    note: str = ""


def may_contact(actor: Actor, case: dict[str, Any], mode: str) -> bool:
    """The desk in charge; of one who is not confidential also the unit and the ground's people."""
    if actor.may_at("case.asker", desk_id=case["desk_id"]):
        return True
    return mode != Mode.CONFIDENTIAL and (
        actor.may_at("case.verify", pos=case["pos"])
        or actor.may_at("case.callback", pos=case["pos"])
        or (case["unit_id"] is not None and actor.may_at("case.handle", unit_id=case["unit_id"]))
    )


def reached(given_way: str, result: str) -> bool:
    return REACHED[given_way] == result


def check_result(known: Rules, purpose: str, way: str, result: str) -> None:
    """Refuse a result that the city does not know, or that this way of trying cannot have."""
    listed = {row.code for row in known.lists.callback_results if row.active}
    if result not in listed - {NOT_FOR[purpose]} or (way == "visit") != (result in AT_VISITS):
        raise Invalid("unknown_result", "请选择联系结果", "choose what came of it", field="result")


def add(tx: Tx, actor: Actor, case_id: UUID, given: Attempt) -> None:
    """Write down a try; a repeat with the same id changes nothing."""
    case = locked(tx, case_id)
    if is_written(tx, case_id, given.id):
        return
    asker = tx.one(ASKER, [case_id])
    if asker is None or not (asker["has_phone"] or asker["has_name"]):
        raise Refusal("nobody_to_contact", "诉求人没有留下联系方式", "the asker left no name")
    over = State(case["state"]) in DONE
    if case["state"] == State.WITHDRAWN:
        raise Refusal("over", "这件事项已办结", "this case is over")
    if not may_contact(actor, case, asker["mode"]):
        raise NotAllowed(
            "not_your_contact", "由主管受理台或承办单位联系诉求人",
            "the desk in charge or the unit in charge contacts the asker",
        )  # fmt: skip
    purpose = "answer" if over else "response"
    check_result(rules(tx), purpose, given.way, given.result)
    write(tx, actor, case, given, purpose)


def is_written(tx: Tx, case_id: UUID, attempt_id: UUID) -> bool:
    row = tx.one("select case_id from case_contacts where id = %s", [attempt_id])
    if row is not None and row["case_id"] != case_id:
        raise Refusal("id_taken", "这个编号已被使用，请重新提交", "this id is taken; send again")
    return row is not None


def write(
    tx: Tx, actor: Actor, case: dict[str, Any], given: Attempt, purpose: str, **said: Any
) -> None:
    """The line, and word of it to open screens; ``said`` is what a call-back learnt."""
    tx.insert(
        "case_contacts",
        [
            {
                "id": given.id, "case_id": case["id"], "round": case["round"], "purpose": purpose,
                "way": given.way, "result": given.result,
                "reached": reached(given.way, given.result), "note": given.note,
                "account_id": actor.id, "actor_name": actor.name, "actor_title": actor.title,
                "at": tx.now, **said,
            }
        ],
    )  # fmt: skip
    if reached(given.way, given.result):
        answers.told(tx, [case["id"]], given.way)
    told = {"purpose": purpose, "reached": reached(given.way, given.result)}
    facts.record(
        tx,
        [facts.Fact("CaseContacted", case["id"], told, case["pos"], case["unit_ids"])],
    )


def listing(tx: Tx, actor: Actor, case_id: UUID) -> dict[str, Any]:
    """Every try on a case, its clock with its own light, and whether this person may add one.

    What was noted of a confidential asker is read by those who may contact him.
    """
    case = tx.one("select * from cases where id = %s", [case_id])
    if case is None:
        raise not_found()
    tries = tx.rows(OF_CASE, [case_id])
    asker = tx.one(ASKER, [case_id])
    there = asker is not None and (asker["has_phone"] or asker["has_name"])
    hidden = (
        asker is not None
        and asker["mode"] == Mode.CONFIDENTIAL
        and not may_contact(actor, case, Mode.CONFIDENTIAL)
    )
    return {
        "clock": clock(tx, case, tries) if there else None,
        "may_add": bool(
            asker and there and case["state"] != State.WITHDRAWN
            and may_contact(actor, case, asker["mode"])
        ),
        "items": [
            {**one, "note": "" if hidden else one["note"],
             "by": {"kind": "account", "name": one["actor_name"], "title": one["actor_title"]}}
            for one in tries
        ],
    }  # fmt: skip


def clock(tx: Tx, case: dict[str, Any], tries: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The first contact of the present round: when it is due, when it was made; None: not begun."""
    row = tx.one(BEGAN, [case["id"], case["round"]])
    if row is None or row["at"] is None:
        return None
    known, began = rules(tx), row["at"]
    limit = stage_limit(known, case["type"], "contact", case["level"])
    due = due_at(known.calendar, began, limit)
    mine = [one for one in tries if one["round"] == case["round"] and one["reached"]]
    made = min((one["at"] for one in mine), default=None)
    over = State(case["state"]) in DONE
    return {
        "began_at": began,
        "due_at": due,
        "limit": {"zh": limit.zh, "en": limit.en},
        "reached_at": made,
        "tries": sum(1 for one in tries if one["round"] == case["round"]),
        "light": "none" if made or over else _light(known, tx.now, began, limit, due),
        "late": (made or tx.now) > due and (made is not None or not over),
    }


def _light(known: Rules, now: datetime, began: datetime, limit: Limit, due: datetime) -> str:
    """As of a case: yellow by the tenant's share of the contact's own time."""
    if now > due:
        return "red"
    percent = known.switches.yellow_percent
    return "yellow" if now >= yellow_at(known.calendar, began, limit, due, percent) else "green"
