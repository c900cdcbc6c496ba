"""One platform for all tests of the faults; each leaves it whole."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.platform import Platform, until


@pytest.fixture(scope="session")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    home: Path = tmp_path_factory.mktemp("platform")
    found = Platform.begin(home)
    try:
        found.start("serve")
        found.start("work")
        until(found.answers, "the platform answers")
        yield found
    finally:
        found.end()


@pytest.fixture(autouse=True)
def whole_again(request: pytest.FixtureRequest) -> Iterator[None]:
    """What a failed test left lying is picked up, so that one fault makes one failure."""
    yield
    if "platform" in request.fixturenames:
        request.getfixturevalue("platform").server.mend()
