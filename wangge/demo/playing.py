"""The city as it lives: matters come in by the hour's rhythm and are taken on in their time.

The same decisions as in the computed past (``course``), taken now, by people who sign in or by the
services. Only matters that were made so are touched: what a visitor reports is the visitor's.
"""

import heapq
import math
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from random import Random
from typing import Any
from uuid import UUID

from wangge.cases.clock import CASE_ROW
from wangge.cases.models import Action
from wangge.demo.calling import Callers
from wangge.demo.course import Course, Move
from wangge.demo.habits import words
from wangge.demo.hands import Doors, Hands, Services
from wangge.demo.inventing import MADE, Mind, Town, invent
from wangge.demo.mailboxed import Mailboxes
from wangge.demo.retelling import Retelling
from wangge.demo.together import Together
from wangge.kernel.db import Cell, Tx, transaction

JUMP = timedelta(minutes=10)  # a longer gap is a clock that was moved: nothing is made up for it
CASE = f"select {CASE_ROW} from cases c where c.id = any(%s)"
LEFT = """
select id from cases where source_ref = %s
    and state not in ('declined', 'evaluated', 'withdrawn') and duty <> 'none' order by id
"""


@dataclass
class Tally:
    """What was done so far; latencies in seconds, one for each thing done."""

    reports: int = 0
    acknowledged: int = 0
    steps: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    latencies: list[float] = field(default_factory=list)

    def percentile(self, share: float) -> float:
        ordered = sorted(self.latencies) or [0.0]
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)]

    def summary(self) -> str:
        def listed(counted: Counter[str]) -> str:
            return ", ".join(f"{name} {n}" for name, n in counted.most_common()) or "0"

        return (
            f"上报 reports {self.reports}, 确认 acknowledged {self.acknowledged}, "
            f"拒绝 refused {listed(self.refused)}\n步骤 steps {listed(self.steps)}\n"
            f"p50 {self.percentile(0.5) * 1000:.0f} ms, p95 {self.percentile(0.95) * 1000:.0f} ms"
        )


