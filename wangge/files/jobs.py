"""The sweeps of files that no report has named, and of uploads that were left off."""

from wangge.files import service, uploads
from wangge.kernel.queue import Open, sweep


@sweep("files.orphans", every=600)
def orphans(open_tx: Open) -> None:
    with open_tx() as tx:
        service.sweep_orphans(tx)


@sweep("files.uploads", every=3600)
def unfinished(open_tx: Open) -> None:
    with open_tx() as tx:
        uploads.sweep(tx)
