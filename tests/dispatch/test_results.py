"""How an emergency ended is told to everybody who was woken by it, and to nobody else."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

from tests.cases.test_loop import taken, told
from tests.dispatch.conftest import messages
from tests.dispatch.test_alarms import later, phone_of, roster
from tests.town import Town
from wangge.kernel import clock, queue
from wangge.kernel.db import Tx
from wangge.notices.local_gateway import StandIn

BURNING = "小区配电箱着火，正在冒烟"
RESULT = "明火已扑灭，无人员伤亡，已恢复供电"
Opening = Callable[..., AbstractContextManager[Tx]]


def test_the_result_reaches_everybody_who_was_woken_once(
    town: Town, client: Any, work: Callable[[], None], phones: StandIn, open_tx: Opening
) -> None:
    """Red without ``tell_result``: whoever was woken never hears how it ended."""
    with open_tx() as tx:
        clock.freeze(tx)
    roster(town, on_duty="acceptor", leader="dutyleader", backup="dispatcher")
    case = client.post("/api/v1/public/cases", json=told(BURNING)).json()["id"]
    work()
    later(open_tx, timedelta(minutes=3, seconds=5))
    work()

    taken(town.person("acceptor"), case, "accept", type="fire_danger")
    unit = town.unit("urban-379901")
    taken(town.person("dispatcher"), case, "dispatch", unit_id=unit)
    handler = town.person("handler")
    taken(handler, case, "acknowledge")
    taken(handler, case, "finish", note="断电灭火", answer=RESULT)
    closed = taken(town.person("lihong"), case, "pass_check")
    assert closed.json()["state"] == "closed", closed.text
    work()

    results = [phone for phone, text in messages(phones) if text.startswith("【网格】【处置结果】")]
    assert sorted(results) == sorted(phone_of(town, who) for who in ("acceptor", "dutyleader"))
    assert any(RESULT in text for _, text in messages(phones))
    queue.TASKS["tell"](open_tx, case_id=case, target="closed")
    work()
    again = [phone for phone, text in messages(phones) if text.startswith("【网格】【处置结果】")]
    assert sorted(again) == sorted(results)
