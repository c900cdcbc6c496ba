"""Small counts, which could tell who somebody is: hidden, so that the rest does not tell them."""

from collections.abc import Hashable, Mapping
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)
SMALL = 5  # of cases; below it a count of a place is not told


def told(counts: Mapping[Key, int], least: int = SMALL) -> dict[Key, int | None]:
    """The counts with small ones as None; where one alone is small, the next larger goes with it.

    Else it would be the total less the others. Nothing at all stays nothing: 0 names nobody.
    """
    some = sorted((n, place) for place, n in enumerate(counts.values()) if n)
    small = {place for n, place in some if n < least}
    if len(small) == 1 or sum(n for n, place in some if place in small) < least:
        beside = [place for _, place in some if place not in small]
        small |= set(beside[:1]) if small else set()
    return {key: None if place in small else n for place, (key, n) in enumerate(counts.items())}
