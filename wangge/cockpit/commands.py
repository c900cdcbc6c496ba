"""`wangge cubes`: make the city screen's read models anew, or check them against the cases."""

from functools import partial
from typing import Annotated

import typer

from wangge.cockpit import checking, cubes
from wangge.kernel.cluster import running
from wangge.kernel.db import transaction
from wangge.settings import settings

cli = typer.Typer(no_args_is_help=True, help="大屏统计 The city screen's read models.")
Tenant = Annotated[str, typer.Option("--tenant", "-t", help="单位代号 tenant's name")]
KINDS = {
    checking.Kind.MISSING: "缺少 missing",
    checking.Kind.DOUBLED: "重复 doubled",
    checking.Kind.MOVED: "移到别的日子 moved to another day",
    checking.Kind.DIFFERENT: "数目不符 different",
}


@cli.command()
def rebuild(tenant: Tenant = "dongying") -> None:
    """Make all of them from the cases, a month at a time, while the city goes on."""
    with running(settings()) as cells:
        open_tx = partial(transaction, cells.cell(tenant))
        made = cubes.rebuild(open_tx)
        cubes.keep_up(open_tx)
        typer.echo(f"已重建 rebuilt: {made} 格 cells")


@cli.command()
def check(tenant: Tenant = "dongying") -> None:
    """Compare every cell with the cases; name and mend what differs, and keep a record of it."""
    with running(settings()) as cells:
        done = checking.check(partial(transaction, cells.cell(tenant)))
        for one in done.findings:
            cell = one.cell
            moved = f" → {one.found_on}" if one.found_on else ""
            state = "已修复 mended" if one.repaired else "未修复 NOT mended"
            typer.echo(
                f"{KINDS[one.kind]}: {cell.cube} {cell.day}{moved} #{cell.pos} {cell.key}"
                f" 应为 expected {list(cell.expected)} 实为 found {list(cell.found)}; {state}"
            )
        typer.echo(f"核对 checked: {done.cells} 格 cells, 差错 wrong: {len(done.findings)}")
        if any(not one.repaired for one in done.findings):
            raise typer.Exit(1)
