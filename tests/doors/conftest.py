"""One city behind its doors for the whole module, and what every refusal must look like."""

import itertools
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.conftest import clone
from tests.town import Person, Town
from wangge.app import build
from wangge.kernel import tenants
from wangge.kernel.db import PREFIX, Cells, transaction

CHINESE = re.compile(r"[一-鿿]")
COUNTED = ("cases", "case_steps", "case_askers", "facts", "files", "notices", "rules", "posts")
addresses = itertools.count(1)


@pytest.fixture(scope="module")
def city(cells: Cells, town_template: str) -> Iterator[Town]:
    cell = cells.cell(clone(cells, PREFIX + town_template))
    yield Town(cell, build(cells, default_tenant=cell.tenant))
    tenants.drop(cells, cell.tenant)


@pytest.fixture
def stranger(city: Town) -> TestClient:
    """A browser without an account, at an address of its own so that no limit is in the way."""
    n = next(addresses)
    return TestClient(
        city.web, raise_server_exceptions=False, client=(f"10.7.{n // 250}.{n % 250}", 4000)
    )


@pytest.fixture(scope="module")
def staff(city: Town) -> Callable[[str], Person]:
    signed_in: dict[str, Person] = {}

    def person(username: str) -> Person:
        if username not in signed_in:
            signed_in[username] = city.person(username)
        return signed_in[username]

    return person


@pytest.fixture
def nothing_written(city: Town) -> Iterator[None]:
    """Rows before and after a refused request are the same."""

    def counts() -> dict[str, int]:
        with transaction(city.cell) as tx:
            return {
                table: (tx.one(f"select count(*) as n from {table}") or {})["n"]
                for table in COUNTED
            }

    before = counts()
    yield
    assert counts() == before


def refused(answer: Any, status: int, code: str) -> dict[str, Any]:
    """A stable code, a sentence a person understands in both languages, a number to ask about."""
    assert answer.status_code == status, answer.text[:500]
    body: dict[str, Any] = answer.json()
    assert set(body) == {"code", "message", "details", "request_id"}
    assert body["code"] == code, body
    assert CHINESE.search(body["message"]["zh"])
    assert body["message"]["en"]
    assert not CHINESE.search(body["message"]["en"])
    assert body["request_id"] == answer.headers["x-request-id"]
    return body
