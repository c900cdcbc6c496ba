"""A city's open clocks reckoned anew in the background, while people go on working."""

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any
from uuid import UUID

import pytest

from tests.dispatch.test_clocks import limits
from tests.dispatch.test_follows import report
from tests.proofs import Proof
from tests.town import Town
from wangge.cases.models import Action, StepInput
from wangge.cases.service import locked, step_of_system
from wangge.dispatch import jobs
from wangge.kernel.db import Cell, Tx, transaction
from wangge.kernel.ids import new_id

Opening = Callable[..., AbstractContextManager[Tx]]
WITHIN = 60.0
MANY = """
insert into cases (id, number, request_hash, title, text, kind, level, channel, state, duty, pos,
    area_id, place_state, received_at, due_at, due_from, due_limit, yellow_at, total_due_at,
    desk_id, unit_ids, rules_version, terms)
select uuidv7(), 'M' || i, request_hash, title, text, kind, level, channel, state, duty, pos,
    area_id, place_state, received_at, due_at, due_from, due_limit, yellow_at, total_due_at,
    desk_id, unit_ids, rules_version, terms
from cases, generate_series(1, %s) as i where number not like 'M%%'
"""


class Writer(threading.Thread):
    """Somebody who writes into fifty cases a second, as long as the clocks are reckoned."""

    def __init__(self, cell: Cell, ids: Sequence[UUID]) -> None:
        super().__init__()
        self.cell, self.ids, self.over = cell, ids, threading.Event()
        self.waits: list[float] = []
        self.failed: list[BaseException] = []

    def run(self) -> None:
        n = 0
        while not self.over.wait(0.02):
            began, n = time.perf_counter(), n + 1
            try:
                with transaction(self.cell) as tx:
                    given = StepInput(id=new_id(), action=Action.REMARK, note="继续办")
                    step_of_system(tx, locked(tx, self.ids[n * 7919 % len(self.ids)]), given)
            except BaseException as error:  # noqa: BLE001 - told by the test's own thread
                self.failed.append(error)
                return
            self.waits.append(time.perf_counter() - began)


@pytest.mark.proof("Changed limits move a city's open clocks in the background, blocking nobody")
def test_many_clocks_follow_changed_limits(
    town: Town, client: Any, open_tx: Opening, cell: Cell, proof: Proof
) -> None:
    count = proof.count(1000, stated=100_000)
    report(client)
    with open_tx() as tx:
        tx.run(MANY, [count - 1])
        ids = [row["id"] for row in tx.rows("select id from cases order by id")]
    limits(town, accept="3WD")
    writer = Writer(cell, ids)

    writer.start()
    began = time.perf_counter()
    jobs.reckon_anew(open_tx, 1, "types", whole=True)
    took = time.perf_counter() - began
    writer.over.set()
    writer.join()

    assert writer.failed == []
    with open_tx() as tx:
        row = tx.one(
            "select count(*) as n, count(distinct s.case_id) as cases, count(*) filter"
            " (where c.due_limit = '3WD' and c.due_at = s.due_at) as told"
            " from case_steps s join cases c on c.id = s.case_id where s.action = 'reckon'"
        )
    assert row == {"n": count, "cases": count, "told": count}
    assert took < WITHIN
    assert writer.waits
    assert max(writer.waits) < took or took < 1
    proof.note(
        clocks=count,
        seconds=f"{took:.1f}",
        per_second=f"{count / took:.0f}",
        steps_of_others_meanwhile=len(writer.waits),
        longest_of_them_in_seconds=f"{max(writer.waits):.2f}",
    )
