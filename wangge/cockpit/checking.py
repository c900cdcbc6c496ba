"""The nightly check: every cell of the cubes against the cases; what differs is mended and told."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from psycopg.types.json import Jsonb

from wangge.cockpit import counting, cubes
from wangge.cockpit.models import CUBES
from wangge.kernel.ids import new_id
from wangge.kernel.queue import Open

KEPT_DAYS = 400
MEND_AT_ONCE = 2_000
MEND_MOST = 50_000  # beyond that all is made anew, which is sooner done
TOLD_MOST = 1_000  # so many are kept one by one; all are counted


class Kind(StrEnum):
    """What is wrong with a cell."""

    MISSING = "missing"
    DOUBLED = "doubled"
    MOVED = "moved"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell that differs: what the cases say, and what the cube says."""

    cube: str
    day: date
    pos: int
    key: str
    expected: tuple[int, ...]
    found: tuple[int, ...]

    @property
    def excess(self) -> tuple[int, ...]:
        return tuple(is_ - said for said, is_ in zip(self.expected, self.found, strict=True))


@dataclass(frozen=True, slots=True)
class Finding:
    """An error as it is told; ``found_on`` is the day to which something was moved."""

    kind: Kind
    cell: Cell
    found_on: date | None = None
    repaired: bool = False


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check looked at and what it found."""

    cells: int
    findings: list[Finding]


def named(cells: Sequence[Cell]) -> list[Finding]:
    """Say of each cell what is wrong; what one day lacks and another has too much was moved."""
    found: list[Finding] = []
    same: dict[tuple[str, int, str], list[Cell]] = defaultdict(list)
    for cell in sorted(cells, key=lambda one: one.day):
        same[cell.cube, cell.pos, cell.key].append(cell)
    for rest in same.values():
        while rest:
            one = rest.pop(0)
            other = next((far for far in rest if _moved(one, far)), None)
            if other is None:
                found.append(Finding(_kind(one), one))
                continue
            rest.remove(other)
            right, wrong = (one, other) if sum(one.excess) < 0 else (other, one)
            found.append(Finding(Kind.MOVED, right, found_on=wrong.day))
    return found


def _moved(one: Cell, far: Cell) -> bool:
    return all(a + b == 0 for a, b in zip(one.excess, far.excess, strict=True))


def _kind(cell: Cell) -> Kind:
    if not any(cell.found):
        return Kind.MISSING
    if any(cell.expected) and cell.found == tuple(2 * n for n in cell.expected):
        return Kind.DOUBLED
    return Kind.DIFFERENT


def check(open_tx: Open) -> Checked:
    """Compare everything a month at a time, mend what differs, look again, and keep a record."""
    cubes.keep_up(open_tx)
    looked, wrong = _look(open_tx)
    found = named(wrong)
    keys = sorted({(cell.day, cell.pos) for cell in wrong})
    if len(keys) > MEND_MOST:
        cubes.rebuild(open_tx)
    else:
        for n in range(0, len(keys), MEND_AT_ONCE):
            with open_tx() as tx:
                cubes.lock(tx)
                cubes.recount(tx, keys[n : n + MEND_AT_ONCE])
    still = {(one.cube, one.day, one.pos) for one in _look(open_tx)[1]} if wrong else set()
    told = [
        Finding(one.kind, one.cell, one.found_on,
                (one.cell.cube, one.cell.day, one.cell.pos) not in still)
        for one in found
    ]  # fmt: skip
    _write(open_tx, looked, told)
    return Checked(looked, told)


def _look(open_tx: Open) -> tuple[int, list[Cell]]:
    looked, wrong = 0, []
    with open_tx() as tx:
        ends = tx.one(ALL_DAYS)
    if ends is None or ends["first"] is None:
        return 0, []
    for month in cubes.months(ends["first"], ends["last"]):
        with open_tx() as tx:
            cubes.lock(tx)
            for cube in CUBES:
                row: dict[str, Any] = tx.one(counting.cells(cube), month.params) or {"n": 0}
                looked += row["n"]
                wrong += [
                    Cell(cube.name, one["day"], one["pos"], one["key"],
                         tuple(one["expected"]), tuple(one["found"]))
                    for one in tx.rows(counting.differences(cube), month.params)
                ]  # fmt: skip
    return looked, wrong


# A row may have been moved to a day on which nothing was received at all.
ALL_DAYS = f"""
select min(first) as first, max(last) as last from ({cubes.SPAN}
    {"".join(f" union all select min(day), max(day) from {cube.name}" for cube in CUBES)}) d
"""
FINDING = """
insert into cube_findings (id, at, cube, kind, day, pos, key, expected, found, found_on, repaired)
values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
CHECKED = "update cube_state set checked_at = %s, checked_cells = %s, checked_wrong = %s"


def _write(open_tx: Open, looked: int, found: Sequence[Finding]) -> None:
    with open_tx() as tx:
        for one in found[:TOLD_MOST]:
            cell = one.cell
            tx.run(
                FINDING,
                [new_id(), tx.now, cell.cube, one.kind.value, cell.day, cell.pos, cell.key,
                 Jsonb(cell.expected), Jsonb(cell.found), one.found_on, one.repaired],
            )  # fmt: skip
        tx.run(CHECKED, [tx.now, looked, len(found)])
        tx.run(
            "delete from cube_findings where at < %s - make_interval(days => %s)",
            [tx.now, KEPT_DAYS],
        )
