"""`wangge backup`, `restore`, `replay`, `jobs`, `sms`, `base`, `recover`."""

from pathlib import Path
from typing import Annotated

import typer

from wangge.kernel.cluster import running
from wangge.kernel.db import transaction
from wangge.settings import settings
from wangge.upkeep import backup as backups
from wangge.upkeep import held, moments
from wangge.upkeep import replay as replays
from wangge.upkeep import restore as restores

Tenant = Annotated[str, typer.Option("--tenant", "-t", help="单位代号 tenant's name")]
cli = typer.Typer()


@cli.command()
def backup(
    target: Annotated[Path, typer.Argument(help="文件或目录 file or folder")],
    tenant: Tenant = "dongying",
) -> None:
    """Copy a tenant's database and files as of now into one file; the city goes on working."""
    with running(settings()) as cells:
        path, what = backups.backup(cells, tenant, target)
        typer.echo(
            f"已备份 backed up: {path}  事项 cases {sum(what.cases.values())}"
            f"  文件 files {what.files}  {path.stat().st_size / 2**20:.1f} MiB"
        )
        typer.echo("主密钥不在其中，请另行保管 the master key is not in it: keep it elsewhere")


@cli.command()
def restore(
    file: Annotated[Path, typer.Argument(help="备份文件 backup", exists=True)],
    tenant: Annotated[str, typer.Option("--tenant", "-t", help="新的单位代号 a new name")],
) -> None:
    """Make a new tenant from a backup; it sends no SMS until `wangge sms release`."""
    with running(settings()) as cells:
        what = restores.restore(cells, file, tenant)
        typer.echo(
            f"已恢复 restored: {what.tenant} {what.taken_at} → {tenant}"
            f"  事项 cases {sum(what.cases.values())}  文件 files {what.files}"
        )
        typer.echo(f"暂不发短信 sends no SMS: wangge sms release --tenant {tenant}")


@cli.command()
def replay(tenant: Tenant = "dongying") -> None:
    """Rebuild what is derived, and say what contradicts the history."""
    with running(settings()) as cells:
        cell = cells.cell(tenant)
        for name, rows in replays.rebuild(cell):
            typer.echo(f"{name}: {rows}")
        broken = 0
        for name, found in replays.contradictions(cell):
            typer.secho(f"{name}: {found}", fg="red" if found else None)
            broken += found
        raise typer.Exit(1 if broken else 0)


@cli.command()
def jobs(
    tenant: Tenant = "dongying",
    again: Annotated[int, typer.Option(help="重新执行此任务，0 为全部 run anew; 0: all")] = -1,
) -> None:
    """Jobs that were given up, with their reason; or run them anew."""
    with running(settings()) as cells, transaction(cells.cell(tenant)) as tx:
        if again >= 0:
            typer.echo(f"重新执行 run anew: {held.again(tx, again or None)}")
            return
        for job in held.held(tx):
            typer.echo(f"{job['id']}  {job['entrypoint']}  {job['payload']}  {job['reason']}")


@cli.command()
def sms(
    what: Annotated[str, typer.Argument(help="hold 扣住 / release 放行")],
    tenant: Tenant = "dongying",
) -> None:
    """Hold back a tenant's messages, or let them go again; what was held back stays so."""
    if what not in {"hold", "release"}:
        raise typer.BadParameter("hold | release")
    with running(settings()) as cells, transaction(cells.cell(tenant)) as tx:
        tx.run("update upkeep set silent = %s", [what == "hold"])
        typer.echo("扣住 held" if what == "hold" else "放行 released")


@cli.command()
def base(target: Annotated[Path, typer.Argument(help="空目录 an empty folder")]) -> None:
    """Copy the whole cluster for recovery to a moment (needs WANGGE_ARCHIVE)."""
    with running(settings()) as cells:
        moments.base(cells, settings(), target)
        typer.echo(f"已复制 copied: {target}")


@cli.command()
def recover(
    source: Annotated[Path, typer.Argument(help="`wangge base` 的目录 its folder", exists=True)],
    to: Annotated[str, typer.Option(help="时刻 moment: 2026-09-30T16:50:00+08:00")],
) -> None:
    """Bring our own database back to a moment; everything must be stopped."""
    moments.recover(settings(), source, to)
    typer.echo(f"已恢复到 recovered to: {to}")
