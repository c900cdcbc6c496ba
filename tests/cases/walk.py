"""Many cases that walk at random while people and units come and go."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from tests.cases import owned, walk_joins
from tests.cases.walk_joint import JOINED_OVER, Joined
from tests.cases.walk_sql import (
    CASES,
    DESKS,
    HANDED,
    LAPSED,
    OPEN_ANYWHERE,
    OVER,
    TURNED_BACK,
    WAITING,
)
from tests.town import PEOPLE, UNITS
from wangge.cases import requests
from wangge.cases.corrections import Correction, correct
from wangge.cases.models import FINAL, Action, Duty, Mode, State, StepInput
from wangge.cases.rights import is_own_work, is_timely, may_take
from wangge.cases.service import step_of_account, step_of_asker
from wangge.cases.workflow import LOOP, OWN_DOOR
from wangge.dispatch import alarms
from wangge.dispatch.service import mark_overdue
from wangge.intake.models import AskerWords, Report, Source
from wangge.intake.service import receive_many
from wangge.kernel import clock
from wangge.kernel.crypto import hashed
from wangge.kernel.db import Cell, Session, Tx, transaction
from wangge.kernel.errors import Refusal
from wangge.kernel.ids import new_id
from wangge.people import appointments, organisations
from wangge.people import service as people
from wangge.people.models import Actor, PostDraft
from wangge.tenant.service import rules

BEGINS = datetime(2026, 3, 2, 1, tzinfo=UTC)
AT_ONCE = 400  # runs side by side
LONGEST = 9  # steps by people of one run; those by rules come on top
MOST_GONE = 6
STAYS = 0.01  # a step that leaves a case where it is: there are many, and the way is long
FIELDS = {move.action: (*move.needs, *move.may) for move in LOOP.moves}
AHEAD = 25  # how much oftener an alarm may have been taken in hand in one state than in another
REFUSED = {
    "unit_without_people", "no_desk_above", "no_desk_below", "no_such_desk", "tasks_open",
    "task_stands", "lead_unit", "extensions_used_up", "objection_final", "same_unit",
    "objection_upheld", "urged_enough", "clock_stands", "clock_runs", "pause_late",
    "until_too_early", "pauses_used_up", "until_too_far",
} | walk_joins.REFUSED  # fmt: skip
OWN = {one.action for one in LOOP.moves if one.by == OWN_DOOR}
MARKS = {Action.CLIMB, Action.SILENT, Action.RECKON, Action.LEFT_OPEN} | OWN
SYSTEMS = {
    Action.OVERDUE, Action.HAND_OVER, Action.TAKE_BACK, Action.RAISE_REQUEST,
} | walk_joins.SYSTEMS | MARKS  # fmt: skip
REASON = {
    Action.DECLINE: "secret",
    Action.RETURN: "not_duty",
    Action.EXTEND: "weather",
    Action.ASK_PAUSE: "weather",
    Action.ASK_SUSPENSION: "funds",
    Action.WITHDRAW_FOR: "mistaken",
    Action.VOID: "test",
}
RARE = {Action.VOID: 0.05}  # it ends a walk


class Walk:
    """Some hundred cases, the town's people, and chance."""

    def __init__(self, cell: Cell, chance: Random) -> None:
        self.cell, self.chance = cell, chance
        self.taken: Counter[tuple[str, str]] = Counter()
        self.refused: Counter[str] = Counter()
        self.troubles: Counter[str] = Counter()
        self.live: list[UUID] = []
        self.actors: list[Actor] = []
        self.gone: list[tuple[str, Any]] = []
        self.posts: list[dict[str, Any]] = []
        self.only: frozenset[str] | None = None
        self.checked = 0
        self.joined = Joined(self)

    # --- who there is ---------------------------------------------------------------------------
    def look_round(self, tx: Tx) -> None:
        """Read every person's posts as a sign-in reads them, and the oracle's own list."""
        self.actors = []
        for row in tx.rows("select id, username from accounts where active order by username"):
            tx.run(
                "insert into sessions (token_hash, account_id, csrf, created_at, seen_at,"
                " expires_at, idle) values (%s, %s, 'x', %s, %s, %s, '900 days') on conflict"
                " (token_hash) do update set seen_at = excluded.seen_at",
                [hashed(row["username"]), row["id"], tx.now, tx.now, tx.now + timedelta(900)],
            )
            found = tx.one("select * from open_session(%s)", [hashed(row["username"])])
            assert found
            assert found["account"]
            tx.session = Session("x", tx.now, found["account"], found["posts"])
            self.actors.append(Actor.of(tx))
        tx.session = None
        self.posts = owned.staff(tx)

    def actor(self, username: str) -> Actor | None:
        return next((actor for actor in self.actors if actor.username == username), None)

    def know(self, tx: Tx) -> None:
        """How often a case was handed over so far, which no person does."""
        for row in tx.rows(HANDED):
            self.taken[row["source"], row["action"]] = row["n"]

    # --- reports --------------------------------------------------------------------------------
    def report(self, tx: Tx, n: int) -> None:
        for _ in range(n):
            by = self.chance.choice([None, *self.actors]) if self.chance.random() < 0.5 else None
            if by and not by.may("case.report"):
                by = None
            urgent = self.chance.random() < 0.35
            lon, lat = self.chance.uniform(117.99, 118.61), self.chance.uniform(37.0, 37.4)
            placed = self.chance.random() < 0.85
            told = Report(
                id=new_id(),
                text="有人被困，闻到燃气味" if urgent else "路面积水",
                channel="resident",
                lon=lon if placed else None,
                lat=lat if placed else None,
                asker=AskerWords("王桂英", "", Mode.OPEN) if self.chance.random() < 0.8 else None,
            )
            receipt, *_ = receive_many(tx, [told], Source(by))
            if receipt.emergency:
                alarms.raise_alarm(tx, told.id, receipt.emergency)
            self.live.append(told.id)

    # --- steps ----------------------------------------------------------------------------------
    def step(self, tx: Tx, case: dict[str, Any]) -> None:
        """One legal step, the rarer the likelier, by anybody who may take it."""
        known = rules(tx)
        case["pending"] = requests.pending(tx, case)
        state = State(case["state"])
        moves = [move for move in LOOP.from_(state) if move.action not in SYSTEMS]
        if state in FINAL and self.chance.random() > 0.1:
            return
        weights = [
            RARE.get(move.action, 1 if move.target else STAYS)
            / (1 + self.taken[state.value, move.action.value]) ** 2
            for move in moves
        ]
        while moves:
            move = self.chance.choices(moves, weights)[0]
            index = moves.index(move)
            moves.pop(index)
            weights.pop(index)
            named = known.workflow.by_action.get(move.action.value)
            if move.action is Action.ACKNOWLEDGE_ALARM and not (
                case["alarm_open"] and self.is_rarest(state, move.action)
            ):
                continue
            if move.action in (Action.ASSIST, Action.WHISTLE):
                if self.joined.step(tx, case, move.action):
                    return
                continue
            if not is_timely(tx, case, move.action):
                continue
            if move.by == Duty.ASKER:
                if case["has_asker"]:
                    self.as_asker(tx, case, move.action)
                    return
                continue
            able = [
                actor
                for actor in self.actors
                if may_take(actor, case, move, named) and not is_own_work(actor, case, move)
            ]
            if able and self.as_account(tx, self.chance.choice(able), case, move.action):
                return

    def is_rarest(self, state: State, action: Action) -> bool:
        """Whether the action was taken nowhere much less often: else it waits for a rarer state."""
        sources = {
            source for move in LOOP.moves if move.action is action for source in move.sources
        }
        least = min(self.taken[source.value, action.value] for source in sources)
        return self.taken[state.value, action.value] <= least + AHEAD

    def as_asker(self, tx: Tx, case: dict[str, Any], action: Action) -> None:
        given = StepInput(new_id(), action, solved=action is Action.EVALUATE, note="说一句")
        step_of_asker(tx, case["id"], given)
        self.taken[case["state"], action.value] += 1

    def as_account(self, tx: Tx, actor: Actor, case: dict[str, Any], action: Action) -> bool:
        self.taken[case["state"], action.value] += 1
        try:
            if action is Action.CORRECT:
                correct(tx, actor, case["id"], self.correction(case))
                return True
            if action in walk_joins.JOINS:
                walk_joins.join(self, tx, actor, case, action)
                return True
            given = StepInput(
                new_id(), action, note="办", answer="已办", reason=REASON.get(action, ""),
                solved=True, author="张市长",
                until=self.later(tx, case) if "until" in FIELDS[action] else None,
                unit_id=self.unit(tx, action),
                type=self.chance.choice([None, *self.types(tx)])
                if action in (Action.ACCEPT, Action.REGISTER)
                else None,
            )  # fmt: skip
            step_of_account(tx, actor, case["id"], given)
        except Refusal as refusal:
            if refusal.code not in REFUSED:
                raise
            self.refused[refusal.code] += 1
            self.taken[case["state"], action.value] -= 1
            return False
        return True

    def later(self, tx: Tx, case: dict[str, Any]) -> datetime:
        """Some days after the stage's limit and after now."""
        first: datetime = max(case["due_at"], tx.now)
        return first + timedelta(hours=self.chance.randrange(1, 100))

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

    def unit(self, tx: Tx, action: Action) -> UUID | None:
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

    # --- people and units come and go -----------------------------------------------------------
    def trouble(self, tx: Tx) -> None:
        """Somebody leaves, is locked out, or a unit is dissolved; or one of them comes back."""
        if self.gone and (len(self.gone) >= MOST_GONE or self.chance.random() < 0.35):
            self.come_back(tx, self.gone.pop(self.chance.randrange(len(self.gone))))
            return
        kind = self.chance.choice(["post", "post", "lock", "unit", "unit"])
        try:
            with tx.conn.transaction():
                self.gone.append((kind, getattr(self, f"end_{kind}")(tx)))
        except Refusal as refusal:
            if refusal.code != "last_duty_leader":
                raise
            self.refused[refusal.code] += 1
            return
        self.troubles[kind] += 1

    def end_post(self, tx: Tx) -> Any:
        post = self.chance.choice(
            tx.rows("select * from posts where valid @> city_today() and reads_cases order by id")
        )
        tomorrow = tx.one("select city_today() + 1 as day") or {}
        by_date = self.chance.random() < 0.3
        appointments.end(tx, post["id"], on=tomorrow["day"] if by_date else None, actor=None)
        return post

    def end_lock(self, tx: Tx) -> Any:
        name = self.chance.choice(
            [p[0] for p in PEOPLE if p[2] not in ("system_admin", "security_admin", "audit_admin")]
        )
        account = tx.one("select id from accounts where username = %s", [name])
        guard = self.actor("secadmin")
        assert account
        assert guard
        people.lock_account(tx, account["id"], locked=True, reason="测试", actor=guard)
        return account["id"]

    def end_unit(self, tx: Tx) -> Any:
        """Any unit; or the desk of a case from whose state a desk was followed least often."""
        rows = tx.rows(DESKS, [self.live]) if self.chance.random() < 0.7 else []
        if rows:
            code = min(rows, key=lambda row: self.taken[row["state"], "hand_over"])["code"]
        else:
            code = self.chance.choice(UNITS)[0]
        unit = tx.one("select * from organisations where code = %s", [code])
        assert unit
        organisations.put(tx, {**unit, "active": False}, actor=None)
        return unit

    def come_back(self, tx: Tx, what: tuple[str, Any]) -> None:
        match what:
            case "unit", unit:
                organisations.put(tx, {**unit, "active": True}, actor=None)
            case "lock", account_id:
                tx.run("update accounts set active = true where id = %s", [account_id])
            case "post", post:
                draft = PostDraft(new_id(), post["role"], post["area_id"], post["unit_id"])
                tx.run("update organisations set active = true where id = %s", [post["unit_id"]])
                appointments.appoint(tx, post["account_id"], draft, actor=None)

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


