"""Everything has somebody: when a post or a unit is gone, the next in line takes its cases."""

from collections.abc import Sequence
from uuid import UUID

from wangge.cases import owners, requests
from wangge.cases.service import locked, seen_to
from wangge.kernel.db import Tx

AT_ONCE = 200


def see_to(tx: Tx, ids: Sequence[UUID] | None = None, *, most: int = AT_ONCE) -> bool:
    """Give every unowned case (of ``ids``) to the next in line; True if some may be left over.

    A request that nobody can decide goes to the next desk above.
    """
    found = owners.unowned(tx, ids, most=most)
    waiting = [one["case_id"] for one in requests.undecided(tx, ids, most=most)]
    for case_id in dict.fromkeys([*found, *waiting]):
        seen_to(tx, locked(tx, case_id))
    return most in (len(found), len(waiting))
