"""What a model sees of a text: which runs of one to four characters stand in it, and how often."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wangge.tenant.words import flat

LONGEST = 4
MOST_CHARACTERS = 3000
# Runs of the title are told apart from those of the whole: a title says it shorter.
TITLE = "\t"
Floats = NDArray[np.float32]
Places = NDArray[np.int64]


class Told(NamedTuple):
    """A matter in its words; the title may be empty or repeat how the text begins."""

    title: str
    text: str


class Space(NamedTuple):
    """The runs that a model knows, each with its place, and how telling each is."""

    places: dict[str, int]
    weights: Floats


def runs(told: Told) -> tuple[Counter[str], Counter[str]]:
    """Runs of the title, marked as such, and of title and text together."""
    title = flat(told.title).text
    whole = f"{title}\n{flat(told.text[:MOST_CHARACTERS]).text}"
    return Counter(TITLE + run for run in _runs(title, LONGEST - 1)), Counter(_runs(whole, LONGEST))


def _runs(text: str, longest: int) -> Iterable[str]:
    for part in text.split("\n"):
        for length in range(1, longest + 1):
            for n in range(len(part) - length + 1):
                yield part[n : n + length]


def learned(texts: Sequence[Told], *, least: int, most: int) -> Space:
    """The runs that stand in at least ``least`` texts, the commonest ``most`` of them."""
    found: Counter[str] = Counter()
    for told in texts:
        for counted in runs(told):
            found.update(counted.keys())
    kept = [run for run, n in found.most_common(most) if n >= least]
    total = len(texts)
    weights = [math.log((1 + total) / (1 + found[run])) + 1 for run in kept]
    return Space({run: n for n, run in enumerate(kept)}, np.array(weights, dtype=np.float32))


def seen(space: Space, told: Told) -> tuple[Places, Floats]:
    """Places and values of the runs that are known; title and whole are of length one each."""
    places: list[Places] = []
    values: list[Floats] = []
    for counted in runs(told):
        known = [(space.places[run], n) for run, n in counted.items() if run in space.places]
        if not known:
            continue
        at = np.fromiter((place for place, _ in known), np.int64, len(known))
        often = np.fromiter((n for _, n in known), np.float32, len(known))
        value = (1 + np.log(often)) * space.weights[at]
        places.append(at)
        values.append((value / np.linalg.norm(value)).astype(np.float32))
    if not places:
        return np.zeros(0, np.int64), np.zeros(0, np.float32)
    return np.concatenate(places), np.concatenate(values)
