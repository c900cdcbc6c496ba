"""A computed past says what the doors would have written: the same matters, taken both ways."""

import heapq
from collections.abc import Iterator
from copy import copy
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from wangge.cases.histories import Telling, load_histories
from wangge.cases.models import Action, State, StepInput
from wangge.cases.service import step_of_account, step_of_asker
from wangge.demo import pictures
from wangge.demo.inventing import Invented
from wangge.demo.month import Month
from wangge.dispatch import service as dispatch
from wangge.files import service as files
from wangge.files.models import Purpose
from wangge.intake.models import Source
from wangge.intake.service import receive_many
from wangge.kernel import crypto
from wangge.kernel.db import Cell, Tx, transaction
from wangge.reactions import REGISTERED

WANTED, FEW = 200, 10
AGAIN = "select id from cases where id = any(%s) and recurs_at is not null"
TABLES = {
    "cases": "select * from cases where id = any(%s) order by id",
    "case_askers": "select * from case_askers where case_id = any(%s) order by case_id",
    "case_steps": "select * from case_steps where case_id = any(%s) order by case_id, seq",
    "case_requests": "select * from case_requests where case_id = any(%s) order by case_id, id",
    "files": "select * from files where case_id = any(%s) order by case_id, id",
    "facts": "select * from facts where subject = any(%s) and name in ('CaseReported', 'CaseMoved')"
    " order by subject, at, body->>'source', body->>'action'",
}
# A step of the system and a fact are named when they are written; sealing draws a fresh nonce.
OWN = {"case_steps": {"id"}, "facts": {"id", "historic"},
       "case_askers": {"name_sealed", "phone_sealed"}}  # fmt: skip
Happened = list[tuple[Invented, Telling]]


@pytest.fixture
def tx(loaded: Cell) -> Iterator[Tx]:
    with transaction(loaded) as found:
        yield found
        raise psycopg.Rollback


def lived(tx: Tx, days: int) -> Happened:
    """The matters of the last days."""
    told = Month(tx, scale=0.4)
    since = tx.now - timedelta(days=days)
    return [one for day in told.days(days) for one in told.told(day, since=since)]


@pytest.fixture(scope="module")
def ten_days(loaded: Cell) -> Happened:
    """Made once, for it takes longer than what is asked of it."""
    with transaction(loaded) as tx:
        return lived(tx, 10)


