"""The sweep of files that no report has named."""

from wangge.files import service
from wangge.kernel.queue import Open, sweep


@sweep("files.orphans", every=600)
def orphans(open_tx: Open) -> None:
    with open_tx() as tx:
        service.sweep_orphans(tx)
