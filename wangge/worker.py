"""The assembly of the worker: pgqueuer's worker and the sweeps, for every tenant."""

import asyncio
import signal
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager

import asyncpg
import orjson
import structlog
from pgqueuer import PgQueuer
from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver
from pgqueuer.core.executors import DatabaseRetryEntrypointExecutor
from pgqueuer.models import Job
from psycopg.conninfo import conninfo_to_dict

from wangge.kernel import queue
from wangge.kernel.cluster import cells_of, own_server
from wangge.kernel.db import Cell, Cells, Tx, transaction
from wangge.reactions import REGISTERED
from wangge.settings import settings

log = structlog.get_logger()


def opener(cell: Cell) -> Callable[[], AbstractContextManager[Tx]]:
    return lambda: transaction(cell)


async def _sweep(cell: Cell, name: str) -> None:
    every, function = queue.SWEEPS[name]
    while True:
        try:
            await asyncio.to_thread(function, opener(cell))
        except Exception as error:
            log.exception("sweep failed", sweep=name, tenant=cell.tenant, error=str(error))
        await asyncio.sleep(every)


def _runner(cell: Cell, function: queue.Task) -> Callable[[Job], Awaitable[None]]:
    async def run(job: Job) -> None:
        arguments = orjson.loads(job.payload or b"{}")
        await asyncio.to_thread(function, opener(cell), **arguments)

    return run


def entrypoints(pgq: PgQueuer, cell: Cell) -> None:
    """Every registered job, tried six times and then held for a person to look at."""
    for name, function in queue.TASKS.items():
        pgq.entrypoint(
            name,
            concurrency_limit=4,
            on_failure="hold",
            executor_factory=lambda parameters: DatabaseRetryEntrypointExecutor(
                parameters=parameters, max_attempts=6
            ),
        )(_runner(cell, function))


async def work_for(cell: Cell) -> None:
    """Jobs and sweeps of one tenant until cancelled; the database may go and come back."""
    sweeps = [asyncio.create_task(_sweep(cell, name)) for name in queue.SWEEPS]
    parts = {key: str(value) for key, value in conninfo_to_dict(cell.dsns["intake"]).items()}
    try:
        while True:
            try:
                connection = await asyncpg.connect(
                    host=parts["host"],
                    port=int(parts.get("port", 5432)),
                    user=parts["user"],
                    password=parts["password"],
                    database=parts["dbname"],
                )
                try:
                    pgq = PgQueuer(AsyncpgDriver(connection))
                    entrypoints(pgq, cell)
                    await pgq.run()
                finally:
                    connection.terminate()
                return
            except (OSError, asyncpg.PostgresError) as error:
                log.warning("worker waits for the database", tenant=cell.tenant, error=str(error))
                await asyncio.sleep(1)
    finally:
        for task in sweeps:
            task.cancel()


async def work(cells: Cells) -> None:
    """Every tenant, also those made later."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    tasks: dict[str, asyncio.Task[None]] = {}
    log.info(
        "worker begins",
        jobs=sorted(queue.TASKS),
        sweeps=sorted(queue.SWEEPS),
        rooms=len(REGISTERED),
    )
    while not stop.is_set():
        for tenant in await asyncio.to_thread(cells.names):
            if tenant not in tasks or tasks[tenant].done():
                tasks[tenant] = asyncio.create_task(work_for(cells.cell(tenant)))
        try:
            await asyncio.wait_for(stop.wait(), 10)
        except TimeoutError:
            continue
    for task in tasks.values():
        task.cancel()
    await asyncio.gather(*tasks.values(), return_exceptions=True)


def main() -> None:
    asyncio.run(work(cells_of(settings(), own_server(settings()))))
