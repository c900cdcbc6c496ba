"""Signing in and out: sessions, the lock after five failures, and activation of a new account."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from wangge.audit.service import record
from wangge.kernel import facts
from wangge.kernel.crypto import hashed
from wangge.kernel.db import Tx
from wangge.kernel.errors import SignInNeeded
from wangge.kernel.facts import Fact
from wangge.settings import settings

MOST_FAILURES = 5
LOCKED_FOR = timedelta(minutes=15)
DEMO_LASTS = timedelta(days=3660)  # the demo's clock jumps, and nobody is to be thrown out by it


@dataclass(frozen=True, slots=True)
class Caller:
    """Where a request comes from, for the session's row and the log."""

    address: str = ""
    agent: str = ""


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a username is checked against; empty for a username that nobody has."""

    account_id: UUID | None = None
    phone: str = ""
    password_hash: str | None = None
    activation_hash: bytes | None = None
    locked: bool = False
    second_step: bool = False


@dataclass(frozen=True, slots=True)
class Opened:
    """A session that has just begun; the token is known here and to the browser only."""

    token: str
    lasts: timedelta

    @property
    def hash(self) -> bytes:
        return hashed(self.token)


CREDENTIALS = """
select id, phone, password_hash, case when activation_expires_at is null
    or activation_expires_at > %(now)s then activation_hash end as activation_hash,
    coalesce(locked_until > %(now)s, false) as locked,
    exists (select from second_steps s where s.account_id = accounts.id and s.since is not null)
        as second_step
from accounts where username = %(username)s and active
"""


def credentials(tx: Tx, username: str) -> Credentials:
    row = tx.one(CREDENTIALS, {"now": tx.now, "username": username.strip().lower()})
    if row is None:
        return Credentials()
    return Credentials(
        row["id"],
        row["phone"],
        row["password_hash"],
        bytes(row["activation_hash"]) if row["activation_hash"] else None,
        row["locked"],
        row["second_step"],
    )


def failed() -> SignInNeeded:
    """Return the one answer to every failure: it does not tell who has an account here."""
    return SignInNeeded(
        "sign_in_failed",
        "用户名或密码不正确；连续 5 次错误后，该账号暂停登录 15 分钟",
        "wrong username or password; five failures in a row close the account for 15 minutes",
    )


# A count begun before the last lock ran out starts anew.
FAILURE = """
update accounts set failed_count = case when locked_until <= %(now)s then 1
        else failed_count + 1 end,
    locked_until = case
        when locked_until > %(now)s then locked_until
        when locked_until is null and failed_count + 1 >= %(most)s then %(until)s end
where id = %(id)s returning locked_until
"""


def failure(tx: Tx, username: str, account_id: UUID | None, caller: Caller) -> None:
    """Count a failure and write it down; the caller commits this and only then refuses."""
    row = tx.one(
        FAILURE,
        {
            "now": tx.now,
            "id": account_id,
            "most": MOST_FAILURES,
            "until": tx.now + LOCKED_FOR,
        },
    )
    locked = bool(row and row["locked_until"])
    detail = {"username": username[:60], "known": account_id is not None, "locked": locked}
    record(tx, "session.failed", account_id, detail=detail, address=caller.address)


SUCCESS = """
update accounts set failed_count = 0, locked_until = null
where id = %s and active and (locked_until is null or locked_until <= %s) returning id
"""


def begin(tx: Tx, account_id: UUID, caller: Caller, *, action: str = "session.begun") -> Opened:
    """Begin a session; refuses if the account was locked while the password was being checked."""
    if tx.one(SUCCESS, [account_id, tx.now]) is None:
        raise failed()
    tx.run("delete from sessions where account_id = %s and expires_at < %s", [account_id, tx.now])
    lasts, idle = DEMO_LASTS, DEMO_LASTS
    if action != "session.demo":
        lasts = timedelta(hours=settings().session_hours)
        idle = timedelta(minutes=settings().idle_minutes)
    opened = Opened(secrets.token_urlsafe(32), lasts)
    tx.insert(
        "sessions",
        [
            {
                "token_hash": opened.hash,
                "account_id": account_id,
                "csrf": secrets.token_urlsafe(24),
                "created_at": tx.now,
                "seen_at": tx.now,
                "expires_at": tx.now + lasts,
                "idle": idle,
                "address": caller.address,
                "agent": caller.agent[:200],
            }
        ],
    )
    record(tx, action, account_id, account_id=account_id, address=caller.address)
    return opened


def end(tx: Tx, token: bytes) -> None:
    """Sign out; a session that has ended already is no error."""
    rows = tx.rows("delete from sessions where token_hash = %s returning account_id", [token])
    for row in rows:
        record(tx, "session.ended", row["account_id"], account_id=row["account_id"])


def end_all(tx: Tx, account_ids: Sequence[UUID], *, but: bytes = b"") -> None:
    """End the accounts' sessions except one, and close their live screens."""
    tx.run(
        "delete from sessions where account_id = any(%s) and token_hash <> %s",
        [list(account_ids), but],
    )
    ended = [Fact("SessionsEnded", account, account_id=account) for account in account_ids]
    facts.record(tx, ended)


def forget_ended(tx: Tx) -> int:
    """Delete the rows of sessions that ended more than a day ago; returns how many."""
    return tx.run(
        "delete from sessions where least(expires_at, seen_at + idle) < %s",
        [tx.now - timedelta(days=1)],
    )


STORE = """
update accounts set password_hash = %(hash)s, activation_hash = null,
    activation_expires_at = null, must_change_password = false
where id = %(id)s and active and password_hash is not distinct from %(old)s
    and (%(code)s::bytea is null or activation_hash = %(code)s)
returning id
"""


def set_password(
    tx: Tx, account_id: UUID, new_hash: str, *, old_hash: str | None, code: bytes | None = None
) -> bool:
    """Store the password if nobody stored another since; a code is used up by this."""
    values = {"hash": new_hash, "id": account_id, "old": old_hash, "code": code}
    return tx.one(STORE, values) is not None
