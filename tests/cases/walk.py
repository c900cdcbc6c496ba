"""Many cases that walk at random while people and units come and go."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from tests.cases import owned, walk_handed, walk_joins, walk_joint, walk_law, walk_oversight
from tests.cases.walk_choice import Choice
from tests.cases.walk_handed import Handed
from tests.cases.walk_joint import Joined
from tests.cases.walk_oversight import Oversight
from tests.cases.walk_sql import (
    BESIDE,
    BY_RULE,
    CASES,
    OPEN_ANYWHERE,
    SESSIONS,
    SIGNED_IN,
    SWEPT,
    WAITING,
)
from tests.cases.walk_tries import tried
from tests.cases.walk_troubles import Troubles
from wangge.cases import requests
from wangge.cases.corrections import Correction, correct
from wangge.cases.models import Action, Duty, Mode, State, StepInput
from wangge.cases.rights import CaseMove, is_own_work, is_timely, may_take
from wangge.cases.service import step_of_account, step_of_asker
from wangge.cases.workflow import DECIDER, LOOP
from wangge.dispatch import alarms
from wangge.intake.models import AskerWords, Report, Source
from wangge.intake.service import receive_many
from wangge.kernel import clock
from wangge.kernel.crypto import hashed
from wangge.kernel.db import Cell, Session, Tx, transaction
from wangge.kernel.errors import Refusal
from wangge.kernel.ids import new_id
from wangge.mailbox import letters
from wangge.mailbox.models import LetterKind
from wangge.people import appointments
from wangge.people.models import Actor
from wangge.tenant.service import rules

BEGINS = datetime(2026, 3, 2, 1, tzinfo=UTC)
AT_ONCE = 200  # runs side by side
STEPS = 2  # of one run by people; those by rules come on top
LETTERS = 0.7  # so many of the residents' reports come by the online mailbox
GOES_ON = 0.8  # so many runs begin where an earlier one left its case, the others with a report
FIELDS = {move.action: (*move.needs, *move.may) for move in LOOP.moves}
REFUSED = {
    "unit_without_people", "no_desk_above", "no_desk_below", "no_such_desk", "tasks_open",
    "task_stands", "lead_unit", "extensions_used_up", "objection_final", "same_unit",
    "objection_upheld", "urged_enough", "clock_stands", "clock_runs", "pause_late",
    "until_too_early", "pauses_used_up", "until_too_far", "stale_version",
    "found_reasonable", "nobody_decides", "verify_first",
}  # fmt: skip
REFUSED |= walk_joins.REFUSED | walk_joint.REFUSED | walk_oversight.REFUSED | walk_handed.REFUSED
DOORS = walk_oversight.ACTIONS | walk_handed.ACTIONS | {Action.ASSIST, Action.WHISTLE}
OWN = {"own_work", "own_request", "own_answer", "not_approved"}
TRIES_OWN = 0.15  # how often somebody tries what he may not, because it is his own work
TRESPASSES = 0.1
SYSTEMS = frozenset({
    Action.OVERDUE, Action.HAND_OVER, Action.TAKE_BACK, Action.RAISE_REQUEST, Action.CLIMB,
    Action.SILENT, Action.RECKON, Action.LEFT_OPEN, *walk_joins.SYSTEMS,
})  # fmt: skip
REASON = {
    Action.DECLINE: "secret",
    Action.PROPOSE_DECLINE: "secret",
    Action.RETURN: "not_duty",
    Action.EXTEND: "weather",
    Action.ASK_PAUSE: "weather",
    Action.ASK_SUSPENSION: "funds",
    Action.WITHDRAW_FOR: "mistaken",
    Action.QUESTION: "settled",
    Action.VOID: "test",
    Action.NOT_HERE: "next_grid",
}


class Walk:
    """Some hundred cases, the town's people, and chance."""

    def __init__(self, cell: Cell, chance: Random) -> None:
        self.cell, self.chance = cell, chance
        self.choice = Choice(chance, SYSTEMS)
        self.refused: Counter[str] = Counter()
        self.troubles: Counter[str] = Counter()
        self.moved: dict[UUID, dict[str, Any]] = {}
        self.moves = {
            state: [move for move in LOOP.from_(state) if move.action not in SYSTEMS]
            for state in State
        }
        self.said: Counter[str] = Counter()
        self.blown: Counter[str] = Counter()
        self.live: list[UUID] = []
        self.actors: list[Actor] = []
        self.posts: list[dict[str, Any]] = []
        self.only: frozenset[str] | None = None
        self.approves = self.two = False
        self.checked = self.rounds = self.runs = 0
        self.joined, self.oversight = Joined(self), Oversight(self)
        self.people, self.handed = Troubles(self), Handed(self)

    # --- who there is ---------------------------------------------------------------------------
    def look_round(self, tx: Tx) -> None:
        """Read every person's posts as a sign-in reads them, and the oracle's own list."""
        names = tx.rows("select id, username from accounts where active order by username")
        tokens = [hashed(row["username"]) for row in names]
        tx.run(SIGNED_IN, [tokens, [row["id"] for row in names]])
        self.actors = []
        for found in tx.rows(SESSIONS, [tokens]):
            tx.session = Session("x", tx.now, found["account"], found["posts"])
            self.actors.append(Actor.of(tx))
        assert [one.username for one in self.actors] == [row["username"] for row in names]
        tx.session = None
        self.posts = owned.staff(tx)

    def actor(self, username: str) -> Actor | None:
        return next((actor for actor in self.actors if actor.username == username), None)

    def know(self, tx: Tx) -> None:
        """How often the rules took a step of their own so far; seldom asked when there are many."""
        if self.rounds < 60 or self.rounds % 20 == 0:
            for row in tx.rows(BY_RULE):
                self.choice.taken[row["source"], row["action"]] = row["n"]
        self.choice.look()

    def states(self, tx: Tx) -> list[str]:
        rows = tx.rows("select distinct state from cases where id = any(%s)", [self.live])
        return sorted(row["state"] for row in rows)

    # --- reports --------------------------------------------------------------------------------
    def report(self, tx: Tx, n: int) -> None:
        for _ in range(n):
            by = self.chance.choice([None, *self.actors]) if self.chance.random() < 0.5 else None
            if by and not by.may("case.report"):
                by = None
            urgent = self.chance.random() < (0.7 if self.choice.hunted else 0.35)
            lon, lat = self.chance.uniform(117.99, 118.61), self.chance.uniform(37.0, 37.4)
            placed = self.chance.random() < 0.95
            told = Report(
                id=new_id(),
                text="有人被困，闻到燃气味" if urgent else "路面积水",
                channel="resident",
                lon=lon if placed else None,
                lat=lat if placed else None,
                asker=AskerWords("王桂英", "", Mode.OPEN) if self.chance.random() < 0.9 else None,
            )
            if by is None and placed and self.chance.random() < LETTERS:
                receipt = letters.online(tx, told, LetterKind.SUGGESTION)
            else:
                receipt, *_ = receive_many(tx, [told], Source(by))
            if receipt.emergency:
                alarms.raise_alarm(tx, told.id, receipt.emergency)
            self.live.append(told.id)

    # --- steps ----------------------------------------------------------------------------------
    def step(self, tx: Tx, case: dict[str, Any]) -> None:
        """One legal step, the rarer the likelier, by anybody who may take it."""
        state = State(case["state"])
        if self.choice.rests(case):
            return
        case["pending"] = requests.pending(tx, case)
        if self.chance.random() < TRESPASSES:
            walk_law.trespass(self, tx, case)
        moves = self.moves[state]
        for move in self.choice.ordered(case, moves):
            if self._attempt(tx, case, move):
                self.choice.taken[state.value, move.action.value] += 1
                self.moved[case["id"]] = case
                return

    def _attempt(self, tx: Tx, case: dict[str, Any], move: CaseMove) -> bool:
        """Try it; what the law refuses leaves nothing behind."""
        if not self._timely(tx, case, move):
            return False
        actor, own = None, False
        if not _at_a_door_of_its_own(move):
            if (actor := self._taker(tx, case, move)) is None:
                return False
            own = is_own_work(actor, case, move) or move.action is Action.CLOSE
        try:
            with tried(tx):
                if move.action in (Action.ASSIST, Action.WHISTLE):
                    return self.joined.step(tx, case, move.action)
                if move.action in walk_oversight.ACTIONS:
                    return self.oversight.step(tx, case, move.action)
                if move.action in walk_handed.ACTIONS:
                    return self.handed.step(tx, case, move.action)
                if move.by == Duty.ASKER:
                    return self.as_asker(tx, case, move.action)
                assert actor
                self.as_account(tx, actor, case, move.action)
        except Refusal as refusal:
            if refusal.code not in REFUSED and not (own and refusal.code in OWN):
                raise
            self.refused[refusal.code] += 1
            return False
        return True

    def _timely(self, tx: Tx, case: dict[str, Any], move: CaseMove) -> bool:
        return self.possible(case, move) and is_timely(tx, case, move.action)

    def possible(self, case: dict[str, Any], move: CaseMove) -> bool:
        """Whether the case has what the step is about, as far as its row tells."""
        if move.action is Action.ACKNOWLEDGE_ALARM:
            return bool(case["alarm_open"])
        if move.by == Duty.ASKER and not case["has_asker"]:
            return False
        if move.action is Action.MAILBOX and not case["is_letter"]:
            return False
        if move.action in walk_handed.OF_LEAVERS and not case["is_left"]:
            return False
        if move.action in walk_oversight.ACTIONS and not walk_oversight.is_timely(case, move):
            return False
        if move.action in (Action.DRAFT_ANSWER, Action.RETURN_ANSWER) and not self.approves:
            return False
        if move.action is Action.UNMERGE and not case["lead_state"]:
            return False
        if move.action is Action.DECLINE and self.two:
            return False
        return move.by != DECIDER or bool(case["asked"])

    def _taker(self, tx: Tx, case: dict[str, Any], move: CaseMove) -> Actor | None:
        """Anybody who may; now and then somebody who may not, because it is his own work."""
        named = rules(tx).workflow.by_action.get(move.action.value)
        able = [actor for actor in self.actors if may_take(actor, case, move, named)]
        if self.chance.random() > TRIES_OWN:
            able = [actor for actor in able if not is_own_work(actor, case, move)]
        return self.chance.choice(able) if able else None

    def as_asker(self, tx: Tx, case: dict[str, Any], action: Action) -> bool:
        given = StepInput(new_id(), action, solved=action is Action.EVALUATE, note="说一句")
        step_of_asker(tx, case["id"], given)
        return True

    def as_account(self, tx: Tx, actor: Actor, case: dict[str, Any], action: Action) -> None:
        if action is Action.CORRECT:
            correct(tx, actor, case["id"], self.correction(case))
            return
        if action in walk_joins.JOINS:
            walk_joins.join(self, tx, actor, case, action)
            return
        given = StepInput(
            new_id(), action, note="办", reason=REASON.get(action, ""), solved=True,
            answer=self.answer(case, action), author="张市长",
            until=self.later(tx, case) if "until" in FIELDS[action] else None,
            unit_id=self.unit(tx, case, action),
            type=self.chance.choice([None, *self.types(tx)])
            if action in (Action.ACCEPT, Action.REGISTER)
            else None,
        )  # fmt: skip
        step_of_account(tx, actor, case["id"], given)

    def answer(self, case: dict[str, Any], action: Action) -> str:
        """Words that nobody wrote before; what is closed with is mostly what was written."""
        if action is Action.CLOSE and case["answer"] and self.chance.random() < 0.9:
            return str(case["answer"])
        return f"已办{self.chance.randrange(1_000_000)}"

    def later(self, tx: Tx, case: dict[str, Any]) -> datetime:
        """Some days after now, mostly after the stage's limit."""
        first: datetime = max(case["due_at"], tx.now) if self.chance.random() < 0.7 else tx.now
        return first + timedelta(hours=self.chance.randrange(1, 60))

    def correction(self, case: dict[str, Any]) -> Correction:
        elsewhere = self.chance.random() < 0.5
        return Correction(
            new_id(),
            case["version"],
            level=self.chance.choice([None, "normal", "urgent", "major"]),
            lon=self.chance.uniform(118.01, 118.59) if elsewhere else None,
            lat=self.chance.uniform(37.01, 37.39) if elsewhere else None,
        )

    def types(self, tx: Tx) -> list[str]:
        known = rules(tx).types
        return [
            kind.code
            for kind in known.leaves
            if not any(line.evidence for line in known.line(kind.code))
        ]

    def unit(self, tx: Tx, case: dict[str, Any], action: Action) -> UUID | None:
        if action is Action.TRANSFER and (beside := tx.rows(BESIDE, {"desk": case["desk_id"]})):
            return UUID(str(self.chance.choice(beside)["id"]))
        kinds = {
            Action.DISPATCH: ["department", "property"],
            Action.RULE: ["department", "property"],
            Action.TRANSFER: ["desk"],
        }.get(action)
        if kinds is None:
            return None
        rows = tx.rows(
            "select id from organisations where active and kind = any(%s) order by code", [kinds]
        )
        found: UUID = self.chance.choice(rows)["id"]
        return found

    # --- the invariant --------------------------------------------------------------------------
    def check(self, rows: list[dict[str, Any]], known_at: datetime) -> None:
        for case in rows:
            if case["state"] in owned.OVER:
                continue
            self.checked += 1
            who = owned.owners(case, self.posts, self.only)
            assert who, f"{case['number']} is nobody's: {case['state']} {case['duty']}"
            assert case["due_at"] is not None, f"{case['number']} has no due time"
            assert case["due_from"] <= known_at

    def check_requests(self, tx: Tx) -> None:
        """Whatever was asked for has somebody who may decide it, and a time by which."""
        for request in tx.rows(WAITING):
            self.checked += 1
            who = owned.deciders(request, request, self.posts)
            assert who, f"nobody decides {request['kind']} of {request['number']}"
            assert request["due_at"] > request["asked_at"]


