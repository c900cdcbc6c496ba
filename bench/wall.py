"""The city screen: what its doors cost, and what keeps its figures true."""

import time
from collections.abc import Callable
from functools import partial
from itertools import cycle, product
from typing import Any

from bench.paths import Bench
from wangge.cockpit import cubes, ground, panels, service, snapshot
from wangge.cockpit.panels import INDICATORS, City, Seen
from wangge.kernel.db import Cell, Tx, transaction


def doors(bench: Bench, headers: dict[str, str]) -> None:
    """All panels as every viewer gets them, and the map in each indicator, from one process."""
    paths = {
        "wall: all panels": [{"indicator": "received"}],
        "wall: choropleth of any indicator, all grids": [
            {"indicator": one, "level": "grid"} for one in INDICATORS
        ],
    }
    for name, asked in paths.items():
        addresses = ["/api/v1/wall?" + "&".join(map("=".join, one.items())) for one in asked]
        requests = [("GET", address, headers, b"") for address in addresses]
        bench.doors(name, "p95 100 ms", lambda requests=requests: cycle(requests), 2, "")


def made(cell: Cell) -> list[str]:
    """The cubes made whole; they must be there before anybody looks."""
    took, cells = _timed(lambda: cubes.rebuild(partial(transaction, cell)))
    return [f"wall: all cubes rebuilt, {cells:,} cells, in {took / 1000:,.1f} s (aim 300 s)"]


def measure(bench: Bench) -> list[str]:
    """One change counted anew, the snapshot renewed and fresh, and a picture made anew."""
    with transaction(bench.cell) as tx:
        held, _ = snapshot.current(tx)
        fresh, _ = _timed(lambda: snapshot.fresh(tx, snapshot.standing(tx)[1]))
        city = service.city(tx)
        widest = next(iter(city.ground.book.below[None]))
        shown = [Seen(widest, one, level) for one, level in product(INDICATORS, ground.SHOWN)]
        pictures, _ = _timed(lambda: [panels.whole(_anew(city), one) for one in shown])
        last = "select id from cases order by id desc limit 1"
        tx.run(f"update cases set overdue_at = %s where id = ({last})", [tx.now])
        counted, _ = _timed(lambda: cubes.refresh(tx))
        renewed, _ = _timed(lambda: _renewed(tx, held))
        kinds = f"{len(INDICATORS)} indicators by {len(ground.SHOWN)} levels"
        each = pictures / len(shown)
        return [
            f"wall: a changed case counted anew {counted:.1f} ms",
            f"wall: the snapshot renewed after it {renewed:.1f} ms, read whole {fresh:,.0f} ms",
            f"wall: all panels and a choropleth made anew {each:.1f} ms ({kinds}; aim 200 ms)",
        ]


def _anew(city: City) -> City:
    """The same city with nothing reckoned yet."""
    return City(city.snapshot, city.standing, city.lists, city.ground, city.now, city.known)


def _renewed(tx: Tx, held: snapshot.Snapshot) -> snapshot.Snapshot:
    return snapshot.renewed(tx, held, snapshot.standing(tx)[1])


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    began = time.perf_counter()
    found = work()
    return (time.perf_counter() - began) * 1000, found
