"""Tenants' databases, their pools, and the one kind of transaction that everything runs in.

This is the only place that knows where a tenant's database lives.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache, partial
from threading import Lock
from time import monotonic
from typing import Any, Literal, cast

import orjson
import psycopg
from psycopg import Connection, sql
from psycopg.conninfo import make_conninfo
from psycopg.errors import IdleInTransactionSessionTimeout, TransactionTimeout
from psycopg.rows import DictRow, dict_row
from psycopg.types.json import set_json_dumps, set_json_loads
from psycopg_pool import ConnectionPool, PoolTimeout

from wangge.kernel.copying import blocks
from wangge.kernel.errors import NotFound
from wangge.kernel.ids import new_id

set_json_dumps(orjson.dumps)
set_json_loads(orjson.loads)

# Ids and moments too, for rows that are sent as one document.
dumps = partial(orjson.dumps, default=str)
Role = Literal["app", "intake"]
PREFIX = "wangge_t_"
TEMPLATE = "wangge_template"
# Whoever waits is told soon; a pool that gives up soon also comes back soon after the database.
LONGEST_WAIT = 5.0
WAIT_BETWEEN_LOOKS = 1.0
WAIT_WHILE_AWAY = 0.2
RECONNECT_SECONDS = 0.5
# Limits of time that end a whole connection; psycopg counts them as errors inside the database.
TOO_LONG = (TransactionTimeout, IdleInTransactionSessionTimeout)
TENANT_NAME = re.compile(r"[a-z][a-z0-9_]{1,30}")


class OutOfTimeError(psycopg.OperationalError):
    """The database ended a transaction that took too long; nothing of it stands."""


@dataclass(frozen=True, slots=True)
class Session:
    """Who is signed in, as the database says: plain rows, which the people module reads."""

    csrf: str
    seen_at: datetime
    account: dict[str, Any]
    posts: list[dict[str, Any]]


@dataclass(slots=True)
class Tx:
    """One transaction of one tenant. ``now`` is the city's time and the only time there is."""

    conn: Connection[DictRow]
    cell: "Cell"
    now: datetime
    versions: dict[str, int]
    request_id: str = ""
    session: "Session | None" = None

    def rows(self, query: str, params: Any = None) -> list[dict[str, Any]]:
        return self.conn.execute(_sql(query), params).fetchall()

    def one(self, query: str, params: Any = None) -> dict[str, Any] | None:
        return self.conn.execute(_sql(query), params).fetchone()

    def run(self, query: str, params: Any = None) -> int:
        """Execute and return the number of rows touched."""
        return self.conn.execute(_sql(query), params).rowcount

    def insert(self, table: str, rows: Sequence[dict[str, Any]]) -> None:
        """One statement for all rows; every row has the keys of the first."""
        if not rows:
            return
        names = tuple(rows[0])
        self.conn.execute(
            _insert(table, names, len(rows)), [row[name] for row in rows for name in names]
        )

    def copy(self, table: str, names: Sequence[str], rows: Iterator[Sequence[Any]]) -> None:
        """COPY for bulk loads; ``rows`` in the order of ``names``."""
        statement = sql.SQL("copy {} ({}) from stdin").format(
            sql.Identifier(table), sql.SQL(",").join(map(sql.Identifier, names))
        )
        with self.conn.cursor().copy(statement) as copy:
            for block in blocks(self.conn, rows):
                copy.write(block)


@lru_cache(maxsize=256)
def _insert(table: str, names: tuple[str, ...], rows: int) -> bytes:
    line = sql.SQL("({})").format(sql.SQL(",").join([sql.Placeholder()] * len(names)))
    statement = sql.SQL("insert into {} ({}) values {}").format(
        sql.Identifier(table),
        sql.SQL(",").join(map(sql.Identifier, names)),
        sql.SQL(",").join([line] * rows),
    )
    return statement.as_bytes(None)


def _sql(query: str) -> bytes:
    # Statements are put together from this package's constants only; values are parameters.
    return query.encode()


@dataclass
class Cell:
    """One tenant's database and its pools, opened when first needed."""

    tenant: str
    dsns: dict[str, str]
    pool_size: int = 8
    pools: dict[str, ConnectionPool[Connection[DictRow]]] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)
    away: bool = False

    def pool(self, role: Role) -> ConnectionPool[Connection[DictRow]]:
        with self.lock:
            if role not in self.pools:
                self.pools[role] = ConnectionPool(
                    self.dsns[role],
                    connection_class=Connection[DictRow],
                    kwargs={"row_factory": dict_row, "prepare_threshold": 3, "autocommit": True},
                    min_size=0,
                    max_size=self.pool_size,
                    max_idle=120,
                    reconnect_timeout=RECONNECT_SECONDS,
                    reconnect_failed=self._lost,
                    open=True,
                    name=f"{self.tenant}-{role}",
                )
            return self.pools[role]

    def _lost(self, _: "ConnectionPool[Connection[DictRow]]") -> None:
        self.away = True

    def close(self) -> None:
        for pool in self.pools.values():
            pool.close()
        self.pools.clear()


