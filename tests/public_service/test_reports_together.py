"""Reports that wait at the same moment are written together, and an emergency waits for nobody."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from threading import Event
from typing import Any

from tests.cases.test_loop import told
from tests.town import Town
from wangge.kernel.db import Tx

Opening = Callable[..., AbstractContextManager[Tx]]
REPORT = "/api/v1/public/cases"
HELD = "select last from case_numbers where prefix = '379901001' for update"
BEHIND = """
select 1 from pg_locks
where locktype = 'transactionid' and transactionid = pg_current_xact_id()::xid and not granted
"""
WRITTEN = """
select count(*) as cases, count(distinct xmin::text) as transactions from case_steps
"""
BURNING = "厨房着火了，楼道里都是烟"
MANY = 12


def until_somebody_waits(tx: Tx) -> None:
    ends, pause = time.monotonic() + 20, Event()
    while not tx.rows(BEHIND):
        assert time.monotonic() < ends, "nobody waits for the number"
        pause.wait(0.02)


def test_a_rush_is_written_together_and_an_emergency_waits_for_nobody(
    town: Town, client: Any, open_tx: Opening
) -> None:
    """Each is answered for himself, also he who says nothing.

    Seen red with a transaction for each, and with the emergency in one line with the others.
    """
    assert client.post(REPORT, json=told()).status_code == 200  # rules read, counter begun
    texts = ["  ", *(f"第{n}盏路灯不亮" for n in range(1, MANY))]

    with ThreadPoolExecutor(MANY + 1) as pool:
        with open_tx() as tx:
            tx.rows(HELD)
            first = pool.submit(client.post, REPORT, json=told("井盖松动"))
            until_somebody_waits(tx)
            sent = [pool.submit(client.post, REPORT, json=told(text)) for text in texts]
            burning = client.post(REPORT, json=told(BURNING, lon=118.50))
            assert burning.status_code == 200
            assert burning.json()["emergency"] == ["fire"]
            assert not first.done()
        answers = [one.result() for one in (first, *sent)]

    codes = [answer.status_code for answer in answers]
    assert codes == [200, 422, *[200] * (MANY - 1)]
    assert len({answer.json().get("number") for answer in answers}) == MANY + 1
    with open_tx() as tx:
        (written,) = tx.rows(WRITTEN)
    assert written["cases"] == MANY + 2
    assert written["transactions"] < MANY
