"""The second step of signing in: a code of six digits from one's own telephone (RFC 6238).

The secret is sealed with the installation's key. A code opens once; for a lost telephone there are
ten recovery codes, kept only as keyed hashes, each good once.
"""

import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import pyotp

from wangge.audit.service import record
from wangge.kernel import crypto
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, Refusal, SignInNeeded
from wangge.people.passwords import LETTERS
from wangge.people.roles import Held, role
from wangge.settings import settings
from wangge.tenant.service import rules
from wangge.tenant.switches import Switches

SECONDS = 30
# One step either way, for a clock that is a little wrong and a person who types slowly.
DRIFT = 1
DIGITS = 6
RECOVERY_CODES, RECOVERY_LENGTH = 10, 10
ADMINISTRATORS = frozenset({"system_admin", "security_admin", "audit_admin"})


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A secret that is shown once, to be confirmed by a code made from it."""

    secret: str
    uri: str


def counter() -> int:
    """Count the half minutes as telephones do; the city's clock may be moved, theirs is not."""
    return int(time.time()) // SECONDS


def required(tx: Tx, roles: Iterable[str]) -> bool:
    """Whether the city's switches ask it of one of these posts; the demo signs in by click."""
    return not settings().demo and any(_asked(rules(tx).switches, name) for name in roles)


def _asked(switches: Switches, name: str) -> bool:
    if name in ADMINISTRATORS:
        return switches.second_step_administrators
    if role(name).held is Held.DESK:
        return switches.second_step_desks
    return switches.second_step_others


def since(tx: Tx, account_id: UUID) -> datetime | None:
    """When the account's second step began, or None; every login role may ask this."""
    row = tx.one("select since from second_steps where account_id = %s", [account_id])
    found: datetime | None = row["since"] if row else None
    return found


def state(tx: Tx, account_id: UUID) -> dict[str, Any]:
    left = tx.one(
        "select count(*) as n from recovery_codes where account_id = %s and used_at is null",
        [account_id],
    )
    return {"since": since(tx, account_id), "recovery_codes_left": left["n"] if left else 0}


def needed() -> SignInNeeded:
    return SignInNeeded(
        "second_step_needed",
        "请输入手机验证器上的 6 位动态码；手机不在身边时，可用恢复码",
        "enter the 6 digits that your authenticator shows; without your phone, a recovery code",
    )


def take(tx: Tx, account_id: UUID, given: str) -> bool:
    """Use up a code, of the telephone or for its loss; the caller's transaction keeps that."""
    plain = "".join(letter for letter in given.upper() if letter.isalnum())
    if len(plain) == DIGITS and plain.isdecimal():
        row = tx.one("select sealed from second_steps where account_id = %s", [account_id])
        if row is None or row["sealed"] is None:
            return False
        return _take_digits(tx, account_id, row["sealed"], plain)
    used = tx.run(
        "update recovery_codes set used_at = %s where account_id = %s and code_hash = %s"
        " and used_at is null",
        [tx.now, account_id, _recovery_hash(tx, account_id, plain)],
    )
    if used:
        record(tx, "second_step.recovery_used", account_id, account_id=account_id)
    return bool(used)


def _take_digits(tx: Tx, account_id: UUID, sealed: bytes, digits: str) -> bool:
    found = _counter_of(crypto.open_(tx.cell.tenant, sealed), digits)
    return bool(found) and bool(
        tx.run(
            "update second_steps set last_counter = %s where account_id = %s and last_counter < %s",
            [found, account_id, found],
        )
    )


def _counter_of(secret: str, digits: str) -> int:
    """Return the half minute that made these digits, 0 if none near now did."""
    maker, now = pyotp.TOTP(secret, digits=DIGITS, interval=SECONDS), counter()
    for at in range(now - DRIFT, now + DRIFT + 1):
        if secrets.compare_digest(maker.generate_otp(at), digits):
            return at
    return 0


def _recovery_hash(tx: Tx, account_id: UUID, plain: str) -> bytes:
    return crypto.index(tx.cell.tenant, f"recovery {account_id} {plain}")


PENDING = """
insert into second_steps (account_id, pending) values (%(id)s, %(pending)s)
on conflict (account_id) do update set pending = excluded.pending
"""


def begin(tx: Tx, account_id: UUID, username: str) -> Enrolment:
    """Make a new secret; what was in force stays so until a code of the new one is confirmed."""
    secret = pyotp.random_base32()
    sealed = crypto.seal(tx.cell.tenant, secret)
    tx.run(PENDING, {"id": account_id, "pending": sealed})
    issuer = rules(tx).brand.name.zh
    uri = pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=issuer)
    return Enrolment(secret, uri)


CONFIRM = """
update second_steps set sealed = pending, pending = null, since = %(now)s,
    last_counter = %(counter)s where account_id = %(id)s
"""


def confirm(tx: Tx, account_id: UUID, code: str) -> list[str]:
    """Put the new secret in force and return the recovery codes, which are shown this once."""
    row = tx.one("select pending from second_steps where account_id = %s for update", [account_id])
    if row is None or row["pending"] is None:
        raise Refusal(
            "no_enrolment", "请先扫描二维码再确认", "begin with the QR code, then confirm"
        )
    found = _counter_of(crypto.open_(tx.cell.tenant, row["pending"]), code.replace(" ", ""))
    if not found:
        raise Invalid(
            "wrong_code",
            "动态码不正确，请核对手机时间后再输一次",
            "the code is not right; check the clock of your phone and enter the next one",
            field="code",
        )
    tx.run(CONFIRM, {"now": tx.now, "counter": found, "id": account_id})
    codes = [_new_code() for _ in range(RECOVERY_CODES)]
    tx.run("delete from recovery_codes where account_id = %s", [account_id])
    tx.insert(
        "recovery_codes",
        [
            {
                "account_id": account_id,
                "code_hash": _recovery_hash(tx, account_id, code.replace("-", "")),
            }
            for code in codes
        ],
    )
    record(tx, "second_step.begun", account_id)
    return codes


def _new_code() -> str:
    letters = "".join(secrets.choice(LETTERS) for _ in range(RECOVERY_LENGTH))
    return f"{letters[:5]}-{letters[5:]}"


def forget(tx: Tx, account_id: UUID) -> bool:
    """Take the second step away with its recovery codes; whether there was one."""
    tx.run("delete from recovery_codes where account_id = %s", [account_id])
    return bool(tx.run("delete from second_steps where account_id = %s", [account_id]))
