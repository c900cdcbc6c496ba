"""Cases to which files are given, and a fresh bucket at the doors."""

from collections.abc import Callable
from uuid import UUID

import pytest

from wangge.files import upload_routes
from wangge.kernel.db import Cell, transaction
from wangge.kernel.ids import new_id
from wangge.kernel.limits import Bucket

CASE = """
insert into cases (id, request_hash, title, text, kind, level, channel, state, duty, pos, area_id,
    place_state, received_at, desk_id, rules_version, terms)
select %s, '', '路灯不亮', '路灯不亮', 'help', 'normal', 'public', 'reported', 'desk', a.pos, a.id,
    'located', city_now(), o.id, 1, '{}'
from areas a, organisations o where a.code = %s and o.code = 'desk-379901001'
"""


@pytest.fixture
def a_case(cell: Cell) -> Callable[[str], UUID]:
    """Make a case in the grid with this code."""

    def made(grid: str = "3799010010010001") -> UUID:
        case_id = new_id()
        with transaction(cell) as tx:
            tx.run(CASE, [case_id, grid])
        return case_id

    return made


@pytest.fixture(autouse=True)
def unused_buckets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload_routes, "FILES_HERE", Bucket(rate=5, burst=300))
    monkeypatch.setattr(upload_routes, "FILES", Bucket(rate=0.2, burst=36))
