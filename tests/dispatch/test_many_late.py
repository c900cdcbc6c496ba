"""Marking many late cases is the same as marking each by itself, in few statements."""

from collections.abc import Callable
from contextlib import nullcontext
from datetime import timedelta
from typing import Any

import pytest

from bench import city
from tests.cases.test_loop import taken
from tests.dispatch.test_follows import report
from tests.town import Town
from wangge.cases import owners
from wangge.cases.marks import mark
from wangge.cases.models import Action, StepInput
from wangge.cases.service import step_of_system
from wangge.dispatch import jobs, service
from wangge.kernel.db import Tx, transaction
from wangge.kernel.ids import new_id

Mark = Callable[[Tx, list[tuple[dict[str, Any], StepInput]]], None]
WRITTEN = (
    "select to_jsonb(c) as row from cases c order by id",
    "select to_jsonb(s) - 'id' as row from case_steps s order by case_id, seq",
    "select to_jsonb(f) - 'id' as row from facts f where name = 'CaseMoved' order by 1",
)


def each(tx: Tx, marks: list[tuple[dict[str, Any], StepInput]]) -> None:
    for case, given in marks:
        step_of_system(tx, case, given)


def late(town: Town, client: Any, n: int) -> None:
    """Cases at a desk, in a unit and with a grid worker."""
    for _ in range(n):
        report(client)
    at_unit, at_grid = report(client), report(client, lon=118.50)
    taken(town.person("acceptor"), at_unit, "accept", type="waterlogging")
    unit = {"unit_id": town.unit("water-379901")}
    assert taken(town.person("dispatcher"), at_unit, "dispatch", **unit).status_code == 200
    assert taken(town.person("liulin"), at_grid, "send_verify").status_code == 200


def marked(tx: Tx, how: Mark, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    monkeypatch.setattr(service, "mark", how)
    with tx.conn.transaction(force_rollback=True), city.recording(tx) as said:
        assert service.mark_overdue(tx) > 0
        return [[tx.rows(query) for query in WRITTEN], len(said)]


def test_marking_many_is_marking_each(
    town: Town, client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Case, history and facts; seen red when the light is left out of the mark."""
    late(town, client, 8)
    with transaction(town.cell) as tx:
        tx.now += timedelta(days=30)
        together, few = marked(tx, mark, monkeypatch)
        apart, many = marked(tx, each, monkeypatch)

    assert together == apart
    assert all(rows for rows in together)
    assert few < many / 2


def test_where_nobody_is_left_the_next_in_line_has_it(town: Town, client: Any) -> None:
    """Before the holders are told; seen red when the late are not looked at for their owners."""
    late(town, client, 1)
    with transaction(town.cell) as tx, tx.conn.transaction(force_rollback=True):
        tx.now += timedelta(days=30)
        tx.run("update posts set valid = 'empty' where unit_id = %s", [town.unit("water-379901")])
        service.mark_overdue(tx)
        marked = tx.rows("select id::text from cases where overdue_at is not null")
        jobs.tell_late(lambda: nullcontext(tx), [row["id"] for row in marked], str(new_id()))
        steps = tx.rows("select action from case_steps order by case_id, seq")

        assert "take_back" in {step["action"] for step in steps}
        assert owners.unowned(tx) == []


def test_a_rule_that_was_switched_on_meanwhile_moves_it(town: Town, client: Any) -> None:
    """As after a single step; seen red when the rules are not asked."""
    case = report(client)
    with transaction(town.cell) as tx:
        tx.run("update cases set state = 'accepted' where id = %s", [case])
        row = tx.one("select *, false as has_asker from cases where id = %s", [case]) or {}
        given = StepInput(id=new_id(), action=Action.OVERDUE, data={})
        mark(tx, [(row, given)])
        after = tx.one("select state from cases where id = %s", [case])

    assert after != {"state": "accepted"}
