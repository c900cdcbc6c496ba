"""Loading the demo cities beside the running ones, and putting them in place in one go.

A city is built in a database of its own that no process serves. When it is whole it is renamed
into place, or, over a city that is being used, poured into it in one transaction. So there is
never half a city, whenever this process may end.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import orjson
import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from wangge.areas import service as areas
from wangge.areas.models import Level
from wangge.demo import (
    called_out,
    duty,
    emergencies,
    estates,
    filmed,
    grouped,
    handing,
    homes,
    inspected,
    lending,
    mailboxed,
    pouring,
    rulebook,
    shown,
    spoken,
    staff,
    studied,
    units,
    whistled,
)
from wangge.demo.bare import bare
from wangge.demo.ground import City
from wangge.demo.matters import Setting, Writer
from wangge.demo.past import Past as LastDays
from wangge.demo.recipes import BY_TENANT, RECIPES, Recipe
from wangge.demo.remembering import Past
from wangge.kernel import clock, fact_log
from wangge.kernel.db import PREFIX, TEMPLATE, Cell, Cells, Role, transaction
from wangge.kernel.errors import Refusal
from wangge.settings import settings
from wangge.tenant.service import rules

BEGUN = date(2024, 1, 1)
SCRATCH = "wangge_loading_"
AT_LEISURE = "-c synchronous_commit=off"  # what puts it in place is durable, and all before it
ROLES: tuple[Role, ...] = ("app", "intake")
Say = Callable[[str], None]


def excerpt(city: City, townships: Sequence[str]) -> City:
    """A smaller city: some townships with everything below and above them."""
    parents = {area.id: area.parent_id for area in city.areas}
    kept = {area.id for area in city.areas if area.code.startswith(tuple(townships))}
    for area_id in list(kept):
        above = parents[area_id]
        while above and above not in kept:
            kept.add(above)
            above = parents[above]
    return City(
        [area for area in city.areas if area.id in kept],
        [border for border in city.borders if border.area_id in kept],
        [place for place in city.places if place.area_id in kept],
    )


def furnish(
    cell: Cell, recipe: Recipe, city: City, say: Say, *, at: datetime | None = None
) -> None:
    """Load everything that stands into an empty tenant: ground, people, roster, rules."""
    say(f"写入 {len(city.areas)} 个区域 areas")
    organisations = units.plan(city.areas)
    with transaction(cell) as tx:
        if at:
            clock.set_to(tx, at)
            tx.now = at
        areas.load(tx, city.areas, city.borders, city.places, begun=BEGUN)
        say(f"写入 {len(organisations)} 个单位 organisations")
        units.found(tx, organisations, area_code=recipe.area_code)
        say("写入人员和岗位 people")
        hired = staff.hire(tx, city.areas, organisations, recipe.manning)
        say(f"{hired} 人 people，排班和规则 roster and rules")
        duty.fill(tx, tx.now)
        rulebook.lay_down(tx, recipe.rules, city.areas, organisations)
        filmed.allow(tx)
        party, teams = recipe.raise_up(tx, city.areas, organisations)
        say(f"{party} 个党组织 party organisations, {teams} 个团队 teams")


def live_through(cell: Cell, recipe: Recipe, city: City, say: Say) -> None:
    """Add what happened in the last days before the city's present moment."""
    say("最近三天的事项 the last days")
    with transaction(cell) as tx:
        zone = ZoneInfo((tx.one("select zone from clock") or {})["zone"])
        matters = Writer(Setting.of(city), tx.now, zone, known=rules(tx)).everything(recipe.share)
        days = LastDays(tx)
        steps = days.live(matters)
        spoken.live(tx, days.catch_up)
    with transaction(cell) as tx:
        blown = whistled.live(tx) + called_out.live(tx)
    with transaction(cell) as tx:
        written = mailboxed.live(tx)
        grouped.live(tx)
        filmed.live(tx)
    with transaction(cell) as tx:
        handing.live(tx)
        lending.live(tx)
        dwelt = homes.live(tx)
        estates.live(tx)
        studied.live(tx)
        emergencies.live(tx)
        inspected.live(tx)
        shown.live(tx)
    with transaction(cell) as tx:
        fact_log.put_in_line(tx)
    grids = sum(area.level is Level.GRID for area in city.areas)
    say(
        f"{grids} 个网格 grids, {len(matters)} 件事项 cases, {steps} 步 steps,"
        f" {blown} 次吹哨 whistles, {written} 封来信 letters, {dwelt} 户 homes"
    )


