"""Call-backs 回访: askers who have not said how it went are asked, and their word is the result.

Three tries on two days; who is not reached by then is counted apart and never as satisfied.
Who left no telephone is visited, by somebody who did not handle the matter.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from wangge.cases.contacts import Attempt, check_result, is_written, write
from wangge.cases.figure_sets import good
from wangge.cases.models import Action, Mode, State, StepInput, Taker
from wangge.cases.service import locked, step_of_account, step_of_asker, step_of_system
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, NotAllowed, Refusal
from wangge.kernel.ids import new_id
from wangge.people.models import Actor
from wangge.tenant.rules import Rules
from wangge.tenant.service import rules

TRIES = 3
BETWEEN = timedelta(hours=1)
OUTCOMES_TOLD = ("reached", "satisfied", "reopened", "refused", "unreached", "unreasonable")
SAID = ("evaluated", "reopened")
UNSATISFIED = frozenset({"dissatisfied", "very_dissatisfied"})
TRIED = """
left join lateral (select count(*) as tries, min(t.at) as first_at, max(t.at) as last_at
    from case_contacts t where t.case_id = c.id and t.at >= c.closed_at and t.purpose = 'callback'
) t on true
"""
# The third try is on another day than the first.
WAITING = f"""
from cases c join case_askers k on k.case_id = c.id {TRIED}
where c.state = 'closed' and c.duty = 'asker' and c.closed_at <= %(since)s
    and (c.pos <@ %(scope)s::int4multirange or c.desk_id = any(%(desks)s))
    and (k.mode <> 'confidential' or c.desk_id = any(%(desks)s))
    and c.handler_id is distinct from %(me)s
    and k.phone_sealed is not null
"""
NOW = """
    and (t.tries = 0 or (t.last_at <= %(again)s
        and (t.tries < 2 or (t.first_at at time zone %(zone)s)::date < city_today())))
"""
LIST = f"""
select c.id, c.number, c.title, c.type, c.round, c.answer, c.closed_at, c.place_words,
    k.name_mask, k.phone_mask, k.mode, t.tries, t.last_at {WAITING} {NOW}
order by t.tries > 0, c.closed_at, c.id limit %(limit)s
"""
COUNT = f"select count(*) as n from (select {WAITING} {NOW} limit 1000) as waiting"
LATER = f"select count(*) as n from (select {WAITING} limit 1000) as waiting"
OUTCOMES = """
select t.outcome, t.satisfaction, c.channel = 'petition' as petition,
    c.unreasonable_at is not null as unreasonable, count(*) as n
from case_contacts t join cases c on c.id = t.case_id
where t.outcome is not null and t.at >= %(month)s
    and (c.pos <@ %(scope)s::int4multirange or c.desk_id = any(%(desks)s))
group by 1, 2, 3, 4
"""
# Minutes from receipt to the first time that the asker was reached before the answer.
FIRST = """
select count(*) as n, percentile_cont(0.5) within group (order by minutes) as p50,
    percentile_cont(0.9) within group (order by minutes) as p90
from (select extract(epoch from min(t.at) - c.received_at)::float8 / 60 as minutes
    from case_contacts t join cases c on c.id = t.case_id
    where t.purpose = 'response' and t.reached and t.round = 1 and t.at >= %(month)s
        and (c.pos <@ %(scope)s::int4multirange or c.desk_id = any(%(desks)s))
    group by c.id, c.received_at) first
"""


@dataclass(frozen=True, slots=True)
class Question:
    """Why a caller holds that what the asker wants has no ground."""

    reason: str
    ground: str


def _where(tx: Tx, actor: Actor) -> dict[str, Any]:
    known, reach = rules(tx), actor.reach("case.callback")
    return {
        "since": tx.now - timedelta(hours=known.switches.callback_after_hours),
        "scope": reach.scope,
        "desks": reach.units,
        "me": actor.id,
        "again": tx.now - BETWEEN,
        "zone": known.calendar.zone,
        "month": tx.now - timedelta(days=30),
    }


def waiting(tx: Tx, actor: Actor, *, limit: int = 50) -> dict[str, Any]:
    """Whom to call now, oldest first, those never called before the others; and what came of it."""
    actor.must("case.callback")
    values = _where(tx, actor)
    known = rules(tx)
    callable_now = (tx.one(COUNT, values) or {"n": 0})["n"]
    everybody = (tx.one(LATER, values) or {"n": 0})["n"]
    outcomes = tx.rows(OUTCOMES, values)
    return {
        "items": tx.rows(LIST, values | {"limit": limit}),
        "count": callable_now,
        "later": everybody - callable_now,
        "month": counted(known, outcomes),
        "petitions": counted(known, [row for row in outcomes if row["petition"]]),
        "first_contact": tx.one(FIRST, values),
        "fairly_counts": known.switches.fairly_satisfied_counts,
        "tries": TRIES,
    }


def counted(known: Rules, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Outcomes of call-backs: who was not reached or would not say stands in no share at all.

    Nor does a demand that a second level ruled to be without ground.

    ``share`` is satisfied ÷ reached in per cent, None where nobody was reached.
    """
    counts = good(fairly=known.switches.fairly_satisfied_counts)
    found: dict[str, Any] = dict.fromkeys(OUTCOMES_TOLD, 0)
    for row in rows:
        if row.get("unreasonable"):
            found["unreasonable"] += row["n"] if row["outcome"] in SAID else 0
            continue
        if row["outcome"] in SAID:
            found["reached"] += row["n"]
            found["satisfied"] += row["n"] if row["satisfaction"] in counts else 0
        if row["outcome"] != "evaluated":
            found[row["outcome"]] += row["n"]
    reached, satisfied = found["reached"], found["satisfied"]
    found["share"] = round(100 * satisfied / reached, 1) if reached else None
    return found


