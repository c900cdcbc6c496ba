"""Batch intake beside COPY of the very same rows into the same tables, in turns."""

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import psycopg

from bench import city, load
from wangge.intake.models import Source
from wangge.intake.service import receive_each
from wangge.kernel.db import Cell, Tx, transaction

SIZE = 1_000
COLUMNS = """
select string_agg(column_name, ', ' order by ordinal_position) as names
from information_schema.columns
where table_schema = 'public' and table_name = %s and is_generated = 'NEVER'
"""
USED = """
insert into case_numbers (prefix, day, last)
select prefix, %s, last from unnest(%s::text[], %s::int[]) as n(prefix, last)
on conflict (prefix, day) do update set last = excluded.last
"""
OF = {
    "cases": "id = any(%s)",
    "case_steps": "case_id = any(%s)",
    "case_askers": "case_id = any(%s)",
    "facts": "subject = any(%s)",
    "facts_waiting": "fact_id in (select id from facts where subject = any(%s))",
}


@dataclass
class Figures:
    """Seconds for each batch both ways, and seconds of processor for one case."""

    intake: list[float] = field(default_factory=list)
    copy: list[float] = field(default_factory=list)
    app_cpu: float = 0.0
    db_cpu: float = 0.0

    @property
    def per_second(self) -> float:
        return SIZE / _middle(self.intake)

    @property
    def ratio(self) -> float:
        return _middle(self.copy) / _middle(self.intake)


def _middle(seconds: list[float]) -> float:
    return sorted(seconds)[len(seconds) // 2]


def measure(cell: Cell, postgres: int, *, rounds: int = 7) -> Figures:
    """Take ``rounds`` batches of 1,000 through the service, and COPY as many beside them."""
    chance, place = random.Random(17), city.points(19)  # noqa: S311 - load, not secrets
    figures = Figures()
    for turn in range(-1, rounds):
        reports = [city.report(next(place), chance) for _ in range(SIZE)]
        app, db = time.process_time(), load.cpu_of_children(postgres)
        began = time.perf_counter()
        with transaction(cell) as tx:
            receive_each(tx, reports, Source(name="bench"))
        took = time.perf_counter() - began
        app, db = time.process_time() - app, load.cpu_of_children(postgres) - db
        copied = _copied(cell, chance, place)
        if turn < 0:  # the first one reads rules and ground
            continue
        figures.intake.append(took)
        figures.copy.append(copied)
        figures.app_cpu += app / rounds / SIZE
        figures.db_cpu += db / rounds / SIZE
    return figures


def _copied(cell: Cell, chance: random.Random, place: Iterator[tuple[float, float]]) -> float:
    """Seconds in which the rows of a batch are copied in; they are made and undone before."""
    reports = [city.report(next(place), chance) for _ in range(SIZE)]
    ids = [report.id for report in reports]
    with transaction(cell) as tx:
        receive_each(tx, reports, Source(name="bench"))
        last = tx.rows("select * from case_numbers where day = (select max(day) from case_numbers)")
        rows = {table: _rows(tx, table, ids) for table in OF}
        raise psycopg.Rollback
    with transaction(cell) as tx:  # the numbers of what was undone are used after all
        tx.run(
            USED, [last[0]["day"], [row["prefix"] for row in last], [row["last"] for row in last]]
        )
    began = time.perf_counter()
    with transaction(cell) as tx:
        for table, (names, lines) in rows.items():
            with tx.conn.cursor().copy(f"copy {table} ({names}) from stdin") as into:
                into.write(lines)
    return time.perf_counter() - began


def _rows(tx: Tx, table: str, ids: list[Any]) -> tuple[str, bytes]:
    names = (tx.one(COLUMNS, [table]) or {})["names"]
    asked = f"copy (select {names} from {table} where {OF[table]}) to stdout"
    with tx.conn.cursor().copy(asked, [ids]) as out:
        return names, b"".join(bytes(block) for block in out)
