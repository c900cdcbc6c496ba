"""The log of facts: however they are written, a reader misses none and meets none twice."""

import signal
import subprocess
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from random import Random
from threading import Event

import psycopg
import pytest

from tests.faults.platform import until
from tests.proofs import Proof
from wangge.kernel import fact_log, live
from wangge.kernel.db import PREFIX, Cell, Cells, Tx, transaction
from wangge.kernel.fact_log import FactsGone, Page
from wangge.kernel.facts import Fact, record
from wangge.kernel.ids import new_id

WRITERS = 16
LIMIT = 7
KEEPER = """
import psycopg, sys
with psycopg.connect(sys.argv[1]) as conn:
    conn.execute("select pg_advisory_xact_lock(hashtext('wangge_sequencer'))")
    conn.execute(sys.argv[2])
    print("in line", flush=True)
    sys.stdin.read()
"""


class UndoneError(Exception):
    """The transaction ends without a commit."""


def write(cell: Cell, name: str, amount: int, chance: Random) -> list[str]:
    """Transactions of one to four facts, every fifth undone; returns what was committed."""
    kept: list[str] = []
    pause = Event()
    for _ in range(amount):
        facts = [Fact(name, new_id()) for _ in range(chance.randint(1, 4))]
        undone = chance.random() < 0.2
        try:
            with transaction(cell) as tx:
                record(tx, facts)
                pause.wait(chance.random() / 500)
                if undone:
                    raise UndoneError
        except UndoneError:
            continue
        kept += [str(fact.subject) for fact in facts]
    return kept


class Reader:
    """Follows the log page by page; what it has seen counts only when the read was committed."""

    def __init__(self, cell: Cell) -> None:
        self.cell = cell
        self.page = Page("", 0, [])
        self.seen: list[str] = []

    def to_the_end(self) -> None:
        full = True
        while full:
            with transaction(self.cell) as tx:
                page = fact_log.read(tx, self.page.position, log=self.page.log, limit=LIMIT)
            places = [fact["position"] for fact in page.facts]
            assert places == sorted(set(places))
            assert all(place > self.page.position for place in places)
            self.seen += [str(fact["subject"]) for fact in page.facts]
            self.page = page
            full = len(page.facts) == LIMIT


CUT = """
select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()
    and pid <> pg_backend_pid() and query like '%facts_waiting returning%' and state <> 'idle'
"""


def kill_sequencers(cell: Cell) -> int:
    """Cut off whoever is just now putting facts in line."""
    with psycopg.connect(cell.dsns["intake"], autocommit=True) as conn:
        return len(conn.execute(CUT).fetchall())


def put_in_line(cell: Cell, ended: Event) -> int:
    """As the worker's sweep does, but without a pause; returns how many it has placed."""
    placed = 0
    while not ended.is_set():
        try:
            with transaction(cell) as tx:
                now = fact_log.put_in_line(tx)
            placed += now
        except psycopg.OperationalError:
            continue
    return placed


@pytest.mark.proof("Readers of the log miss no fact and meet none twice behind sixteen writers")
def test_readers_miss_nothing_and_repeat_nothing(cell: Cell, empty: Cell, proof: Proof) -> None:
    """With rollbacks, sequencers cut off in their work and a long transaction of another tenant.

    Two sequencers compete with each other and with the readers, who are sequencers too.
    """
    amount, ended = proof.count(6, stated=400), Event()
    # Connections of their own: one that is to be cut may be lent anew before it is, to no writer.
    lines = Cell(empty.tenant, empty.dsns)
    readers = [Reader(lines), Reader(lines)]
    cut = 0

    def follow(reader: Reader) -> None:
        last = False
        while not last:
            last = ended.is_set()
            try:
                reader.to_the_end()
            except psycopg.OperationalError:
                last = False

    with transaction(cell) as long, ThreadPoolExecutor(WRITERS + 4) as pool:
        record(long, [Fact("OfAnother", new_id())])
        sequencers = [pool.submit(put_in_line, lines, ended) for _ in range(2)]
        following = [pool.submit(follow, reader) for reader in readers]
        writers: list[Future[list[str]]] = [
            pool.submit(write, empty, "Counted", amount, Random(proof.seed + n))  # noqa: S311
            for n in range(WRITERS)
        ]
        try:
            while not all(writer.done() for writer in writers):
                cut += kill_sequencers(empty)
                Event().wait(0.02)
            committed = [subject for writer in writers for subject in writer.result()]
        finally:
            ended.set()  # also when a writer failed: nobody waits for him
        for one in following:
            one.result()
        placed = [one.result() for one in sequencers]
    lines.close()

    for reader in readers:
        assert len(reader.seen) == len(set(reader.seen))
        assert set(reader.seen) == set(committed)
    assert readers[0].seen == readers[1].seen
    proof.note(writers=WRITERS, facts=len(committed), sequencers_cut=cut, placed=placed)


