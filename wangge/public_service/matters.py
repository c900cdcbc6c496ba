"""A resident's own matters: found by follow code or by his telephone, answered by his word."""

import hmac
import secrets
from datetime import timedelta
from typing import Any
from uuid import UUID

from wangge.cases import answers
from wangge.cases.clock import stage_limit
from wangge.cases.models import Action, State, StepInput
from wangge.cases.service import step_of_asker
from wangge.intake.service import code_hash, code_of
from wangge.kernel import crypto
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, NotFound
from wangge.kernel.ids import new_id
from wangge.notices import service as notices
from wangge.tenant.case_types import Stage
from wangge.tenant.deadline import due_at
from wangge.tenant.models import Label
from wangge.tenant.service import rules

CODE_LIVES = timedelta(minutes=10)
CODE_TRIES = 5
AGAIN: tuple[Stage, ...] = ("dispatch", "acknowledge", "handle", "check")
STAGES = ("received", "accepted", "handling", "checking", "done")
STAGE_OF = {
    State.REPORTED: 0,
    State.VERIFYING: 0,
    State.ACCEPTED: 1,
    State.REGISTERED: 1,
    State.REOPENED: 1,
    State.DISPATCHED: 2,
    State.HANDLING: 2,
    State.HANDLED: 3,
    State.CHECKING: 3,
    State.CHECKED: 3,
    State.CLOSED: 4,
    State.EVALUATED: 4,
    State.DECLINED: 4,
    State.WITHDRAWN: 4,
    State.MERGED: 2,
    State.SUSPENDED: 2,
    State.SPLIT: 4,
}
MATTER = """
select c.id, c.number, c.title, c.text, c.kind, c.type, c.state, c.round, c.place_words, c.answer,
    c.received_at, c.total_due_at, c.closed_at, c.solved, c.satisfaction, c.emergency, c.level,
    c.unreasonable_at, a.names,
    c.untold_since is not null as untold,
    desk.short_name as desk, desk.phone as desk_phone, unit.short_name as unit
from cases c join case_askers k on k.case_id = c.id join areas a on a.id = c.area_id
join organisations desk on desk.id = c.desk_id
left join organisations unit on unit.id = c.unit_id
"""
RULED = {
    "zh": "经上一级裁定，这件事不能按您的要求办理，原因见答复",
    "en": "A higher level ruled that this cannot be done as you ask; the reason is in the answer",
}
REACHED = """
select action, target, round, at, reason, data ->> 'rule' as rule, data -> 'remedies' as remedies
from case_steps where case_id = %s order by seq
"""
OWN_FILES = """
select id, purpose, kind from files where case_id = %s and released order by created_at
"""


# What was taken out of a matter is its asker's too, unless somebody else was named for it.
PARTS = """
select p.id, p.number, p.title, p.state from case_parts s join cases p on p.id = s.part_id
where s.origin_id = %(id)s and s.same_asker order by s.at, p.number
"""


def not_found() -> NotFound:
    return NotFound(
        "no_such_matter",
        "没有查到这件事，请核对查询码",
        "nothing was found under this code; please check it",
    )


def by_code(tx: Tx, code: str) -> dict[str, Any]:
    """The whole of what an asker may read: how far it is, the answer, never who works on it."""
    row = tx.one(f"{MATTER} where k.code_hash = %s", [code_hash(code)])
    if row is None:
        raise not_found()
    if row["untold"]:
        answers.told(tx, [row["id"]], "page")
    return matter(tx, row)


def matter(tx: Tx, row: dict[str, Any]) -> dict[str, Any]:
    state = State(row["state"])
    named = rules(tx).workflow.by_state.get(state.value)
    said = named.public if named and named.public else named
    reached = tx.rows(REACHED, [row["id"]])
    stage = STAGE_OF[state]
    return {
        "number": row["number"],
        "title": row["title"],
        "text": row["text"],
        "state": state.value,
        "sentence": RULED if row["unreasonable_at"] else _both(said),
        "remedies": [_both(one) for one in _remedies(tx, reached)]
        if row["unreasonable_at"]
        else [],
        "stages": [
            {"key": key, "at": _when(reached, n, row["round"]), "reached": n <= stage}
            for n, key in enumerate(STAGES)
        ],
        "place": row["place_words"],
        "names": row["names"],
        "desk": row["desk"],
        "desk_phone": row["desk_phone"],
        "unit": row["unit"],
        "round": row["round"],
        "other_hands": _other_hands(reached, row["round"]),
        "answer": row["answer"] if state in _ANSWERED else "",
        "received_at": row["received_at"],
        "expected_at": _expected(tx, row, reached),
        "closed_at": row["closed_at"],
        "solved": row["solved"],
        "satisfaction": row["satisfaction"],
        "may_answer": state is State.CLOSED,
        "may_withdraw": state in (State.REPORTED, State.VERIFYING),
        "files": tx.rows(OWN_FILES, [row["id"]]),
        "parts": [
            {**part, "code": code_of(tx.cell.tenant, part.pop("id").bytes)}
            for part in tx.rows(PARTS, {"id": row["id"]})
        ],
    }


def _both(said: Label | None) -> dict[str, str]:
    return {"zh": said.zh, "en": said.en} if said else {"zh": "", "en": ""}


