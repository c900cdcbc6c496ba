"""`wangge areas basemap`: a file of base maps into the tenant's storage."""

from pathlib import Path
from typing import Annotated

import typer

from wangge.basemaps import service
from wangge.kernel.cluster import running
from wangge.kernel.db import transaction
from wangge.settings import settings


def take(
    file: Annotated[Path, typer.Argument(help="PMTiles 第 3 版", exists=True, dir_okay=False)],
    tenant: Annotated[str, typer.Option("--tenant", "-t", help="单位代号 tenant's name")] = (
        "dongying"
    ),
    use: Annotated[bool, typer.Option("--use", help="并用作底图 and choose it")] = False,
) -> None:
    """Take a PMTiles file as a base map for desk and wall; checked by its content."""
    with running(settings()) as cells, transaction(cells.cell(tenant)) as tx:
        made = service.take(tx, file)
        if use:
            service.use(tx, made)
    typer.echo(
        f"{made.id}  {made.name}  {made.tile_type}  {made.min_zoom}–{made.max_zoom}"
        f"  {made.bytes / 2**20:.1f} MiB"
        f"{'  已用作底图 in use' if use else ''}"
    )
