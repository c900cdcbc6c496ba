"""Jobs that were given up: kept with their reason until a person has looked at them."""

from typing import Any

from wangge.kernel.db import Tx

HELD = """
select q.id, q.entrypoint, q.attempts, q.created, convert_from(q.payload, 'UTF8') as payload,
    (select traceback ->> 'exception_message' from pgqueuer_log l where l.job_id = q.id
        and l.traceback is not null order by l.id desc limit 1) as reason
from pgqueuer q where q.status = 'failed' order by q.id limit 200
"""
AGAIN = """
update pgqueuer set status = 'queued', attempts = 0, execute_after = now(), updated = now(),
    queue_manager_id = null
where status = 'failed' and (%(id)s::int is null or id = %(id)s)
"""


def held(tx: Tx) -> list[dict[str, Any]]:
    return tx.rows(HELD)


def again(tx: Tx, job_id: int | None = None) -> int:
    """Queue one, or all of them, anew; returns how many."""
    return tx.run(AGAIN, {"id": job_id})
