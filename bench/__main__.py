"""`make bench`: each hot path's rate and cost, beside pgbench with the same SQL (SIZE=10k)."""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

import httpx2
import orjson
from psycopg.conninfo import conninfo_to_dict

from bench import city, load
from wangge.areas import atlas
from wangge.areas import bench as ground
from wangge.cases import lists, queries
from wangge.cases.queries import Filter
from wangge.intake.models import Source
from wangge.intake.service import receive_many
from wangge.kernel import tenants
from wangge.kernel.cluster import cells_of, own_server
from wangge.kernel.db import Cell, transaction
from wangge.kernel.ids import new_id
from wangge.kernel.supervisor import binaries
from wangge.kernel.web import token_hash
from wangge.people.models import Actor
from wangge.settings import settings

SIZES = {"10k": 10_000, "300k": 300_000, "3m": 3_000_000}
PORT = 8765
SECONDS = 6
HEAD = (
    "| path | requests/s | p50 ms | p99 ms | app CPU ms | db CPU ms | statements "
    "| pgbench tps | ratio |\n|---|---|---|---|---|---|---|---|---|"
)


def pgbench(cell: Cell, script: str, *, clients: int = 8) -> float:
    """Transactions a second of the same SQL, straight from C."""
    parts = conninfo_to_dict(cell.dsns["intake"])
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script)
        file.flush()
        done = subprocess.run(
            [str(binaries() / "pgbench"), "-n", "-f", file.name, "-c", str(clients), "-j", "1",
             "-T", str(SECONDS), "-h", str(parts["host"]), "-U", str(parts["user"]),
             str(parts["dbname"])],
            env={**os.environ, "PGPASSWORD": str(parts["password"])},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    for line in done.stdout.splitlines():
        if line.startswith("tps"):
            return float(line.split("=")[1].split()[0])
    sys.stderr.write(done.stdout[-500:] + done.stderr[-1500:])
    return float("nan")


def signed_in(username: str) -> dict[str, str]:
    """Headers of a session for the worker or desk that asks."""
    with httpx2.Client(base_url=f"http://127.0.0.1:{PORT}") as client:
        cast = client.get("/api/v1/demo/accounts").json()
        account = next(one for one in _accounts(cast) if one.get("role") == username)
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


class Bench:
    """One city, one server process, one table."""

    def __init__(self, cell: Cell, api: int, postgres: int) -> None:
        self.cell, self.api, self.postgres = cell, api, postgres
        self.lines: list[str] = []

    def measure(
        self, name: str, requests: Callable[[], Iterator[load.Request]], script: str, said: int
    ) -> None:
        load.run(PORT, requests, seconds=1)
        app, db = load.cpu(self.api), load.cpu_of_children(self.postgres)
        got = load.run(PORT, requests, seconds=SECONDS)
        app, db = load.cpu(self.api) - app, load.cpu_of_children(self.postgres) - db
        beside = pgbench(self.cell, script) if script else float("nan")
        asked = len(got.latencies)
        line = (
            f"| {name} | {got.per_second:.0f} | {got.percentile(0.5):.1f} "
            f"| {got.percentile(0.99):.1f} | {app / asked * 1000:.2f} | {db / asked * 1000:.2f} "
            f"| {said} | {beside:.0f} | {got.per_second / beside:.2f} |"
        )
        failed = f" ({got.failed} failed)" if got.failed else ""
        print(line + failed, flush=True)  # noqa: T201 - this is its output
        self.lines.append(line + failed)

    def report(self) -> None:
        chance, place = random.Random(3), city.points(5)  # noqa: S311 - load, not secrets

        def requests() -> Iterator[load.Request]:
            for lon, lat in place:
                one = city.report((lon, lat), chance)
                body = {"id": str(one.id), "text": one.text, "lon": lon, "lat": lat,
                        "asker": {"phone": "13805460001"}}  # fmt: skip
                yield (
                    "POST",
                    "/api/v1/public/cases",
                    {
                        "Content-Type": "application/json",
                        "X-Forwarded-For": f"10.{chance.randrange(256)}.{chance.randrange(256)}."
                        f"{chance.randrange(256)}",
                    },
                    orjson.dumps(body),
                )

        with transaction(self.cell) as tx:
            one = city.report((118.50, 37.45), chance)
            with city.recording(tx) as said:
                receive_many(tx, [one], Source())
            step = tx.one("select id from case_steps where case_id = %s", [one.id]) or {}
            fact = tx.one("select id from facts where subject = %s", [one.id]) or {}
            statements = list(said)
            kept = (
                tx.one(
                    "select number, encode(code_hash, 'hex') as code from cases c"
                    " join case_askers k on k.case_id = c.id where c.id = %s",
                    [one.id],
                )
                or {}
            )
        text, new = "uuidv7()::text", "encode(sha256(uuidv7()::text::bytea), 'hex')"
        fresh = {
            "case_id": (str(one.id), text),
            "step_id": (str(step["id"]), text),
            "fact_id": (str(fact["id"]), text),
            "number": (kept["number"], text),
            "code": (kept["code"], new),
        }
        script = city.Recorded(statements).script(fresh)
        self.measure("report through the public door", requests, script, len(statements))

    def reads(self, headers: dict[str, str]) -> None:
        token = token_hash(headers["Cookie"].split("=", 1)[1])
        with transaction(self.cell, "app", token=token) as tx:
            actor = Actor.of(tx)
            with city.recording(tx) as said:
                page = lists.page(tx, actor, Filter(), queue="to_accept", cursor="", limit=100)
            queue = list(said)
            first = page["items"][0]["id"]
            with city.recording(tx) as said:
                queries.whole(tx, first), queries.steps(tx, first), queries.files_of(tx, first)
            whole = list(said)
        ids = cycle([str(item["id"]) for item in page["items"]])

        def queue_requests() -> Iterator[load.Request]:
            return cycle([("GET", "/api/v1/cases?queue=to_accept&limit=100", headers, b"")])

        def whole_requests() -> Iterator[load.Request]:
            return (("GET", f"/api/v1/cases/{one}", headers, b"") for one in ids)

        self.measure(
            "queue page of 100", queue_requests, city.Recorded(queue).script({}), len(queue)
        )
        self.measure(
            "case with its history", whole_requests, city.Recorded(whole).script({}), len(whole)
        )

        def step_requests() -> Iterator[load.Request]:
            for one in ids:
                body = {"id": str(new_id()), "action": "remark", "note": "已电话联系"}
                yield "POST", f"/api/v1/cases/{one}/steps", headers, orjson.dumps(body)

        self.measure("one step (remark)", step_requests, "", 0)


def main() -> None:
    size = os.environ.get("SIZE", "10k")
    with tempfile.TemporaryDirectory(prefix="wangge-bench-") as home:
        os.environ |= {
            "WANGGE_HOME": home,
            "WANGGE_DEMO": "1",
            "WANGGE_PORT": str(PORT),
            "WANGGE_TRUSTED_PROXIES": '["127.0.0.1"]',
            "WANGGE_LOG_LEVEL": "WARNING",
        }
        settings.cache_clear()
        server = own_server(settings())
        if server is None:
            sys.exit("the bench runs its own PostgreSQL: unset WANGGE_DSN")
        server.start()
        cells = cells_of(settings(), server)
        tenants.migrate(cells)
        cell = city.prepare(cells, SIZES[size])
        api = subprocess.Popen([sys.executable, "-m", "wangge.cli", "serve"])
        try:
            _wait()
            print(f"\n{size} cases\n{HEAD}", flush=True)  # noqa: T201 - this is its output
            bench = Bench(cell, api.pid, server.process.pid if server.process else 0)
            bench.reads(signed_in("acceptor"))
            bench.report()
            with transaction(cell) as tx:
                book = atlas.of(tx)
            print(f"\nground of {len(book.areas)} areas: {ground.measure(cell)}")  # noqa: T201
        finally:
            api.send_signal(signal.SIGTERM)
            api.wait(20)
            cells.close()
            server.stop()


def _wait() -> None:
    ends = time.monotonic() + 60
    while time.monotonic() < ends:
        try:
            if httpx2.get(f"http://127.0.0.1:{PORT}/healthz").status_code == 200:
                return
        except httpx2.TransportError:
            time.sleep(0.1)
    sys.exit("the server did not start")


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent.parent))
    main()
