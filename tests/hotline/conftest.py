"""Every story of the hotline is told on the same morning."""

import pytest

from tests.hotline.sheets import stop_clock
from wangge.kernel.db import Cell


@pytest.fixture(autouse=True)
def same_morning(cell: Cell) -> None:
    stop_clock(cell)
