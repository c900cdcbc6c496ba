"""Which texts are nearly the same: they never stand on both sides of a fold."""

import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from wangge.tenant.words import flat

RUN = 3
BANDS, ROWS = 32, 2
ENOUGH = 0.5  # of the runs of both in common
PRIME = (1 << 61) - 1


def alike(texts: Sequence[str]) -> NDArray[np.int64]:
    """A number for each text; those that share half of their runs of three have the same."""
    shingles = [_shingles(text) for text in texts]
    rng = np.random.default_rng(20)
    a = rng.integers(1, 1 << 31, BANDS * ROWS, dtype=np.uint64)
    b = rng.integers(0, 1 << 31, BANDS * ROWS, dtype=np.uint64)
    group = list(range(len(texts)))

    def first(n: int) -> int:
        while group[n] != n:
            group[n] = group[group[n]]
            n = group[n]
        return n

    buckets: dict[tuple[int, bytes], list[int]] = {}
    for n, shingle in enumerate(shingles):
        hashed = np.fromiter(shingle, np.uint64, len(shingle))
        least = ((hashed[:, None] * a + b) % np.uint64(PRIME)).min(axis=0)
        for band in range(BANDS):
            key = band, least[band * ROWS : (band + 1) * ROWS].tobytes()
            others = buckets.setdefault(key, [])
            for other in others:
                if first(other) != first(n) and _share(shingle, shingles[other]) >= ENOUGH:
                    group[first(n)] = first(other)
            if len(others) < ROWS * BANDS:  # one of a crowd stands for it
                others.append(n)
    return np.array([first(n) for n in range(len(texts))], dtype=np.int64)


def _shingles(text: str) -> frozenset[int]:
    """Numbers of its runs; figures are left out, a date does not make another matter."""
    plain = "".join(c for c in flat(text).text if not c.isdigit() and c != "\n")
    whole = [plain[n : n + RUN] for n in range(len(plain) - RUN + 1)] or [plain]
    return frozenset(zlib.crc32(run.encode()) for run in whole)


def _share(one: frozenset[int], other: frozenset[int]) -> float:
    return len(one & other) / len(one | other)
