"""Everything has somebody: when a post or a unit is gone, the next in line takes its cases."""

from collections.abc import Sequence
from uuid import UUID

from wangge.cases import owners
from wangge.cases.service import locked, seen_to
from wangge.kernel.db import Tx

AT_ONCE = 200


def see_to(tx: Tx, ids: Sequence[UUID] | None = None, *, most: int = AT_ONCE) -> bool:
    """Give every unowned case (of ``ids``) to the next in line; True if some may be left over."""
    found = owners.unowned(tx, ids, most=most)
    for case_id in found:
        seen_to(tx, locked(tx, case_id))
    return len(found) == most
