"""The worker as it runs in a city, until its queue is empty; and a gateway it can speak to."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import timedelta

import asyncpg
import pytest
from pgqueuer import PgQueuer
from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver
from psycopg.conninfo import conninfo_to_dict

from wangge.kernel.db import Cell, transaction
from wangge.notices.gateway import shared_token
from wangge.notices.local_gateway import Behaviour, StandIn
from wangge.settings import settings
from wangge.worker import entrypoints

DRAIN_SECONDS = 60
LOOKS = timedelta(milliseconds=20)
LEFT = """
select count(*) from pgqueuer
where status = 'picked' or (status = 'queued' and execute_after <= now())
"""
WAITING = "select count(*) as n from pgqueuer where status = 'queued' and execute_after <= now()"
HELD = "select entrypoint, payload from pgqueuer where status not in ('queued', 'picked')"


async def _connect(cell: Cell) -> asyncpg.Connection:
    parts = {key: str(value) for key, value in conninfo_to_dict(cell.dsns["intake"]).items()}
    return await asyncpg.connect(
        host=parts["host"],
        port=int(parts.get("port", 5432)),
        user=parts["user"],
        password=parts["password"],
        database=parts["dbname"],
    )


async def _drain(cell: Cell) -> None:
    """The worker in earnest, ended when nothing is left that it could do now.

    pgqueuer's own drain may miss its end and then waits for what is due some other day.
    """
    worker, watch = await _connect(cell), await _connect(cell)
    pgq = PgQueuer(AsyncpgDriver(worker))
    entrypoints(pgq, cell)
    run = asyncio.create_task(pgq.run(dequeue_timeout=LOOKS))
    async with asyncio.timeout(DRAIN_SECONDS):
        while not run.done() and await watch.fetchval(LEFT):  # noqa: ASYNC110 - a table has no event
            await asyncio.sleep(LOOKS.total_seconds())
    pgq.shutdown.set()
    await run
    await worker.close()
    await watch.close()


def drain(cell: Cell) -> None:
    """Run every job that may run now, and those that they queue; none of them may fail."""
    for _ in range(5):
        asyncio.run(_drain(cell))
        with transaction(cell) as tx:
            row = tx.one(WAITING)
            assert tx.rows(HELD) == []
        if row and row["n"] == 0:
            return
    pytest.fail("the queue does not become empty")


@pytest.fixture
def work(cell: Cell) -> Callable[[], None]:
    return lambda: drain(cell)


@pytest.fixture
def phones(monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    """The gateway's stand-in on a port of its own; what it kept is what left the house."""
    server = StandIn(0, shared_token(), Behaviour(receipts=False)).start()
    monkeypatch.setattr(settings(), "sms_url", server.url)
    yield server
    server.stop()


def messages(phones: StandIn) -> list[tuple[str, str]]:
    with phones.lock:
        return [(kept.phone, kept.text) for kept in phones.kept.values()]
