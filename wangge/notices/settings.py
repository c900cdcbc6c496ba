"""When somebody wants his reminders, and what waits for him."""

from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from wangge.kernel.db import Tx
from wangge.notices.holding import WISHES
from wangge.tenant.service import rules

CHOSEN = """
insert into notice_settings (account_id, digest_at, set_at) values (%s, %s, %s)
on conflict (account_id) do update set digest_at = excluded.digest_at, set_at = excluded.set_at
"""


def of(tx: Tx, account_id: UUID) -> dict[str, Any]:
    quiet = rules(tx).quiet
    digests = Jsonb([digest.model_dump() for digest in quiet.digests])
    values = {"now": tx.now, "accounts": [account_id], "digests": digests}
    wish = tx.one(WISHES, values) or {"own": None, "by_post": None}
    held = tx.one("select count(*) as n from held_notices where account_id = %s", [account_id])
    return {
        "own": wish["own"],
        "by_post": wish["by_post"],
        "quiet": quiet.active,
        "quiet_first": quiet.first,
        "quiet_last": quiet.last,
        "quiet_until": quiet.ends(tx.now, rules(tx).calendar.days.zone),
        "waiting": held["n"] if held else 0,
    }


def choose(tx: Tx, account_id: UUID, digest_at: str | None) -> None:
    """Keep somebody's wish; None forgets it, and what his posts have counts again."""
    if digest_at is None:
        tx.run("delete from notice_settings where account_id = %s", [account_id])
    else:
        tx.run(CHOSEN, [account_id, digest_at, tx.now])
