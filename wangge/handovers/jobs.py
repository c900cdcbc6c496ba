"""The sweeps of handing over; all safe to run twice."""

from wangge.handovers import promises, releasing, service, shifts
from wangge.kernel.queue import Open, sweep

MOST = 500  # as many as one transaction lets out


@sweep("handovers.moved_on", every=60)
def moved_on(open_tx: Open) -> None:
    """An item whose case has gone on needs nobody's signature any more."""
    with open_tx() as tx:
        service.let_go(tx)


@sweep("handovers.promises", every=30)
def late_promises(open_tx: Open) -> None:
    with open_tx() as tx:
        promises.look(tx)


@sweep("handovers.shifts", every=120)
def forgotten_shifts(open_tx: Open) -> None:
    with open_tx() as tx:
        shifts.remind(tx)


@sweep("notices.held", every=20)
def held_notices(open_tx: Open) -> None:
    """At the first allowed minute what was held goes out, once."""
    while True:
        with open_tx() as tx:
            if releasing.release(tx) < MOST:
                return
