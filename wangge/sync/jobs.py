"""The sweep of words that are past their keeping: receipts stay, what was typed does not."""

from datetime import timedelta

from wangge.kernel.queue import Open, sweep
from wangge.settings import settings

GONE_FOR = timedelta(days=60)
AT_ONCE = 5000
FORGET = """
update sync_operations set said_sealed = null where id in (
    select id from sync_operations where said_sealed is not null and received_at < %s
    order by received_at limit %s)
"""


@sweep("sync.keeping", every=3600)
def past_keeping(open_tx: Open) -> None:
    """Cases and their histories keep the words; the log of operations need not keep them twice."""
    more = True
    while more:
        with open_tx() as tx:
            before = tx.now - timedelta(days=settings().fact_days)
            more = tx.run(FORGET, [before, AT_ONCE]) >= AT_ONCE
            tx.run("delete from sync_gone where at < %s", [tx.now - GONE_FOR])
