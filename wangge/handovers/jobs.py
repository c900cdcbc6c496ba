"""The sweeps of handing over; all safe to run twice."""

from wangge.handovers import queries
from wangge.kernel.queue import Open, sweep


@sweep("handovers.moved_on", every=60)
def moved_on(open_tx: Open) -> None:
    """An item whose case has gone on needs nobody's signature any more."""
    with open_tx() as tx:
        tx.run(queries.MOVED_ON, [tx.now])