IN_LINE_BEHIND = """
select count(*) from pg_locks where locktype = 'advisory' and not granted
    and database = (select oid from pg_database where datname = current_database())
"""


def test_a_second_sequencer_waits_and_goes_on_when_the_first_is_killed(empty: Cell) -> None:
    """Two at once: the places of what the first had taken fall back, and no fact has two.

    Seen red without the advisory lock. The order itself did not break with the lock alone gone:
    the statement sorts, so it has waited for each row that another took before it gives a place.
    With rows passed over instead (``skip locked``) and no lock, readers missed facts.
    """
    told = write(empty, "Counted", 10, Random(1))  # noqa: S311
    first = subprocess.Popen(
        [sys.executable, "-c", KEEPER, empty.dsns["intake"], fact_log.PLACE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    reader = Reader(empty)
    with first, ThreadPoolExecutor(1) as pool:
        assert first.stdout
        assert first.stdout.readline() == b"in line\n"
        told += write(empty, "Counted", 10, Random(2))  # noqa: S311
        second = pool.submit(reader.to_the_end)
        try:
            until(lambda: waiting_behind(empty) == 1, "the second waits", seconds=20)
            assert reader.seen == []
        finally:
            first.send_signal(signal.SIGKILL)
        second.result()

    assert sorted(reader.seen) == sorted(told)
    assert len(set(told)) == len(told)


def waiting_behind(cell: Cell) -> int:
    with psycopg.connect(cell.dsns["intake"]) as conn:
        (n,) = conn.execute(IN_LINE_BEHIND).fetchone() or (0,)
    return int(n)


def test_what_is_undone_never_happened(empty: Cell) -> None:
    def tell(tx: Tx) -> None:
        record(tx, [Fact("Counted", new_id())])
        raise UndoneError

    with pytest.raises(UndoneError), transaction(empty) as tx:
        tell(tx)
    with transaction(empty) as tx:
        assert fact_log.read(tx, 0).facts == []


def age(cells: Cells, cell: Cell, subjects: list[str]) -> None:
    """Only the owner may touch a fact; here it stands for the days that pass."""
    with psycopg.connect(cells.owner(PREFIX + cell.tenant)) as conn:
        conn.execute(
            "update facts set at = at - interval '100 days' where subject = any(%s::uuid[])",
            [subjects],
        )


def test_old_facts_go_and_a_late_reader_is_told_where_to_begin(empty: Cell, cells: Cells) -> None:
    """Seen red without the horizon: the late reader went on behind a gap."""
    first = write(empty, "Old", 5, Random(2))  # noqa: S311
    reader = Reader(empty)
    reader.to_the_end()
    second = write(empty, "New", 5, Random(3))  # noqa: S311
    age(cells, empty, first)

    with transaction(empty) as tx:
        assert fact_log.forget(tx, days=90) == len(first)
        assert fact_log.forget(tx, days=90) == 0
    reader.to_the_end()
    with pytest.raises(FactsGone) as told, transaction(empty) as tx:
        fact_log.read(tx, 0, log=reader.page.log)

    assert sorted(reader.seen) == sorted(first + second)
    assert told.value.status == 410
    assert told.value.page.position == reader.page.position
    with transaction(empty) as tx:
        again = fact_log.read(tx, told.value.page.position, log=told.value.page.log)
        assert again.facts == []


def test_a_screen_behind_the_horizon_reads_anew(empty: Cell) -> None:
    write(empty, "Counted", 3, Random(4))  # noqa: S311
    with transaction(empty) as tx:
        before = fact_log.read(tx, 0)
        tx.run("update upkeep set log = gen_random_uuid()")

    page = live.following(empty, before)

    assert page.facts == [live.READ_ANEW]
    assert page.log != before.log
    assert live.following(empty, page).facts == []
