"""A job that fails again and again is kept with its reason, shown, and run anew on demand."""

import asyncio

import asyncpg
import orjson
from pgqueuer import PgQueuer
from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver
from psycopg.conninfo import conninfo_to_dict

from tests.faults.platform import PAUSE
from wangge.doctor import of_tenant
from wangge.kernel.db import Cell, Cells, transaction
from wangge.upkeep import held
from wangge.worker import entrypoints

BROKEN = """
insert into pgqueuer (priority, entrypoint, payload, execute_after, status, attempts)
values (0, 'tell', %s, now(), 'queued', %s)
"""
TRIED = "select 1 from pgqueuer where status = 'failed' or status = 'queued' and attempts = 1"
LAST_TRY = 6
LONGEST = 60
LOOK = 0.05


def queue_broken(cell: Cell, attempts: int) -> None:
    """A job that names no case: it can only fail."""
    with transaction(cell) as tx:
        tx.run(BROKEN, [orjson.dumps({"case_id": "not an id", "target": "closed"}), attempts])


def _tried(cell: Cell) -> bool:
    with transaction(cell) as tx:
        return bool(tx.rows(TRIED))


async def _work(cell: Cell) -> None:
    parts = {key: str(value) for key, value in conninfo_to_dict(cell.dsns["intake"]).items()}
    connection = await asyncpg.connect(
        host=parts["host"],
        user=parts["user"],
        password=parts["password"],
        database=parts["dbname"],
    )
    pgq = PgQueuer(AsyncpgDriver(connection))
    entrypoints(pgq, cell)
    running = asyncio.create_task(pgq.run())
    try:
        async with asyncio.timeout(LONGEST):
            while not await asyncio.to_thread(_tried, cell):
                await asyncio.to_thread(PAUSE.wait, LOOK)
    finally:
        pgq.shutdown.set()
        await running
        await connection.close()


def test_a_job_that_fails_is_kept_and_shown(cell: Cell, cells: Cells) -> None:
    """Seen red with pgqueuer's own ``on_failure``, which deletes the job."""
    queue_broken(cell, LAST_TRY)
    asyncio.run(_work(cell))

    with transaction(cell) as tx:
        (job,) = held.held(tx)
    assert job["entrypoint"] == "tell"
    assert "not an id" in job["payload"]
    assert "uuid" in job["reason"].lower()
    told = {one.what: one for one in of_tenant(cells, cell.tenant)}
    finding = told[f"{cell.tenant}: 搁置的任务 held jobs"]
    assert not finding.ok
    assert finding.advice == f"wangge jobs --tenant {cell.tenant}"

    with transaction(cell) as tx:
        assert held.again(tx, job["id"]) == 1
        assert held.held(tx) == []
        (row,) = tx.rows("select status, attempts from pgqueuer where id = %s", [job["id"]])
    assert row == {"status": "queued", "attempts": 0}


def test_a_job_that_fails_once_is_tried_again_later(cell: Cell) -> None:
    queue_broken(cell, 0)

    asyncio.run(_work(cell))

    with transaction(cell) as tx:
        (job,) = tx.rows("select status, attempts from pgqueuer")
    assert job == {"status": "queued", "attempts": 1}
