"""The sweeps of supervision; all safe to run twice."""

from wangge.kernel.queue import Open, sweep
from wangge.supervision import ladder, silence, unanswered


@sweep("supervision.ladder", every=20)
def climb(open_tx: Open) -> None:
    """What is late goes up; a transaction for each five hundred."""
    while True:
        with open_tx() as tx:
            if ladder.climb(tx) < ladder.MOST:
                return


@sweep("supervision.unanswered", every=30)
def unanswered_notices(open_tx: Open) -> None:
    with open_tx() as tx:
        unanswered.look(tx)


@sweep("supervision.silence", every=120)
def no_word(open_tx: Open) -> None:
    with open_tx() as tx:
        silence.look(tx)
