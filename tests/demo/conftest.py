"""A demo city of three townships, loaded once and copied for every test that changes it."""

import uuid
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from tests.conftest import clone
from wangge.app import build
from wangge.demo import ground, loading
from wangge.demo.ground import City
from wangge.demo.loading import Recipe
from wangge.kernel import tenants
from wangge.kernel.db import PREFIX, Cell, Cells

TOWNSHIPS = ("370505001", "370503002", "370502001")


def small() -> City:
    return loading.excerpt(ground.build(), TOWNSHIPS)


@pytest.fixture(scope="session")
def recipe() -> Recipe:
    return Recipe("demo" + uuid.uuid4().hex[:8], small, "dongying.yaml", 0.3)


@pytest.fixture(scope="session")
def loaded(cells: Cells, recipe: Recipe) -> Iterator[Cell]:
    """Only to be read: every test of the module sees the same one."""
    loading.load_all(cells, [recipe])
    yield cells.cell(recipe.tenant)
    tenants.drop(cells, recipe.tenant)


@pytest.fixture
def own(cells: Cells, loaded: Cell) -> Iterator[Cell]:
    """A copy of the loaded city for one test."""
    loaded.close()
    tenant = clone(cells, PREFIX + loaded.tenant)
    yield cells.cell(tenant)
    tenants.drop(cells, tenant)


@pytest.fixture
def browser(cells: Cells, own: Cell) -> Iterator[TestClient]:
    app: FastAPI = build(cells, default_tenant=own.tenant)
    with TestClient(app, raise_server_exceptions=False) as found:
        yield found
