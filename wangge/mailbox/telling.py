"""Who is told of what happens at a mailbox, and what open screens hear of it."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID, uuid5

from wangge.kernel import facts
from wangge.kernel.db import Tx
from wangge.notices import service as notices


def tell(
    tx: Tx,
    accounts: Iterable[UUID],
    code: str,
    key: UUID,
    body: dict[str, Any],
    *,
    case_id: UUID | None = None,
) -> None:
    """Once each: a notice has a name made of what it is about, its code and whom it tells."""
    notices.notify(
        tx,
        [
            notices.Notice(
                account_id=one, code=code, case_id=case_id, body=body | {"mailbox": code},
                id=uuid5(key, f"{code}:{one}"),
            )
            for one in sorted(set(accounts))
        ],
    )  # fmt: skip


def moved(
    tx: Tx, subject: UUID, what: str, pos: int, units: Sequence[UUID], account: UUID | None = None
) -> None:
    """Screens that show it read it anew."""
    facts.record(tx, [facts.Fact("MailboxMoved", subject, {"what": what}, pos, units, account)])
