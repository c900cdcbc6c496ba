"""Everything has somebody: when a post or a unit is gone, the next in line takes its cases."""

from collections.abc import Sequence
from uuid import UUID

from wangge.cases import owners, requests
from wangge.cases.service import locked, seen_to
from wangge.kernel.db import Tx

AT_ONCE = 200


def see_to_these(tx: Tx, ids: Sequence[UUID]) -> None:
    """As ``see_to`` for some cases; what is asked for on them is not looked at."""
    for case_id in owners.unowned(tx, ids, most=len(ids)):
        seen_to(tx, locked(tx, case_id))


def see_to(tx: Tx) -> bool:
    """Give every unowned case to the next in line; True if some may be left over.

    A request that nobody can decide goes to the next desk above.
    """
    found = owners.unowned(tx, most=AT_ONCE)
    waiting = [one["case_id"] for one in requests.undecided(tx, most=AT_ONCE)]
    for case_id in dict.fromkeys([*found, *waiting]):
        seen_to(tx, locked(tx, case_id))
    return AT_ONCE in (len(found), len(waiting))