def _execute(cells: Cells, statement: str, *names: str) -> None:
    with psycopg.connect(cells.owner("postgres"), autocommit=True) as conn:
        conn.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


@contextmanager
def scratch(cells: Cells, tenant: str) -> Iterator[Cell]:
    """An empty database beside the tenant's, gone afterwards unless it was put in its place."""
    database = SCRATCH + tenant
    _execute(cells, "drop database if exists {} with (force)", database)
    _execute(cells, "create database {} template {}", database, TEMPLATE)
    dsns: dict[str, str] = {
        role: make_conninfo(cells.dsn(tenant, role), dbname=database, options=AT_LEISURE)
        for role in ROLES
    }
    cell = Cell(tenant, dsns)
    try:
        yield cell
    finally:
        cell.close()
        _execute(cells, "drop database if exists {} with (force)", database)


def put_in_place(cells: Cells, cell: Cell) -> None:
    """Rename the finished database to the tenant's, or pour it into the one that is in use."""
    cell.close()
    database = SCRATCH + cell.tenant
    if cell.tenant in cells.names():
        pouring.pour(cells.owner(database), cells.owner(PREFIX + cell.tenant))
    else:
        _execute(cells, "alter database {} rename to {}", database, PREFIX + cell.tenant)


@contextmanager
def announced(sign: str = "loading") -> Iterator[Say]:
    """What is said is shown and kept for the screen; /readyz tells of the sign ``loading``."""
    flag = settings().home / sign
    flag.parent.mkdir(parents=True, exist_ok=True)
    begun = datetime.now(UTC)

    def say(words: str) -> None:
        seconds = (datetime.now(UTC) - begun).total_seconds()
        print(f"  {seconds:5.1f} s  {words}", flush=True)  # noqa: T201 - progress of a command
        whole = {"pid": os.getpid(), "stage": words, "seconds": round(seconds, 1)}
        fresh = flag.with_suffix(".new")
        fresh.write_bytes(orjson.dumps(whole))
        fresh.replace(flag)

    say("开始 begin")
    try:
        yield say
    finally:
        flag.unlink(missing_ok=True)


def remember(past: Past, say: Say) -> None:
    """Add what a month before the present left behind, as rows."""
    say("过去的日子 the days before")
    told = past.write()
    say(f"{told.matters} 件往事 matters, {told.steps} 步 steps")


