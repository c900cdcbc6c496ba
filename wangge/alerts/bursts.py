"""Bursts in space and time, by the space–time permutation scan statistic.

Source: M. Kulldorff, R. Heffernan, J. Hartman, R. Assunção, F. Mostashari: A Space–Time Permutation
Scan Statistic for Disease Outbreak Detection, PLoS Medicine 2(3): e59, 2005. It needs no count of
inhabitants: what is expected in an area on a day is the area's share of all cases times the day's.
Sequential Monte Carlo after J. Besag and P. Clifford, Biometrika 78, 1991: once chance alone was as
extreme too often to matter, the trials end.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wangge.alerts import grounds
from wangge.alerts.counts import BY_TYPE, read, types_of
from wangge.alerts.models import Found
from wangge.areas.models import Level
from wangge.kernel.db import Tx
from wangge.tenant.alerts import Burst
from wangge.tenant.rules import Rules

Counts = NDArray[np.float64]
MOST_AREAS = 30  # in one circle
DEGREE = 111.32  # kilometres of a degree of latitude


@dataclass(frozen=True, slots=True)
class Cluster:
    """The most unlikely cylinder: some areas over the last ``days``; ``p`` as chance tried it."""

    areas: tuple[int, ...]
    days: int
    n: int
    expected: float
    p: float


def circles(points: Counts, kilometres: float) -> NDArray[np.int64]:
    """For each area the areas around it from near to far, itself first; -1 where no more lie near.

    ``points``: longitude and latitude by area, shape (areas, 2).
    """
    lat = np.radians(np.nan_to_num(points[:, 1]).mean()) if len(points) else 0.0
    flat = np.nan_to_num(points * [np.cos(lat) * DEGREE, DEGREE], nan=1e9)
    size = min(MOST_AREAS, len(points))
    found = np.full((len(points), size), -1, np.int64)
    for n, here in enumerate(flat):
        away = np.hypot(*(flat - here).T)
        away[n] = -1  # itself comes first, also among areas without a border
        near = np.flatnonzero(away <= kilometres)
        near = near[np.argsort(away[near], kind="stable")][:size]
        found[n, : len(near)] = near
    return found


def scan(
    n: Counts, around: NDArray[np.int64], *, last: int, least: int, runs: int, percent: float,
    seed: int,
) -> Cluster | None:  # fmt: skip
    """The most unlikely cluster that ends on the last day; None where chance may bring as much.

    ``n``: whole counts by area and day, shape (areas, days). Cylinders reach from one to ``last``
    days back and hold at most half of all cases. The same ``seed`` gives the same answer.
    """
    total = n.sum()
    if total < 2 * least:
        return None
    where, when = np.nonzero(n)
    times = n[where, when].astype(np.int64)
    cells = np.repeat(where, times)
    days = np.repeat(when, times)
    # Who has fewer neighbours than the circle has room for gets an area without any case.
    rows = np.where(around >= 0, around, len(n))
    by_area, by_day = np.append(n.sum(axis=1), 0), n.sum(axis=0)
    shares = np.cumsum(by_day[::-1][:last]) / total
    mean = (np.cumsum(by_area[rows], axis=1)[:, :, None] * shares).ravel()

    def recent(of_days: NDArray[np.int64]) -> NDArray[np.int32]:
        """How many in each area from so many days back on, shape (areas and one empty, last)."""
        age = n.shape[1] - 1 - of_days
        young = age < last
        flat = np.bincount(cells[young] * last + age[young], minlength=(len(n) + 1) * last)
        return np.cumsum(flat.reshape(len(n) + 1, last), axis=1, dtype=np.int32)

    inside = np.cumsum(recent(days)[rows], axis=1, dtype=np.int32).ravel()
    ratio = np.where(inside >= least, ratio_of(inside.astype(np.float64), mean, total), 0.0)
    place = int(ratio.argmax())
    real = float(ratio[place])
    if real <= 0:
        return None
    chance = np.random.default_rng(seed)
    # Ring by ring outwards: what a ring needs stays in the processor's own memory.
    needed = counts_needed(mean, total, real, least).reshape(*rows.shape, last)
    rings = list(zip(rows.T, np.ascontiguousarray(needed.swapaxes(0, 1)), strict=True))
    too_often = percent / 100 * (runs + 1)
    as_much = 1
    for _ in range(runs):
        as_much += _as_strong(recent(chance.permutation(days)), rings, total)
        if as_much > too_often:
            return None
    centre, size, back = (int(one) for one in np.unravel_index(place, (*rows.shape, last)))
    members = around[centre, : size + 1]
    return Cluster(
        tuple(int(one) for one in members[members >= 0]), back + 1, int(inside[place]),
        float(mean[place]), as_much / (runs + 1),
    )  # fmt: skip


def counts_needed(mean: Counts, total: float, real: float, least: int) -> NDArray[np.int32]:
    """The smallest count with which each cylinder's ratio is ``real``: trials need no logarithm.

    The ratio grows with the count and falls with the mean. So the mean that goes with each count
    is sought by halving, the count of each cylinder looked up, and put right by the ratio itself.
    """
    counts = np.arange(1, total // 2 + 1)
    low, high = np.zeros(len(counts)), counts
    for _ in range(60):
        middle = (low + high) / 2
        above = _log_ratio(counts, middle, total) >= real
        low, high = np.where(above, middle, low), np.where(above, high, middle)

    def enough(count: NDArray[Any]) -> NDArray[np.bool_]:
        with np.errstate(divide="ignore", invalid="ignore"):
            return (count > mean) & (_log_ratio(count, mean, total) >= real)

    near = np.searchsorted(low, mean) + 1.0
    found = np.where(enough(near - 1), near - 1, np.where(enough(near), near, near + 1))
    return np.maximum(found, least).astype(np.int32)


def _as_strong(
    recent: NDArray[np.int32],
    rings: list[tuple[NDArray[np.int64], NDArray[np.int32]]],
    total: float,
) -> bool:
    """Whether some cylinder holds as many as it needs, and at most half of all."""
    inside = np.zeros((len(rings[0][0]), recent.shape[1]), np.int32)
    for members, needed in rings:
        inside += recent[members]
        found = inside >= needed
        if found.any() and (inside[found] <= total / 2).any():
            return True
    return False


def ratio_of(inside: Counts, mean: Counts, total: float) -> Counts:
    """Kulldorff's log likelihood ratio of each cylinder; nothing where there is no excess."""
    counts = (inside > mean) & (inside <= total / 2) & (mean > 0)
    found = np.zeros(inside.shape)
    found[counts] = _log_ratio(inside[counts], mean[counts], total)
    return found


