"""并案: a case that tells what another one tells already is carried by that one, the lead.

Each asker keeps his own case, is answered in it when the lead is closed, and judges for himself.
"""

import re
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from wangge.cases import joined
from wangge.cases.clock import CaseRow
from wangge.cases.models import Action, State, StepInput
from wangge.cases.service import locked, not_found, step_of_account, step_of_system
from wangge.cases.workflow import BEFORE_CLOSING
from wangge.kernel import crypto, queue
from wangge.kernel.db import Tx
from wangge.kernel.errors import Refusal
from wangge.kernel.ids import new_id
from wangge.people.models import Actor

# Merging is rare: one at a time in a city, so that no two make a ring or lock each other out.
ONE_AT_A_TIME = "select pg_advisory_xact_lock(hashtext('case_merges'))"
UP = """
with recursive up as (
    select c.id, c.state, 0 as height from cases c where c.id = %s
    union all
    select c.id, c.state, up.height + 1 from up
    join case_merges m on m.case_id = up.id and m.undone_at is null and up.state = 'merged'
    join cases c on c.id = m.lead_id)
select id, state from up order by height
"""
ACTIVE = "select * from case_merges where case_id = %s and undone_at is null"
UNDO = """
update case_merges set undone_at = %s, undone_by = %s, why = %s
where case_id = %s and undone_at is null
"""
LEAVE = """
update case_merges set undone_at = %s, why = 'reopened'
where case_id = any(%s) and undone_at is null returning lead_id
"""
COUNT = "select count(*) as n from case_merges where lead_id = %s and undone_at is null"
MEMBERS = """
select c.id, m.former from case_merges m join cases c on c.id = m.case_id
where m.lead_id = %s and m.undone_at is null and c.state = any(%s) order by c.id for update of c
"""
TITLES = "先生|女士|同志|师傅|阿姨|大爷|大妈|大姐|老师|小姐"
ALARMED = "select 1 from alarms where case_id = %s and acknowledged_at is null"
DONE = frozenset({State.CLOSED, State.EVALUATED})
UNDONE = frozenset({State.DECLINED, State.WITHDRAWN, State.SPLIT})
TOUCHED = """
select distinct t.id from unnest(%s::uuid[]) as t(id) join case_merges m
    on (m.lead_id = t.id or m.case_id = t.id) and m.undone_at is null
"""


def merge(tx: Tx, actor: Actor, case_id: UUID, lead_id: UUID, step: StepInput) -> CaseRow:
    """Let ``lead_id`` carry the case; of a merged lead it is its own lead that does.

    Both must be visible on this transaction, and the step is the case's own desk's. A case brings
    what it carries itself with it.
    """
    tx.one(ONE_AT_A_TIME)
    if tx.one("select 1 from case_merges where id = %s and case_id = %s", [step.id, case_id]):
        return locked(tx, case_id)
    lead = _lead(tx, case_id, lead_id)
    case = locked(tx, case_id)
    _check_danger(tx, case, lead)
    _check_about(case, lead)
    was = joined.former(case)
    data = {"lead": str(lead["id"])}
    after = step_of_account(tx, actor, case_id, _with(step, Action.MERGE, data))
    tx.insert(
        "case_merges",
        [
            {
                "id": step.id,
                "case_id": case_id,
                "lead_id": lead["id"],
                "former": Jsonb(was),
                "at": tx.now,
                "by": actor.id,
            }
        ],
    )
    _write_down(tx, lead, +1)
    return after


def _lead(tx: Tx, case_id: UUID, lead_id: UUID) -> CaseRow:
    """The open case that carries; invisible and absent look the same."""
    if case_id == lead_id:
        raise Refusal("merge_into_itself", "不能并入自己", "a case cannot be merged into itself")
    chain = tx.rows(UP, [lead_id])
    if not chain or chain[-1]["state"] == State.MERGED:
        raise not_found()
    if any(row["id"] == case_id for row in chain):
        raise Refusal(
            "merge_in_a_ring",
            "对方已经并入这件事项，不能再反过来并入",
            "the other one is merged into this case already",
        )
    lead = locked(tx, chain[-1]["id"])
    if State(lead["state"]) not in BEFORE_CLOSING:
        raise Refusal(
            "lead_is_over",
            "对方已经办结，不能再并入；请单独办理",
            "the other case is over; this one must be handled by itself",
            state=lead["state"],
        )
    return lead


def _check_danger(tx: Tx, case: CaseRow, lead: CaseRow) -> None:
    """An emergency does not vanish in a calm matter, nor before somebody has it in hand."""
    if case["rank"] < lead["rank"]:
        raise Refusal(
            "emergency_into_calm",
            "紧急事项不能并入一般事项；可将一般事项并入紧急事项",
            "an emergency is not merged into a calm matter; merge the calm one into it",
        )
    if tx.one(ALARMED, [case["id"]]):
        raise Refusal(
            "alarm_open",
            "紧急告警还没有人接手，请先接手再处理",
            "its alarm is in nobody's hand yet; take it in hand first",
        )


def _check_about(case: CaseRow, lead: CaseRow) -> None:
    """A complaint is not carried by a case that whom it is about may handle and answer."""
    if any(case[one] != lead[one] for one in ("about_unit", "about_account")):
        raise Refusal(
            "complaint_not_merged",
            "两件事项指明的反映对象不同，不能并案；请分别办理",
            "the two do not say the same of whom they are about, so they are not merged",
        )


def _with(step: StepInput, action: Action, data: dict[str, Any]) -> StepInput:
    return StepInput(id=step.id, action=action, version=step.version, note=step.note, data=data)


