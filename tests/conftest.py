"""A real PostgreSQL for the run, and a database of its own for every test that asks for one."""

import atexit
import gc
import os
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from functools import cache
from itertools import count
from pathlib import Path

import psycopg
import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from fastapi.testclient import TestClient
from psycopg import sql

from wangge.app import build
from wangge.kernel import clock, tenants
from wangge.kernel.db import PREFIX, TEMPLATE, Cell, Cells, Role, Tx, transaction
from wangge.kernel.supervisor import Server
from wangge.people import passwords
from wangge.settings import settings

pytest_plugins = ["tests.town", "tests.proofs"]
HOME = "WANGGE_TEST_HOME"
# A working morning in the middle of a week. What happens depends on the day and the hour, so a run
# says the same whenever it is made; another moment is tried with the variable.
AT = datetime.fromisoformat(os.environ.get("WANGGE_TEST_AT", "2026-11-18T10:00+08:00"))
_server: Server | None = None
addresses = count(1)
# What takes long, and shares a browser or a platform, begins the share of one process each: so it
# is set up once, and what is left at the end are short tests, of which each process has some.
FIRST = (
    ("tests/e2e/",),
    ("tests/doors/test_fuzz.py", "tests/faults/"),
    ("tests/cases/test_hot_lists.py", "tests/cases/test_owned_walk.py", "tests/demo/"),
)
MEMORY, ROOMY = Path("/dev/shm"), 4 << 30  # noqa: S108 - a folder of its own is made in it


def roomy() -> str | None:
    """Where the run's databases lie: in memory, where a copy of one takes 15 ms instead of 50."""
    if os.environ.get("WANGGE_PROVE") or not MEMORY.is_dir():
        return None
    return str(MEMORY) if shutil.disk_usage(MEMORY).free > ROOMY else None


def pytest_configure(config: pytest.Config) -> None:
    """The first process of the run starts the server; xdist's workers find it by its folder."""
    global _server  # noqa: PLW0603 - pytest's hooks share nothing else
    os.environ["WANGGE_DEMO"] = "1"
    if HOME not in os.environ:
        os.environ[HOME] = tempfile.mkdtemp(prefix="wangge-test-", dir=roomy())
        _server = Server(Path(os.environ[HOME]), durable=False)
        _server.start()
        cells = _cells(_server)
        tenants.migrate(cells)
        set_clock(cells)
    os.environ["WANGGE_HOME"] = str(
        Path(os.environ[HOME]) / os.environ.get("PYTEST_XDIST_WORKER", "main")
    )
    settings.cache_clear()
    # What makes a guesser's work dear would make the tests' dear too: each signs somebody in.
    passwords.HASHER = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    passwords.NOBODYS = passwords.HASHER.hash("nobody's")


def set_clock(cells: Cells) -> None:
    """Every tenant of the run is a copy of the template, and its clock goes on from there."""
    with psycopg.connect(cells.owner(TEMPLATE)) as owner:
        owner.execute(clock.SHIFT, [AT])


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long tests first; xdist gives each process a run of neighbours of the same length."""
    processes = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    share = len(items) // processes
    begins: list[list[pytest.Item]] = [[] for _ in range(processes)]
    short: list[pytest.Item] = []
    for item in items:
        kind = next((n for n, paths in enumerate(FIRST) if item.nodeid.startswith(paths)), None)
        (short if kind is None else begins[kind % processes]).append(item)
    if processes == 1:
        return
    items.clear()
    for begin in begins:
        room = max(share - len(begin), 0)
        items += begin + short[:room]
        short = short[room:]
    items += short


def pytest_collection_finish(session: pytest.Session) -> None:
    """What was imported stays: looking through it for garbage took a fifth of a process's time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def pytest_unconfigure(config: pytest.Config) -> None:
    if _server:
        _server.stop()
        shutil.rmtree(os.environ.pop(HOME), ignore_errors=True)
        shutil.rmtree(_server.socket, ignore_errors=True)


def _cells(server: Server) -> Cells:
    return Cells(server.dsn(), app_password="app", intake_password="intake", pool_size=6)


@pytest.fixture(scope="session")
def cells() -> Iterator[Cells]:
    found = _cells(Server(Path(os.environ[HOME]), durable=False))
    yield found
    found.close()


@cache
def _steward(dsn: str) -> psycopg.Connection:
    """One connection that copies and drops databases: to open one for each took 6 ms of a test."""
    conn = psycopg.connect(dsn, autocommit=True)
    atexit.register(conn.close)
    return conn


def clone(cells: Cells, template: str) -> str:
    """A fresh tenant whose database is a copy of ``template``."""
    tenant = "t" + uuid.uuid4().hex[:12]
    _steward(cells.owner("postgres")).execute(
        sql.SQL("create database {} template {} strategy file_copy").format(
            sql.Identifier(PREFIX + tenant), sql.Identifier(template)
        )
    )
    return tenant


def drop(cells: Cells, tenant: str) -> None:
    """The end of a test's own tenant."""
    if cell := cells.open.pop(tenant, None):
        cell.close()
    _steward(cells.owner("postgres")).execute(
        sql.SQL("drop database {} with (force)").format(sql.Identifier(PREFIX + tenant))
    )


@pytest.fixture
def empty(cells: Cells) -> Iterator[Cell]:
    """A tenant with the schema and nothing in it."""
    tenant = clone(cells, "wangge_template")
    yield cells.cell(tenant)
    drop(cells, tenant)


@pytest.fixture
def cell(cells: Cells, town_template: str) -> Iterator[Cell]:
    """A tenant of its own with the small town of tests/town.py."""
    tenant = clone(cells, PREFIX + town_template)
    yield cells.cell(tenant)
    drop(cells, tenant)


@pytest.fixture
def tx(cell: Cell) -> Iterator[Tx]:
    """One transaction that bypasses row-level security; undone at the end."""
    with transaction(cell) as found:
        yield found
        raise psycopg.Rollback


@pytest.fixture
def open_tx(cell: Cell) -> Callable[..., AbstractContextManager[Tx]]:
    def opening(role: Role = "intake") -> AbstractContextManager[Tx]:
        return transaction(cell, role)

    return opening


@pytest.fixture(scope="session")
def doors(cells: Cells) -> FastAPI:
    """Built once: a door is put together when it is first asked, which takes longer than a test."""
    return build(cells, default_tenant="nobody")


def turned(doors: FastAPI, cell: Cell) -> FastAPI:
    """The same doors, from now on those of this tenant, which knows of no neighbour."""
    doors.state.default_tenant = cell.tenant
    doors.state.tenants = {cell.tenant}
    return doors


@pytest.fixture
def web(doors: FastAPI, cell: Cell) -> FastAPI:
    return turned(doors, cell)


@pytest.fixture
def client(web: FastAPI) -> Iterator[TestClient]:
    """A browser without an account, on the small town's default host."""
    n = next(addresses)  # so that no test uses up another's share of the limited doors
    peer = (f"10.9.{n // 250 % 250}.{n % 250}", 4000)
    with TestClient(web, raise_server_exceptions=False, client=peer) as found:
        yield found