class Play:
    """One tenant's people. Call ``turn`` again and again; it does what the city's clock says."""

    def __init__(self, cell: Cell, *, seed: int, doors: str = "") -> None:
        """Play by the services, or over HTTP if the address of the ``doors`` is given."""
        self.cell = cell
        self.rng = Random(seed)  # noqa: S311 - invents matters, keeps no secret
        self.tally = Tally()
        self.retelling = Retelling(self.rng)
        self._order = count()
        self._waiting: list[tuple[datetime, int, UUID]] = []
        self._minds: dict[UUID, Mind] = {}
        self._moves: dict[UUID, tuple[int, Move]] = {}
        with transaction(cell) as tx:
            self.town = Town(tx)
            self.versions = dict(tx.versions)
            self.now = tx.now
        self.hands: Hands = Doors(doors, cell.tenant) if doors else Services(cell, self.town.crew)
        self.course = Course(self.town)
        self.callers = Callers(cell, self.town.crew, self.town.known.calendar, made=MADE, seed=seed)
        self.together = Together(cell, self.town, self.rng)
        self.mailboxes = Mailboxes(cell, self.town, self.rng)
        self.per_day = words()["per_day"] * len(self.town.grids) / words()["grids"]

    def close(self) -> None:
        self.hands.close()

    def take_over(self) -> int:
        """Go on with every matter of this kind that is still open; returns how many."""
        with transaction(self.cell) as tx:
            known = [row["id"] for row in tx.rows(LEFT, [MADE])]
            for first in range(0, len(known), 1000):
                self._plan(tx, known[first : first + 1000])
        return len(self._waiting)

    def is_stale(self, tx: Tx) -> bool:
        """Whether ground, people or rules changed, so that another play must be begun."""
        return tx.versions != self.versions

    def _plan(self, tx: Tx, ids: list[UUID]) -> None:
        for case in tx.rows(CASE, [ids]):
            mind = self._minds.get(case["id"]) or self._mind(case)
            move = self.course.next(case, mind, tx.now)
            self._forget(case["id"])
            if move is None:
                continue
            self._minds[case["id"]] = mind
            self._moves[case["id"]] = case["version"], move
            heapq.heappush(self._waiting, (move.at, next(self._order), case["id"]))

    def _mind(self, case: dict[str, Any]) -> Mind:
        matters = self.town.matters["matters"]
        kind = case["type"] if case["type"] in matters else "other"
        done = matters[kind]["done"].format(place="", n=1, m=2)
        return Mind(self.rng, kind, done, verified=case["version"] > 1)

    def turn(self, *, most: int, pace: float = 1.0) -> int:
        """Do what has become due, at most so many things, a third of them new; returns how many."""
        with transaction(self.cell) as tx:
            before, self.now = self.now, tx.now
        new = min(self._arrived(before, pace), max(1, most // 3))
        for _ in range(new):
            self._report()
        for case_id in self.callers.turn(before, self.now, pace):
            self._think(case_id)
        done = new
        while self._waiting and self._waiting[0][0] <= self.now and done < most:
            _, _, case_id = heapq.heappop(self._waiting)
            self._step(case_id)
            done += 1
        if timedelta() < self.now - before <= JUMP:
            done += self.together.turn(self.now, self.now - before, pace)
            done += self.mailboxes.turn(self.now)
            for case_id in self.together.freed:
                self._think(case_id)  # its lead waited for the assisting units
            self.together.freed.clear()
        return done

    def _arrived(self, before: datetime, pace: float) -> int:
        gone = self.now - before
        if not timedelta() < gone <= JUMP:
            return 0
        wanted = gone.total_seconds() * pace
        wanted *= self.course.rhythm.rate(self.now, self.per_day)
        return _poisson(wanted, self.rng)

    def _report(self) -> None:
        one = invent(self.town, self.now, Random(self.rng.random()))  # noqa: S311 - see above
        one = self.retelling.instead(self.town, one)
        self.tally.reports += 1
        began = time.perf_counter()
        refused = self.hands.report(one)
        self._count(refused, began)
        if not refused:
            self.tally.acknowledged += 1
            self._minds[one.report.id] = one.mind
            self._think(one.report.id)

    def _step(self, case_id: UUID) -> None:
        """Look again before acting: where somebody else was quicker, think again."""
        with transaction(self.cell) as tx:
            row = tx.one("select version from cases where id = %s", [case_id])
        mind, planned = self._minds.get(case_id), self._moves.get(case_id)
        if row is None or mind is None or planned is None:
            self._forget(case_id)
            return
        version, move = planned
        if row["version"] == version:
            began = time.perf_counter()
            refused = self._taken(case_id, mind, move)
            self._count(refused, began)
            if refused:
                self._forget(case_id)  # whoever is in the way will see to it
                return
            self.tally.steps[move.action.value] += 1
        self._think(case_id)

    def _taken(self, case_id: UUID, mind: Mind, move: Move) -> str:
        """Merge what was told before where the step would accept it; else take the step."""
        lead = self.retelling.first.get(case_id) if move.action is Action.ACCEPT else None
        if lead and move.by and not self.hands.merge(case_id, lead, move.by):
            self.tally.steps[Action.MERGE.value] += 1
            return ""
        return self.hands.step(case_id, mind.kind, move)

    def _forget(self, case_id: UUID) -> None:
        self._minds.pop(case_id, None)
        self._moves.pop(case_id, None)

    def _think(self, case_id: UUID) -> None:
        with transaction(self.cell) as tx:
            self._plan(tx, [case_id])

    def _count(self, refused: str, began: float) -> None:
        self.tally.latencies.append(time.perf_counter() - began)
        if refused:
            self.tally.refused[refused] += 1


def _poisson(mean: float, rng: Random) -> int:
    """How many come, where so many come on average."""
    if mean > 30:
        return max(0, round(rng.gauss(mean, math.sqrt(mean))))
    left, drawn = math.exp(-mean), rng.random()
    found = 0
    while drawn > left:
        drawn *= rng.random()
        found += 1
    return found