def may_call(actor: Actor, case: dict[str, Any], asker: dict[str, Any]) -> bool:
    """A caller of the ground or the desk; without a telephone also who works on the ground."""
    if actor.id == case["handler_id"]:
        return False
    if asker["mode"] == Mode.CONFIDENTIAL:
        return actor.may_at("case.callback", desk_id=case["desk_id"])
    if actor.may_at("case.callback", desk_id=case["desk_id"], pos=case["pos"]):
        return True
    return not asker["has_phone"] and actor.may_at("case.verify", pos=case["pos"])


def record(
    tx: Tx, actor: Actor, case_id: UUID, given: Attempt,
    *, solved: bool | None = None, satisfaction: str = "", question: Question | None = None,
) -> str:  # fmt: skip
    """Write down one try and lead the case on by it; says what became: '' when nothing yet.

    Of a demand that comes back a caller may propose at once that it has no ground.
    """
    case = locked(tx, case_id)
    if is_written(tx, case_id, given.id):
        row = tx.one("select outcome from case_contacts where id = %s", [given.id])
        return str((row and row["outcome"]) or "")
    asker = tx.one(
        "select mode, phone_sealed is not null as has_phone from case_askers where case_id = %s",
        [case_id],
    )
    if asker is None or case["state"] != State.CLOSED:
        raise Refusal(
            "no_callback", "这件事项不在等待回访", "nobody waits for this asker's word now"
        )
    if not may_call(actor, case, asker):
        raise NotAllowed(
            "not_your_callback", "由没有办理过这件事的回访人员回访",
            "somebody who calls back and did not handle this asks",
        )  # fmt: skip
    check_result(rules(tx), "callback", given.way, given.result)
    tries = _tries(tx, case)
    _check_pace(tx, tries)
    taker = Taker("account", actor.id, actor.name, actor.title)
    if given.result in ("answered", "met"):
        outcome = _said(tx, case, given, taker, solved, satisfaction)
    elif given.result == "refused":
        outcome = _ended(tx, case, "refused")
    else:
        outcome = _ended(tx, case, "unreached") if _is_last(tx, tries) else ""
    said = {"outcome": outcome or None, "satisfaction": satisfaction or None}
    write(tx, actor, case, given, "callback", **said)
    if question and outcome == "reopened":
        asked = StepInput(new_id(), Action.QUESTION, reason=question.reason, note=question.ground)
        step_of_account(tx, actor, case_id, asked)
    return outcome


def _tries(tx: Tx, case: dict[str, Any]) -> list[Any]:
    rows = tx.rows(
        "select at from case_contacts where case_id = %s and at >= %s and purpose = 'callback'"
        " order by at",
        [case["id"], case["closed_at"]],
    )
    return [row["at"] for row in rows]


def _check_pace(tx: Tx, tries: list[Any]) -> None:
    if tries and tx.now - tries[-1] < BETWEEN:
        raise Refusal(
            "called_just_now",
            "一小时内刚联系过这位诉求人，请稍后再打",
            "this asker was tried within the hour; try later",
        )
    if len(tries) == TRIES - 1 and not _is_last(tx, tries):
        raise Refusal(
            "called_today",
            "今天已联系两次，第三次请改天再打",
            "tried twice today; the third try is on another day",
        )


def _is_last(tx: Tx, tries: list[Any]) -> bool:
    """Whether the try of now is the third, and not all three on one day."""
    zone = rules(tx).calendar.days.zone
    today = tx.now.astimezone(zone).date()
    return len(tries) + 1 >= TRIES and tries[0].astimezone(zone).date() < today


def _said(
    tx: Tx, case: dict[str, Any], given: Attempt, taker: Taker,
    solved: bool | None, satisfaction: str,
) -> str:  # fmt: skip
    """The asker's own word, in the history as told to whoever called."""
    if solved is None:
        raise Invalid("field_needed", "请选择是否解决", "is it solved?", field="solved")
    if satisfaction not in {row.code for row in rules(tx).lists.satisfaction}:
        raise Invalid(
            "unknown_satisfaction", "请选择满意程度", "choose how satisfied", field="satisfaction"
        )
    unhappy = satisfaction in UNSATISFIED and rules(tx).switches.dissatisfied_reopens
    step = StepInput(
        id=new_id(),
        action=Action.EVALUATE if solved and not unhappy else Action.REOPEN,
        note=given.note,
        solved=solved,
        satisfaction=satisfaction,
        data={"callback": given.way},
    )
    after = step_of_asker(tx, case["id"], step, taker)
    return "reopened" if after["state"] == State.REOPENED else "evaluated"


def _ended(tx: Tx, case: dict[str, Any], outcome: str) -> str:
    data = {"rule": f"callback_{outcome}"}
    step_of_system(tx, case, replace(StepInput(new_id(), Action.EVALUATE), data=data))
    return outcome
