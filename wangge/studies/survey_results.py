"""What a survey found: shares of the two upper answers, and nothing about small groups."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from wangge.studies.models import LEAST, UPPER

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Part(Generic[Key]):
    """The parts of a whole that are told together, with how many answered and how many upper."""

    keys: tuple[Key, ...]
    n: int
    upper: int

    @property
    def share(self) -> float:
        return round(self.upper / self.n, 4)


def parted(counts: Mapping[Key, tuple[int, int]], least: int = LEAST) -> list[Part[Key]]:
    """Split (n, upper) by key so that no part, nor what is left beside the parts, is small.

    Small parts are told together; if they are few even so, the next larger one joins them. What
    would then be the whole once more is not split at all: the answer is empty.
    """
    rest = sorted(
        (Part((key,), n, upper) for key, (n, upper) in counts.items() if n),
        key=lambda one: one.n,
    )
    small = [one for one in rest if one.n < least]
    shown = rest[len(small) :]
    while small and shown and sum(one.n for one in small) < least:
        small.append(shown.pop(0))
    if not shown:
        return []
    if small:
        keys = tuple(key for one in small for key in one.keys)
        shown.append(Part(keys, sum(one.n for one in small), sum(one.upper for one in small)))
    return shown


def found(rows: Iterable[Mapping[str, Any]], questions: int) -> list[dict[str, Any]]:
    """Of each question: n, the counts of the four answers, and its parts by area and by way.

    ``rows`` are counts ``n`` by ``q`` (from 1), ``area_id``, ``way`` and ``value``.
    """
    of: list[list[Mapping[str, Any]]] = [[] for _ in range(questions)]
    for row in rows:
        if 0 < row["q"] <= questions:
            of[row["q"] - 1].append(row)
    return [_question(here) for here in of]


def _question(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    counts = [0, 0, 0, 0]
    by: dict[str, dict[Any, tuple[int, int]]] = {"area_id": defaultdict(lambda: (0, 0)),
                                                 "way": defaultdict(lambda: (0, 0))}  # fmt: skip
    for row in rows:
        counts[row["value"] - 1] += row["n"]
        for name, parts in by.items():
            n, upper = parts[row[name]]
            more = row["n"] if row["value"] in UPPER else 0
            parts[row[name]] = (n + row["n"], upper + more)
    n, upper = sum(counts), sum(counts[value - 1] for value in UPPER)
    if n < LEAST:
        return {"n": None, "upper": None, "share": None, "counts": None, "areas": [], "ways": []}
    return {
        "n": n,
        "upper": upper,
        "share": round(upper / n, 4),
        "counts": counts,
        "areas": parted(by["area_id"]),
        "ways": parted(by["way"]),
    }
