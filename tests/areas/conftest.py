"""The whole demo city in a database of its own, loaded once for the tests that need its size."""

import secrets
import uuid
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from fastapi.testclient import TestClient
from psycopg import Rollback

from wangge.app import build
from wangge.areas import service
from wangge.demo import ground
from wangge.demo.ground import City
from wangge.kernel import tenants
from wangge.kernel.db import Cell, Cells, Tx, transaction
from wangge.kernel.ids import new_id
from wangge.kernel.web import COOKIE, token_hash

BEGUN = date(2020, 1, 1)


@pytest.fixture(scope="session")
def city() -> City:
    return ground.build()


@pytest.fixture(scope="session")
def city_cell(cells: Cells, city: City) -> Iterator[Cell]:
    """Tests of the whole city only read it."""
    tenant = "city" + uuid.uuid4().hex[:8]
    tenants.new(cells, tenant)
    with transaction(cells.cell(tenant)) as tx:
        service.load(tx, city.areas, city.borders, city.places, begun=BEGUN)
    yield cells.cell(tenant)
    tenants.drop(cells, tenant)


@pytest.fixture
def tx(cell: Cell) -> Iterator[Tx]:
    """One transaction in the small town, undone at the end."""
    with transaction(cell) as found:
        yield found
        raise Rollback


def sign_in(cell: Cell, client: TestClient, role: str, area_code: str) -> TestClient:
    """Give the browser the session of a new account with one post."""
    token, csrf, account = secrets.token_urlsafe(), "csrf", new_id()
    with transaction(cell) as tx:
        tx.run(
            "insert into accounts (id, username, name, created_at) values (%s, %s, '文清', %s)",
            [account, account.hex, tx.now],
        )
        tx.run(
            "insert into posts (id, account_id, role, area_id, valid)"
            " select %s, %s, %s, id, daterange(%s, null) from areas where code = %s",
            [new_id(), account, role, BEGUN, area_code],
        )
        tx.run(
            "insert into sessions (token_hash, account_id, csrf, created_at, seen_at, expires_at)"
            " values (%s, %s, %s, %s, %s, %s)",
            [token_hash(token), account, csrf, tx.now, tx.now, tx.now + timedelta(hours=1)],
        )
    client.cookies.set(COOKIE, token)
    client.headers["X-CSRF-Token"] = csrf
    return client


@pytest.fixture(scope="session")
def city_browser(cells: Cells, city_cell: Cell) -> Iterator[TestClient]:
    """A grid leader's browser in the demo city."""
    with TestClient(build(cells, default_tenant=city_cell.tenant)) as client:
        yield sign_in(city_cell, client, "grid_leader", "370505001010")


@pytest.fixture
def browser(cell: Cell, client: TestClient) -> TestClient:
    """A grid worker's browser in the small town."""
    return sign_in(cell, client, "grid_worker", "3799010010010001")


@pytest.fixture
def office(cell: Cell, web: object, client: TestClient) -> TestClient:
    """The browser of the small town's system administrator."""
    return sign_in(cell, client, "system_admin", "3799")
