"""A fire in the city, by the worker as it runs: who is woken, who is woken next, how it ended."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.cases.test_loop import taken, told
from tests.dispatch.conftest import messages
from tests.dispatch.test_alarms import Opening, later, phone_of, roster
from tests.e2e.serving import working
from tests.town import Town
from wangge.kernel import clock
from wangge.kernel.db import Cell
from wangge.notices.local_gateway import StandIn

BURNING = "小区配电箱着火，正在冒烟"
RESULT = "明火已扑灭，无人员伤亡，已恢复供电"
REACHED = 10


@pytest.mark.mission("DY-41")
def test_a_fire_wakes_the_roster_and_tells_it_how_it_ended(
    town: Town, client: Any, cell: Cell, work: Callable[[], None], phones: StandIn,
    open_tx: Opening,
) -> None:  # fmt: skip
    """DY-41: the roster is woken, the next in line three minutes on, and all hear how it ended.

    "fire alert reaches roster ≤10 s (gateway stub), escalates after 3 min, closing message sent;
    everyone who was woken gets it". Seconds are the clock's on the wall, from the resident's
    telephone through the worker's queue to the gateway; the three minutes are the city's.

    Seen red with the next in line woken after five minutes, and with nobody told how it ended.
    """
    with open_tx() as tx:
        clock.freeze(tx)
    roster(town, on_duty="acceptor", leader="dutyleader", backup="dispatcher")
    acceptor, leader = phone_of(town, "acceptor"), phone_of(town, "dutyleader")
    with working(cell):
        began = time.monotonic()
        case = client.post("/api/v1/public/cases", json=told(BURNING)).json()["id"]
        tick = threading.Event()
        while not messages(phones):
            assert time.monotonic() - began < REACHED, "nobody was reached"
            tick.wait(0.02)
    assert [phone for phone, _ in messages(phones)] == [acceptor]
    assert "着火" in messages(phones)[0][1]

    later(open_tx, timedelta(minutes=2, seconds=55))
    work()
    assert len(messages(phones)) == 1
    later(open_tx, timedelta(seconds=6))
    work()
    assert [phone for phone, _ in messages(phones)] == [acceptor, leader]

    taken(town.person("acceptor"), case, "accept", type="fire_danger")
    taken(town.person("dispatcher"), case, "dispatch", unit_id=town.unit("urban-379901"))
    taken(town.person("handler"), case, "acknowledge")
    taken(town.person("handler"), case, "finish", note="断电灭火", answer=RESULT)
    assert taken(town.person("lihong"), case, "pass_check").json()["state"] == "closed"
    work()
    closing = [phone for phone, text in messages(phones) if RESULT in text]
    assert sorted(one for one in closing if one in (acceptor, leader)) == sorted((acceptor, leader))
    assert phone_of(town, "dispatcher") not in closing
