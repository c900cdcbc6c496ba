"""A served town for every browser test, and the browser."""

import os
import re
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, Playwright, expect, sync_playwright

from tests.e2e import browsing, serving
from tests.e2e.browsing import House, Watch
from tests.town import Town
from wangge import app
from wangge.kernel.db import Cell, Cells, transaction

PAGES = Path(os.environ.get("WANGGE_TEST_PAGES", app.WEB))
FAILURES = Path(__file__).parents[2] / "var" / "e2e"
OUTCOME = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "call":
        item.stash[OUTCOME] = report.failed
    return report


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    # Of the package, not of the session: its event loop must be gone when other tests run theirs.
    with sync_playwright() as found:
        expect.set_options(timeout=browsing.PATIENCE)
        yield found


@contextmanager
def launched(playwright: Playwright, *flags: str) -> Iterator[Browser]:
    found = playwright.chromium.launch(
        executable_path=browsing.chromium(), args=[*browsing.QUIET, *flags]
    )
    yield found
    found.close()


@pytest.fixture(scope="package")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Without WebGL, as on old machines: maps are pictures and lists, and tests are quick."""
    with launched(playwright, *browsing.NO_GL) as found:
        yield found


@pytest.fixture(scope="package")
def drawing_browser(playwright: Playwright) -> Iterator[Browser]:
    """With WebGL, drawn by software."""
    with launched(playwright, *browsing.SOFTWARE_GL) as found:
        yield found


@pytest.fixture(scope="package")
def doors(cells: Cells) -> Iterator[FastAPI]:
    """The application with the pages of ``make build``, or of another folder."""
    pages = ("index.html", *app.FACES.values())
    missing = [name for name in pages if not (PAGES / name).is_file()]
    assert not missing, f"{PAGES} has no {', '.join(missing)}: run `make build` first"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(app, "WEB", PAGES)
        yield app.build(cells, default_tenant="nobody")


@pytest.fixture
def everybody_may_be_played(cell: Cell) -> None:
    """All accounts of the town stand on the sign-in page, not only the first of each post."""
    with transaction(cell) as tx:
        tx.run("""update accounts set profile = profile || '{"demo": {"group": "grid"}}'""")


@pytest.fixture
def origin(web: FastAPI, everybody_may_be_played: None) -> Iterator[str]:
    with serving.served(web) as found:
        yield found


@pytest.fixture
def town(cell: Cell, web: FastAPI, origin: str) -> Town:
    """Colleagues who work without a page, beside those whom the test watches."""
    return Town(cell, web)


@pytest.fixture
def worker(cell: Cell) -> Iterator[None]:
    with serving.working(cell):
        yield


@contextmanager
def housed(browser: Browser, origin: str, request: pytest.FixtureRequest) -> Iterator[House]:
    """Ends with a fault if any page met one; then, and when the test failed, with photographs."""
    found = House(browser, origin, Watch(origin))
    yield found
    if request.node.stash.get(OUTCOME, True) or found.watch.faults:
        name = re.sub(r"[^\w-]+", "-", request.node.name)
        found.photograph(FAILURES / f"{name}-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}")
    found.close()
    assert not found.watch.faults, "\n".join(found.watch.faults)


@pytest.fixture
def house(browser: Browser, origin: str, request: pytest.FixtureRequest) -> Iterator[House]:
    with housed(browser, origin, request) as found:
        yield found


@pytest.fixture
def drawing_house(
    drawing_browser: Browser, origin: str, request: pytest.FixtureRequest
) -> Iterator[House]:
    with housed(drawing_browser, origin, request) as found:
        yield found
