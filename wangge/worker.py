"""The assembly of the worker: pgqueuer's worker and the sweeps, for every tenant."""

import asyncio
import signal
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import asyncpg
import orjson
import psycopg
import structlog
from pgqueuer import PgQueuer
from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver
from pgqueuer.core.executors import DatabaseRetryEntrypointExecutor
from pgqueuer.models import Job
from psycopg.conninfo import conninfo_to_dict
from psycopg.errors import (
    DeadlockDetected,
    LockNotAvailable,
    QueryCanceled,
    SerializationFailure,
)

from wangge.kernel import queue
from wangge.kernel.cluster import cells_of, own_server
from wangge.kernel.db import Cell, Cells, OutOfTimeError, Tx, transaction
from wangge.kernel.errors import Refusal
from wangge.reactions import REGISTERED
from wangge.settings import settings

# A job whose worker was killed is taken up again when its heart has not beaten for so long.
HEARTBEAT = timedelta(seconds=6)
CONNECT_SECONDS = 5
RECONNECT_SECONDS = 0.5
LOOK_SECONDS = 10
# Trouble that a job can have while the database is well.
OF_ITS_OWN = (
    LockNotAvailable, DeadlockDetected, QueryCanceled, SerializationFailure, OutOfTimeError,
)  # fmt: skip
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
    """What fails for want of the database waits for it: that is no fault of the job."""

    async def run(job: Job) -> None:
        arguments = orjson.loads(job.payload or b"{}")
        while True:
            try:
                await asyncio.to_thread(function, opener(cell), **arguments)
            except OF_ITS_OWN:
                raise
            except psycopg.OperationalError as error:
                log.warning("a job waits for the database", job=job.entrypoint, error=str(error))
                await asyncio.sleep(RECONNECT_SECONDS)
            else:
                return

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
    try:
        while True:
            try:
                await _jobs(cell)
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                log.warning("worker waits for the database", tenant=cell.tenant, error=str(error))
            except Exception:
                # A connection that is cut in the middle of a word fails in ways of its own.
                log.exception("the worker of a tenant begins anew", tenant=cell.tenant)
            await asyncio.sleep(RECONNECT_SECONDS)
    finally:
        for task in sweeps:
            task.cancel()


async def _jobs(cell: Cell) -> None:
    """Run jobs over one connection until it is gone."""
    parts = {key: str(value) for key, value in conninfo_to_dict(cell.dsns["intake"]).items()}
    connection = await asyncpg.connect(
        host=parts["host"],
        port=int(parts.get("port", 5432)),
        user=parts["user"],
        password=parts["password"],
        database=parts["dbname"],
        timeout=CONNECT_SECONDS,
    )
    try:
        pgq = PgQueuer(AsyncpgDriver(connection))
        entrypoints(pgq, cell)
        # A queue that waits for a notice does not feel that its connection was cut.
        connection.add_termination_listener(lambda _: pgq.shutdown.set())
        await pgq.run(heartbeat_timeout=HEARTBEAT)
    finally:
        connection.terminate()


async def work(cells: Cells) -> None:
    """Every tenant, also those made later, as long as it is there."""
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
        await _keep_up(cells, tasks)
        try:
            await asyncio.wait_for(stop.wait(), LOOK_SECONDS if tasks else RECONNECT_SECONDS)
        except TimeoutError:
            continue
    for task in tasks.values():
        task.cancel()
    await asyncio.gather(*tasks.values(), return_exceptions=True)


async def _keep_up(cells: Cells, tasks: dict[str, asyncio.Task[None]]) -> None:
    """Begin work for new tenants and end it for those that are gone."""
    try:
        names = await asyncio.to_thread(cells.names)
        for tenant in names:
            if tenant not in tasks or tasks[tenant].done():
                cell = await asyncio.to_thread(cells.cell, tenant)
                tasks[tenant] = asyncio.create_task(work_for(cell))
        for tenant in tasks.keys() - names:
            tasks.pop(tenant).cancel()
    except (psycopg.OperationalError, Refusal) as error:
        log.warning("worker waits for the database", error=str(error))


def main() -> None:
    asyncio.run(work(cells_of(settings(), own_server(settings()))))