def _at_a_door_of_its_own(move: CaseMove) -> bool:
    return move.by == Duty.ASKER or move.action in DOORS


def walked(walk: Walk, runs: int, look: Callable[[Walk], None]) -> None:
    """So many runs, side by side; what is nobody's after any step of any of them fails."""
    batches = max(4, -(-runs // AT_ONCE))
    at_once = -(-runs // batches)
    for n in range(batches):
        _begin(walk, at_once)
        for _ in range(STEPS):
            _round(walk)
        if n % 3 == 2 or n == batches - 1:
            look(walk)
            with transaction(walk.cell) as tx:
                walk.people.all_back(tx)


def _begin(walk: Walk, at_once: int) -> None:
    """Some runs begin where an earlier one left its case, the others with a new report."""
    with transaction(walk.cell) as tx:
        walk.look_round(tx)
        walk.know(tx)
        walk.live = walk.choice.kept(
            tx.rows(CASES, [walk.live]), int(at_once * GOES_ON), walk.possible
        )
        for statement in SWEPT:
            tx.run(statement, [walk.live])
        walk.report(tx, at_once - len(walk.live))
        walk.runs += at_once
        walk.check(tx.rows(CASES, [walk.live]), tx.now)


def _round(walk: Walk) -> None:
    walk.rounds += 1
    with transaction(walk.cell) as tx:
        walk.oversight.sweep(tx)
        walk.know(tx)
        walk.moved = {}
        for case in tx.rows(CASES, [walk.live]):
            walk.step(tx, case)
        rows = tx.rows(CASES, [walk.live])
        walk_law.after(walk, tx, walk.moved, rows)
        walk.check(rows, tx.now)
        walk.check_requests(tx)
        walk_law.all_told(tx, walk.live)
        clock.advance(tx, timedelta(minutes=walk.chance.choice([5, 60, 300, 1500])))
    with transaction(walk.cell) as tx:
        appointments.turn_of_the_day(tx)
        walk.people.some(tx)
        if walk.rounds % 8 == 0:
            walk.oversight.day_off(tx)
    walk_joins.jobs(walk.cell, walk.chance)
    with transaction(walk.cell) as tx:
        walk.look_round(tx)
        walk.check(tx.rows(OPEN_ANYWHERE), tx.now)
        walk.joined.check(tx)
        walk.check_requests(tx)
