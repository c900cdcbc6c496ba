"""Write the log: sign-ins, reads of personal data, changes of rules and rights, exports."""

from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from wangge.kernel.db import Tx
from wangge.kernel.ids import new_id

INSERT = """
insert into audit_rows (id, at, account_id, action, subject, reason, detail, request_id, address)
values (%s, %s, %s, %s, %s, %s, %s, %s, %s)
"""


def record(
    tx: Tx,
    action: str,
    subject: UUID | None = None,
    reason: str = "",
    detail: dict[str, Any] | None = None,
    *,
    account_id: UUID | None = None,
    address: str = "",
) -> None:
    """Append one row; who acted is ``account_id`` or whoever is signed in.

    ``detail`` holds plain values and never a password, a code or the personal data that was read.
    """
    who = account_id or (UUID(tx.session.account["id"]) if tx.session else None)
    plain = Jsonb(detail or {})
    tx.run(
        INSERT,
        [new_id(), tx.now, who, action, subject, reason, plain, tx.request_id, address],
    )
