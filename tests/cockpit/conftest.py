"""A town with a past for the city screen, shared by the tests of a file that only read it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from bench import rows
from tests.conftest import clone, turned
from tests.conftest import drop as dropped
from tests.town import Town
from wangge.cockpit import cubes
from wangge.kernel.db import PREFIX, Cell, Cells, Tx, transaction

Open = Callable[[], AbstractContextManager[Tx]]
CASES, DAYS = 600, 63


@pytest.fixture(scope="module")
def poured(cells: Cells, town_template: str) -> Iterator[Cell]:
    """Six hundred cases of nine weeks, and the cubes made of them."""
    tenant = clone(cells, PREFIX + town_template)
    rows.pour(cells.owner(PREFIX + tenant), CASES, days=DAYS, steps=0, asker_every=20)
    cubes.keep_up(partial(transaction, cells.cell(tenant)))
    yield cells.cell(tenant)
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
