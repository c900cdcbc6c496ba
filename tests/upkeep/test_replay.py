"""What is derived can be rebuilt from what is kept, and is then as it was."""

from typing import Any

import psycopg
import pytest
from fastapi.testclient import TestClient

from tests.cases.test_loop import told
from wangge.kernel.db import PREFIX, Cell, Cells, transaction
from wangge.upkeep import replay

DERIVED = {
    "cases": "select id, terms, photo_id from cases order by id",
    "places": "select id, terms from places order by id",
    "numbers": "select prefix, day, last from case_numbers order by 1, 2",
    "line": "select count(*) as placed, (select count(*) from facts) as facts from fact_positions",
}
DAMAGE = """
update cases set terms = '{}';
update places set terms = array['坏了'];
delete from case_numbers;
insert into facts_waiting (fact_id) select fact_id from fact_positions;
delete from fact_positions;
"""


def derived(cell: Cell) -> dict[str, list[dict[str, Any]]]:
    with transaction(cell) as tx:
        return {name: tx.rows(query) for name, query in DERIVED.items()}


@pytest.fixture
def reported(client: TestClient) -> None:
    for text in ("路灯不亮", "井盖丢了，请尽快处理", "楼道堆了杂物"):
        assert client.post("/api/v1/public/cases", json=told(text)).status_code == 200


def test_what_is_derived_is_rebuilt(cell: Cell, reported: None) -> None:
    assert dict(replay.rebuild(cell))["事项检索词 search terms of cases"] == 0
    before = derived(cell)
    with transaction(cell) as tx:
        tx.conn.execute(DAMAGE)
    assert derived(cell) != before

    rebuilt = dict(replay.rebuild(cell))

    assert derived(cell) == before
    assert rebuilt["事项检索词 search terms of cases"] == 3
    assert set(dict(replay.rebuild(cell)).values()) == {0}


def test_a_contradiction_is_named(cell: Cell, cells: Cells, reported: None) -> None:
    assert set(dict(replay.contradictions(cell)).values()) == {0}
    with psycopg.connect(cells.owner(PREFIX + cell.tenant)) as conn:
        conn.execute("set session_replication_role = replica")
        conn.execute("update case_steps set seq = 3, source = 'handled', target = 'closed'")

    found = dict(replay.contradictions(cell))

    assert found["历史有缺口 gaps in a history"] == 3
    assert found["状态与最后一步不符 states unlike the last step"] == 3
