"""What goes in by COPY comes out as it was, whatever it is."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import IntEnum, StrEnum
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.types.json import Jsonb
from psycopg.types.range import Range

from wangge.kernel.db import Tx


class Word(StrEnum):
    """Of the loop."""

    ONE = "事\t项"


class Number(IntEnum):
    """Of a level."""

    TWO = 2


HANDS: dict[str, list[Any]] = {
    "text": ["", "路灯", "a\tb\nc\rd\\e", r"\N", r"\.", "{", '"', "NULL", Word.ONE],
    "uuid": [UUID(int=0), UUID(int=2**128 - 1), UUID("0190b0a0-0000-7000-8000-00000000000a")],
    "bool": [True, False],
    "bigint": [0, -1, 2**62, Number.TWO],
    "float8": [0.0, -1.5e-300, float("inf"), 118.67412345678901],
    "numeric": [Decimal("12.340"), Decimal("-0.5")],
    "timestamptz": [
        datetime(2026, 11, 22, 3, 41, 25, 123456, UTC),
        datetime(2026, 11, 22, 11, 41, tzinfo=timezone(timedelta(hours=8))),
    ],
    "date": [date(2026, 9, 30)],
    "bytea": [b"", b"\x00\xff\\", bytes(range(256))],
    "uuid[]": [[], [UUID(int=7), UUID(int=8)]],
    "text[]": [[], ["路灯", "a,b", '"', "\\", "{}", "", "NULL", "a\tb\nc"], ("甲", "乙")],
    "int[]": [[1, -2], []],
    "int4range": [Range(1, 5)],
    "jsonb": [Jsonb({"a": ["\n", "\\", "\t", None, "路灯"]})],
}


@pytest.mark.parametrize("kind", HANDS)
def test_every_kind_of_value_comes_out_as_it_went_in(tx: Tx, kind: str) -> None:
    """Seen red without escapes, and with elements of lists left unquoted."""
    tx.run(f"create temp table pot (n int, one {kind}) on commit drop")
    given: list[Any] = [None, *HANDS[kind]]

    tx.copy("pot", ("n", "one"), iter(enumerate(given)))

    found = [row["one"] for row in tx.rows("select one from pot order by n")]
    wanted = [one.obj if isinstance(one, Jsonb) else one for one in given]
    assert [list(one) if isinstance(one, tuple) else one for one in wanted] == found


@pytest.mark.parametrize("kind", HANDS)
def test_a_column_with_a_value_in_every_row_comes_out_too(tx: Tx, kind: str) -> None:
    """Without a hole in it a column takes the short way. Seen red with lists left unparted."""
    tx.run(f"create temp table pot (n int, one {kind}) on commit drop")
    given = [one for one in HANDS[kind] if not isinstance(one, tuple)] * 2

    tx.copy("pot", ("n", "one"), iter(enumerate(given)))

    found = [row["one"] for row in tx.rows("select one from pot order by n")]
    assert [one.obj if isinstance(one, Jsonb) else one for one in given] == found


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(st.text(st.characters(exclude_characters="\0", codec="utf-8")),
                          st.lists(st.text(st.characters(exclude_characters="\0", codec="utf-8")))),
                min_size=1))  # fmt: skip
def test_whatever_somebody_writes_comes_out_as_it_went_in(
    tx: Tx, written: list[tuple[str, list[str]]]
) -> None:
    with tx.conn.transaction(force_rollback=True):
        tx.run("create temp table pot (n int, one text, many text[])")
        tx.copy("pot", ("n", "one", "many"), ((n, a, b) for n, (a, b) in enumerate(written)))

        rows = tx.rows("select one, many from pot order by n")

    assert [(row["one"], row["many"]) for row in rows] == written


def test_more_rows_than_a_block(tx: Tx) -> None:
    tx.run("create temp table pot (n int) on commit drop")

    tx.copy("pot", ("n",), ((n,) for n in range(1001)))

    assert tx.one("select count(*) as n, sum(n) as s from pot") == {"n": 1001, "s": 500500}
