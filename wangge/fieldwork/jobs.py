"""The nightly look at what nobody has been to."""

from wangge.fieldwork import coverage
from wangge.kernel.queue import Open, sweep
from wangge.tenant.service import rules

MORNING = 5


@sweep("coverage", every=3600)
def nightly(open_tx: Open) -> None:
    with open_tx() as tx:
        if tx.now.astimezone(rules(tx).calendar.days.zone).hour < MORNING:
            coverage.nightly(tx)
