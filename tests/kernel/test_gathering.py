"""Those who wait at the same moment share a transaction, and nobody pays for another's mistake."""

import asyncio
from collections.abc import Sequence
from threading import Event

import psycopg
import pytest

from wangge.kernel.db import Cell, Tx, transaction
from wangge.kernel.errors import Invalid, Refusal
from wangge.kernel.gathering import MOST, Gathering

ASKED = MOST + 5


class Counter:
    """Adds to one row, and remembers who came together."""

    def __init__(self) -> None:
        self.turns: list[list[int]] = []
        self.free = Event()
        self.free.set()

    def __call__(self, tx: Tx, items: Sequence[int]) -> list[int | Refusal]:
        assert self.free.wait(20)
        self.turns.append(list(items))
        tx.run("update versions set n = n + %s where name = 'rules'", [sum(items)])
        if any(item == 13 for item in items):
            tx.run("select 1 / 0")
        return [Invalid("odd", "奇", "odd") if item == 7 else item * 2 for item in items]


def ask(cell: Cell, counter: Counter, items: Sequence[int]) -> list[int | BaseException]:
    async def all_at_once() -> list[int | BaseException]:
        gathering: Gathering[int, int] = Gathering(counter)
        asked = (gathering.answer(cell, item) for item in items)
        return await asyncio.gather(*asked, return_exceptions=True)

    return asyncio.run(all_at_once())


def counted(cell: Cell) -> int:
    with transaction(cell) as tx:
        row = tx.one("select n from versions where name = 'rules'")
    return int(row["n"]) if row else 0


def test_they_share_a_transaction_and_each_has_his_answer(empty: Cell) -> None:
    """Seen red when every turn takes one."""
    before, counter, items = counted(empty), Counter(), range(100, 100 + ASKED)

    assert ask(empty, counter, items) == [item * 2 for item in items]

    assert [len(turn) for turn in counter.turns] == [MOST, ASKED - MOST]
    assert counted(empty) == before + sum(items)


def test_a_refusal_is_told_to_whom_it_concerns(empty: Cell) -> None:
    first, refused, last = ask(empty, Counter(), [1, 7, 3])

    assert isinstance(refused, Invalid)
    assert (first, last) == (2, 6)


def test_what_breaks_the_transaction_breaks_nobody_elses(empty: Cell) -> None:
    """Seen red when the failure of a turn is everybody's answer."""
    before, counter = counted(empty), Counter()

    first, broken, last = ask(empty, counter, [1, 13, 3])

    assert isinstance(broken, psycopg.errors.DivisionByZero)
    assert (first, last) == (2, 6)
    assert counter.turns == [[1, 13, 3], [1], [13], [3]]
    assert counted(empty) == before + 4


def test_who_is_gone_leaves_the_others_their_answers(empty: Cell) -> None:
    counter = Counter()
    counter.free.clear()

    async def impatient() -> int:
        gathering: Gathering[int, int] = Gathering(counter)
        gone = asyncio.create_task(gathering.answer(empty, 1))
        stays = asyncio.create_task(gathering.answer(empty, 2))
        await asyncio.sleep(0)
        gone.cancel()
        counter.free.set()
        with pytest.raises(asyncio.CancelledError):
            await gone
        return await stays

    assert asyncio.run(impatient()) == 4
