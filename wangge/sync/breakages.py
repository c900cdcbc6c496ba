"""What the server broke over: counted, listed for the administrator, told of by its person.

What was typed is not here: it stays on the phone, and in the log is only where the code broke.
"""

from typing import Any
from uuid import UUID

from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid
from wangge.people.models import Actor
from wangge.sync.models import Device, Sent

MAY = "feedback.answer"
MOST = 200
BROKE = """
insert into sync_breakages (operation, account_id, device_id, kind, tries, first_at, last_at,
    fault, request_id)
values (%(operation)s, %(account)s, %(device)s, %(kind)s, 1, %(now)s, %(now)s, %(fault)s,
    %(request)s)
on conflict (operation) do update set tries = sync_breakages.tries + 1, last_at = excluded.last_at,
    fault = excluded.fault, request_id = excluded.request_id
    where sync_breakages.account_id = excluded.account_id
"""
TOLD = """
insert into sync_breakages (operation, account_id, kind, tries, first_at, last_at, words, told_at)
values (%(operation)s, %(account)s, %(kind)s, %(tries)s, %(now)s, %(now)s, %(words)s, %(now)s)
on conflict (operation) do update set words = excluded.words, told_at = excluded.told_at,
    tries = greatest(sync_breakages.tries, excluded.tries)
    where sync_breakages.account_id = excluded.account_id
"""
# One that has a receipt after all has been taken, or its person was told why not.
LIST = """
select b.operation, b.kind, b.tries, b.first_at, b.last_at, b.fault, b.request_id, b.words,
    b.told_at, b.account_id, a.name, a.phone, o.received_at as settled_at
from sync_breakages b join accounts a on a.id = b.account_id
left join sync_operations o on o.id = b.operation
order by (o.id is null) desc, b.told_at is null, b.last_at desc, b.operation limit %s
"""


def broke(tx: Tx, device: Device, sent: Sent, fault: str, request: str) -> None:
    """Count one more try; ``fault`` is the name of what went wrong, never a value of it."""
    tx.run(
        BROKE,
        {"operation": sent.operation.id, "account": device.account_id, "device": device.id,
         "kind": sent.operation.kind, "now": tx.now, "fault": fault, "request": request},
    )  # fmt: skip


def tell(tx: Tx, actor: Actor, operation: UUID, *, kind: str, tries: int, words: str) -> None:
    """Its person says what he was doing; also of one that broke before it could be counted."""
    if len(words.strip()) < 2:
        raise Invalid(
            "words_needed", "请写一句您当时在做什么", "say what you were doing", field="words"
        )
    tx.run(
        TOLD,
        {"operation": operation, "account": actor.id, "kind": kind, "tries": tries,
         "words": words.strip(), "now": tx.now},
    )  # fmt: skip


def listing(tx: Tx, actor: Actor) -> list[dict[str, Any]]:
    """Those without a receipt first, of them those that somebody told of."""
    actor.must(MAY)
    return [
        {
            **{name: row[name] for name in ("operation", "kind", "tries", "first_at", "last_at")},
            **{name: row[name] for name in ("fault", "request_id", "words", "told_at")},
            "settled_at": row["settled_at"],
            "by": {"id": row["account_id"], "name": row["name"], "phone": row["phone"]},
        }
        for row in tx.rows(LIST, [MOST])
    ]
