"""How much the units have on their hands, for rows of the directory that share a load."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from wangge.kernel.db import Tx

OPEN = """
select unit_id, count(*) as n from cases
where unit_id = any(%s) and state in ('dispatched', 'handling') group by unit_id
"""


def open_of(tx: Tx, units: Sequence[UUID]) -> Mapping[UUID, int]:
    """Matters that each unit has and has not finished; those without any are left out."""
    return {row["unit_id"]: row["n"] for row in tx.rows(OPEN, [list(units)])}
