"""What a restore must know of every table, also of those that are made later."""

from wangge.kernel.db import Cell, transaction
from wangge.upkeep.restore import SEALED

NAMED = """
select table_name, column_name from information_schema.columns
where table_schema = 'public' and data_type = 'bytea' and column_name like '%sealed%'
"""


def test_every_sealed_column_is_sealed_anew(cell: Cell) -> None:
    """Seen red with the pattern that knew no column named ``sealed`` alone."""
    with transaction(cell) as tx:
        named = {(row["table_name"], row["column_name"]) for row in tx.rows(NAMED)}
        found = tx.conn.execute(SEALED.encode()).fetchall()

    known = {(row["table_name"], name) for row in found for name in row["array_agg"]}
    assert known == named
    assert len(named) >= 3