def _analyze(dsn: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as owner:
        owner.execute("analyze")


def load(cells: Cells, recipe: Recipe, say: Say, *, at: datetime | None = None) -> None:
    """Build a tenant anew and put it in place; its clock goes on as it stood.

    A city that nobody uses yet gets its past before it is put in place, one that is being used
    afterwards: so its doors stand still only for the exchange.
    """
    say(f"{recipe.tenant}")
    with ExitStack() as stack:
        past = stack.enter_context(closing(Past())) if recipe.days else None
        if recipe.tenant in cells.names():
            _exchange(cells, recipe, past, say, at=at)
        else:
            _found(cells, recipe, past, say, at=at)


def _found(
    cells: Cells, recipe: Recipe, past: Past | None, say: Say, *, at: datetime | None
) -> None:
    fresh = cells.owner(SCRATCH + recipe.tenant)
    with scratch(cells, recipe.tenant) as cell:
        city = _built(cell, fresh, recipe, say, at=at)
        if past:
            past.learn(cell, days=recipe.days)
        live_through(cell, recipe, city, say)
        if past:
            past.ready()
            with bare(fresh):
                remember(past, say)
                past.close()
                say("建立索引 indexes")
        put_in_place(cells, cell)


def _exchange(
    cells: Cells, recipe: Recipe, past: Past | None, say: Say, *, at: datetime | None
) -> None:
    fresh, standing = cells.owner(SCRATCH + recipe.tenant), cells.owner(PREFIX + recipe.tenant)
    with scratch(cells, recipe.tenant) as cell:
        pouring.follow_on(standing, fresh)
        city = _built(cell, fresh, recipe, say, at=at)
        live_through(cell, recipe, city, say)
        put_in_place(cells, cell)
    if past:
        past.learn(cells.cell(recipe.tenant), days=recipe.days)
        remember(past, say)
        _analyze(standing)


def _built(cell: Cell, fresh: str, recipe: Recipe, say: Say, *, at: datetime | None) -> City:
    say("划分区域 ground")
    city = recipe.build()
    furnish(cell, recipe, city, say, at=at)
    _analyze(fresh)
    return city


def tidy(cells: Cells) -> None:
    """Take away what a load left that was ended in the middle."""
    for sign in ("loading", "adding"):
        (settings().home / sign).unlink(missing_ok=True)
    for recipe in BY_TENANT.values():
        _execute(cells, "drop database if exists {} with (force)", SCRATCH + recipe.tenant)


def missing(cells: Cells) -> list[Recipe]:
    present = cells.names()
    return [recipe for recipe in RECIPES if recipe.tenant not in present]


def add(cells: Cells, recipe: Recipe, *, at: datetime | None = None) -> bool:
    """Load a tenant beside those that are there, which go on; False when it is there already."""
    if recipe.tenant in cells.names():
        return False
    with announced("adding") as say:
        load(cells, recipe, say, at=at)
    return True


def load_all(cells: Cells, recipes: Sequence[Recipe], *, at: datetime | None = None) -> None:
    """Load the first here and the others beside it, in a process each: ground is laid on one core.

    Refuses when one of the others failed, whose words are on the screen.
    """
    with announced() as say, ExitStack() as stack:
        beside = [stack.enter_context(_beside(cells, one, at)) for one in recipes[1:]]
        for recipe in recipes[:1]:
            load(cells, recipe, say, at=at)
        for recipe, child in zip(recipes[1:], beside, strict=True):
            say(recipe.tenant)
            if child.wait():
                raise Refusal(
                    "city_not_loaded",
                    f"{recipe.tenant} 没有装载成功，见上面的日志",
                    f"{recipe.tenant} was not loaded; see the log",
                )


@contextmanager
def _beside(cells: Cells, recipe: Recipe, at: datetime | None) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "wangge.demo.loading"]
    said = {"dsn": cells.owner_dsn, **cells.passwords, "tenant": recipe.tenant, "at": at}
    with subprocess.Popen(command, stdin=subprocess.PIPE) as child:
        if child.stdin:
            child.stdin.write(orjson.dumps(said))
            child.stdin.close()
        try:
            yield child
        except BaseException:
            child.terminate()
            raise


def main() -> None:
    """Load one of the recipes; what is needed for it comes on the standard input."""
    given = orjson.loads(sys.stdin.buffer.read())
    recipe = BY_TENANT[given["tenant"]]
    cells = Cells(given["dsn"], app_password=given["app"], intake_password=given["intake"])
    at = datetime.fromisoformat(given["at"]) if given["at"] else None
    try:
        load(cells, recipe, lambda words: print(f"    {recipe.tenant}: {words}", flush=True), at=at)  # noqa: T201 - progress of a command
    finally:
        cells.close()


if __name__ == "__main__":
    main()
