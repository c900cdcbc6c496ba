"""Sweeps: the day's openings, what nobody opened, what nobody sorted, and once a night the rest."""

from wangge.kernel.queue import Open, sweep
from wangge.mailbox import openings, sorting
from wangge.tenant.service import rules

MORNING = 5


@sweep("mailbox", every=60)
def daily(open_tx: Open) -> None:
    with open_tx() as tx:
        openings.prepare(tx)
    with open_tx() as tx:
        openings.mark_missed(tx)
        sorting.mark_red(tx)


@sweep("mailbox_answers", every=3600)
def nightly(open_tx: Open) -> None:
    with open_tx() as tx:
        if tx.now.astimezone(rules(tx).calendar.days.zone).hour < MORNING:
            sorting.nightly(tx)
