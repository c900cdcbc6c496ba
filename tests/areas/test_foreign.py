"""Borders as offices send them: shapefiles in GBK, projected, offset; read by row or refused."""

import io
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import orjson
import pytest
import shapefile
from pyproj import CRS, Transformer
from shapely.geometry import Polygon, box

from wangge.areas import atlas, queries
from wangge.areas.border_import import import_layer
from wangge.areas.import_rows import ImportReport
from wangge.areas.layers import read_layer
from wangge.areas.models import Ground, Level
from wangge.areas.place_import import import_point_layer
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid
from wangge.kernel.place import Datum, from_wgs84

MARCH = date(2026, 3, 1)
GRID = "3799010010010001"
WEST, EAST = box(118.0, 37.2, 118.1, 37.4), box(118.1, 37.2, 118.2, 37.4)
ROWS: list[tuple[Any, str, Ground | None]] = [
    (f"{GRID}01", "滨河一号微网格", WEST),
    (f"{GRID}02", "滨河二号微网格", EAST),
]
COLUMNS = {"code": "编码", "name": "名称"}


def esri(code: str) -> str:
    """The way ArcGIS writes a reference system into a .prj."""
    return str(CRS(code).to_wkt("WKT1_ESRI"))


def projected(ground: Ground, code: str) -> Ground:
    crs = CRS(code)
    there = Transformer.from_crs(crs.geodetic_crs, crs, always_xy=True)
    return Polygon([there.transform(x, y) for x, y in ground.exterior.coords])


def shaped(
    rows: list[tuple[Any, str, Ground | None]] = ROWS,
    *,
    encoding: str = "gb18030",
    prj: str = "",
    cpg: str = "",
) -> dict[str, bytes]:
    files = {"shp": io.BytesIO(), "shx": io.BytesIO(), "dbf": io.BytesIO()}
    with shapefile.Writer(**files, shapeType=shapefile.POLYGON, encoding=encoding) as writer:
        writer.field("编码", "C", 30)
        writer.field("名称", "C", 60)
        writer.field("建立", "D")
        for code, name, ground in rows:
            if ground is None:
                writer.null()
            else:
                writer.poly([[list(xy) for xy in ground.exterior.coords]])
            writer.record(code, name, date(2025, 5, 1))
    made = {name: file.getvalue() for name, file in files.items()}
    if prj:
        made["prj"] = prj.encode()
    if cpg:
        made["cpg"] = cpg.encode()
    return made


def packed(folder: Path, parts: dict[str, bytes]) -> Path:
    file = folder / "网格.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for suffix, body in parts.items():
            archive.writestr(f"数据/网格.{suffix}", body)
    return file


def bring(tx: Tx, file: Path, *, dry_run: bool = False, **more: Any) -> ImportReport:
    datum = more.pop("datum", Datum.WGS84)
    layer = read_layer(file, **({"columns": COLUMNS} | more))
    return import_layer(
        tx,
        layer,
        Level.MICRO_GRID,
        datum=datum,
        valid_from=MARCH,
        source=file.name,
        dry_run=dry_run,
    )


def lands(tx: Tx, *, within: float = 1e-8) -> None:
    """Both micro-grids lie where they were drawn, to a millimetre, with their Chinese names."""
    book = atlas.of(tx)
    for code, name, ground in ROWS:
        assert book.codes[code].name == name
        assert ground is not None
        assert book.grounds[book.codes[code].id].equals_exact(ground, within)


@pytest.mark.parametrize(
    ("encoding", "cpg"),
    [("gb18030", ""), ("gb18030", "GBK"), ("gb18030", "936"), ("utf-8", ""), ("utf-8", "UTF-8")],
)
def test_a_zipped_shapefile_in_either_encoding(
    tx: Tx, tmp_path: Path, encoding: str, cpg: str
) -> None:
    file = packed(tmp_path, shaped(encoding=encoding, cpg=cpg, prj=esri("EPSG:4490")))

    report = bring(tx, file)

    assert (report.added, report.errors, report.written) == (2, [], True)
    lands(tx)
    assert atlas.of(tx).codes[f"{GRID}01"].attributes == {"建立": "2025-05-01"}


