"""Files of borders and places: all rows are checked, and one wrong row stops the whole file."""

from datetime import date
from typing import Any

import pytest
from shapely.geometry import box, mapping

from wangge.areas import atlas, queries
from wangge.areas.border_import import import_geojson
from wangge.areas.import_rows import ImportReport
from wangge.areas.models import Level
from wangge.areas.place_import import import_places
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid
from wangge.kernel.place import Datum, from_wgs84

MARCH = date(2026, 3, 1)
GRID = "3799010010010001"
WEST, EAST = box(118.0, 37.2, 118.1, 37.4), box(118.1, 37.2, 118.2, 37.4)


def feature(code: str | None, name: str, ground: Any = WEST, **properties: Any) -> dict[str, Any]:
    geometry = mapping(ground) if hasattr(ground, "wkb") else ground
    return {
        "type": "Feature",
        "properties": {"code": code, "name": name, **properties},
        "geometry": geometry,
    }


def bring(
    tx: Tx,
    *features: Any,
    level: Level = Level.MICRO_GRID,
    datum: Datum = Datum.WGS84,
    dry_run: bool = False,
) -> ImportReport:
    document = {"type": "FeatureCollection", "features": list(features)}
    return import_geojson(
        tx,
        document,
        level,
        datum=datum,
        valid_from=MARCH,
        source="测绘 2026",
        dry_run=dry_run,
    )


def test_new_areas_find_their_parent_by_their_code(tx: Tx) -> None:
    report = bring(tx, feature(f"{GRID}01", "1号微网格"), feature(f"{GRID}02", "2号微网格", EAST))

    assert (report.added, report.errors, report.written) == (2, [], True)
    book = atlas.of(tx)
    micro = book.codes[f"{GRID}02"]
    assert micro.parent_id == book.codes[GRID].id
    assert book.micro_grid(book.codes[GRID], 118.15, 37.3) == micro


def test_a_dry_run_says_what_it_would_do_and_does_nothing(tx: Tx) -> None:
    before = tx.versions["areas"]
    report = bring(tx, feature(f"{GRID}01", "1号微网格"), dry_run=True)

    assert (report.added, report.written) == (1, False)
    assert f"{GRID}01" not in atlas.of(tx).codes
    assert tx.versions["areas"] == before


def test_known_areas_get_a_new_version_of_their_border(tx: Tx) -> None:
    report = bring(tx, feature(GRID, "第1网格", WEST), level=Level.GRID)

    assert (report.added, report.changed, report.unchanged) == (0, 1, 0)
    versions = queries.border_versions(tx, atlas.of(tx).codes[GRID].id)
    assert [v["valid_from"] for v in versions] == [date(2020, 1, 1), MARCH]
    assert versions[-1]["source"] == "测绘 2026"


def test_the_same_file_twice_changes_nothing_the_second_time(tx: Tx) -> None:
    rows = [feature(f"{GRID}01", "1号微网格"), feature(f"{GRID}02", "2号微网格", EAST)]
    bring(tx, *rows)
    report = bring(tx, *rows)

    assert (report.added, report.changed, report.unchanged) == (0, 0, 2)


def test_a_file_in_gcj02_lands_where_it_belongs(tx: Tx) -> None:
    corners = [from_wgs84(x, y, Datum.GCJ02) for x, y in WEST.exterior.coords]
    bring(
        tx,
        feature(f"{GRID}01", "1号微网格", {"type": "Polygon", "coordinates": [corners]}),
        datum=Datum.GCJ02,
    )

    book = atlas.of(tx)
    assert book.grounds[book.codes[f"{GRID}01"].id].equals_exact(WEST, 1e-9)


BOW = {"type": "Polygon", "coordinates": [[[118, 37], [118.2, 37.2], [118.2, 37], [118, 37.2],
                                           [118, 37]]]}  # fmt: skip
UNREADABLE = {"type": "Polygon", "coordinates": [[["a", "b"], [1, 2], [3, 4], ["a", "b"]]]}


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (feature(f"{GRID}02", "蝴蝶结", BOW), "bad_ring"),
        (feature(f"{GRID}02", "读不出", UNREADABLE), "bad_ring"),
        (feature(f"{GRID}02", "没有面", None), "bad_ring"),
        (feature(f"{GRID}02", "是个点", {"type": "Point", "coordinates": [1, 2]}), "not_a_polygon"),
        (feature(f"{GRID}02", "是米", box(5e5, 4e6, 6e5, 5e6)), "not_degrees"),
        (feature("8888", "没有上级"), "unknown_parent"),
        (feature("8888", "上级写错", parent="777"), "unknown_parent"),
        (feature(f"{GRID}01", "编码重复"), "duplicate_code"),
        (feature("379901001", "编码是街道的"), "duplicate_code"),
        (feature(None, "没有编码"), "no_code"),
        (feature(f"{GRID}02", ""), "no_name"),
        ({"type": "Feature"}, "no_code"),
        ("不是要素", "no_code"),
    ],
)
def test_one_wrong_row_is_named_and_stops_the_file(tx: Tx, bad: Any, code: str) -> None:
    report = bring(tx, feature(f"{GRID}01", "1号微网格"), bad)

    (error,) = report.errors
    assert (error.row, error.code) == (2, code)
    assert error.zh
    assert error.en
    assert not report.written
    assert f"{GRID}01" not in atlas.of(tx).codes


def test_a_file_that_is_no_collection(tx: Tx) -> None:
    with pytest.raises(Invalid, match="not_geojson"):
        import_geojson(tx, {"type": "Topology"}, Level.GRID, valid_from=MARCH, source="x")


PLACES = """\ufeffname,kind,aliases,lon,lat
兴业小区,estate,兴业；兴业家属院,118.05,37.3
为民菜市场,market,,118.3,37.1
"""


def test_places_are_put_into_the_grid_they_lie_in(tx: Tx) -> None:
    report = import_places(tx, PLACES)

    assert (report.added, report.written) == (2, True)
    (found,) = queries.places(tx, "兴业家属院")
    assert (found["name"], found["names"][-1]) == ("兴业小区", "第1网格")


def test_places_brought_twice_are_replaced_not_doubled(tx: Tx) -> None:
    import_places(tx, PLACES)
    report = import_places(tx, PLACES)

    assert (report.added, report.changed) == (0, 2)
    assert len(queries.places(tx, "兴业小区")) == 1


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("海上,landmark,,121,38", "outside_the_city"),
        ("哪里,landmark,,东经,38", "not_degrees"),
        ("哪里,landmark,,inf,38", "not_degrees"),
        (",landmark,,118.05,37.3", "no_name"),
        ("兴业小区,estate,,118.05,37.3", "duplicate_place"),
    ],
)
def test_a_wrong_place_is_named_and_stops_the_file(tx: Tx, line: str, code: str) -> None:
    report = import_places(tx, PLACES + line + "\n")

    assert [(error.row, error.code) for error in report.errors] == [(3, code)]
    assert queries.places(tx, "兴业小区") == []


def test_a_table_without_its_columns(tx: Tx) -> None:
    with pytest.raises(Invalid, match="headers_missing"):
        import_places(tx, "名称,经度,纬度\n兴业小区,118,37\n")


def test_what_is_no_table_is_refused_and_old_line_ends_are_read(tx: Tx) -> None:
    """Seen red: a line end of old machines amid the words, and a field without end, were a 500."""
    assert import_places(tx, PLACES.replace("\n", "\r")).added == 2
    with pytest.raises(Invalid, match="unreadable_table"):
        import_places(tx, "name,kind,aliases,lon,lat\n" + "无尽" * 100_000 + "\n")
