"""`wangge`: start, tenants, import, demo, and what to do when something is missing."""

import sys
from pathlib import Path
from typing import Annotated

import orjson
import typer
import uvicorn

from wangge.areas import commands as areas
from wangge.basemaps import commands as basemaps
from wangge.classify import commands as classify
from wangge.cockpit import commands as cockpit
from wangge.demo import commands
from wangge.doctor import examine
from wangge.intake import importing
from wangge.kernel import logs, tenants
from wangge.kernel.children import children, keep_up, own
from wangge.kernel.cluster import running, supervised
from wangge.kernel.db import Cells, transaction
from wangge.kernel.errors import Refusal
from wangge.people import service as people
from wangge.settings import settings
from wangge.tenant import service as rule_documents
from wangge.tenant import trials as rule_trials
from wangge.upkeep import commands as upkeep

cli = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__
)
tenant_cli = typer.Typer(no_args_is_help=True, help="单位 Tenants: one database each.")
rules_cli = typer.Typer(no_args_is_help=True, help="规则 Rules: one reviewable file.")
cli.add_typer(tenant_cli, name="tenant")
areas.cli.command("basemap")(basemaps.take)
cli.add_typer(areas.cli, name="areas")
cli.add_typer(rules_cli, name="rules")
cli.add_typer(commands.cli, name="demo")
cli.add_typer(classify.cli, name="classify")
cli.add_typer(cockpit.cli, name="cubes")
cli.add_typer(upkeep.cli)
cli.command()(commands.load)
cli.command()(commands.simulate)
Tenant = Annotated[str, typer.Option("--tenant", "-t", help="单位代号 tenant's name")]


def main() -> None:
    """Refusals are sentences, not stack traces."""
    logs.set_up()
    try:
        cli()
    except Refusal as refusal:
        typer.secho(f"{refusal.zh}\n{refusal.en}  [{refusal.code}]", fg="red", err=True)
        sys.exit(1)


@cli.command()
def up() -> None:
    """Start database, API, worker; serve until interrupted."""
    with supervised(settings()) as (cells, mend):
        tenants.migrate(cells)
        with children(own("serve"), own("work")) as processes:
            keep_up(processes, mend)


@cli.command()
def serve() -> None:
    """The HTTP side alone (`up` starts it)."""
    uvicorn.run(
        "wangge.app:serve",
        factory=True,
        host=settings().host,
        port=settings().port,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=5,
        server_header=False,
        proxy_headers=False,  # kernel.proxies believes only those that the settings name
    )


@cli.command()
def work() -> None:
    """The worker alone: jobs and sweeps of every tenant (`up` starts it)."""
    from wangge import worker  # noqa: PLC0415 - pgqueuer is loaded only where jobs run

    worker.main()


@cli.command()
def migrate() -> None:
    """Bring every tenant to the newest schema."""
    with running(settings()) as cells:
        tenants.migrate(cells)
        typer.echo(f"已升级 migrated: {', '.join(cells.names()) or '-'} → {tenants.head()}")


@tenant_cli.command("new")
def tenant_new(name: str) -> None:
    """Make a tenant with an empty database of its own."""
    with running(settings()) as cells:
        tenants.migrate(cells)
        tenants.new(cells, name)
        typer.echo(f"已建立 made: {name}")


@tenant_cli.command("admin")
def tenant_admin(username: str, name: str, tenant: Tenant = "dongying") -> None:
    """Make the first administrator of a tenant that has its areas; prints the activation code."""
    with running(settings()) as cells, transaction(cells.cell(tenant)) as tx:
        made = people.first_administrator(tx, username=username, name=name)
        typer.echo(f"{made.username}  激活码 activation code: {made.code}")