def _log_ratio(inside: NDArray[Any], mean: Counts, total: float) -> Counts:
    apart = total - inside
    return inside * np.log(inside / mean) + apart * np.log(apart / (total - mean))


def bursts(tx: Tx, rule: Burst, known: Rules, days: Sequence[date]) -> list[Found]:
    """The cluster of each of the days, if chance does not explain it; of each type family alone.

    A rule without types looks at all that came in together.
    """
    ground = grounds.of(tx, Level(rule.ground))
    if not ground.areas:
        return []
    types = types_of(rule, known)
    table = read(tx, ground, days[0] - timedelta(days=rule.history - 1), days[-1], BY_TYPE, types)
    around = circles(ground.centres, rule.kilometres)
    found = []
    for day in days:
        low = (day - table.first).days - rule.history + 1
        n = table.n[:, low : low + rule.history]
        some = np.flatnonzero(n.sum(axis=1))
        if not len(some):
            continue
        cluster = scan(
            n[some], _among(around, some), last=rule.days, least=rule.least, runs=rule.runs,
            percent=rule.percent, seed=day.toordinal(),
        )  # fmt: skip
        if cluster:
            mine = [ground.areas[some[one]] for one in cluster.areas]
            centre = mine[0]
            lon, lat = ground.centres[some[cluster.areas[0]]].tolist()
            figures = {
                "n": cluster.n, "usual": round(cluster.expected, 1), "p": round(cluster.p, 4),
                "days": cluster.days, "areas": len(mine), "runs": rule.runs,
                "grids": [area.pos for area in mine], "centre": " ".join(centre.names[-2:]),
            }  # fmt: skip
            found.append(
                Found(
                    f"area:{centre.id}", day - timedelta(days=cluster.days - 1), day,
                    grounds.common(tx, mine).pos, figures, tuple(types or ()),
                    *((None, None) if np.isnan(lon) else (lon, lat)),
                )
            )  # fmt: skip
    return found


def _among(around: NDArray[np.int64], some: NDArray[np.int64]) -> NDArray[np.int64]:
    """The circles of those areas alone in which anything was; the others add nothing to a sum."""
    number = np.full(len(around) + 1, -1, np.int64)
    number[some] = np.arange(len(some))
    kept = number[around[some]]  # -1 looks up the last, which is -1
    order = np.argsort(kept < 0, axis=1, kind="stable")
    return np.take_along_axis(kept, order, axis=1)
