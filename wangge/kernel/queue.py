"""Jobs: queued in the transaction that wants them, run by pgqueuer's worker."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

import orjson

from wangge.kernel.db import Tx

Open = Callable[[], AbstractContextManager[Tx]]
Task = Callable[..., None]
TASKS: dict[str, Task] = {}
SWEEPS: dict[str, tuple[float, Callable[[Open], None]]] = {}

INSERT = """
insert into pgqueuer (priority, entrypoint, payload, execute_after, status)
values (%s, %s, %s, now() + %s, 'queued')
"""
INSERT_EACH = """
insert into pgqueuer (priority, entrypoint, payload, execute_after, status)
select 0, %s, payload, now(), 'queued' from unnest(%s::bytea[]) as payload
"""


def task(name: str) -> Callable[[Task], Task]:
    """Register a job ``def f(open_tx, **args)``: own transactions, safe to run twice."""

    def register(function: Task) -> Task:
        TASKS[name] = function
        return function

    return register


def sweep(name: str, *, every: float) -> Callable[[Callable[[Open], None]], Callable[[Open], None]]:
    """Register a sweep that each tenant's worker runs ``every`` so many seconds."""

    def register(function: Callable[[Open], None]) -> Callable[[Open], None]:
        SWEEPS[name] = (every, function)
        return function

    return register


def defer_each(tx: Tx, name: str, jobs: Sequence[dict[str, Any]]) -> None:
    """Queue one job for each of the arguments, in one statement."""
    _known(name)
    if jobs:
        tx.run(INSERT_EACH, [name, [orjson.dumps(args, default=str) for args in jobs]])


def defer(tx: Tx, name: str, *, at: datetime | None = None, priority: int = 0, **args: Any) -> None:
    """Queue a job; workers see it only if the transaction commits. ``at`` is city time."""
    _known(name)
    wait = max(at - tx.now, timedelta()) if at else timedelta()
    tx.run(INSERT, [priority, name, orjson.dumps(args, default=str), wait])


def _known(name: str) -> None:
    if name not in TASKS:
        message = f"no such task: {name}"
        raise KeyError(message)