def some(found: Happened, wanted: int) -> Happened:
    """So many, from all the days."""
    return found[:: max(1, len(found) // wanted)][:wanted]


class Doors:
    """Takes the same matters by the services of the doors, with the clock at each one's hour."""

    def __init__(self, tx: Tx, told: Month) -> None:
        self.tx = tx
        self.crew = told.town.crew

    def live(self, happened: Happened) -> None:
        present = self.tx.now
        events = [(step["at"], n, k) for n, (_, telling) in enumerate(happened)
                  for k, step in enumerate(telling.steps)]  # fmt: skip
        heapq.heapify(events)
        while events:
            at, n, k = heapq.heappop(events)
            self.tx.now = at
            one, telling = happened[n]
            step = telling.steps[k]
            match step["actor_kind"]:
                case _ if k == 0:
                    actor = self.crew.actor(one.by) if one.by else None
                    receive_many(self.tx, [one.report], Source(actor))
                case "account":
                    self._account(one, telling, step)
                case "asker":
                    step_of_asker(self.tx, telling.opening.id, given(step))
                case _ if step["action"] == "overdue":
                    dispatch.mark_overdue(self.tx)
                case _ if step["action"] == "evaluate":
                    dispatch.end_silence(self.tx)
        self.tx.now = present

    def _account(self, one: Invented, telling: Telling, step: dict[str, Any]) -> None:
        shown = tuple(row.id for row in telling.files if row.step_id == step["id"])
        scene = pictures.SCENE_OF.get(one.mind.kind, "road")
        for file_id in shown:
            drawn = pictures.drawing(scene, mended=True)
            files.take(self.tx, file_id, drawn, purpose=Purpose.AFTER,
                       uploaded_by=step["account_id"])  # fmt: skip
        actor = self.crew.actor(step["account_id"])
        step_of_account(self.tx, actor, telling.opening.id, given(step, shown))


def given(step: dict[str, Any], shown: tuple[UUID, ...] = ()) -> StepInput:
    """What somebody must have filled in for this line of a history."""
    action = Action(step["action"])
    return StepInput(
        id=step["id"],
        action=action,
        note=step["note"],
        answer=step["answer"] or step["data"].get("answer", ""),
        reason=step["reason"],
        unit_id=step["unit_id"] if action is Action.DISPATCH else None,
        type=step["data"].get("type"),
        solved=step["data"].get("solved"),
        satisfaction=step["data"].get("satisfaction") or "",
        until=datetime.fromisoformat(until) if (until := step["data"].get("until")) else None,
        file_ids=shown,
    )


def rows(tx: Tx, ids: list[UUID]) -> dict[str, list[dict[str, Any]]]:
    return {name: tx.rows(query, [ids]) for name, query in TABLES.items()}


def test_what_is_computed_is_what_the_doors_would_have_written(tx: Tx, ten_days: Happened) -> None:
    """Every field of every row, but for names and nonces that are drawn when they are written.

    Only the doors look for what came again; a matter for which they found one is left out.
    Seen red when the dispatch module began to renew the route of what waits.
    """
    assert REGISTERED
    told = Month(tx, scale=0.4)
    happened = some(ten_days, WANTED)
    ids = [telling.opening.id for _, telling in happened]
    with tx.conn.transaction() as point:
        Doors(tx, told).live(happened)
        again = {row["id"] for row in tx.rows(AGAIN, [ids])}
        ids = [case_id for case_id in ids if case_id not in again]
        by_the_doors = rows(tx, ids)
        raise psycopg.Rollback(point)
    load_histories(tx, [telling for _, telling in happened])
    loaded = rows(tx, ids)

    assert len(happened) == WANTED
    assert len(by_the_doors["cases"]) == len(ids) > WANTED - FEW
    for name, expected in by_the_doors.items():
        own = OWN.get(name, set())
        for found, wanted in zip(loaded[name], expected, strict=True):
            assert but(found, own) == but(wanted, own), name
    for found, wanted in zip(loaded["case_askers"], by_the_doors["case_askers"], strict=True):
        for sealed in ("name_sealed", "phone_sealed"):
            assert opened(tx, found[sealed]) == opened(tx, wanted[sealed])


def but(row: dict[str, Any], own: set[str]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in own}


def opened(tx: Tx, sealed: bytes | None) -> str | None:
    return crypto.open_(tx.cell.tenant, sealed) if sealed else None


def test_the_chosen_matters_go_every_way_there_is(ten_days: Happened) -> None:
    happened = some(ten_days, 2000)
    actions = {step["action"] for _, telling in happened for step in telling.steps}
    states = {telling.state.value for _, telling in happened}

    assert actions >= {"self_handle", "send_verify", "verify", "accept", "propose_decline",
                       "approve_decline", "withdraw",
                       "register", "dispatch", "acknowledge", "return", "progress", "finish",
                       "send_check", "pass_check", "fail_check", "close", "evaluate", "reopen",
                       "overdue", "extend", "grant_extension", "uphold", "overrule"}  # fmt: skip
    assert states >= {"reported", "dispatched", "handling", "checking", "closed", "evaluated"}


@pytest.mark.parametrize("seed", [1, 2026])
def test_no_answer_is_waited_for_longer_than_the_switch_says(tx: Tx, seed: int) -> None:
    """The silence ends a closed matter, also one whose asker would have spoken later.

    Seen red while only those ended of whom nothing was to come, with both seeds.
    """
    days = timedelta(days=7)
    told = Month(tx, seed=seed, scale=0.4)
    since = tx.now - timedelta(days=14)
    every = [telling for day in told.days(14) for _, telling in told.told(day, since=since)]

    closed = [telling.case["closed_at"] for telling in every if telling.state is State.CLOSED]
    assert closed
    assert min(closed) >= tx.now - days - timedelta(minutes=5)


def test_nobody_is_told_of_a_computed_past(tx: Tx, ten_days: Happened) -> None:
    counted = "select (select count(*) from pgqueuer) as jobs, (select count(*) from notices) as n,"
    counted += " (select count(*) from facts_waiting) as waiting"
    before = tx.one(counted)

    load_histories(tx, [telling for _, telling in some(ten_days, 50)])

    assert tx.one(counted) == before
    historic = tx.one("select count(distinct subject) as n from facts where historic")
    assert historic == {"n": 50}


def test_an_emergency_of_now_cannot_be_told(ten_days: Happened) -> None:
    (_, telling), *_ = ten_days
    opening = copy(telling.opening)
    opening.wakes = True

    with pytest.raises(ValueError, match="not told"):
        Telling(telling.known, opening, lambda _: None)


def test_the_same_seed_lives_the_same_days(tx: Tx) -> None:
    def tales() -> list[tuple[UUID, str, str, datetime]]:
        return [(t.opening.id, t.opening.text, s["action"], s["at"])
                for _, t in some(lived(tx, 2), 60) for s in t.steps]  # fmt: skip

    assert tales() == tales()
