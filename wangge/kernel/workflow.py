"""A workflow as data: states, actions, and the largest legal graph between them."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from wangge.kernel.errors import Refusal

S = TypeVar("S", bound=StrEnum)
A = TypeVar("A", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Move(Generic[S, A]):
    """``target`` None: the state stays. ``by`` names who acts, in the words of the module."""

    action: A
    sources: frozenset[S]
    target: S | None
    by: str
    permission: str = ""
    needs: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    primary: bool = False


class Workflow(Generic[S, A]):
    """The law of one kind of record; tenants switch moves off, never on."""

    def __init__(self, initial: S, moves: Iterable[Move[S, A]]) -> None:
        self.initial = initial
        self.moves = tuple(moves)
        self._by_place = {(source, m.action): m for m in self.moves for source in m.sources}

    def move(self, state: S, action: A) -> Move[S, A]:
        """Refuse with ``wrong_state`` what does not lead on from ``state``."""
        try:
            return self._by_place[state, action]
        except KeyError:
            raise Refusal(
                "wrong_state",
                "事项已到别的环节，不能再做这一步；您填写的内容仍在",
                f"cannot {action.value} from {state.value}; what you typed is kept",
                state=state.value,
                action=action.value,
            ) from None

    def from_(self, state: S) -> list[Move[S, A]]:
        return [move for (source, _), move in self._by_place.items() if source is state]

    def finals(self) -> set[S]:
        states = {m.target for m in self.moves if m.target} | {self.initial}
        return {s for s in states if not any(m.target for m in self.from_(s))}

    def mermaid(self, names: dict[str, str], actions: dict[str, str] | None = None) -> str:
        """The diagram for docs/workflows, with ``names`` of states, and of actions if they differ.

        A step may have the code of the state that it leads to, and another name.
        """
        steps = names if actions is None else actions
        lines = ["stateDiagram-v2", f"    [*] --> {self.initial.value}"]
        states = dict.fromkeys(s for m in self.moves for s in sorted(m.sources))
        states |= dict.fromkeys(m.target for m in self.moves if m.target)
        lines += [f"    {s.value}: {names.get(s.value, s.value)}" for s in states if s]
        for m in self.moves:
            if m.target:
                label = steps.get(m.action.value, m.action.value)
                lines += [f"    {s.value} --> {m.target.value}: {label}" for s in sorted(m.sources)]
        lines += [f"    {s.value} --> [*]" for s in sorted(self.finals(), key=lambda s: s.value)]
        return "\n".join(lines) + "\n"
