"""One database's rows into another's, in one transaction: a city is exchanged under its users.

Connections, sessions and live screens go on. Versions and positions only ever grow, so that no
cache and no cursor of a running process takes the new city for the old one.
"""

import psycopg
from psycopg import Connection, sql
from psycopg.rows import TupleRow

Database = Connection[TupleRow]
TRIES = 5
OURS = {
    "alembic_version", "clock", "versions", "sessions", "upkeep", "fact_positions", "facts_waiting",
}  # fmt: skip
TABLES = """
select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname = 'public' and c.relkind = 'r' order by 1
"""
COLUMNS = """
select attname from pg_attribute where attrelid = %s::regclass and attnum > 0
    and not attisdropped and attgenerated = '' order by attnum
"""
KEPT_SESSIONS = """
create temp table kept on commit drop as select * from sessions
"""
SESSIONS_BACK = """
insert into sessions select * from kept where account_id in (select id from accounts)
"""
GROWN = """
update versions v set n = greatest(v.n, f.n) + 1 from unnest(%s::text[], %s::bigint[])
    as f (name, n) where f.name = v.name
"""
POSITIONS = (
    "insert into fact_positions (fact_id) select id from facts where not historic order by at, id"
)


def follow_on(source: str, target: str) -> None:
    """Give a new city the clock of the one it will replace, and versions beyond its own."""
    with psycopg.connect(source) as old, psycopg.connect(target) as new:
        row = old.execute("select zone, frozen_at, shift from clock").fetchone()
        new.execute("update clock set (zone, frozen_at, shift) = (%s, %s, %s)", row)
        _grow(old, new)


def pour(source: str, target: str) -> None:
    """Replace all rows of ``target`` by those of ``source``; both have the same schema."""
    for left in range(TRIES, 0, -1):
        try:
            with psycopg.connect(source) as old, psycopg.connect(target) as new:
                _exchange(old, new)
            with psycopg.connect(target, autocommit=True) as new:
                new.execute("analyze")
            return
        except (psycopg.errors.DeadlockDetected, psycopg.errors.LockNotAvailable):
            if left == 1:
                raise


def _exchange(old: Database, new: Database) -> None:
    new.execute("set local lock_timeout = '10s'")
    # Triggers guard what people do; a city that is exchanged whole is nobody's doing.
    new.execute("set local session_replication_role = replica")
    found = [str(row[0]) for row in new.execute(TABLES).fetchall()]
    tables = [name for name in found if name not in OURS and not name.startswith("pgqueuer")]
    emptied = [*tables, "sessions", "fact_positions", "facts_waiting", "pgqueuer"]
    new.execute(KEPT_SESSIONS)
    new.execute(sql.SQL("truncate {}").format(sql.SQL(",").join(map(sql.Identifier, emptied))))
    for name in tables:
        _copy(old, new, name)
    new.execute(SESSIONS_BACK)
    new.execute(POSITIONS)
    new.execute("update upkeep set log = gen_random_uuid(), horizon = 0")
    _grow(old, new)
    new.execute("update clock set zone = %s", old.execute("select zone from clock").fetchone())


def _grow(old: Database, new: Database) -> None:
    versions = old.execute("select name, n from versions").fetchall()
    new.execute(GROWN, [[row[0] for row in versions], [row[1] for row in versions]])


def _copy(old: Database, new: Database, name: str) -> None:
    names = [str(row[0]) for row in new.execute(COLUMNS, [name]).fetchall()]
    columns = sql.SQL(",").join(map(sql.Identifier, names))
    out = sql.SQL("copy {} ({}) to stdout (format binary)").format(sql.Identifier(name), columns)
    into = sql.SQL("copy {} ({}) from stdin (format binary)").format(sql.Identifier(name), columns)
    with old.cursor().copy(out) as reading, new.cursor().copy(into) as writing:
        for piece in reading:
            writing.write(piece)
