"""Reads of notices and messages."""

from datetime import datetime
from typing import Any
from uuid import UUID

from wangge.kernel.db import Tx
from wangge.notices.models import Sms

MINE = """
select id, at, code, body, case_id, urgent, read_at from notices
where account_id = %(account)s and (not %(unread)s or read_at is null)
    and (%(at)s::timestamptz is null or (at, id) < (%(at)s, %(id)s::uuid))
order by at desc, id desc limit %(limit)s
"""
UNREAD = "select count(*) as n from notices where account_id = %s and read_at is null"
MESSAGES = """
select id, phone_mask, text, purpose, case_id, state, attempts, error, at, sent_at, receipt_at
from sms_messages where (%(case)s::uuid is null or case_id = %(case)s)
order by at desc, id desc limit %(limit)s
"""


def mine(
    tx: Tx,
    account_id: UUID,
    *,
    unread: bool = False,
    after: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> list[dict[str, Any]]:
    """Newest first; ``after`` is the last row's time and id."""
    at, notice_id = after or (None, None)
    return tx.rows(
        MINE,
        {"account": account_id, "unread": unread, "at": at, "id": notice_id, "limit": limit},
    )


def unread(tx: Tx, account_id: UUID) -> int:
    row = tx.one(UNREAD, [account_id])
    return int(row["n"]) if row else 0


def messages(tx: Tx, *, case_id: UUID | None = None, limit: int = 200) -> list[Sms]:
    """Every SMS, newest first, its number masked."""
    return [Sms(**row) for row in tx.rows(MESSAGES, {"case": case_id, "limit": limit})]