@pytest.mark.parametrize(
    "code",
    [
        "EPSG:4528",  # CGCS2000, 3-degree zone 40: eastings begin with the zone's number
        "EPSG:4549",  # the same by its central meridian of 120 degrees
        "EPSG:4498",  # CGCS2000, 6-degree zone 20
        "EPSG:32650",  # WGS 84, UTM
        "EPSG:3857",
    ],
)
def test_projected_files_are_brought_back_to_the_millimetre(
    tx: Tx, tmp_path: Path, code: str
) -> None:
    rows = [(c, n, projected(g, code) if g else None) for c, n, g in ROWS]

    report = bring(tx, packed(tmp_path, shaped(rows, prj=esri(code))))

    assert report.errors == []
    lands(tx)


def test_a_shp_with_its_neighbours_on_disk(tx: Tx, tmp_path: Path) -> None:
    for suffix, body in shaped().items():
        (tmp_path / f"grids.{suffix}").write_bytes(body)
    (tmp_path / "grids.shx").unlink()  # it can be done without

    assert bring(tx, tmp_path / "grids.shp").errors == []
    lands(tx)


def test_a_projected_file_without_prj_is_read_by_the_operators_word(tx: Tx, tmp_path: Path) -> None:
    rows = [(c, n, projected(g, "EPSG:4528") if g else None) for c, n, g in ROWS]
    file = packed(tmp_path, shaped(rows))

    assert [error.code for error in bring(tx, file).errors] == ["not_degrees", "not_degrees"]
    assert bring(tx, file, reference="EPSG:4528").errors == []
    lands(tx)


@pytest.mark.parametrize("datum", [Datum.GCJ02, Datum.BD09, Datum.CGCS2000])
def test_the_operator_declares_what_degrees_are_measured_in(
    tx: Tx, tmp_path: Path, datum: Datum
) -> None:
    rows = [
        (c, n, Polygon([from_wgs84(x, y, datum) for x, y in g.exterior.coords]) if g else None)
        for c, n, g in ROWS
    ]

    report = bring(tx, packed(tmp_path, shaped(rows, prj=esri("EPSG:4326"))), datum=datum)

    assert report.errors == []
    lands(tx)


@pytest.mark.parametrize("code", ["EPSG:2437", "EPSG:4214", "EPSG:2384", "EPSG:4610"])
def test_beijing_1954_and_xian_1980_are_refused_with_the_reason(tmp_path: Path, code: str) -> None:
    """A library converts them without a word, and is up to 120 metres wrong."""
    with pytest.raises(Invalid, match="datum_without_parameters") as refused:
        read_layer(packed(tmp_path, shaped(prj=esri(code))))

    assert "CGCS2000" in refused.value.zh


def test_geojson_with_a_projection_of_its_own(tx: Tx, tmp_path: Path) -> None:
    def feature(code: str, name: str, ground: Ground | None) -> dict[str, Any]:
        assert ground is not None
        drawn = projected(ground, "EPSG:4528").__geo_interface__
        return {
            "type": "Feature",
            "properties": {"编码": code, "名称": name},
            "geometry": drawn,
        }

    file = tmp_path / "grids.geojson"
    body = {
        "type": "FeatureCollection",
        "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4528"}},
        "features": [feature(*row) for row in ROWS],
    }
    file.write_bytes(b"\xef\xbb\xbf" + orjson.dumps(body))

    assert bring(tx, file).errors == []
    lands(tx)


BOW = Polygon([(118.0, 37.2), (118.1, 37.4), (118.1, 37.2), (118.0, 37.4)])


def test_every_row_that_cannot_be_read_is_named_and_nothing_is_written(
    tx: Tx, tmp_path: Path
) -> None:
    """Half of the file is right, and still not half of it is written."""
    rows: list[Any] = [
        ROWS[0],
        (f"{GRID}03", "没有图形", None),
        (f"{GRID}04", "蝴蝶结", BOW),
        ("", "没有编码", EAST),
        (f"{GRID}01", "编码重复", EAST),
        ("8888", "没有上级", EAST),
        ROWS[1],
    ]

    report = bring(tx, packed(tmp_path, shaped(rows)))

    assert [(error.row, error.code) for error in report.errors] == [
        (2, "bad_ring"),
        (3, "bad_ring"),
        (4, "no_code"),
        (5, "duplicate_code"),
        (6, "unknown_parent"),
    ]
    assert all(error.zh and error.en for error in report.errors)
    assert not report.written
    assert f"{GRID}01" not in atlas.of(tx).codes


