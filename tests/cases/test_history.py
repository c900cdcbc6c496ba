"""History is written once: no role changes it, and it always tells the state that is stored."""

import random
from datetime import datetime, timedelta
from itertools import pairwise, product
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cases.test_loop import taken, told
from tests.town import Person, Town
from wangge.cases.models import Action, Duty, State
from wangge.cases.workflow import DUTY, LOOP
from wangge.kernel.db import PREFIX, Cell, Cells, transaction
from wangge.kernel.ids import new_id

TABLES = ("case_steps", "audit_rows")
CHANGES = ("update {} set at = now()", "delete from {}", "truncate {} cascade")


@pytest.fixture
def case(client: Any, town: Town) -> str:
    return str(client.post("/api/v1/public/cases", json=told()).json()["id"])


def count(cell: Cell, table: str) -> int:
    with transaction(cell) as tx:
        row = tx.one(f"select count(*) as n from {table}")
    return int(row["n"]) if row else -1


@pytest.mark.parametrize("role", ["owner", "app", "intake"])
def test_nobody_rewrites_the_past(
    cells: Cells, cell: Cell, town: Town, case: str, role: str
) -> None:
    town.person("acceptor").get(f"/cases/{case}/asker", reason="回访核实")
    before = {table: count(cell, table) for table in TABLES}
    assert min(before.values()) > 0
    dsn = cells.owner(PREFIX + cell.tenant) if role == "owner" else cell.dsns[role]

    for table, change in product(TABLES, CHANGES):
        statement = change.format(table)
        with psycopg.connect(dsn, autocommit=True) as conn, pytest.raises(psycopg.Error) as refused:
            conn.execute(statement)

        if role == "owner":
            assert isinstance(refused.value, psycopg.errors.IntegrityConstraintViolation), statement
            assert "written once" in str(refused.value)
        else:
            assert isinstance(
                refused.value,
                psycopg.errors.InsufficientPrivilege | psycopg.errors.IntegrityConstraintViolation,
            ), statement
    assert {table: count(cell, table) for table in TABLES} == before


def test_a_case_with_a_past_is_not_deleted(cells: Cells, cell: Cell, case: str) -> None:
    with (
        psycopg.connect(cells.owner(PREFIX + cell.tenant), autocommit=True) as conn,
        pytest.raises(psycopg.errors.ForeignKeyViolation),
    ):
        conn.execute("delete from cases where id = %s", [case])


def test_every_state_is_reached_and_four_are_final() -> None:
    reached = {LOOP.initial}
    while True:
        more = {m.target for state in reached for m in LOOP.from_(state) if m.target} - reached
        if not more:
            break
        reached |= more

    assert reached == set(State)
    assert LOOP.finals() == {State.DECLINED, State.EVALUATED, State.WITHDRAWN, State.SPLIT}
    assert set(DUTY) == set(State)
    assert all(DUTY[state] is Duty.NONE for state in LOOP.finals())


FILLED: dict[str, dict[str, Any]] = {
    "decline": {"reason": "out_of_scope", "answer": "不属于受理范围"},
    "withdraw_for": {"reason": "mistaken", "note": "来电撤回"},
    "void": {"reason": "test", "answer": "演练录入，不再办理"},
    "verify": {"note": "属实"},
    "not_here": {"reason": "next_grid"},
    "recall": {"note": "派错了"},
    "return": {"reason": "not_duty", "note": "不属于本单位"},
    "overrule": {"note": "由本单位办理"},
    "extend": {"reason": "parts", "note": "配件未到"},
    "refuse_extension": {"note": "按期办理"},
    "explain_lateness": {"note": "配件未到"},
    "progress": {"note": "正在抽水"},
    "finish": {"note": "已抽水", "answer": "积水已抽干"},
    "fail_check": {"note": "还有水"},
    "close": {"answer": "积水已抽干"},
    "remark": {"note": "看过"},
}
PEOPLE = ("dutyleader", "handler", "handler2", "water", "lihong", "wuhua", "supervisor")


def walk(town: Town, client: Any, seed: int, steps: int = 14) -> None:
    """Steps that the screens offer to somebody, in an order that nobody planned."""
    dice = random.Random(seed)  # noqa: S311 - a walk, not a secret
    people = {name: town.person(name) for name in PEOPLE}
    receipt = client.post("/api/v1/public/cases", json=told()).json()
    for _ in range(steps):
        _one_step(dice, town, people, client, receipt)
        _agree(town.cell, receipt["id"])


def _one_step(
    dice: random.Random, town: Town, people: dict[str, Person], client: Any, receipt: Any
) -> None:
    case = receipt["id"]
    state = people["dutyleader"].get(f"/cases/{case}").json()["state"]
    if state == State.CLOSED and dice.random() < 0.7:
        client.post(
            f"/api/v1/public/cases/{receipt['code']}/answer",
            json={"id": str(new_id()), "solved": dice.random() < 0.3},
        )
        return
    who = dice.choice(PEOPLE)
    offered = people[who].get(f"/cases/{case}").json().get("actions", [])
    if not offered:
        return
    chosen = dice.choice(offered)
    action = chosen["action"]
    filled = dict(FILLED.get(action, {}))
    if action == Action.DISPATCH:
        filled["unit_id"] = town.unit(dice.choice(["urban-379901", "water-379901"]))
    if action == Action.EXTEND:
        due = datetime.fromisoformat(people[who].get(f"/cases/{case}").json()["due_at"])
        filled["until"] = (due + timedelta(days=1)).isoformat()
    needed = {need["field"] for need in chosen["needs"] if need["required"]}
    if action == Action.CORRECT or not needed <= filled.keys():
        return  # it has a door of its own, and tests of its own
    answer = taken(people[who], case, action, **filled)
    refused = answer.json().get("code") in ("extensions_used_up", "objection_upheld")
    assert answer.status_code == 200 or refused, (who, action, answer.text)


def _agree(cell: Cell, case_id: str) -> None:
    with transaction(cell) as tx:
        case = tx.one("select * from cases where id = %s", [case_id])
        steps = tx.rows("select * from case_steps where case_id = %s order by seq", [case_id])
    assert case
    assert case["version"] == len(steps)
    assert [step["seq"] for step in steps] == list(range(1, len(steps) + 1))
    assert (steps[-1]["target"], steps[-1]["round"]) == (case["state"], case["round"])
    assert case["round"] == 1 + sum(step["action"] == "reopen" for step in steps)
    assert [step["at"] for step in steps] == sorted(step["at"] for step in steps)
    for before, step in pairwise(steps):
        assert step["source"] == before["target"]
        move = LOOP.move(State(step["source"]), Action(step["action"]))
        assert step["target"] == (move.target or step["source"])
    duty = DUTY[State(case["state"])]
    assert case["duty"] == duty
    assert (case["due_at"] is None) == (State(case["state"]) in LOOP.finals())


@settings(
    max_examples=6,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(0, 10_000))
def test_history_tells_the_state_after_any_walk(town: Town, client: Any, seed: int) -> None:
    walk(town, client, seed)
