"""承诺: what an asker was told would happen by when; open until it is kept, red when past."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from wangge.cases.models import Action, StepInput, Taker
from wangge.cases.service import locked, marked
from wangge.dispatch.service import BY_UNIT
from wangge.handovers.models import Row
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, NotAllowed, NotFound, Refusal
from wangge.kernel.ids import new_id
from wangge.notices import service as notices
from wangge.people import roster
from wangge.people.models import Actor
from wangge.tenant.service import rules

LONGEST = timedelta(days=366)
OF_CASE = "select * from case_promises where case_id = %s order by made_at, id"
OPEN_AT = """
select p.*, c.number, c.title from case_promises p join cases c on c.id = p.case_id
where p.unit_id = %s and p.kept_at is null order by p.by_at, p.id limit 200
"""
ONE = "select * from case_promises where id = %s for update"
LATE = """
select p.*, c.number, c.title, c.about_account from case_promises p
join cases c on c.id = p.case_id
where p.kept_at is null and p.late_at is null and p.by_at < %s
order by p.by_at limit 200 for update of p skip locked
"""
ROLES = ["acceptor", "dispatcher", "duty_leader", "caller", "handler", "department_manager",
         "property_manager"]  # fmt: skip


def side_of(actor: Actor, case: Row) -> UUID | None:
    """The desk or unit for which this person may promise; None for anybody else."""
    for permission in ("case.correct", "case.callback", "case.dispatch"):
        if actor.may_at(permission, desk_id=case["desk_id"]):
            return UUID(str(case["desk_id"]))
    if case["unit_id"] and actor.may_at("case.handle", unit_id=case["unit_id"]):
        return UUID(str(case["unit_id"]))
    return None


def make(tx: Tx, actor: Actor, case_id: UUID, *, key: UUID, words: str, by: datetime) -> None:
    """Write down what was promised; a repeat with the same id changes nothing."""
    case = locked(tx, case_id)
    known = tx.one("select case_id, words from case_promises where id = %s", [key])
    if known:
        if (known["case_id"], known["words"]) != (case_id, words):
            raise Refusal("id_taken", "此编号已被使用", "this id is taken")
        return
    side = side_of(actor, case)
    if side is None:
        raise not_yours()
    if not words:
        raise Invalid("field_needed", "请写明承诺了什么", "please say what was promised",
                      field="words")  # fmt: skip
    if not tx.now < by <= tx.now + LONGEST:
        raise Invalid(
            "promise_past", "兑现时间须晚于现在，最多一年",
            "a promise is due later than now, within a year", field="by",
        )  # fmt: skip
    tx.insert(
        "case_promises",
        [
            {
                "id": key,
                "case_id": case_id,
                "desk_id": case["desk_id"],
                "unit_id": side,
                "words": words,
                "by_at": by,
                "made_by": actor.id,
                "made_name": actor.name,
                "made_title": actor.title,
                "made_at": tx.now,
            }
        ],
    )
    zone = rules(tx).calendar.days.zone
    said = f"承诺{by.astimezone(zone):%m-%d %H:%M}前：{words}"
    _say(tx, actor, case_id, Action.PROMISE, said, {"promise": str(key), "by": by.isoformat()})


def keep(tx: Tx, actor: Actor, promise_id: UUID, *, words: str) -> UUID:
    """Say that it was kept, and how; a repeat changes nothing. Returns the case."""
    row = tx.one(ONE, [promise_id])
    if row is None:
        raise NotFound("no_such_promise", "没有这项承诺", "there is no such promise")
    case = locked(tx, row["case_id"])
    if side_of(actor, case) is None and not actor.may_at("case.read", unit_id=row["unit_id"]):
        raise not_yours()
    if row["kept_at"] is None:
        tx.run(
            "update case_promises set kept_at = %s, kept_name = %s, kept_words = %s where id = %s",
            [tx.now, actor.name, words, promise_id],
        )
        said = f"已兑现：{row['words']}。{words}".strip()
        _say(tx, actor, case["id"], Action.KEEP_PROMISE, said, {"promise": str(promise_id)})
    found: UUID = row["case_id"]
    return found


def of_case(tx: Tx, actor: Actor, case: Row) -> dict[str, Any]:
    return {
        "items": [shown(row, tx.now) for row in tx.rows(OF_CASE, [case["id"]])],
        "may_make": side_of(actor, case) is not None,
    }


def open_at(tx: Tx, unit_id: UUID) -> list[Row]:
    """What a desk or unit has still to keep, the earliest first; row-level security applies."""
    return tx.rows(OPEN_AT, [unit_id])


def shown(row: Row, now: datetime) -> dict[str, Any]:
    return {
        **{
            name: row[name]
            for name in (
                "id", "case_id", "words", "by_at", "made_name", "made_title", "made_at",
                "kept_at", "kept_name", "kept_words", "seen_to_name",
            )
        },
        "number": row.get("number"),
        "title": row.get("title"),
        "late": row["kept_at"] is None and row["by_at"] < now,
    }  # fmt: skip


def look(tx: Tx) -> int:
    """Promises that have just become late are told once, to whoever made them and is on duty."""
    late = tx.rows(LATE, [tx.now])
    out = []
    for row in late:
        tx.run("update case_promises set late_at = %s where id = %s", [tx.now, row["id"]])
        there = [one["account_id"] for one in tx.rows(BY_UNIT, [ROLES, [row["unit_id"]]])]
        awake = {turn.account_id for turn in roster.on_duty(tx, row["unit_id"]) if turn.written}
        his = row["seen_to_by"] or row["made_by"]
        told = [one for one in there if one == his or one in awake] or there
        body = {"number": row["number"], "title": row["title"], "said": row["words"],
                "by": row["seen_to_name"] or row["made_name"]}  # fmt: skip
        out += [
            notices.Notice(one, "promise_late", row["case_id"], body, id=uuid5(row["id"], str(one)))
            for one in told
            if one != row["about_account"]
        ]
    notices.notify(tx, out)
    return len(late)


def not_yours() -> NotAllowed:
    return NotAllowed(
        "not_your_promise",
        "承诺由主管受理台或承办单位填写",
        "promises are made by the desk or the unit in charge",
    )


def _say(
    tx: Tx, actor: Actor, case_id: UUID, action: Action, words: str, data: dict[str, str]
) -> None:
    given = StepInput(id=new_id(), action=action, note=words, data=data)
    marked(tx, locked(tx, case_id), given, Taker("account", actor.id, actor.name, actor.title))