def test_text_that_is_not_what_the_cpg_says_is_refused_by_row(tx: Tx, tmp_path: Path) -> None:
    rows: list[Any] = [(f"{GRID}01", "west", WEST), (f"{GRID}02", "滨河二号微网格", EAST)]
    parts = shaped(rows, encoding="gb18030", cpg="UTF-8")
    layer = read_layer(packed(tmp_path, parts))

    report = import_layer(tx, layer, Level.MICRO_GRID, valid_from=MARCH, source="x")

    assert [(error.row, error.code) for error in report.errors][-1] == (2, "bad_encoding")


def test_coordinates_of_another_zone_are_told(tx: Tx, tmp_path: Path) -> None:
    """Eastings without the zone's number under a system that has it."""
    rows = [(c, n, projected(g, "EPSG:4549") if g else None) for c, n, g in ROWS]

    report = bring(tx, packed(tmp_path, shaped(rows, prj=esri("EPSG:4528"))))

    assert len(report.errors) == 2
    assert {error.code for error in report.errors} <= {"not_in_reference", "not_degrees"}


def damaged(parts: dict[str, bytes], how: str) -> dict[str, bytes]:
    match how:
        case "cut":
            return {**parts, "shp": parts["shp"][:-40]}
        case "no dbf":
            return {name: body for name, body in parts.items() if name != "dbf"}
        case "other dbf":
            return {**parts, "dbf": shaped(ROWS[:1])["dbf"]}
        case _:
            return {**parts, "dbf": b"\x03nothing"}


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ("cut", "shapefile_cut"),
        ("no dbf", "shapefile_incomplete"),
        ("other dbf", "shapefile_uneven"),
        ("broken dbf", "unreadable_shapefile"),
    ],
)
def test_a_damaged_shapefile_is_refused_whole(tmp_path: Path, how: str, code: str) -> None:
    with pytest.raises(Invalid, match=code):
        read_layer(packed(tmp_path, damaged(shaped(), how)))


def test_what_is_no_layer_at_all(tmp_path: Path) -> None:
    for name, body, code in (
        ("program.zip", b"PK\x03\x04MZ and nothing", "unreadable_zip"),
        ("orders.exe", b"MZ\x90\x00", "unreadable_layer"),
        ("list.json", b"[1, 2]", "not_geojson"),
    ):
        (tmp_path / name).write_bytes(body)
        with pytest.raises(Invalid, match=code):
            read_layer(tmp_path / name)


def test_a_column_that_is_not_there_is_told_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="column_missing") as refused:
        read_layer(packed(tmp_path, shaped()), columns={"code": "XZQDM"})

    assert refused.value.details["columns"] == ["编码", "名称", "建立"]


def points(rows: list[tuple[str, tuple[float, float]]], prj: str = "") -> dict[str, bytes]:
    files = {"shp": io.BytesIO(), "shx": io.BytesIO(), "dbf": io.BytesIO()}
    with shapefile.Writer(**files, shapeType=shapefile.POINT, encoding="gb18030") as writer:
        writer.field("名称", "C", 60)
        writer.field("kind", "C", 20)
        for name, xy in rows:
            writer.point(*xy)
            writer.record(name, "estate")
    return {name: file.getvalue() for name, file in files.items()} | {"prj": prj.encode()}


def test_places_from_a_shapefile_of_points_in_gcj02(tx: Tx, tmp_path: Path) -> None:
    there = from_wgs84(118.05, 37.3, Datum.GCJ02)
    file = packed(tmp_path, points([("兴业小区", there)], esri("EPSG:4326")))

    report = import_point_layer(tx, read_layer(file, columns={"name": "名称"}), datum=Datum.GCJ02)

    assert (report.added, report.errors) == (1, [])
    (found,) = queries.places(tx, "兴业小区")
    assert (found["lon"], found["lat"]) == pytest.approx((118.05, 37.3), abs=1e-9)


def test_a_point_outside_the_city_and_a_polygon_are_no_places(tx: Tx, tmp_path: Path) -> None:
    layer = read_layer(packed(tmp_path, points([("海上", (121, 38))])), columns={"name": "名称"})
    drawn = read_layer(packed(tmp_path, shaped()), columns={"name": "名称"})

    assert [one.code for one in import_point_layer(tx, layer).errors] == ["outside_the_city"]
    assert {one.code for one in import_point_layer(tx, drawn).errors} == {"not_a_point"}