def _remedies(tx: Tx, reached: list[dict[str, Any]]) -> list[Label]:
    """Those that were named with the ruling, in the words of today."""
    codes = [code for step in reached for code in step["remedies"] or ()]
    return [one for one in rules(tx).lists.remedies if one.code in codes]


_ANSWERED = {State.CLOSED, State.EVALUATED, State.DECLINED, State.WITHDRAWN}


def _expected(tx: Tx, row: dict[str, Any], reached: list[dict[str, Any]]) -> Any:
    """When it should be done; a later round has the time of its own stages, from its reopening."""
    if row["round"] == 1:
        return row["total_due_at"]
    known = rules(tx)
    end = next(step["at"] for step in reached if step["round"] == row["round"])
    for stage in AGAIN:
        end = due_at(known.calendar, end, stage_limit(known, row["type"], stage, row["level"]))
    return end


def _other_hands(reached: list[dict[str, Any]], round_: int) -> bool | None:
    """Whether the present round is in other hands than the last; None: nobody has it yet."""
    taken = [s for s in reached if s["round"] == round_ and s["action"] == Action.ACKNOWLEDGE]
    return None if round_ == 1 or not taken else taken[-1]["rule"] != "only_handler"


def _when(reached: list[dict[str, Any]], stage: int, round_: int) -> Any:
    """When the present round came to a stage; the first two belong to the first round."""
    for step in reached:
        if STAGE_OF[State(step["target"])] >= stage and (stage < 2 or step["round"] == round_):
            return step["at"]
    return None


def _id_of(tx: Tx, code: str) -> UUID:
    row = tx.one("select case_id from case_askers where code_hash = %s", [code_hash(code)])
    if row is None:
        raise not_found()
    found: UUID = row["case_id"]
    return found


def answer(
    tx: Tx, code: str, step_id: UUID, *, solved: bool, satisfaction: str, words: str
) -> dict[str, Any]:
    """已解决 ends the matter; 没解决 sends it round again as long as the tenant's limit allows."""
    case_id = _id_of(tx, code)
    if satisfaction and satisfaction not in {row.code for row in rules(tx).lists.satisfaction}:
        raise Invalid(
            "unknown_satisfaction", "评价选项不存在", "no such rating", field="satisfaction"
        )
    step_of_asker(
        tx,
        case_id,
        StepInput(
            id=step_id,
            action=Action.EVALUATE if solved else Action.REOPEN,
            solved=solved,
            satisfaction=satisfaction,
            note=words.strip(),
        ),
    )
    return by_code(tx, code)


def withdraw(tx: Tx, code: str, step_id: UUID, words: str) -> dict[str, Any]:
    """撤单: the asker takes it back before anybody accepted it."""
    given = StepInput(id=step_id, action=Action.WITHDRAW, note=words.strip())
    step_of_asker(tx, _id_of(tx, code), given)
    return by_code(tx, code)


def send_phone_code(tx: Tx, phone: str) -> None:
    """Six digits by SMS; the answer is the same whether or not the number has matters."""
    number = crypto.normal_phone(phone)
    digits = f"{secrets.randbelow(1_000_000):06d}"
    index = crypto.index(tx.cell.tenant, number)
    tx.insert(
        "phone_codes",
        [
            {
                "id": new_id(),
                "phone_index": index,
                "code_hash": crypto.hashed(f"{index.hex()}{digits}"),
                "at": tx.now,
                "expires_at": tx.now + CODE_LIVES,
            }
        ],
    )
    notices.send_sms(tx, number, "phone_code", {"code": digits}, purpose="phone_code")


def is_right_code(tx: Tx, phone: str, digits: str) -> bool:
    """Whether these digits were sent to the number lately; the try counts, a right one is used."""
    index = crypto.index(tx.cell.tenant, crypto.normal_phone(phone))
    row = tx.one(
        "update phone_codes set attempts = attempts + 1 where id = (select id from phone_codes"
        " where phone_index = %s and expires_at > %s and used_at is null and attempts < %s"
        " order by at desc limit 1) returning id, code_hash",
        [index, tx.now, CODE_TRIES],
    )
    given = crypto.hashed(f"{index.hex()}{digits.strip()}")
    if row is None or not hmac.compare_digest(bytes(row["code_hash"]), given):
        return False
    tx.run("update phone_codes set used_at = %s where id = %s", [tx.now, row["id"]])
    return True


def by_phone(tx: Tx, phone: str, digits: str) -> list[dict[str, Any]] | None:
    """Matters of a number whose owner has just proved to hold it; None when the digits are wrong.

    The caller answers a wrong code after the commit, so that the try is counted.
    """
    if not is_right_code(tx, phone, digits):
        return None
    return of_index(tx, crypto.index(tx.cell.tenant, crypto.normal_phone(phone)))


def of_index(tx: Tx, index: bytes) -> list[dict[str, Any]]:
    """The newest matters of a number, by its blind index."""
    found = tx.rows(
        f"{MATTER} where k.phone_index = %s order by c.received_at desc limit 50", [index]
    )
    return [
        {
            "code": code_of(tx.cell.tenant, case["id"].bytes),
            "number": case["number"],
            "title": case["title"],
            "state": case["state"],
            "received_at": case["received_at"],
            "may_answer": case["state"] == State.CLOSED.value,
        }
        for case in found
    ]


def wrong_code() -> Invalid:
    return Invalid(
        "wrong_code", "验证码不正确或已过期", "the code is wrong or out of date", field="code"
    )
