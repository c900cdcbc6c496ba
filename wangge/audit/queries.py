"""Read the log, newest first."""

from datetime import datetime
from typing import Any
from uuid import UUID

from wangge.kernel.db import Tx

PAGE = """
select r.id, r.at, r.action, r.subject, r.reason, r.detail, r.request_id, r.address,
    r.account_id, a.name as account_name, a.username
from audit_rows r left join accounts a on a.id = r.account_id
where (%(action)s::text is null or starts_with(r.action, %(action)s))
    and (%(account)s::uuid is null or r.account_id = %(account)s)
    and (%(subject)s::uuid is null or r.subject = %(subject)s)
    and (%(since)s::timestamptz is null or r.at >= %(since)s)
    and (%(until)s::timestamptz is null or r.at < %(until)s)
    and (%(at)s::timestamptz is null or (r.at, r.id) < (%(at)s, %(id)s::uuid))
order by r.at desc, r.id desc limit %(limit)s
"""


def page(
    tx: Tx,
    *,
    action: str | None = None,
    account: UUID | None = None,
    subject: UUID | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    after: tuple[datetime, UUID] | None = None,
    limit: int = 100,
) -> list[dict[str, Any]]:
    """Rows before ``after`` (the last row's time and id); ``action`` is the beginning of a name."""
    at, row_id = after or (None, None)
    return tx.rows(
        PAGE,
        {
            "action": action,
            "account": account,
            "subject": subject,
            "since": since,
            "until": until,
            "at": at,
            "id": row_id,
            "limit": limit,
        },
    )
