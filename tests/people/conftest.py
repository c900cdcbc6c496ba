"""What the stories of the people room share."""

import pytest
from fastapi.testclient import TestClient

from tests.town import Town


@pytest.fixture
def browser(town: Town) -> TestClient:
    return TestClient(town.web, raise_server_exceptions=False)
