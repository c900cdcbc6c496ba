"""A town with nine weeks behind it, on a Monday morning, shared by the tests that only read it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from bench import rows
from tests.conftest import clone, turned
from tests.conftest import drop as dropped
from tests.town import Town
from wangge.cockpit import cubes
from wangge.kernel import clock
from wangge.kernel.db import PREFIX, Cell, Cells, Tx, transaction

# Two in three are of one type, so that a street has enough of it in a week.
TYPED = """
update cases set type = case when extract(second from received_at)::int % 3 = 0
    then 'waterlogging' else 'exposed_rubbish' end
"""
Open = Callable[[], AbstractContextManager[Tx]]


@pytest.fixture(scope="module")
def poured(cells: Cells, town_template: str) -> Iterator[Cell]:
    tenant = clone(cells, PREFIX + town_template)
    rows.pour(cells.owner(PREFIX + tenant), 1200, days=70, steps=0, asker_every=20)
    cell = cells.cell(tenant)
    with transaction(cell) as tx:
        tx.run(TYPED)
    cubes.keep_up(partial(transaction, cell))
    with transaction(cell) as tx:
        today = tx.now.astimezone(ZoneInfo("Asia/Shanghai"))
        monday = today.date() - timedelta(days=today.weekday())
        clock.set_to(tx, datetime.combine(monday, time(5), today.tzinfo), frozen=True)
    yield cell
    dropped(cells, tenant)


@pytest.fixture
def lived(poured: Cell, doors: FastAPI) -> Iterator[Town]:
    """The same, with its doors open; what a test changes in it stays for the next."""
    web = turned(doors, poured)
    with TestClient(web, raise_server_exceptions=False) as door:
        yield Town(poured, web, door)


@pytest.fixture
def open_lived(lived: Town) -> Open:
    return partial(transaction, lived.cell)
