"""The sweep of what is past its keeping."""

from wangge.groups import thread
from wangge.kernel.queue import Open, sweep


@sweep("groups.keeping", every=600)
def past_keeping(open_tx: Open) -> None:
    more = True
    while more:
        with open_tx() as tx:
            more = thread.forget(tx) >= thread.AT_ONCE
