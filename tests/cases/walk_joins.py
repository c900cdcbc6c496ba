"""The random walk's part in joining cases and taking them apart."""

from random import Random
from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson

from tests.cases.walk_sql import NEAR_ITS_END
from wangge.cases import merging
from wangge.cases.models import Action, StepInput
from wangge.intake.splitting import Part, split
from wangge.kernel import queue
from wangge.kernel.db import Cell, Tx, transaction
from wangge.kernel.errors import Refusal
from wangge.kernel.ids import new_id
from wangge.people.models import Actor

if TYPE_CHECKING:
    from tests.cases.walk import Walk

JOINS = {Action.MERGE, Action.UNMERGE, Action.SPLIT, Action.SPLIT_UP}
SYSTEMS = {Action.CARRY, Action.CLOSE_MERGED, Action.REJOIN}
REFUSED = {
    "emergency_into_calm", "alarm_open", "merge_in_a_ring", "lead_is_over", "carries_others",
    "merge_into_itself", "no_such_case", "enough_cases",
}  # fmt: skip
MOST_LIVE = 700
NEAR = 0.4  # so often a case is merged into one that is nearly done
LATE = 0.25  # so often what follows for those who are carried comes a round later


def join(walk: "Walk", tx: Tx, actor: Actor, case: dict[str, Any], action: Action) -> None:
    step = StepInput(new_id(), action, note="办")
    if action is Action.MERGE:
        merging.merge(tx, actor, case["id"], _lead(walk, tx), step)
    elif action is Action.UNMERGE:
        merging.unmerge(tx, actor, case["id"], step)
    elif len(walk.live) >= MOST_LIVE:
        raise Refusal("enough_cases", "够多了", "there are enough")
    else:
        parts = [Part(new_id(), "路面积水"), Part(new_id(), "路灯不亮")]
        whole = action is Action.SPLIT_UP
        split(tx, actor, case["id"], parts, step, whole=whole)
        walk.live += [part.id for part in parts]


def _lead(walk: "Walk", tx: Tx) -> UUID:
    """Any case, or one that comes to its end soon: else nobody is ever closed with his lead."""
    near = tx.rows(NEAR_ITS_END, [walk.live]) if walk.chance.random() < NEAR else []
    found: UUID = walk.chance.choice([row["id"] for row in near] or walk.live)
    return found


def jobs(cell: Cell, chance: Random | None = None) -> None:
    """Run what follows of a step until nothing is left that changes a case.

    With a ``chance`` a worker is now and then late for those who are carried.
    """
    late = ["merged", "carry"] if chance and chance.random() < LATE else []
    while True:
        with transaction(cell) as tx:
            left = tx.rows(
                "delete from pgqueuer where entrypoint <> all(%s) returning entrypoint, payload",
                [late],
            )
        wanted = {
            (row["entrypoint"], bytes(row["payload"] or b"{}"))
            for row in left
            if row["entrypoint"] in ("owners", "merged", "carry", "reckon_anew")
        }
        if not wanted:
            return
        for name, payload in sorted(wanted):
            said = orjson.loads(payload)
            queue.TASKS[name](lambda: transaction(cell), **said)