def walked(walk: Walk, runs: int, look: Callable[[Walk], None]) -> None:
    """So many runs, side by side; what is nobody's after any step of any of them fails."""
    while runs > 0:
        batch = min(AT_ONCE, runs)
        runs -= batch
        _restore(walk, batch)
        for _ in range(LONGEST):
            _round(walk)
        look(walk)
        with transaction(walk.cell) as tx:
            tx.run(OVER)
            for statement in JOINED_OVER:
                tx.run(statement)
            tx.run(LAPSED)


def _restore(walk: Walk, batch: int) -> None:
    with transaction(walk.cell) as tx:
        while walk.gone:
            walk.come_back(tx, walk.gone.pop())
        clock.set_to(tx, BEGINS, frozen=True)
        tx.run(TURNED_BACK)
    with transaction(walk.cell) as tx:
        walk.look_round(tx)
        walk.live = []
        walk.report(tx, batch)
        walk.check(tx.rows(CASES, [walk.live]), tx.now)


def _round(walk: Walk) -> None:
    with transaction(walk.cell) as tx:
        if walk.chance.random() < 0.5:
            walk.taken.update(
                (row["state"], "overdue")
                for row in tx.rows("select state from cases where overdue_at is null and"
                                   " duty not in ('none', 'asker') and due_at < %s", [tx.now])
            )  # fmt: skip
            mark_overdue(tx)
        for case in tx.rows(CASES, [walk.live]):
            walk.step(tx, case)
        walk.check(tx.rows(CASES, [walk.live]), tx.now)
        walk.check_requests(tx)
        walk.know(tx)
        clock.advance(tx, timedelta(minutes=walk.chance.choice([5, 60, 300, 1500])))
    with transaction(walk.cell) as tx:
        appointments.turn_of_the_day(tx)
        walk.trouble(tx)
    walk_joins.jobs(walk.cell)
    with transaction(walk.cell) as tx:
        walk.look_round(tx)
        walk.check(tx.rows(OPEN_ANYWHERE), tx.now)
        walk.joined.check(tx)
        walk.check_requests(tx)
