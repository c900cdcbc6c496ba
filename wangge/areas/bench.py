"""Figures of the whole city: loading, reading into memory, point to grid, cold tiles, topology."""

import time
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

import numpy as np

from wangge.areas import atlas, queries, service, tiles
from wangge.areas.geodesy import tile_of
from wangge.areas.models import AreaDraft, BorderDraft, Level, PlaceDraft
from wangge.kernel.db import Cell, transaction

POINTS = 100_000
DAY = date(2020, 1, 1)


def seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def load(
    cell: Cell,
    areas: Sequence[AreaDraft],
    borders: Sequence[BorderDraft],
    places: Sequence[PlaceDraft],
) -> dict[str, float]:
    """Load a city into an empty tenant; seconds by name."""

    def work() -> None:
        with transaction(cell) as tx:
            service.load(tx, areas, borders, places, begun=DAY)

    return {"load_city_s": seconds(work)}


def measure(cell: Cell) -> dict[str, float]:
    """Measure a loaded city: microseconds a point, milliseconds for the rest."""
    figures: dict[str, float] = {}
    with transaction(cell) as tx:
        figures["read_atlas_ms"] = seconds(lambda: atlas.of(tx)) * 1000
        book = atlas.of(tx)
        figures["make_locator_ms"] = seconds(lambda: book.locator) * 1000
        grids = [area for area in book.level(Level.GRID) if area.id in book.grounds]
        inside = [book.grounds[area.id].centroid.coords[0] for area in grids]
        rng = np.random.default_rng(1)
        figures["locate_in_grids_us"] = _locate(book, inside * (POINTS // len(inside) + 1))
        west, south, east, north = book.locator.bounds
        anywhere = rng.uniform((west, south), (east, north), (POINTS, 2)).tolist()
        figures["locate_anywhere_us"] = _locate(book, anywhere)
        for z, cold in _cold_tiles(book, inside).items():
            figures[f"tile_z{z}_first_ms"], figures[f"tile_z{z}_worst_ms"] = cold
        figures["topology_whole_tree_ms"] = seconds(lambda: list(service.topologies(tx))) * 1000
        names = ("小区", "中心小学", "兴业小区", "垦利街道")
        for name in names:
            queries.places(tx, name)
        took = [seconds(partial(queries.places, tx, name)) for name in names]
        figures["search_place_ms"] = max(took) * 1000
        figures["search_area_ms"] = seconds(lambda: book.search("dongfang")) * 1000
        figures["search_area_again_ms"] = seconds(lambda: book.search("dongfang")) * 1000
    return figures


def _locate(book: atlas.Atlas, points: Sequence[Sequence[float]]) -> float:
    at = book.locator.at
    started = time.perf_counter()
    for lon, lat in points:
        at(lon, lat)
    return (time.perf_counter() - started) / len(points) * 1e6


def _cold_tiles(
    book: atlas.Atlas, inside: Sequence[Sequence[float]]
) -> dict[int, tuple[float, float]]:
    """For each zoom, the first tile of all and the slowest of the others, nothing cached."""
    drawn = tiles.Tiles(book)
    found: dict[int, tuple[float, float]] = {}
    for z in range(5, 17):
        wanted = sorted({tile_of(lon, lat, z) for lon, lat in inside})[:400]
        took = [seconds(partial(drawn.tile, z, x, y)) for x, y in wanted]
        found[z] = (took[0] * 1000, max(took[1:], default=took[0]) * 1000)
    return found
