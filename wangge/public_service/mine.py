"""A resident's own account: his telephone, proved once; it follows his matters on any phone."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from wangge.kernel import crypto
from wangge.kernel.db import Tx
from wangge.kernel.errors import SignInNeeded
from wangge.kernel.ids import new_id
from wangge.public_service import following, matters

LASTS = timedelta(days=90)
# Whoever comes back by the same number is the same account.
OPEN = """
insert into resident_accounts (id, phone_index, phone_sealed, phone_mask, at)
values (%(id)s, %(index)s, %(sealed)s, %(mask)s, %(at)s)
on conflict (phone_index) do update set phone_index = excluded.phone_index
returning id, phone_index, phone_mask, at
"""
WHO = """
select a.id, a.phone_index, a.phone_mask, a.at from resident_sessions s
join resident_accounts a on a.id = s.account_id where s.token_hash = %s and s.ends_at > %s
"""
FOLLOWED = """
select f.id, f.at, r.words from case_followers f
join case_releases r on r.case_id = f.case_id where f.phone_index = %s order by f.at desc limit 50
"""


@dataclass(frozen=True, slots=True)
class Resident:
    """Whoever has proved to hold a number; ``index`` finds what is kept under it."""

    id: UUID
    index: bytes
    mask: str


def begin(tx: Tx, phone: str, digits: str) -> tuple[Resident, str] | None:
    """A session for the number and its token; None when the digits are wrong.

    The caller answers a wrong code after the commit, so that the try is counted.
    """
    if not matters.is_right_code(tx, phone, digits):
        return None
    tenant, number = tx.cell.tenant, crypto.normal_phone(phone)
    row = tx.one(
        OPEN,
        {"id": new_id(), "index": crypto.index(tenant, number),
         "sealed": crypto.seal(tenant, number), "mask": crypto.mask_phone(number), "at": tx.now},
    )  # fmt: skip
    if row is None:
        raise LookupError(number)
    token = secrets.token_urlsafe(32)
    tx.insert(
        "resident_sessions",
        [{"token_hash": crypto.hashed(token), "account_id": row["id"], "began_at": tx.now,
          "ends_at": tx.now + LASTS}],
    )  # fmt: skip
    tx.run("delete from resident_sessions where ends_at < %s", [tx.now])
    return Resident(row["id"], bytes(row["phone_index"]), row["phone_mask"]), token


def of_token(tx: Tx, token: str | None) -> Resident:
    row = tx.one(WHO, [crypto.hashed(token), tx.now]) if token else None
    if row is None:
        raise SignInNeeded(
            "phone_needed",
            "请先用手机号登录；不登录也可以反映问题、凭查询码查看",
            "sign in with your number first; reporting and looking by code need no account",
        )
    return Resident(row["id"], bytes(row["phone_index"]), row["phone_mask"])


def end(tx: Tx, token: str | None, *, everywhere: bool = False) -> None:
    """Sign this phone out, or every phone of the account."""
    if not token:
        return
    whose = "select account_id from resident_sessions where token_hash = %(token)s"
    where = f"account_id in ({whose})" if everywhere else "token_hash = %(token)s"
    tx.run(f"delete from resident_sessions where {where}", {"token": crypto.hashed(token)})


def overview(tx: Tx, who: Resident) -> dict[str, Any]:
    """Everything that this number reported or follows, the newest first."""
    return {
        "account": who.id,
        "phone_mask": who.mask,
        "matters": matters.of_index(tx, who.index),
        "follows": [
            {"code": following.code_of_follow(tx.cell.tenant, row["id"]), "words": row["words"],
             "at": row["at"]}
            for row in tx.rows(FOLLOWED, [who.index])
        ],
    }  # fmt: skip
