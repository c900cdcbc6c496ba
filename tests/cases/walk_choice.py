"""Which way a walk goes on: to a state with steps that were seldom taken, and there by those."""

from collections import Counter
from collections.abc import Callable, Sequence
from random import Random
from typing import Any
from uuid import UUID

from wangge.cases.models import DONE, Action, State
from wangge.cases.request_kinds import KINDS
from wangge.cases.rights import CaseMove
from wangge.cases.workflow import DECIDER, LOOP

WANDERS = 0.25  # so often a walk goes on by plain chance
STAYS = 0.2  # a step that leaves a case where it is: there are many, and the way is long
FEW = 3  # so often it is taken like any other
RARE = {Action.SPLIT: 0.05, Action.SPLIT_UP: 0.3}  # they begin two walks more
ASKED = 5  # what waits to be decided is decided rather than left
LEADS = {
    Action.ASK_SUSPENSION: State.SUSPENDED,
    Action.GRANT_SUSPENSION: State.SUSPENDED,
    Action.PROPOSE_DECLINE: State.DECLINED,
    Action.APPROVE_DECLINE: State.DECLINED,
}
# What a step makes possible; it is wanted as much as the rarest of that.
OPENS: dict[Action, tuple[Action, ...]] = {
    **{kind.asks: (*kind.decides, Action.WITHDRAW_REQUEST, Action.RAISE_REQUEST) for kind in KINDS},
    Action.OVERRULE: (Action.RULE,),
    Action.GRANT_PAUSE: (Action.RESUME_CLOCK,),
}
OF_TIME = (Action.SILENT, Action.OVERDUE, Action.CLIMB)  # they come to whoever waits
REST, WAITS = 0.04, 0.25
PATIENT = 0.7  # so often what is asked waits, where that was seldom sent up
DRAWN = 0.5  # so often a case with an open alarm, notice or listing is drawn where few are ended
CARRIED = {
    "alarm_open": Action.ACKNOWLEDGE_ALARM,
    "notice_open": Action.ANSWER_SUPERVISION,
    "listing_open": Action.UNLIST,
}
# What puts there what is carried: for the sake of a state to which it must be brought.
BRINGS = {
    Action.SUPERVISE: Action.ANSWER_SUPERVISION,
    Action.LIST_OPENLY: Action.UNLIST,
}
BESIDE_THE_HUNT = 0.05
IN_A_HUNT = 0.5  # of the usual wandering
LITTLE = 0.001  # is the worth of a case that comes to nothing new
LED = 0.8  # so often a case waits for what its lead comes to
FOLLOWS = {
    *((State.MERGED, state) for state in (State.HANDLED, State.CHECKING, State.CHECKED)),
    (State.CLOSED, State.CLOSED),
}
TO_THE_END = frozenset({Action.PASS_CHECK, Action.CLOSE})
HANGS = 6  # what hangs on a case and is open is gone on with

Possible = Callable[[dict[str, Any], CaseMove], bool]


