"""The callers of the demo: they ring up at work's hours, and what they hear leads the cases on."""

from collections import Counter
from datetime import timedelta
from typing import Any

from tests.cases.test_answers import Day, Opening, brought, closed, sent
from tests.cases.test_loop import taken
from tests.cases.test_mission import appointed
from tests.town import Town
from wangge.demo.calling import Callers
from wangge.demo.crew import Crew
from wangge.demo.inventing import MADE
from wangge.kernel.db import Cell, transaction
from wangge.kernel.ids import new_id
from wangge.tenant.service import rules

HEARD = "select purpose, result, outcome from case_contacts order by at"


def test_the_city_telephones(town: Town, client: Any, cell: Cell, open_tx: Opening) -> None:
    day = Day(open_tx)
    appointed(town, "caller", "caller", "379901001", "desk-379901001")
    for _ in range(4):
        closed(town, brought(town, client)["id"])
    refused = str(new_id())
    body = {"id": refused, "channel": "phone", "text": "公积金怎么办", "lon": 118.1, "lat": 37.3,
            "asker": {"name": "刘美兰", "phone": "05468880001"}}  # fmt: skip
    assert town.person("acceptor").post("/cases", body).status_code == 200
    taken(town.person("acceptor"), refused, "decline", reason="out_of_scope", answer="请打12329。")
    with transaction(cell) as tx:  # the worker found that no SMS would reach her
        tx.run("update cases set untold_since = %s where id = %s", [tx.now, refused])
    in_hand = brought(town, client)["id"]
    sent(town, in_hand)
    taken(town.person("handler"), in_hand, "acknowledge")
    with transaction(cell) as tx:
        tx.run("update cases set source_ref = %s", [MADE])
        callers = Callers(cell, Crew(tx), rules(tx).calendar, made=MADE, seed=7)

    def turned() -> int:
        with transaction(cell) as tx:
            now = tx.now
        return len(callers.turn(now - timedelta(minutes=10), now, 1.0))

    day.passes(hours=38)  # eleven at night of the next day
    assert turned() == 0
    heard: list[dict[str, Any]] = []
    day.passes(hours=12)
    for _ in range(6):
        turned()
        day.passes(hours=4 if len(heard) % 2 else 20)
        with transaction(cell) as tx:
            heard = tx.rows(HEARD)

    made = Counter(one["purpose"] for one in heard)
    assert made["callback"] >= 4
    assert made["response"] >= 1
    assert made["answer"] >= 1
    assert {one["outcome"] for one in heard} & {"evaluated", "reopened"}
