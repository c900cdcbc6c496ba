"""Three-way merging by field: what was seen, what was typed, what stands now. Nothing is read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wangge.kernel.operations import State


@dataclass(frozen=True, slots=True)
class Merged:
    """``take`` is written; of ``conflicts`` both values are kept and a person decides."""

    take: dict[str, Any]
    conflicts: list[dict[str, Any]]
    others_changed: bool

    @property
    def state(self) -> State:
        if self.conflicts:
            return State.CONFLICT
        return State.MERGED if self.others_changed else State.APPLIED


def three_way(base: Mapping[str, Any], mine: Mapping[str, Any], now: Mapping[str, Any]) -> Merged:
    """Merge ``mine`` into ``now``; a field that nobody says to have seen was seen as it is.

    ``others_changed``: somebody changed a field that the person had seen, or came to the same
    value before him.
    """
    take: dict[str, Any] = {}
    conflicts: list[dict[str, Any]] = []
    others = any(name in now and now[name] != seen for name, seen in base.items())
    for name, value in mine.items():
        stands = now.get(name)
        if value == stands:
            continue
        if name in base and base[name] != stands:
            conflicts.append({"field": name, "base": base[name], "mine": value, "theirs": stands})
        else:
            take[name] = value
    return Merged(take, conflicts, others)