@tenant_cli.command("list")
def tenant_list() -> None:
    """Every tenant with its size."""
    with running(settings()) as cells:
        for name in cells.names():
            with transaction(cells.cell(name)) as tx:
                row = tx.one(
                    "select (select count(*) from areas where level = 'grid') as grids,"
                    " (select count(*) from accounts) as accounts,"
                    " (select reltuples::bigint from pg_class where relname = 'cases') as cases,"
                    " pg_size_pretty(pg_database_size(current_database())) as size"
                )
            told = row or {}
            typer.echo(
                f"{name:20} 网格 {told['grids']:>6}  账号 {told['accounts']:>6}"
                f"  事项 ~{max(told['cases'], 0):>8}  {told['size']}"
            )


@rules_cli.command("export")
def rules_export(tenant: Tenant = "dongying") -> None:
    """Write all rules of a tenant to standard output."""
    with running(settings()) as cells, transaction(cells.cell(tenant)) as tx:
        typer.echo(rule_documents.export(tx))


@cli.command("import")
def import_(
    table: Annotated[Path, typer.Argument(help="CSV 或 XLSX 文件 table")],
    mapping: Annotated[Path, typer.Argument(help="映射文件 mapping (YAML)")],
    tenant: Tenant = "dongying",
    dry_run: Annotated[bool, typer.Option(help="只检查 check only")] = False,
    errors: Annotated[Path, typer.Option(help="错误行 rows not taken")] = Path("errors.csv"),
) -> None:
    """Take matters from a table through the intake; the same file twice makes nothing twice."""
    with running(settings()) as cells:
        how = importing.read_mapping(mapping)
        outcome = importing.import_file(
            cells.cell(tenant),
            table,
            how,
            dry_run=dry_run,
            progress=lambda so_far: typer.echo(f"\r{so_far.rows} …", nl=False, err=True),
        )
        importing.write_errors(errors, outcome)
        typer.echo(
            f"\n共 {outcome.rows} 行：收下 {outcome.taken}，重复 {outcome.repeated}，"
            f"未收 {len(outcome.errors)}{'（试运行，未写入）' if dry_run else ''}"
            f" · {outcome.rows} rows: {outcome.taken} taken, {outcome.repeated} repeated,"
            f" {len(outcome.errors)} refused{' (dry run)' if dry_run else ''}"
        )
        if outcome.errors:
            typer.echo(f"未收的行见 rows not taken: {errors}")


@cli.command()
def doctor() -> None:
    """Say what is missing or wrong on this machine, and what to do about it."""
    worst = 0
    for finding in examine(settings()):
        typer.secho("✓ " if finding.ok else "✗ ", fg="green" if finding.ok else "red", nl=False)
        typer.echo(f"{finding.what}: {finding.told}", nl=finding.ok)
        if not finding.ok:
            typer.secho(f"  → {finding.advice}", fg="yellow")
            worst = 1
    raise typer.Exit(worst)


@rules_cli.command("import")
def rules_import(
    file: Path,
    tenant: Tenant = "dongying",
    dry_run: Annotated[bool, typer.Option(help="只看变化 show changes only")] = False,
    untried: Annotated[
        bool, typer.Option(help="派单目录、准入清单不试运行也写入 also what was not tried on cases")
    ] = False,
) -> None:
    """Take rules from a reviewed file; all or nothing."""
    with running(settings()) as cells, transaction(cells.cell(tenant)) as tx:
        if not dry_run and not untried:
            rule_trials.check_file(tx, file.read_text("utf-8"))
        done = rule_documents.import_(tx, file.read_text("utf-8"), dry_run=dry_run)
        for report in done.documents:
            typer.echo(report)
        typer.echo("已写入 applied" if done.applied else "未写入 nothing written")


@cli.command()
def openapi() -> None:
    """Print the description of the HTTP API (for the typed client)."""
    from wangge.app import build  # noqa: PLC0415

    cells = Cells("", app_password="", intake_password="")
    cells.names = list  # type: ignore[method-assign]  # the description needs no database
    typer.echo(orjson.dumps(build(cells).openapi(), option=orjson.OPT_INDENT_2).decode())


if __name__ == "__main__":
    main()
