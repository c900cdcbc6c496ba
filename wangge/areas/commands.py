"""`wangge areas`: borders from foreign files, and a first tree drawn over a box."""

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from wangge.areas import atlas, drawing, service
from wangge.areas.border_import import import_layer
from wangge.areas.import_rows import ImportReport
from wangge.areas.layers import read_layer
from wangge.areas.models import Level
from wangge.areas.place_import import import_places, import_point_layer
from wangge.kernel.cluster import running
from wangge.kernel.db import transaction
from wangge.kernel.errors import Invalid
from wangge.kernel.place import Datum
from wangge.papers import sheets
from wangge.settings import settings

cli = typer.Typer(no_args_is_help=True, help="区域 Areas: the tree and its borders.")
Tenant = Annotated[str, typer.Option("--tenant", "-t", help="单位代号 tenant's name")]
Dry = Annotated[bool, typer.Option("--dry-run", help="只检查 check only")]
Since = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], help="从哪天起有效 first day; default below"),
]
Errors = Annotated[Path, typer.Option(help="错误行 rows not taken")]
ERROR_COLUMNS = [
    sheets.Column("row", "行", "row"),
    sheets.Column("name", "名称", "name"),
    sheets.Column("code", "代码", "code"),
    sheets.Column("zh", "原因", ""),
    sheets.Column("en", "", "reason"),
]
Columns = Annotated[
    str, typer.Option(help="列的对应 our name=theirs: code=XZQDM,name=XZQMC,parent=SJDM")
]


@cli.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="GeoJSON、shapefile（.zip 或 .shp）")],
    level: Level,
    tenant: Tenant = "dongying",
    datum: Annotated[
        Datum, typer.Option(help="经纬度的基准 what the degrees are measured in")
    ] = Datum.WGS84,
    reference: Annotated[
        str, typer.Option(help="坐标系 wins over .prj and crs, e.g. EPSG:4528")
    ] = "",
    encoding: Annotated[str, typer.Option(help="文字编码 of attributes: gbk, utf-8")] = "",
    columns: Columns = "",
    since: Since = None,
    dry_run: Dry = False,
    errors: Errors = Path("errors.csv"),
) -> None:
    """Add areas of one level or move known borders; one wrong row stops the whole file.

    They hold from today on, unless ``--since`` says otherwise.
    """
    layer = read_layer(file, reference=reference, encoding=encoding, columns=_columns(columns))
    with running(settings()) as cells, transaction(cells.cell(tenant)) as tx:
        report = import_layer(
            tx,
            layer,
            level,
            datum=datum,
            valid_from=since.date() if since else atlas.today(tx),
            source=file.name,
            dry_run=dry_run,
        )
    _tell(report, errors)


@cli.command()
def places(
    file: Annotated[Path, typer.Argument(help="CSV、GeoJSON、shapefile（.zip 或 .shp）")],
    tenant: Tenant = "dongying",
    datum: Annotated[
        Datum, typer.Option(help="经纬度的基准 what the degrees are measured in")
    ] = Datum.WGS84,
    reference: Annotated[str, typer.Option(help="坐标系 e.g. EPSG:4528")] = "",
    encoding: Annotated[str, typer.Option(help="文字编码 of attributes: gbk, utf-8")] = "",
    columns: Columns = "",
    dry_run: Dry = False,
    errors: Errors = Path("errors.csv"),
) -> None:
    """Add places of the gazetteer (name, kind, aliases, and lon, lat or a point)."""
    with running(settings()) as cells, transaction(cells.cell(tenant)) as tx:
        if file.suffix.lower() == ".csv":
            text = _text(file.read_bytes(), encoding)
            report = import_places(tx, text, datum=datum, dry_run=dry_run)
        else:
            layer = read_layer(
                file, reference=reference, encoding=encoding, columns=_columns(columns)
            )
            report = import_point_layer(tx, layer, datum=datum, dry_run=dry_run)
    _tell(report, errors)


def _text(body: bytes, encoding: str) -> str:
    for name in [encoding] if encoding else ["utf-8-sig", "gb18030"]:
        try:
            return body.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
    raise Invalid("bad_encoding", "文字读不出来，请指定 --encoding", "name the --encoding")


@cli.command()
def draw(
    bbox: Annotated[str, typer.Option(help="西,南,东,北 west,south,east,north")],
    code: Annotated[str, typer.Option(help="市的代码 the city's code")],
    name: Annotated[str, typer.Option(help="市的名称 the city's name")],
    cell: Annotated[str, typer.Option(help="格子边长 2km, 500m")] = "2km",
    districts: Annotated[str, typer.Option(help="分成几列x几行个区 columns x rows")] = "1x1",
    tenant: Tenant = "dongying",
    english: Annotated[bool, typer.Option(help="英文名称 English names")] = False,
    since: Since = None,
    dry_run: Dry = False,
) -> None:
    """Lay equal cells over a box as the grids of a tenant that has no areas: 示意边界(合成).

    They hold from the first of January on, unless ``--since`` says otherwise.
    """
    across, _, up = districts.partition("x")
    if not (across.isdigit() and up.isdigit()):
        raise Invalid("bad_districts", "区写成 列x行，例如 2x3", "districts are 2x3")
    plan = drawing.plan(
        drawing.read_box(bbox),
        drawing.read_metres(cell),
        code=code,
        name=name,
        english=english,
        districts=(int(across), int(up)),
    )
    with running(settings()) as cells, transaction(cells.cell(tenant)) as tx:
        # A tenant's own zone comes with its rules, later: there it may still be yesterday.
        new_year = (atlas.today(tx) - timedelta(days=1)).replace(month=1, day=1)
        drawing.draw(tx, plan, begun=since.date() if since else new_year, dry_run=dry_run)
        flaws = [] if dry_run else [f for one in service.topologies(tx) for f in one.flaws]
    columns, rows = len(plan.lons) - 1, len(plan.lats) - 1
    typer.echo(
        f"{columns} 列 × {rows} 行，共 {plan.cells} 个网格，每格 {plan.metres:g} 米；"
        f"空隙、重叠、越界 {len(flaws)} 处；{drawing.LABEL}"
        f" · {columns} × {rows} = {plan.cells} grids of {plan.metres:g} m, {len(flaws)} flaws"
        f"{'（试运行，未写入 dry run）' if dry_run else ''}"
    )


def _columns(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for pair in filter(None, text.split(",")):
        ours, _, theirs = pair.partition("=")
        if not theirs:
            raise Invalid(
                "bad_columns",
                "列的对应写成 code=XZQDM,name=XZQMC",
                "columns are written code=XZQDM,name=XZQMC",
            )
        found[ours.strip()] = theirs.strip()
    return found


def _tell(report: ImportReport, errors: Path) -> None:
    typer.echo(
        f"共 {report.rows} 行：新增 {report.added}，变更 {report.changed}，"
        f"不变 {report.unchanged}，有误 {len(report.errors)}"
        f" · {report.rows} rows: {report.added} new, {report.changed} changed,"
        f" {report.unchanged} unchanged, {len(report.errors)} wrong"
        f"{'' if report.written else '（未写入 nothing written）'}"
    )
    if report.errors:
        write_errors(errors, report)
        typer.echo(f"有误的行见 wrong rows: {errors}")
        raise typer.Exit(1)


def write_errors(file: Path, report: ImportReport) -> None:
    """Which row, which area, and why, in both languages; opens in a spreadsheet."""
    file.write_text(
        "".join(sheets.csv(ERROR_COLUMNS, map(asdict, report.errors), zone=UTC)), "utf-8"
    )
