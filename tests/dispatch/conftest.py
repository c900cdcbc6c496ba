"""The worker as it runs in a city, until its queue is empty; and a gateway it can speak to."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta

import asyncpg
import pytest
from pgqueuer import PgQueuer
from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver
from pgqueuer.types import QueueExecutionMode
from psycopg.conninfo import conninfo_to_dict

from wangge.kernel.db import Cell, transaction
from wangge.notices.gateway import shared_token
from wangge.notices.local_gateway import Behaviour, StandIn
from wangge.settings import settings
from wangge.worker import entrypoints

DRAIN_SECONDS = 20
WAITING = "select count(*) as n from pgqueuer where status = 'queued' and execute_after <= now()"
HELD = "select entrypoint, payload from pgqueuer where status not in ('queued', 'picked')"


async def _drain(cell: Cell) -> None:
    parts = {key: str(value) for key, value in conninfo_to_dict(cell.dsns["intake"]).items()}
    connection = await asyncpg.connect(
        host=parts["host"],
        port=int(parts.get("port", 5432)),
        user=parts["user"],
        password=parts["password"],
        database=parts["dbname"],
    )
    pgq = PgQueuer(AsyncpgDriver(connection))
    entrypoints(pgq, cell)
    # A drain looks for its end only as often as it looks for work; half a minute if not told.
    looks = timedelta(milliseconds=50)
    with suppress(TimeoutError):
        await asyncio.wait_for(
            pgq.run(dequeue_timeout=looks, mode=QueueExecutionMode.drain), DRAIN_SECONDS
        )
    await connection.close()


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