class Choice:
    """How often everything was taken, and where that draws each walk."""

    def __init__(self, chance: Random, systems: frozenset[Action]) -> None:
        self.chance, self.systems = chance, systems
        self.taken: Counter[tuple[str, str]] = Counter()
        self.goals: dict[UUID, State] = {}
        self.hunted: frozenset[tuple[str, str]] = frozenset()
        self.least = 0
        self.wanted: list[float] = []
        self.far = _ways(systems)

    @property
    def _ease(self) -> float:
        return IN_A_HUNT if self.hunted else 1

    def hunt(self, wanted: frozenset[tuple[str, str]]) -> None:
        """From now on nothing is wanted but these, and what leads to them."""
        if not self.hunted:
            self.goals.clear()
        self.hunted = wanted

    def want(self, state: str, action: Action) -> float:
        """One for what was taken least often anywhere, the less the oftener it was taken.

        In a hunt one for what is hunted, and little for the rest.
        """
        if self.hunted:
            return 1.0 if (state, action.value) in self.hunted else BESIDE_THE_HUNT
        return (1 + self.least) / (1 + self.taken[state, action.value])

    def gain(self, state: State, action: Action) -> float:
        own = self.want(state.value, action)
        return max([own, *(self.want(state.value, one) for one in OPENS.get(action, ()))])

    def look(self) -> None:
        """How much each state is wanted: by its own rarest steps."""
        self.least = min(
            self.taken[state.value, move.action.value]
            for state in State
            for move in LOOP.from_(state)
        )
        # What is over is wanted for what people may still do there; the rest comes by others.
        self.wanted = [
            sum(
                self.want(state.value, move.action) ** 2
                for move in LOOP.from_(state)
                if state not in DONE or move.action not in self.systems
            )
            for state in State
        ]

    def kept(self, cases: Sequence[dict[str, Any]], n: int, possible: Possible) -> list[UUID]:
        """So many cases to go on with, the likelier the more is wanted of what they may come to."""
        drawn = [
            (self.chance.expovariate(1) / (self._worth(case, possible) * _hangs(case)), case["id"])
            for case in cases
        ]
        return [case_id for _, case_id in sorted(drawn)[:n]]

    def _worth(self, case: dict[str, Any], possible: Possible) -> float:
        state = State(case["state"])
        return LITTLE + sum(
            self.want(state.value, move.action) ** 2
            for move in LOOP.from_(state)
            if (
                case["is_joined"] and move.action in OF_LEADS
                if state in DONE and move.action in self.systems
                else possible(case, move)
            )
        )

    def _led(self, case: dict[str, Any], action: Action) -> float | None:
        """How much is wanted of what a step brings behind it, over its lead or those it leads."""
        carried = _carried(case)
        if action in carried:
            return self.want(case["state"], action)
        if carried and action in LEADS:
            return max(self.want(LEADS[action], one) for one in carried)
        if self.hunted and action in BRINGS:
            return max(self.want(state, BRINGS[action]) for state in State)
        if case["lead_state"] and action in (Action.UNMERGE, Action.REOPEN):
            return self.want(case["lead_state"], Action.CARRY)
        if State.MERGED in case["leads"] and action in TO_THE_END:
            return self.want(State.CLOSED, Action.REJOIN)
        if State.CLOSED in case["leads"] and action is Action.REOPEN:
            return self.want(State.CLOSED, Action.REJOIN)
        if State.CLOSED in case["leads"] and action is Action.EVALUATE:
            return self.want(State.EVALUATED, Action.CARRY)
        return None

    def rests(self, case: dict[str, Any]) -> bool:
        """Whether the case waits, so that nothing is heard of it."""
        state = State(case["state"])
        if (state, case["lead_state"]) in FOLLOWS and self.chance.random() < LED:
            return True
        if case["asked"] and self.chance.random() < PATIENT * self.want(
            state, Action.RAISE_REQUEST
        ):
            return True
        waits = 0 if state in DONE else max(self.want(state.value, one) for one in OF_TIME)
        return self.chance.random() < REST + WAITS * waits

    def ordered(self, case: dict[str, Any], moves: Sequence[CaseMove]) -> list[CaseMove]:
        """The moves in the order in which they are to be tried."""
        state = State(case["state"])
        goal = self._goal(case, state)
        hangs = bool(case["is_left"] or case["asked"])
        wanders = goal is state or hangs or self.chance.random() < WANDERS * self._ease
        keyed: list[tuple[int, float, int, CaseMove]] = []
        for move in moves:
            gain = self.gain(state, move.action)
            weight = gain**2 * RARE.get(move.action, 1.0)
            if move.by == DECIDER:
                weight *= ASKED
            if move.action in HANGING and case[HANGING[move.action]]:
                weight *= HANGS
            if move.action in OF_JOINED and case["is_joined"]:
                weight *= HANGS
            if self.hunted and move.action in CARRIED.values() and gain < 1:
                weight *= LITTLE  # it is carried on to where it is hunted
            elif (led := self._led(case, move.action)) is not None:
                weight = max(weight, led**2 * HANGS)
            if move.action is Action.ASSIGN_DOWN and case["is_at_top"]:
                weight *= HANGS**2
            if goal is state and move.target not in (None, state):
                weight *= STAYS  # the way there was long
            if move.target is None and gain <= 1 / (1 + FEW) and not hangs:
                weight *= STAYS
            # Drawn without putting back, in proportion to the weights (Efraimidis, Spirakis).
            drawn = self.chance.expovariate(1) / weight
            leads = move.target or LEADS.get(move.action, state)
            # The shortest way may be shut to this case: then a longer one, before staying.
            ahead = len(State) if leads is state else self.far.get((leads, goal), len(State))
            way = 0 if wanders else ahead
            keyed.append((way, drawn, len(keyed), move))
        return [move for *_, move in sorted(keyed, key=lambda one: one[:3])]

    def _goal(self, case: dict[str, Any], state: State) -> State:
        """Where this walk is drawn; where it is, once it is there."""
        case_id = case["id"]
        goal = self.goals.get(case_id)
        if (
            goal is None
            or (state, goal) not in self.far
            or (goal is state and self.chance.random() < STAYS)
        ):
            wants = self.wanted
            if (carried := _carried(case)) and self.chance.random() < DRAWN / self._ease:
                wants = [max(self.want(one, action) for action in carried) ** 2 for one in State]
            ahead = [(one, wanted) for one, wanted in zip(State, wants, strict=True)
                     if (state, one) in self.far]  # fmt: skip
            goal = self.chance.choices([one for one, _ in ahead], [much for _, much in ahead])[0]
            self.goals[case_id] = goal
        return goal


OF_LEADS = frozenset({Action.CARRY, Action.REJOIN, Action.CLOSE_MERGED})
OF_JOINED = frozenset({Action.REOPEN, Action.MERGE, Action.UNMERGE})
HANGING = {
    Action.ENTRUST: "is_left",
    Action.TAKE_ON: "is_left",
    Action.ASSIST: "has_tasks",
}


def _hangs(case: dict[str, Any]) -> float:
    """Whether something waits that may be gone when the case goes on without it."""
    if case["is_left"] or case["asked"]:
        return HANGS
    if State(case["state"]) in DONE:
        return HANGS if case["is_joined"] else 1 if case["has_asker"] else 1 / HANGS
    if case["is_at_top"]:
        return 1 / HANGS  # no way leads on from the city's own desk but down
    return HANGS / 2 if _carried(case) and case["state"] != State.REPORTED else 1


def _carried(case: dict[str, Any]) -> list[Action]:
    """What may be answered wherever the case stands, as long as it is open."""
    return [action for what, action in CARRIED.items() if case[what]]


def _ways(systems: frozenset[Action]) -> dict[tuple[State, State], int]:
    """How many steps people need from one state to another."""
    far = {(state, state): 0 for state in State}
    for _ in State:
        for state in State:
            for move in LOOP.from_(state):
                if move.target is None or (move.action in systems and state is not State.MERGED):
                    continue
                for goal in State:
                    behind = far.get((move.target, goal), len(State))
                    if behind + 1 < far.get((state, goal), len(State)):
                        far[state, goal] = behind + 1
    return far
