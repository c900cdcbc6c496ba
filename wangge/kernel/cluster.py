"""From the settings to running databases: our own server, or one that somebody else runs."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from wangge.kernel.db import Cells
from wangge.kernel.secrets import kept
from wangge.kernel.supervisor import Server
from wangge.settings import Settings


def own_server(settings: Settings) -> Server | None:
    return None if settings.dsn else Server(settings.home, archive=settings.archive)


def cells_of(settings: Settings, server: Server | None) -> Cells:
    return Cells(
        server.dsn() if server else settings.dsn,
        app_password=settings.app_password or kept(settings.keys / "app.password"),
        intake_password=settings.intake_password or kept(settings.keys / "intake.password"),
        pool_size=settings.pool_size,
    )


@contextmanager
def running(settings: Settings) -> Iterator[Cells]:
    """The cluster, started if need be and stopped afterwards only if it was started here."""
    with supervised(settings) as (cells, _):
        yield cells


@contextmanager
def supervised(settings: Settings) -> Iterator[tuple[Cells, Callable[[], None]]]:
    """The same, with what looks after our own server: it is started again when it was killed."""
    server = own_server(settings)
    if server:
        server.start()
    cells = cells_of(settings, server)
    try:
        yield cells, server.mend if server else lambda: None
    finally:
        cells.close()
        if server:
            server.stop()
