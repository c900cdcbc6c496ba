"""A foreign city's table in a tenant of its own, by the command line alone.

`tenant new`, `areas draw`, `load`, `import`: its own zone, types and desks; grids drawn over a box.
"""

import csv
import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
from shapely.geometry import box
from typer.testing import CliRunner, Result

from wangge.areas import atlas, service
from wangge.areas.geodesy import square_metres
from wangge.areas.models import Level
from wangge.cli import cli
from wangge.intake.importing import id_of, read_mapping
from wangge.kernel import tenants
from wangge.kernel.db import Cell, Cells, Tx, transaction
from wangge.settings import settings

DATA = Path(__file__).parent / "data"
TABLE, MAPPING = DATA / "requests_311.csv", DATA / "requests_311.yaml"
BOX = "-74.27,40.49,-73.68,40.93"
DRAW = ["areas", "draw", "--code", "36", "--name", "New York City", "--bbox", BOX]
Run = Callable[..., Result]


@pytest.fixture(scope="module")
def run(cells: Cells) -> Iterator[Run]:
    """`wangge …` over the databases of this run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WANGGE_DSN", cells.owner_dsn)
        patch.setenv("WANGGE_APP_PASSWORD", cells.passwords["app"])
        patch.setenv("WANGGE_INTAKE_PASSWORD", cells.passwords["intake"])
        settings.cache_clear()
        yield lambda *words: CliRunner().invoke(cli, [*map(str, words)])
    settings.cache_clear()


@contextmanager
def tenant(cells: Cells, run: Run) -> Iterator[Cell]:
    """A tenant made by the command line, empty."""
    name = "n" + uuid.uuid4().hex[:12]
    done = run("tenant", "new", name)
    assert done.exit_code == 0, done.output
    yield cells.cell(name)
    tenants.drop(cells, name)


@pytest.fixture
def fresh(cells: Cells, run: Run) -> Iterator[Cell]:
    with tenant(cells, run) as cell:
        yield cell


@pytest.fixture(scope="module")
def foreign(cells: Cells, run: Run, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cell]:
    """A tenant with 2 km cells in four districts, its rules, desks and people."""
    codes = tmp_path_factory.mktemp("codes") / "codes.csv"
    with tenant(cells, run) as cell:
        at = ("-t", cell.tenant)
        drawn = run(*DRAW, "--cell", "2km", "--districts", "2x2", "--english", *at)
        assert drawn.exit_code == 0, drawn.output
        loaded = run("load", DATA / "requests_311_tenant.yaml", "--codes", codes, *at)
        assert loaded.exit_code == 0, loaded.output
        yield cell


class Brought(NamedTuple):
    """What the command said of the first import, and its error file."""

    told: str
    errors: Path


@pytest.fixture(scope="module")
def brought(foreign: Cell, run: Run, tmp_path_factory: pytest.TempPathFactory) -> Brought:
    errors = tmp_path_factory.mktemp("import") / "errors.csv"
    return Brought(bring(run, foreign.tenant, TABLE, errors), errors)


def bring(run: Run, tenant: str, table: Path, errors: Path) -> str:
    done = run("import", table, MAPPING, "-t", tenant, "--errors", errors)
    assert done.exit_code == 0, done.output
    return done.output


def refusals(errors: Path) -> dict[str, str]:
    with errors.open(encoding="utf-8-sig", newline="") as file:
        return {row["line"]: row["code"] for row in csv.DictReader(file)}


def cells_are_right(tx: Tx, table: Path) -> int:
    """Every located case lies in the cell that plain arithmetic over the lattice names."""
    book = atlas.of(tx)
    west = sorted({book.grounds[grid.id].bounds[0] for grid in book.level(Level.GRID)})
    south = sorted({book.grounds[grid.id].bounds[1] for grid in book.level(Level.GRID)})
    with table.open(encoding="utf-8-sig", newline="") as file:
        said = {id_of("nyc311", row["Unique Key"]): row for row in csv.DictReader(file)}
    located = tx.rows(
        "select c.id, a.code, a.level from cases c join areas a on a.id = c.area_id"
        " where place_state = 'located'"
    )
    located = [row for row in located if row["id"] in said]
    for row in located:
        lon, lat = (float(said[row["id"]][name]) for name in ("Longitude", "Latitude"))
        column = sum(edge <= lon for edge in west)
        up = sum(edge <= lat for edge in south)
        assert (row["level"], row["code"][4:]) == ("grid", f"{up:03}{column:03}")
    return len(located)


def test_drawn_cells_tile_exactly_and_are_true_in_metres(fresh: Cell, run: Run) -> None:
    drawn = run(*DRAW, "--cell", "2km", "--districts", "2x3", "-t", fresh.tenant)

    assert drawn.exit_code == 0, drawn.output
    assert "0 flaws" in drawn.output
    with transaction(fresh) as tx:
        book = atlas.of(tx)
        grids = book.level(Level.GRID)
        found = list(service.topologies(tx))
        areas = [square_metres(book.grounds[grid.id]) for grid in grids]
        city = book.grounds[book.level(Level.CITY)[0].id]
        sources = tx.rows("select distinct synthetic, source from area_borders")
    assert [flaw for one in found for flaw in one.flaws] == []
    assert len(found) == 7
    assert city.covers(box(-74.27, 40.49, -73.68, 40.93))
    # The middle row is 2 km by 2 km to a metre; the outer rows differ by the meridians alone.
    assert min(abs(area - 4e6) for area in areas) < 4e6 / 1000
    assert all(abs(area - 4e6) < 4e6 * 0.004 for area in areas)
    assert sum(areas) == pytest.approx(square_metres(city), rel=1e-9)
    assert sources == [{"synthetic": True, "source": "示意边界(合成)"}]


def test_drawing_over_a_city_that_has_areas_is_refused(fresh: Cell, run: Run) -> None:
    run(*DRAW, "--cell", "20km", "-t", fresh.tenant)
    again = run(*DRAW, "--cell", "10km", "-t", fresh.tenant)

    assert getattr(again.exception, "code", "") == "areas_exist"


def test_a_tenant_without_areas_takes_nothing_in(fresh: Cell, run: Run, tmp_path: Path) -> None:
    done = run("import", TABLE, MAPPING, "-t", fresh.tenant, "--errors", tmp_path / "errors.csv")

    assert getattr(done.exception, "code", "") == "no_areas_yet"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--bbox", "118,37,117,38"], "bad_box"),
        (["--bbox", "here"], "bad_box"),
        (["--cell", "2 miles"], "bad_cell"),
        (["--cell", "10m"], "too_many_cells"),
        (["--districts", "many"], "bad_districts"),
        (["--districts", "99x99"], "bad_districts"),
    ],
)
def test_a_drawing_that_cannot_be(fresh: Cell, run: Run, words: list[str], code: str) -> None:
    done = run(*DRAW, *words, "-t", fresh.tenant)

    assert getattr(done.exception, "code", "") == code


def test_every_row_is_taken_or_refused_with_a_reason(foreign: Cell, brought: Brought) -> None:
    assert "40 rows: 36 taken, 0 repeated, 4 refused" in brought.told
    assert refusals(brought.errors) == {
        "38": "bad_time",
        "39": "id_missing",
        "40": "not_degrees",
        "41": "not_degrees",
    }
    with transaction(foreign) as tx:
        assert cells_are_right(tx, TABLE) == 34  # all but one without a place and one far away


def test_the_same_foreign_file_twice_makes_nothing_twice(
    foreign: Cell, brought: Brought, run: Run, tmp_path: Path
) -> None:
    again = bring(run, foreign.tenant, TABLE, tmp_path / "errors.csv")

    assert "0 taken, 36 repeated, 4 refused" in again
    with transaction(foreign) as tx:
        (row,) = tx.rows("select count(*) as n from cases where source_ref like '%% 70000%%'", [])
    assert row["n"] == 36


def test_times_are_those_of_the_citys_clock(foreign: Cell, brought: Brought) -> None:
    """Noon in July is 16:00 UTC there, noon in January 17:00: its zone and its summer time."""
    with transaction(foreign) as tx:
        rows = tx.rows(
            "select source_ref, reported_at at time zone 'UTC' as at from cases"
            " where source_ref = any(%s) order by 1",
            [["nyc311 7000031", "nyc311 7000032"]],
        )
        assert tx.one("select zone from clock") == {"zone": "America/New_York"}
    assert [f"{row['at']:%F %R}" for row in rows] == ["2018-07-01 16:00", "2018-01-01 17:00"]


def test_what_nobody_can_name_goes_to_the_sorting_desk(foreign: Cell, brought: Brought) -> None:
    """An unknown type and an unknown agency keep their place; a person at the city desk sorts."""
    with transaction(foreign) as tx:
        rows = tx.rows(
            "select split_part(c.source_ref, ' ', 2) as key, o.code as desk, place_state, type,"
            " length(a.code) as deep from cases c join organisations o on o.id = c.desk_id"
            " join areas a on a.id = c.area_id where split_part(source_ref, ' ', 2)::int >= 7000031"
            " order by 1"
        )
    assert [(row["key"], row["desk"], row["place_state"], row["type"]) for row in rows] == [
        ("7000031", "desk-1", "located", "parking"),
        ("7000032", "desk-1", "located", "parking"),
        ("7000033", "desk-city", "located", None),
        ("7000034", "desk-city", "located", "parking"),
        ("7000035", "desk-city", "unverified", "rubbish"),
        ("7000036", "desk-city", "outside", "road"),
    ]
    assert rows[2]["deep"] == len("3604001001")


@pytest.mark.skipif(
    "WANGGE_DATA" not in os.environ, reason="WANGGE_DATA names no folder with nyc311_1000.csv"
)
def test_a_thousand_real_requests(foreign: Cell, run: Run, tmp_path: Path) -> None:
    table = Path(os.environ["WANGGE_DATA"]) / "nyc311_1000.csv"

    told = bring(run, foreign.tenant, table, tmp_path / "errors.csv")
    again = bring(run, foreign.tenant, table, tmp_path / "errors.csv")

    assert "1000 rows: 1000 taken, 0 repeated, 0 refused" in told
    assert "0 taken, 1000 repeated, 0 refused" in again
    with table.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    mapping = read_mapping(MAPPING)
    unknown = [
        row
        for row in rows
        if row["Complaint Type"] not in mapping.types or row["Agency"] not in mapping.agencies
    ]
    with transaction(foreign) as tx:
        assert cells_are_right(tx, table) == sum(bool(row["Latitude"]) for row in rows)
        desks = tx.rows(
            "select o.code, c.id from cases c join organisations o on o.id = c.desk_id"
            " where o.code = 'desk-city'"
        )
    placeless = [row for row in rows if not row["Latitude"]]
    sorting = {id_of("nyc311", row["Unique Key"]) for row in (*unknown, *placeless)}
    mine = {id_of("nyc311", row["Unique Key"]) for row in rows}
    assert {row["id"] for row in desks} & mine == sorting
    assert 0 < len(sorting) < 1000
