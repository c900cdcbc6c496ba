"""A demo city of three townships, loaded once in a run, copied for tests that change it."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from tests.conftest import HOME, clone
from wangge.app import build
from wangge.demo import ground, loading, sample_plans
from wangge.demo.ground import City
from wangge.demo.recipes import Recipe
from wangge.kernel import tenants
from wangge.kernel.db import PREFIX, Cell, Cells

TOWNSHIPS = ("370505001", "370503002", "370502001")


def small() -> City:
    return loading.excerpt(ground.build(), TOWNSHIPS)


def street() -> City:
    """Two communities of the second tenant: small, and with stations."""
    return loading.excerpt(sample_plans.beixin(), ("370481003014", "370481003034"))


@pytest.fixture(scope="session")
def recipe() -> Recipe:
    return Recipe("democity", small, "dongying.yaml", 0.3)


@contextmanager
def alone() -> Iterator[None]:
    """One process of the run at a time."""
    with (Path(os.environ[HOME]) / "democity.lock").open("w") as door:
        fcntl.flock(door, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def template(cells: Cells, recipe: Recipe) -> str:
    """Loaded by the first process that wants it; nobody ever connects to it."""
    with alone():
        if recipe.tenant not in cells.names():
            loading.load_all(cells, [recipe])
    return PREFIX + recipe.tenant


def copied(cells: Cells, template: str) -> Iterator[Cell]:
    with alone():
        tenant = clone(cells, template)
    yield cells.cell(tenant)
    tenants.drop(cells, tenant)


@pytest.fixture(scope="session")
def loaded(cells: Cells, template: str) -> Iterator[Cell]:
    """Only to be read: all tests of a process see the same one."""
    yield from copied(cells, template)


@pytest.fixture
def own(cells: Cells, template: str) -> Iterator[Cell]:
    """A copy of the loaded city for one test."""
    yield from copied(cells, template)


@pytest.fixture
def browser(cells: Cells, own: Cell) -> Iterator[TestClient]:
    app: FastAPI = build(cells, default_tenant=own.tenant)
    with TestClient(app, raise_server_exceptions=False) as found:
        yield found
