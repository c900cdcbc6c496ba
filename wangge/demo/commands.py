"""`wangge demo` and what goes with it on the command line."""

import csv
import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wangge.demo import foreground, instruments, living
from wangge.demo.cast import TENANTS
from wangge.kernel import tenants
from wangge.kernel.cluster import running
from wangge.kernel.db import transaction
from wangge.kernel.errors import NotFound
from wangge.people.models import Created
from wangge.settings import settings

if TYPE_CHECKING:
    from wangge.demo.recipes import Recipe

cli = typer.Typer(help="演示城市 The demo city: start it, reset it, turn its clock.")
Tenant = Annotated[str, typer.Option("--tenant", "-t", help="单位代号 tenant's name")]
At = Annotated[str, typer.Option(help='城市时间 the city\'s time, "2026-09-30 16:50"')]


@cli.callback(invoke_without_command=True)
def demo(context: typer.Context, at: At = "") -> None:
    """Start everything over the demo city and stay; the first start loads it."""
    if context.invoked_subcommand is None:
        foreground.run(instruments.moment(at, instruments.CITY_ZONE) if at else None)


@cli.command()
def reset(tenant: Tenant = "", at: At = "") -> None:
    """Load the demo cities anew, also while they are being used."""
    from wangge.demo import loading, recipes  # noqa: PLC0415 - geometry is loaded only where used

    chosen = [_recipe(tenant)] if tenant else list(recipes.RECIPES)
    moment = instruments.moment(at, instruments.CITY_ZONE) if at else None
    with running(settings()) as cells:
        tenants.migrate(cells)
        loading.load_all(cells, chosen, at=moment)


def _recipe(tenant: str) -> "Recipe":
    from wangge.demo import recipes  # noqa: PLC0415 - the geometry is loaded only where it is used

    if tenant not in recipes.BY_TENANT:
        names = ", ".join(TENANTS)
        raise NotFound("no_demo_city", f"演示城市只有 {names}", f"the demo cities are {names}")
    return recipes.BY_TENANT[tenant]


@cli.command()
def add(
    tenant: Annotated[str, typer.Argument(help="dongchangfu 东昌府, dacun 大村, beixin 北辛")],
    at: At = "",
) -> None:
    """Load a sample town beside the demo cities, which go on being used."""
    from wangge.demo import loading  # noqa: PLC0415 - the geometry is loaded only where it is used

    recipe = _recipe(tenant)
    moment = instruments.moment(at, instruments.CITY_ZONE) if at else None
    with running(settings()) as cells:
        tenants.migrate(cells)
        fresh = loading.add(cells, recipe, at=moment)
    told = "已装载 loaded" if fresh else "早已装载 there already (wangge demo reset -t …)"
    typer.echo(f"{told} {tenant}  {settings().public_url.replace('{tenant}', tenant)}")


@cli.command()
def clock(
    tenant: Tenant = "dongying",
    at: At = "",
    advance: Annotated[str, typer.Option(help="快进 minutes, or 90m, 2h, 1d")] = "",
    frozen: Annotated[bool | None, typer.Option("--frozen/--running", help="停住 / 走动")] = None,
    real: Annotated[bool, typer.Option("--real", help="回到真实时间 back to real time")] = False,
) -> None:
    """Show the city's clock, or move, freeze and let it run."""
    with running(settings()) as cells, transaction(cells.cell(tenant)) as tx:
        wish = instruments.Wish(
            at=instruments.moment(at, instruments.zone_of(tx)) if at else None,
            frozen=frozen,
            advance=instruments.span(advance) if advance else None,
            real=real,
        )
        state = instruments.clock_state(tx)
        if wish != instruments.Wish():
            state = instruments.set_clock(tx, wish)
    stands = "停住 frozen" if state["frozen"] else "走动 running"
    typer.echo(f"{state['local']}  {state['zone']}  {stands}")


@cli.command()
def pause(tenant: Tenant = "dongying") -> None:
    """Let the demo's people rest; nothing happens by itself any more."""
    living.change(tenant, paused=True)
    typer.echo("已暂停 paused")


@cli.command()
def resume(
    tenant: Tenant = "dongying",
    pace: Annotated[str, typer.Option(help="节奏 gentle, natural, lively")] = "",
) -> None:
    """Let them go on living, at another pace if one is named."""
    now = living.change(tenant, paused=False, pace=pace or None)
    typer.echo(f"继续 going on: {now.pace}")


@cli.command(hidden=True)
def live() -> None:
    """Play the demo's people; a part of `wangge demo`."""
    with running(settings()) as cells:
        living.live(cells)


def load(
    file: Annotated[Path, typer.Argument(help="文件 the file, docs/demo.md (YAML)")],
    tenant: Tenant = "dongying",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只检查 check only")] = False,
    codes: Annotated[Path | None, typer.Option(help="新账号激活码 codes of new accounts")] = None,
) -> None:
    """Take rules, people, roster and cases from one file: all of it, or nothing."""
    from wangge.demo import taking_over  # noqa: PLC0415 - the geometry is loaded only where needed

    with running(settings()) as cells:
        text = file.read_text(encoding="utf-8-sig")
        outcome = taking_over.take_over(cells.cell(tenant), text, dry_run=dry_run)
    for problem in outcome.problems:
        typer.secho(f"{problem.path}：{problem.zh}\n    {problem.en}", fg="red", err=True)
    if outcome.problems:
        count = len(outcome.problems)
        typer.secho(
            f"有 {count} 处错误，什么也没有写入 · {count} mistakes, nothing written", err=True
        )
        sys.exit(1)
    if codes and outcome.created:
        _write_codes(codes, outcome.created)
    done = "试运行，未写入 dry run" if dry_run else "已载入 loaded"
    typer.echo(f"{done}: " + ", ".join(f"{name} {n}" for name, n in outcome.counts.items()))


class Span(StrEnum):
    """What is simulated."""

    DAY = "day"
    MONTH = "month"
    STORM = "storm"


def simulate(
    tenant: Tenant = "dongying",
    span: Annotated[Span, typer.Option(help="一天、一月、暴雨")] = Span.DAY,
    speed: Annotated[float, typer.Option(help="倍速，0 为最快 0: as fast as it goes")] = 60,
    seed: Annotated[int, typer.Option(help="随机种子")] = 1,
    rate: Annotated[float, typer.Option(help="暴雨：每秒上报 reports a second")] = 200,
    minutes: Annotated[float, typer.Option(help="暴雨：几分钟")] = 1,
    doors: Annotated[str, typer.Option(help="经由网址 through http://…; 空：直接受理")] = "",
) -> None:
    """Live a day, a month or a storm of the demo city and tell what became of it."""
    from wangge.demo import simulating  # noqa: PLC0415 - the geometry is loaded only where needed

    with running(settings()) as cells:
        cell = cells.cell(tenant)
        if span is Span.STORM:
            door = doors or f"http://{settings().host}:{settings().port}"
            simulating.blow(cell, rate=rate, minutes=minutes, seed=seed, doors=door, say=typer.echo)
            return
        length = simulating.SPANS[span.value]
        simulating.simulate(cell, length, speed=speed, seed=seed, doors=doors, say=typer.echo)


def _write_codes(path: Path, created: list[Created]) -> None:
    """Readable by their receiver alone: who holds a code may sign in."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["username", "name", "code"])
        writer.writerows([one.username, one.name, one.code] for one in created)
