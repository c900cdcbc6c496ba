"""Which way a walk goes on: to a state with steps that were seldom taken, and there by those."""

from collections import Counter
from collections.abc import Sequence
from random import Random
from uuid import UUID

from wangge.cases.models import FINAL, Action, State
from wangge.cases.rights import CaseMove
from wangge.cases.workflow import DECIDER, LOOP

WANDERS = 0.25  # so often a walk goes on by plain chance
STAYS = 0.2  # a step that leaves a case where it is: there are many, and the way is long
FEW = 3  # so often it is taken like any other
RARE = {Action.SPLIT: 0.05, Action.SPLIT_UP: 0.3}  # they begin two walks more
ASKED = 5  # what waits to be decided is decided rather than left
LEADS = {Action.ASK_SUSPENSION: State.SUSPENDED}
REST, SILENCE = 0.04, 0.2


class Choice:
    """How often everything was taken, and where that draws each walk."""

    def __init__(self, chance: Random, systems: frozenset[Action]) -> None:
        self.chance, self.systems = chance, systems
        self.taken: Counter[tuple[str, str]] = Counter()
        self.goals: dict[UUID, State] = {}
        self.wanted: list[float] = []
        self.far = _ways(systems)

    def gain(self, state: State, action: Action) -> float:
        return 1 / (1 + self.taken[state.value, action.value])

    def look(self) -> None:
        """How much each state is wanted: by its own rarest steps."""
        self.wanted = [
            sum(self.gain(state, move.action) ** 2 for move in LOOP.from_(state)) for state in State
        ]

    def rests(self, state: State) -> bool:
        """Whether the case waits, so that nothing is heard of it."""
        silent = SILENCE * self.gain(state, Action.SILENT) if state not in FINAL else 0
        return self.chance.random() < REST + silent

    def ordered(self, case_id: UUID, state: State, moves: Sequence[CaseMove]) -> list[CaseMove]:
        """The moves in the order in which they are to be tried."""
        goal = self._goal(case_id, state)
        wanders = goal is state or self.chance.random() < WANDERS
        keyed: list[tuple[int, float, int, CaseMove]] = []
        for move in moves:
            gain = self.gain(state, move.action)
            weight = gain**2 * RARE.get(move.action, 1.0)
            if move.by == DECIDER:
                weight *= ASKED
            if move.target is None and gain <= 1 / (1 + FEW):
                weight *= STAYS
            # Drawn without putting back, in proportion to the weights (Efraimidis, Spirakis).
            drawn = self.chance.expovariate(1) / weight
            leads = move.target or LEADS.get(move.action, state)
            way = 0 if wanders else self.far.get((leads, goal), len(State))
            keyed.append((way, drawn, len(keyed), move))
        return [move for *_, move in sorted(keyed, key=lambda one: one[:3])]

    def _goal(self, case_id: UUID, state: State) -> State:
        """Where this walk is drawn; where it is, once it is there."""
        goal = self.goals.get(case_id)
        if (
            goal is None
            or (state, goal) not in self.far
            or (goal is state and self.chance.random() < STAYS)
        ):
            ahead = [(one, wanted) for one, wanted in zip(State, self.wanted, strict=True)
                     if (state, one) in self.far]  # fmt: skip
            goal = self.chance.choices([one for one, _ in ahead], [much for _, much in ahead])[0]
            self.goals[case_id] = goal
        return goal


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
