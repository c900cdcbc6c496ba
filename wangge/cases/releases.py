"""What the public may know of a case: the desk's own words for it, and nothing the asker wrote.

A neighbour with the same trouble follows it instead of telling it again, and hears once.
"""

from typing import Any
from uuid import UUID

from wangge.audit import service as audit
from wangge.cases.complaints import is_about
from wangge.cases.models import Mode
from wangge.cases.service import locked, not_found
from wangge.cases.workflow import BEFORE_CLOSING
from wangge.kernel import crypto
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, Refusal
from wangge.notices import service as notices
from wangge.people.models import Actor
from wangge.tenant.service import rules

MODE = "select mode from case_askers where case_id = %s"
RELEASE = """
insert into case_releases (case_id, words, by, at) values (%s, %s, %s, %s)
on conflict (case_id) do update set words = excluded.words, by = excluded.by, at = excluded.at
"""
HIS_PICTURES = """
update files set released = false where case_id = %s and released and from_asker returning id
"""
UNTOLD = """
update case_followers set told_at = %s where case_id = %s and told_at is null
returning id, phone_sealed, phone_index, locale
"""


def release(tx: Tx, actor: Actor, case_id: UUID, words: str) -> None:
    """Show an open case to its neighbours in ``words``; without words it is taken back at once.

    The transaction sees past row-level security: to all but its own desk the case is not there.
    """
    case = locked(tx, case_id)
    if is_about(actor, case) or not actor.may_at("file.release", desk_id=case["desk_id"]):
        raise not_found()
    if not words:
        tx.run("delete from case_releases where case_id = %s", [case_id])
    else:
        _check(tx, case)
        tx.run(RELEASE, [case_id, words, actor.id, tx.now])
    tx.run("update cases set released = %s where id = %s", [bool(words), case_id])
    what = "case.release" if words else "case.withdraw"
    audit.record(tx, what, case_id, words, account_id=actor.id)


def take_back(tx: Tx, actor: Actor, case_id: UUID) -> None:
    """Its asker stays unknown from now on: neither the case nor a picture of his is public."""
    if tx.run("delete from case_releases where case_id = %s", [case_id]):
        tx.run("update cases set released = false where id = %s", [case_id])
        audit.record(tx, "case.withdraw", case_id, account_id=actor.id)
    for row in tx.rows(HIS_PICTURES, [case_id]):
        audit.record(tx, "file.withdraw", row["id"], account_id=actor.id)


def _check(tx: Tx, case: dict[str, Any]) -> None:
    if case["state"] not in BEFORE_CLOSING:
        raise Refusal("case_is_over", "这件事项已办结，不必再公开", "this case is over")
    asker = tx.one(MODE, [case["id"]])
    if asker and asker["mode"] == Mode.CONFIDENTIAL:
        raise Invalid(
            "confidential_not_released",
            "反映人要求保密，这件事项不能公开",
            "its asker wants to stay unknown, so it is not released",
        )


def tell_followers(tx: Tx, case_id: UUID) -> int:
    """One SMS to each number that follows the case, once; returns how many were sent."""
    words = tx.one(
        "select coalesce(r.words, '') as words from cases c"
        " left join case_releases r on r.case_id = c.id where c.id = %s",
        [case_id],
    )
    rows = tx.rows(UNTOLD, [tx.now, case_id])
    if not rows or not rules(tx).switches.sms_to_asker:
        return 0
    numbers = {bytes(row["phone_index"]): row for row in rows if row["phone_sealed"]}
    for row in numbers.values():
        notices.send_sms(
            tx,
            crypto.open_(tx.cell.tenant, row["phone_sealed"]),
            "followed_solved",
            {"title": (words or {"words": ""})["words"][:30]},
            purpose="follower",
            case_id=case_id,
            message_id=row["id"],
            locale=row["locale"],
        )
    return len(numbers)
