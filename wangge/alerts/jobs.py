"""The sweeps of early warnings; all safe to run twice."""

from wangge.alerts import looking, telling
from wangge.kernel.queue import Open, sweep


@sweep("alerts", every=60)
def look(open_tx: Open) -> None:
    looking.sweep(open_tx)


@sweep("alerts.unanswered", every=30)
def unanswered(open_tx: Open) -> None:
    while True:
        with open_tx() as tx:
            if telling.escalate(tx) < telling.MOST:
                return
