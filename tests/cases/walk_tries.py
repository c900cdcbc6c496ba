"""A try that leaves nothing behind when it is refused, thousands of times over."""

from collections.abc import Iterator
from contextlib import contextmanager

from psycopg.pq import ExecStatus

from wangge.kernel.db import Tx
from wangge.kernel.errors import Refusal

MOST_PREPARED = 600


@contextmanager
def tried(tx: Tx) -> Iterator[None]:
    """A savepoint of its own: after psycopg's is rolled back every statement is planned anew."""
    tx.conn.prepared_max = MOST_PREPARED
    _say(tx, b"savepoint tried")
    try:
        yield
    except Refusal:
        _say(tx, b"rollback to savepoint tried")
        raise
    finally:
        _say(tx, b"release savepoint tried")


def _say(tx: Tx, words: bytes) -> None:
    result = tx.conn.pgconn.exec_(words)
    assert result.status == ExecStatus.COMMAND_OK, result.error_message
