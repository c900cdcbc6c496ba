"""重复发生: what was closed and comes again, at the same place or from the same asker.

It is looked for when a matter is registered, because only then its type is somebody's word.
"""

from dataclasses import replace
from typing import Any
from uuid import UUID

from wangge.areas import atlas
from wangge.cases.models import Action, StepInput
from wangge.kernel.db import Tx
from wangge.tenant.rules import Rules

AT = frozenset({Action.REGISTER, Action.SELF_HANDLE})
FIND = "select * from earlier_closed(%s, %s, %s, %s, %s)"
WHY = {
    "place": "重复发生：同一地点同类事项办结后再次反映，上一件",
    "asker": "重复发生：同一诉求人同类事项办结后再次反映，上一件",
}
EARLIER = "select earlier_id as id, why from case_recurrences where case_id = %s"
AGAIN = "select case_id as id from case_recurrences where earlier_id = %s order by at"


def recognised(tx: Tx, known: Rules, case: dict[str, Any], given: StepInput) -> StepInput:
    """The step with the number of the closed matter that comes again with this one, if one does."""
    type_ = given.type or case["type"]
    if given.action not in AT or not type_ or not known.switches.recurrence_days:
        return given
    if case["recurs_at"]:
        return given
    found = tx.one(
        FIND,
        [case["id"], type_, around(tx, known, case), float(known.switches.doubles_metres),
         known.switches.recurrence_days],
    )  # fmt: skip
    if found is None:
        return given
    tx.insert(
        "case_recurrences",
        [{"case_id": case["id"], "earlier_id": found["id"], "why": found["why"], "at": tx.now}],
    )
    said = {"number": found["number"], "closed_at": found["closed_at"].isoformat()}
    data = {**given.data, "recurs_of": {**said, "why": found["why"]}}
    if given.action is Action.SELF_HANDLE:
        return replace(given, data=data)  # whose note the asker may read
    return replace(given, data=data, note=f"{given.note}{WHY[found['why']]}{found['number']}。")


def around(tx: Tx, known: Rules, row: dict[str, Any], *, metres: float | None = None) -> list[int]:
    """The grids within the city's distance of a place, or within ``metres``; its own among them."""
    here = [] if row["pos"] is None else [row["pos"]]
    if row["lon"] is None:
        return here
    near = atlas.of(tx).locator.near(
        row["lon"], row["lat"], metres or known.switches.doubles_metres
    )
    return sorted({*here, *(area.pos for area in near)})


def linked(tx: Tx, case_id: UUID) -> tuple[dict[str, Any] | None, list[UUID]]:
    """The matter that comes again with this one, and those with which this one came again."""
    return tx.one(EARLIER, [case_id]), [row["id"] for row in tx.rows(AGAIN, [case_id])]
