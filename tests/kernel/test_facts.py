"""Facts get positions in one line of waiting: however they are written, no reader misses one."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from wangge.kernel.db import Cell, Tx, transaction
from wangge.kernel.facts import Fact, record
from wangge.kernel.ids import new_id
from wangge.kernel.live import sequence

WRITERS, EACH = 4, 25


def write(cell: Cell) -> None:
    for n in range(EACH):
        with transaction(cell) as tx:
            record(tx, [Fact("Counted", new_id(), {"n": n})])


def test_a_reader_behind_many_writers_misses_nothing(empty: Cell) -> None:
    seen: list[str] = []
    ended = Event()

    def read() -> None:
        position = 0
        while True:
            last = ended.is_set()
            for fact in sequence(empty, position):
                assert fact["position"] > position
                position = fact["position"]
                seen.append(str(fact["subject"]))
            if last:
                return

    with ThreadPoolExecutor(WRITERS + 1) as pool:
        reader = pool.submit(read)
        for writer in [pool.submit(write, empty) for _ in range(WRITERS)]:
            writer.result()
        ended.set()
        reader.result()

    assert len(seen) == len(set(seen)) == WRITERS * EACH


def test_what_is_undone_never_happened(empty: Cell) -> None:
    class UndoneError(Exception):
        pass

    def tell(tx: Tx) -> None:
        record(tx, [Fact("Counted", new_id())])
        raise UndoneError

    with pytest.raises(UndoneError), transaction(empty) as tx:
        tell(tx)

    assert sequence(empty, 0) == []