def unmerge(tx: Tx, actor: Actor, case_id: UUID, step: StepInput) -> CaseRow:
    """Set a merged case free: it stands where it stood, and its stage's clock begins anew.

    Also one that was closed with its lead, as long as its asker is still to be asked.
    """
    tx.one(ONE_AT_A_TIME)
    row = tx.one(ACTIVE, [case_id])
    if row is None:
        if tx.one("select 1 from case_steps where id = %s and case_id = %s", [step.id, case_id]):
            return locked(tx, case_id)
        locked(tx, case_id)
        raise Refusal("not_merged", "这件事项没有并案", "this case is not merged")
    lead = tx.one("select id from cases where id = %s for update", [row["lead_id"]])
    if locked(tx, case_id)["state"] == State.EVALUATED:
        raise Refusal(
            "merge_stays",
            "回访已结束（诉求人已评价或多次未联系上），不再撤销并案；仍未解决的请另行登记",
            "calling back is over: its asker has said so or could not be reached; what is not"
            " solved is reported anew",
        )
    data = {"former": row["former"], "lead": str(row["lead_id"])}
    after = step_of_account(tx, actor, case_id, _with(step, Action.UNMERGE, data))
    tx.run(UNDO, [tx.now, actor.id, "undone", case_id])
    if lead:
        _write_down(tx, locked(tx, lead["id"]), -1)
    else:  # it went out of sight since; whoever writes past row-level security writes it down
        queue.defer(tx, "carry", lead_id=row["lead_id"])
    return after


def _write_down(tx: Tx, lead: CaseRow, change: int) -> None:
    """The lead's history says how many it carries, and nothing about any of them."""
    if State(lead["state"]) in UNDONE:
        return
    data = {"members": _carried(tx, lead["id"]), "change": change}
    step_of_system(tx, lead, StepInput(id=new_id(), action=Action.CARRY, data=data))


def _carried(tx: Tx, lead_id: UUID) -> int:
    return int((tx.one(COUNT, [lead_id]) or {"n": 0})["n"])


def write_down_lost(tx: Tx, lead_id: UUID) -> None:
    _write_down(tx, locked(tx, lead_id), -1)


def touched(tx: Tx, case_ids: Sequence[UUID]) -> list[UUID]:
    """Which of the cases carry others or are carried."""
    return [row["id"] for row in tx.rows(TOUCHED, [list(case_ids)])]


def follow(tx: Tx, case_id: UUID) -> None:
    """Bring what a case carries to where the case itself now stands; safe to run twice.

    Closed: each is closed with its answer. Ended undone: each stands on its own again. Being done
    again, however far it came meanwhile: whoever has not answered yet is carried once more. The
    transaction must see past row-level security.
    """
    tx.one(ONE_AT_A_TIME)
    lead = locked(tx, case_id)
    state = State(lead["state"])
    if state in DONE:
        answer = _for_others(tx, lead)
        for case in tx.rows(MEMBERS, [case_id, ["merged"]]):
            _system(tx, case["id"], Action.CLOSE_MERGED, "lead_closed", answer=answer)
    elif state in UNDONE:
        for case in tx.rows(MEMBERS, [case_id, ["merged"]]):
            tx.run(UNDO, [tx.now, None, "lead_ended", case["id"]])
            _system(tx, case["id"], Action.UNMERGE, "lead_ended", former=case["former"])
    elif state is not State.MERGED:
        for case in tx.rows(MEMBERS, [case_id, ["closed"]]):
            _system(tx, case["id"], Action.REJOIN, "lead_reopened")


def leave(tx: Tx, case_ids: Sequence[UUID]) -> None:
    """An asker who said that it is not solved has his own case done again, by itself.

    At once: until then it could not be merged again. The lead, which may be out of sight here,
    is told by a job.
    """
    if case_ids:
        left = tx.rows(LEAVE, [tx.now, list(case_ids)])
        queue.defer_each(tx, "carry", [{"lead_id": row["lead_id"]} for row in left])


def _system(
    tx: Tx, case_id: UUID, action: Action, rule: str, *, answer: str = "", **data: Any
) -> None:
    given = StepInput(id=new_id(), action=action, answer=answer, data={"rule": rule, **data})
    step_of_system(tx, locked(tx, case_id), given)


def _for_others(tx: Tx, lead: CaseRow) -> str:
    """The lead's answer without its asker's name and number, which are nobody else's business."""
    row = tx.one("select name_sealed, phone_sealed from case_askers where case_id = %s",
                 [lead["id"]])  # fmt: skip
    name, phone = (
        crypto.open_(tx.cell.tenant, row[field]) if row and row[field] else ""
        for field in ("name_sealed", "phone_sealed")
    )
    return _unnamed(lead["answer"], name, phone)


def _unnamed(said: str, name: str, phone: str) -> str:
    """The words without a name, its surname before a title (王女士), and a number; pure."""
    if name:
        called = "|".join(re.escape(one) for one in (name, name[:2], name[:1]))
        said = re.sub(f"(?:{called})(?:{TITLES})", "反映人", said).replace(name, "反映人")
    return said.replace(phone, "（号码略）") if phone else said


STRAY = """
select m.lead_id as id from case_merges m join cases c on c.id = m.case_id
join cases l on l.id = m.lead_id
where m.undone_at is null and c.state = 'merged'
    and l.state in ('closed', 'evaluated', 'declined', 'withdrawn', 'split')
limit 100
"""


def strays(tx: Tx) -> list[UUID]:
    """Leads that are over although they still carry something; there should be none for long."""
    return list(dict.fromkeys(row["id"] for row in tx.rows(STRAY)))