class Cells:
    """The router from a tenant's name to its database."""

    def __init__(
        self, owner_dsn: str, *, app_password: str, intake_password: str, pool_size: int = 8
    ) -> None:
        self.owner_dsn = owner_dsn
        self.passwords = {"app": app_password, "intake": intake_password}
        self.pool_size = pool_size
        self.open: dict[str, Cell] = {}
        self.lock = Lock()

    def owner(self, database: str) -> str:
        return make_conninfo(self.owner_dsn, dbname=database)

    def dsn(self, tenant: str, role: Role) -> str:
        return make_conninfo(
            self.owner_dsn,
            dbname=PREFIX + tenant,
            user=f"wangge_{role}",
            password=self.passwords[role],
        )

    def names(self) -> list[str]:
        """Tenants of this cluster, by name."""
        with psycopg.connect(self.owner("postgres"), autocommit=True) as conn:
            rows = conn.execute(
                "select datname from pg_database where starts_with(datname, %s) order by 1",
                [PREFIX],
            ).fetchall()
        return [row[0].removeprefix(PREFIX) for row in rows]

    def cell(self, tenant: str) -> Cell:
        with self.lock:
            found = self.open.get(tenant)
        if found:
            return found
        if tenant not in self.names():
            raise NotFound("no_such_tenant", f"没有这个单位：{tenant}", f"no such tenant: {tenant}")
        with self.lock:
            return self.open.setdefault(
                tenant,
                Cell(
                    tenant,
                    {"app": self.dsn(tenant, "app"), "intake": self.dsn(tenant, "intake")},
                    self.pool_size,
                ),
            )

    def close(self) -> None:
        for cell in self.open.values():
            cell.close()
        self.open.clear()


OPENING = "select city_now() as now, (select jsonb_object_agg(name, n) from versions) as versions"
# Said as text, because it goes out with BEGIN in one piece.
OPENING_SESSION = "select * from open_session('\\x{}')"


@contextmanager
def transaction(
    cell: Cell, role: Role = "intake", *, token: bytes | None = None, request_id: str = ""
) -> Iterator[Tx]:
    """Committed when the block ends, undone when it raises (silently by ``psycopg.Rollback``).

    ``token`` is the hash of a session's token: its account's scope is set for the transaction and
    ``tx.session`` says who it is, or is None when the session has ended. Without it the role
    ``app`` sees nothing.
    """
    opening = OPENING_SESSION.format(token.hex()) if token else OPENING
    stack, conn, row = _begun(cell, role, opening)
    with stack:
        tx = Tx(conn, cell, row["now"], row["versions"] or {}, request_id or str(new_id()))
        if row.get("session"):
            tx.session = Session(
                row["session"]["csrf"],
                datetime.fromisoformat(row["session"]["seen_at"]),
                row["account"],
                row["posts"],
            )
        yield tx


def _begun(
    cell: Cell, role: Role, opening: str
) -> tuple[ExitStack, Connection[DictRow], dict[str, Any]]:
    """Begin on a connection that lives: those that a restart of the database cut are put away."""
    pool = cell.pool(role)
    while True:
        with ExitStack() as stack:
            conn = stack.enter_context(_connection(cell, pool))
            try:
                begun = conn.execute(f"begin; {opening}".encode(), prepare=False)
                begun.nextset()
                row = cast("dict[str, Any]", begun.fetchone())
            except psycopg.OperationalError:
                if not conn.closed:
                    raise
                continue
            cell.away = False
            return stack.pop_all(), conn, row


@contextmanager
def _connection(
    cell: Cell, pool: ConnectionPool[Connection[DictRow]]
) -> Iterator[Connection[DictRow]]:
    """Wait a few seconds when all are busy, and hardly at all while the database is away."""
    ends = monotonic() + LONGEST_WAIT
    while True:
        try:
            conn = pool.getconn(WAIT_WHILE_AWAY if cell.away else WAIT_BETWEEN_LOOKS)
            break
        except PoolTimeout:
            if cell.away or monotonic() > ends:
                raise
    try:
        with suppress(psycopg.Rollback), conn:
            yield conn
    except TOO_LONG as error:
        raise OutOfTimeError(str(error)) from error
    finally:
        pool.putconn(conn)
