"""Trying proposed rules on past cases, in the background and with its progress."""

from uuid import UUID

from wangge.dispatch.directory import directory
from wangge.dispatch.replay import Period, Replay, Way
from wangge.kernel.errors import Refusal
from wangge.kernel.queue import Open
from wangge.tenant import trials
from wangge.tenant.service import rules


def run(open_tx: Open, trial_id: UUID) -> None:
    """Replay the period of a trial and keep what came of it; ends quietly when called off."""
    try:
        with open_tx() as tx:
            asked = trials.proposed(tx, trial_id)
    except Refusal:  # other documents changed, and this one no longer goes with them
        with open_tx() as tx:
            trials.end(tx, trial_id, "failed")
        return
    if asked is None:
        return
    trial, after = asked
    with open_tx() as tx:
        places = directory(tx)
        replay = Replay(Way(rules(tx), places), Way(after, places))
        period = Period.of(tx, trial["days"], heard=trial["name"] == "types")
        total, left_out = period.count(tx)
        trials.go_on(tx, trial_id, looked=0, total=total)
    while True:
        with open_tx() as tx:
            batch = period.batch(tx)
            replay.take(batch)
            if not batch:
                trials.end(tx, trial_id, "done", replay.result(left_out))
                return
            if not trials.go_on(tx, trial_id, looked=replay.cases, total=total):
                return
