"""Tiles read back by the reference decoder say what was drawn."""

from typing import Any

import mapbox_vector_tile
import pytest
from shapely.geometry import MultiPolygon, Polygon, box

from wangge.areas.vector_tile import EXTENT, Feature, encode

TILE = (0.0, 0.0, 4096.0, 4096.0)


def _read(*features: Feature, bounds: tuple[float, float, float, float] = TILE) -> dict[str, Any]:
    packed = encode({"grid": features}, bounds)
    read: dict[str, Any] = mapbox_vector_tile.decode(packed, default_options={"y_coord_down": True})
    return read


def test_a_square_is_drawn_where_it_is() -> None:
    read = _read(Feature(7, box(1024, 0, 2048, 1024), {"name": "第一网格"}))

    assert read["grid"]["extent"] == EXTENT
    (feature,) = read["grid"]["features"]
    assert feature["id"] == 7
    assert feature["properties"] == {"name": "第一网格"}
    ring = feature["geometry"]["coordinates"][0]
    assert {tuple(corner) for corner in ring} == {
        (1024, 4096), (1024, 3072), (2048, 3072), (2048, 4096),
    }  # fmt: skip


def test_a_hole_stays_a_hole() -> None:
    ring = Polygon(box(0, 0, 3000, 3000).exterior, [box(1000, 1000, 2000, 2000).exterior.coords])
    (feature,) = _read(Feature(1, ring, {}))["grid"]["features"]

    assert feature["geometry"]["type"] == "Polygon"
    assert len(feature["geometry"]["coordinates"]) == 2


def test_an_area_of_two_parts_stays_one_feature() -> None:
    parts = MultiPolygon([box(0, 0, 100, 100), box(200, 200, 300, 300)])
    (feature,) = _read(Feature(1, parts, {}))["grid"]["features"]

    assert feature["geometry"]["type"] == "MultiPolygon"
    assert len(feature["geometry"]["coordinates"]) == 2


def test_what_is_smaller_than_a_dot_is_left_out() -> None:
    read = _read(Feature(1, box(0, 0, 0.2, 0.2), {}), Feature(2, box(0, 0, 9, 9), {}))

    assert [feature["id"] for feature in read["grid"]["features"]] == [2]


def test_an_empty_layer_is_an_empty_tile() -> None:
    assert encode({"grid": []}, TILE) == b""


@pytest.mark.parametrize("number", [1, 127, 128, 300_000])
def test_numbers_of_any_size(number: int) -> None:
    (feature,) = _read(Feature(number, box(-64, -64, 5000, 5000), {"a": "x", "b": "x"}))["grid"][
        "features"
    ]

    assert feature["id"] == number
    assert feature["properties"] == {"a": "x", "b": "x"}
