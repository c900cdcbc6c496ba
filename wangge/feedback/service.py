"""意见箱: what people say about the app reaches the system administrators, and each is answered.

It is theirs together until one takes it; whoever wrote finds the answer, a resident by his code.
"""

import secrets
from typing import Any
from uuid import UUID, uuid5

from wangge.audit import service as audit
from wangge.intake.reading import LETTERS
from wangge.kernel.db import Tx
from wangge.kernel.errors import NotFound, Refusal
from wangge.notices import service as notices
from wangge.people.models import Actor
from wangge.tenant.deadline import due_at
from wangge.tenant.limits import Limit
from wangge.tenant.service import rules

ANSWER = "feedback.answer"
ANSWER_WITHIN = Limit.parse("5WD")
MOST_OPEN = 20
OWNERS = """
select distinct p.account_id from posts p join accounts a on a.id = p.account_id and a.active
where p.role = 'system_admin' and p.valid @> city_today()
"""
SHOWN = """
select f.id, f.kind, f.side, f.words, f.at, f.due_at, f.code, f.account_id, f.answer, f.answered_at,
    f.answered_name, f.seen_at, f.owner_id, coalesce(o.name, '') as owner,
    coalesce(a.name, '') as by_name, f.answered_at is null and f.due_at < city_now() as late
from app_feedback f left join accounts o on o.id = f.owner_id
left join accounts a on a.id = f.account_id
"""
OPEN_OF = """
select count(*) as n from app_feedback where account_id = %s and answered_at is null
"""
COUNTS = """
select count(*) as said, count(answered_at) as answered,
    count(*) filter (where answered_at is null and due_at < city_now()) as late
from app_feedback
"""


def write(tx: Tx, key: UUID, *, kind: str, side: str, words: str, actor: Actor | None) -> str:
    """Keep what somebody says about the app; returns the code by which the answer is read."""
    known = tx.one("select account_id, words, code from app_feedback where id = %s", [key])
    if known:
        if (known["account_id"], known["words"]) != (actor.id if actor else None, words):
            raise Refusal(
                "id_taken", "这个编号已被使用，请重新提交", "this id is taken; send again"
            )
        return str(known["code"])
    waiting = tx.one(OPEN_OF, [actor.id]) if actor else None
    if waiting and waiting["n"] >= MOST_OPEN:
        raise Refusal(
            "enough_said",
            f"您已有{MOST_OPEN}条意见等待答复",
            f"{MOST_OPEN} of yours wait for an answer already",
        )
    code = "".join(secrets.choice(LETTERS) for _ in range(12))
    row = {
        "id": key, "kind": kind, "side": side, "words": words, "code": code, "at": tx.now,
        "account_id": actor.id if actor else None,
        "due_at": due_at(rules(tx).calendar, tx.now, ANSWER_WITHIN),
    }  # fmt: skip
    tx.insert("app_feedback", [row])
    body = {"words": words[:60], "feedback": True}
    told = [(one["account_id"], uuid5(key, str(one["account_id"]))) for one in tx.rows(OWNERS)]
    notices.notify(
        tx, [notices.Notice(one, "feedback_came", None, body, id=note) for one, note in told]
    )
    return code


def listed(tx: Tx, actor: Actor) -> list[dict[str, Any]]:
    """All of them, those without an answer first; for whoever answers."""
    actor.must(ANSWER)
    return tx.rows(f"{SHOWN} order by f.answered_at is not null, f.due_at, f.id limit 200")


def mine(tx: Tx, actor: Actor) -> list[dict[str, Any]]:
    """What this person wrote; an answer that is read now is marked as seen."""
    seen = "update app_feedback set seen_at = %s where account_id = %s and seen_at is null"
    tx.run(f"{seen} and answered_at is not null", [tx.now, actor.id])
    return tx.rows(f"{SHOWN} where f.account_id = %s order by f.at desc limit 50", [actor.id])


def by_code(tx: Tx, code: str) -> dict[str, Any]:
    row = tx.one(f"{SHOWN} where f.code = %s and f.account_id is null", [code])
    if row is None:
        raise NotFound("no_such_feedback", "没有这条意见", "there is no such message")
    if row["answered_at"] and not row["seen_at"]:
        tx.run("update app_feedback set seen_at = %s where id = %s", [tx.now, row["id"]])
    return row


def take(tx: Tx, actor: Actor, key: UUID) -> None:
    """It is this administrator's from now on; another may still take it over."""
    _locked(tx, actor, key)
    tx.run("update app_feedback set owner_id = %s where id = %s", [actor.id, key])


def answer(tx: Tx, actor: Actor, key: UUID, *, words: str) -> None:
    row = _locked(tx, actor, key)
    if row["answered_at"]:
        if row["answer"] == words:
            return
        raise Refusal("answered_already", "这条意见已答复", "this is answered already")
    tx.run(
        "update app_feedback set answer = %s, answered_at = %s, answered_name = %s,"
        " owner_id = %s where id = %s",
        [words, tx.now, actor.name, actor.id, key],
    )
    audit.record(tx, "feedback.answered", key, account_id=actor.id)
    if row["account_id"]:
        body = {"words": words[:60], "feedback": True}
        told = notices.Notice(
            row["account_id"], "feedback_answered", None, body, id=uuid5(key, "answer")
        )
        notices.notify(tx, [told])


def _locked(tx: Tx, actor: Actor, key: UUID) -> dict[str, Any]:
    actor.must(ANSWER)
    row = tx.one("select * from app_feedback where id = %s for update", [key])
    if row is None:
        raise NotFound("no_such_feedback", "没有这条意见", "there is no such message")
    return row


def counts(tx: Tx) -> dict[str, int]:
    return tx.one(COUNTS) or {}
