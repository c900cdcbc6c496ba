"""`make bench`: each hot path's rate and cost beside the same SQL from C, kept in docs/.

SIZE=10k (the default is 10k and 300k; 3m, and 1m-open for the sweep, by hand), SECONDS=3 for each
path, ONLY=report for one.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx2

from bench import scripts, sweep, table, wall
from bench.paths import Bench
from wangge import reactions
from wangge.areas import atlas
from wangge.areas import bench as ground
from wangge.kernel import tenants
from wangge.kernel.cluster import cells_of, own_server
from wangge.kernel.db import Cell, transaction
from wangge.settings import settings

SIZES = {"10k": 10_000, "300k": 300_000, "3m": 3_000_000}
OPEN = {"1m-open": 1_000_000}  # of one day and all open: what the sweep is to look through
PORT = 8765


def signed_in(role: str) -> dict[str, str]:
    """Headers of a session for the first of the demo's people with a role."""
    with httpx2.Client(base_url=f"http://127.0.0.1:{PORT}") as client:
        cast = client.get("/api/v1/demo/accounts").json()
        account = next(one for one in _accounts(cast) if one.get("role") == role)
        answer = client.post("/api/v1/demo/session", json={"account_id": account["id"]})
        answer.raise_for_status()
        return {
            "Cookie": f"wg_session={answer.cookies['wg_session']}",
            "X-CSRF-Token": answer.json()["csrf"],
            "Content-Type": "application/json",
        }


def _accounts(cast: Any) -> Iterator[dict[str, Any]]:
    """Every account in the answer of the demo's door, however it groups them."""
    if isinstance(cast, dict):
        if "account_id" in cast or ("id" in cast and "role" in cast):
            yield {"id": cast.get("account_id", cast.get("id")), "role": cast.get("role")}
        for inner in cast.values():
            yield from _accounts(inner)
    elif isinstance(cast, list):
        for inner in cast:
            yield from _accounts(inner)


def run(size: str, seconds: float) -> None:
    """Measure one size in a database of its own, and keep the table."""
    with tempfile.TemporaryDirectory(prefix="wangge-bench-") as home:
        os.environ["WANGGE_HOME"] = home
        settings.cache_clear()
        server = own_server(settings())
        if server is None:
            sys.exit("the bench runs its own PostgreSQL: unset WANGGE_DSN")
        server.start()
        cells = cells_of(settings(), server)
        try:
            tenants.migrate(cells)
            if size in OPEN:
                swept(size, scripts.prepare(cells, OPEN[size], all_open=True))
                return
            cell = scripts.prepare(cells, SIZES[size])
            postgres = server.process.pid if server.process else 0
            # Before the server looks for them: its own making would be measured with the doors.
            made = wall.made(cell)
            with serving() as api:
                measured(size, Bench(cell, PORT, api, postgres, seconds), made)
        finally:
            cells.close()
            server.stop()


@contextmanager
def serving() -> Iterator[int]:
    """A server process; gives its number."""
    api = subprocess.Popen([sys.executable, "-m", "wangge.cli", "serve"])
    try:
        _wait()
        yield api.pid
    finally:
        api.send_signal(signal.SIGTERM)
        api.wait(20)


def swept(size: str, cell: Cell) -> None:
    began = os.getloadavg()[0]
    single = sweep.measure(cell)
    print(f"\n{size} cases\n" + "\n".join(single), flush=True)  # noqa: T201 - this is its output
    table.keep(size, table.written(size, [], single, began))


def measured(size: str, bench: Bench, seen: list[str]) -> None:
    began = os.getloadavg()[0]
    only = os.environ.get("ONLY", "")
    print(f"\n{size} cases\n{table.HEAD}", flush=True)  # noqa: T201 - this is its output
    headers = signed_in("acceptor")
    ids = bench.queued(headers)
    if not only:
        bench.reads(headers, ids)
    if only in ("", "step"):
        bench.step(headers, ids)
    if only in ("", "report"):
        bench.report()
    if only in ("", "batch"):
        bench.batch()
    if only in ("", "wall"):
        wall.doors(bench, signed_in("leader"))
        seen = [*seen, *wall.measure(bench)]
    single = seen if only else [*sweep.measure(bench.cell), *_ground(bench.cell), *seen]
    print("\n".join(single), flush=True)  # noqa: T201 - this is its output
    if not only:
        table.keep(size, table.written(size, bench.lines, single, began))


def _ground(cell: Cell) -> list[str]:
    with transaction(cell) as tx:
        grids = len(atlas.of(tx).areas)
    found = ground.measure(cell)
    inside, anywhere = found["locate_in_grids_us"], found["locate_anywhere_us"]
    among = f"grid of a point, among {grids:,} areas"
    return [f"{among}: {inside:.1f} µs in a grid, {anywhere:.1f} µs anywhere (aim 10 µs)"]


def _wait() -> None:
    ends = time.monotonic() + 60
    while time.monotonic() < ends:
        try:
            if httpx2.get(f"http://127.0.0.1:{PORT}/healthz").status_code == 200:
                return
        except httpx2.TransportError:
            time.sleep(0.1)
    sys.exit("the server did not start")


def main() -> None:
    os.environ |= {
        "WANGGE_DEMO": "1",
        "WANGGE_PORT": str(PORT),
        "WANGGE_TRUSTED_PROXIES": '["127.0.0.1"]',
        "WANGGE_LOG_LEVEL": "WARNING",
    }
    if not reactions.REGISTERED:
        sys.exit("nothing reacts to facts: what is measured would not be the product")
    for size in os.environ.get("SIZE", "10k 300k").split():
        run(size, float(os.environ.get("SECONDS", "4")))


if __name__ == "__main__":
    main()
