"""Big tables without indexes and references while rows stream in; both are made anew afterwards.

An index kept up row by row costs several times what it costs at once over all rows, and a
reference looked up row by row several times one join. What stood there is read from the
catalogue, so that nothing is written twice and a loaded city has the schema of a migrated one.
Only for a database that nobody else uses.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import NamedTuple

import psycopg
from psycopg import Connection, sql
from psycopg.rows import TupleRow

TABLES = ("cases", "case_steps", "case_askers", "files", "facts")
KEYS = """
select conrelid::regclass::text, conname, pg_get_constraintdef(oid), confrelid
from pg_constraint
where contype in ('p', 'u', 'f') and (conrelid = any(%(tables)s) or confrelid = any(%(tables)s))
order by contype = 'f', conrelid, conname
"""
INDEXES = """
select i.indrelid::regclass::text, i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
from pg_index i
where i.indrelid = any(%(tables)s)
    and not exists (select from pg_constraint c where c.conindid = i.indexrelid)
order by 1, 2
"""
MEMORY = "set maintenance_work_mem = '512MB'; set max_parallel_maintenance_workers = 0"
QUIETLY = "alter table {} set (autovacuum_enabled = off)"
AS_BEFORE = "alter table {} reset (autovacuum_enabled)"


class Made(NamedTuple):
    """A constraint or an index as the catalogue tells it."""

    table: str
    name: str
    definition: str
    reference: bool = False


class Dress(NamedTuple):
    """What was taken off."""

    keys: list[Made]
    references: list[Made]
    indexes: list[Made]


@contextmanager
def bare(dsn: str, tables: Sequence[str] = TABLES) -> Iterator[None]:
    """The tables keep their checks, rules and triggers; the rest comes back when the block ends.

    Whoever leaves the block by an exception leaves the database bare, to be thrown away.
    """
    taken = _take_off(dsn, tables)
    yield
    _put_on(dsn, tables, taken)


def _take_off(dsn: str, tables: Sequence[str]) -> Dress:
    with psycopg.connect(dsn) as conn:
        oids = {"tables": [_oid(conn, table) for table in tables]}
        found = [
            Made(table, name, definition, reference=bool(target))
            for table, name, definition, target in conn.execute(KEYS, oids).fetchall()
        ]
        taken = Dress(
            [one for one in found if not one.reference],
            [one for one in found if one.reference],
            [Made(*row) for row in conn.execute(INDEXES, oids).fetchall()],
        )
        for one in (*taken.references, *taken.keys):
            _run(conn, "alter table {} drop constraint {}", one.table, one.name)
        for one in taken.indexes:
            _run(conn, "drop index {}", one.name)
        for table in tables:
            _run(conn, QUIETLY, table)
    return taken


def _put_on(dsn: str, tables: Sequence[str], taken: Dress) -> None:
    """Table by table, two at a time; references once every key that they name is there."""
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda table: _finish(dsn, table, taken), tables))
        with psycopg.connect(dsn) as conn:
            for one in taken.references:
                _add(conn, one, " not valid")
            for table in tables:
                _run(conn, AS_BEFORE, table)
        children = dict.fromkeys(one.table for one in taken.references)
        list(pool.map(lambda table: _validate(dsn, table, taken), children))


def _finish(dsn: str, table: str, taken: Dress) -> None:
    with psycopg.connect(dsn, autocommit=True) as conn:
        conn.execute(MEMORY)
        for key in taken.keys:
            if key.table == table:
                _add(conn, key)
        for index in taken.indexes:
            if index.table == table:
                conn.execute(index.definition.encode())
        _run(conn, "vacuum (analyze) {}", table)


def _validate(dsn: str, table: str, taken: Dress) -> None:
    with psycopg.connect(dsn, autocommit=True) as conn:
        conn.execute(MEMORY)
        for one in taken.references:
            if one.table == table:
                _run(conn, "alter table {} validate constraint {}", table, one.name)


def _add(conn: Connection[TupleRow], one: Made, how: str = "") -> None:
    known = sql.SQL("alter table {} add constraint {} ").format(
        sql.Identifier(one.table), sql.Identifier(one.name)
    )
    conn.execute(known.as_string(conn).encode() + f"{one.definition}{how}".encode())


def _run(conn: Connection[TupleRow], statement: str, *names: str) -> None:
    conn.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def _oid(conn: Connection[TupleRow], table: str) -> int:
    row = conn.execute("select %s::regclass::oid::int", [table]).fetchone()
    return int(row[0]) if row else 0
