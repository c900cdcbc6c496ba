"""A city's phones that sync in the same ten minutes: nothing is lost, nobody waits long."""

import asyncio
import os
import time
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson
import pytest

from bench.load import ask, cpu, cpu_of_children
from tests.bench.test_storm import server
from tests.conftest import HOME
from tests.proofs import Proof
from tests.sync.line import asked
from tests.town import EPOCH, Town
from wangge.kernel.db import transaction
from wangge.kernel.ids import new_id
from wangge.kernel.supervisor import Server
from wangge.kernel.web import COOKIE

__all__ = ["server"]
COMMUNITY = "379901001001"
OPERATIONS = 20
WINDOW = 600.0  # seconds in which all of them sync
LONGEST = 2.0
GRIDS = """
with above as (select id, path, names from areas where code = %(community)s),
first as (select max(pos) + 1 as pos from areas),
made as (
    insert into areas (id, parent_id, path, level, kind, code, name, short_name, names, pos, span,
        sort_key, active_from)
    select g.id, above.id, above.path || g.code, 'grid', 'base', g.code, g.code, g.code,
        above.names || g.code, first.pos + o.n,
        int4multirange(int4range(first.pos + o.n, first.pos + o.n + 1)), g.code, %(day)s
    from unnest(%(grids)s::uuid[], %(codes)s::text[]) with ordinality as g (id, code, nth)
    cross join lateral (select (g.nth - 1)::int) as o (n), above, first) select 1
"""
WIDEN = """
update areas a set span = a.span + (select range_agg(s) from areas g, unnest(g.span) as s
    where g.level = 'grid' and g.path <@ a.path) where a.level <> 'grid'
"""
WORKERS = """
with given as (select * from unnest(%(accounts)s::uuid[], %(posts)s::uuid[], %(grids)s::uuid[],
        %(codes)s::text[], %(tokens)s::bytea[]) as g (account, post, grid, code, token)),
people as (insert into accounts (id, username, name, phone, created_at)
    select account, 'w' || code, '网格员' || code, '', %(now)s from given),
held as (insert into posts (id, account_id, role, title, area_id, public, valid)
    select post, account, 'grid_worker', '', grid, true, daterange(%(day)s, null) from given)
insert into sessions (token_hash, account_id, csrf, created_at, seen_at, expires_at, idle)
select token, account, code, %(now)s, %(now)s, %(now)s + interval '1 day', interval '1 day'
from given
"""


@dataclass(frozen=True)
class Pocket:
    """One phone with a day's work in it."""

    account: str
    grid: str
    token: str
    csrf: str
    device: str

    def headers(self) -> dict[str, str]:
        return {
            "Cookie": f"{COOKIE}={self.token}", "X-CSRF-Token": self.csrf, "Wangge-Sync": "1",
            "Content-Type": "application/json",
        }  # fmt: skip

    def push(self, now: datetime) -> bytes:
        """Four reports with four notes each."""
        made = now.isoformat()
        operations: list[dict[str, Any]] = []
        for n in range(OPERATIONS):
            first = n % 5 == 0
            record = str(new_id()) if first else operations[-1]["record"]
            payload = (
                {"text": f"楼道灯不亮，第{n}处", "area_id": self.grid, "channel": "worker"}
                if first
                else {"note": f"又去看了一次，第{n}次"}
            )
            operations.append(
                {
                    "id": str(new_id()), "kind": "case.report" if first else "case.note",
                    "record": record, "seq": n % 5 + 1, "made_at": made, "found_at": made,
                    "payload": payload,
                }
            )  # fmt: skip
        return orjson.dumps(
            {"device": self.device, "account": self.account, "sent_at": made,
             "operations": operations}
        )  # fmt: skip


def settle(town: Town, phones: int) -> tuple[list[Pocket], datetime]:
    """As many grids with a worker each, signed in on a phone."""
    made = [
        Pocket(str(new_id()), str(new_id()), f"token{n}", f"g{n}", str(new_id()))
        for n in range(phones)
    ]
    with transaction(town.cell) as tx:
        values = {
            "community": COMMUNITY, "day": EPOCH, "now": tx.now,
            "grids": [one.grid for one in made], "codes": [one.csrf for one in made],
            "accounts": [one.account for one in made], "posts": [new_id() for _ in made],
            "tokens": [sha256(one.token.encode()).digest() for one in made],
        }  # fmt: skip
        tx.run(GRIDS, values)
        tx.run(WIDEN)
        tx.run(WORKERS, values)
        tx.run("update versions set n = n + 1")
        return made, tx.now


async def one_phone(pocket: Pocket, now: datetime, at: float, send: Any) -> float:
    """Push everything and pull; seconds from the moment at which it was due to begin."""
    await asyncio.sleep(max(0.0, at - time.perf_counter()))
    status = await send("POST", "/api/v1/sync", pocket.headers(), pocket.push(now))
    assert status == 200
    status = await send("GET", f"/api/v1/sync?device={pocket.device}", pocket.headers(), b"")
    assert status == 200
    return time.perf_counter() - at


async def all_phones(
    pockets: list[Pocket], now: datetime, seconds: float, send: Any
) -> list[float]:
    began = time.perf_counter()
    return await asyncio.gather(
        *(
            one_phone(pocket, now, began + n * seconds / len(pockets), send)
            for n, pocket in enumerate(pockets)
        )
    )


def spent(pid: int) -> tuple[float, float]:
    """Seconds of processor of the API's process, and of the database's backends that live."""
    said = Server(Path(os.environ[HOME]), durable=False).data / "postmaster.pid"
    return cpu(pid), cpu_of_children(int(said.read_text().split()[0]))


@pytest.mark.proof("6,000 phones sync 20 operations each within ten minutes")
def test_a_citys_phones_sync(town: Town, proof: Proof, request: pytest.FixtureRequest) -> None:
    """Every operation has its receipt; 95 of 100 syncs, push and pull, take two seconds at most.

    With the stated counts through a server of its own over the wire.
    """
    phones = proof.count(4, stated=6_000)
    pockets, now = settle(town, phones)
    send: Any
    pid = os.getpid()
    if phones < 100:

        async def send(method: str, path: str, headers: dict[str, str], body: bytes) -> int:
            return (await asked(town.web, method, path, headers, body, whole=len(body))).status

    else:
        pid, port = request.getfixturevalue("server")

        async def send(method: str, path: str, headers: dict[str, str], body: bytes) -> int:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            try:
                return await ask(reader, writer, (method, path, headers, body))
            finally:
                writer.close()

    app, database = spent(pid)
    latencies = sorted(asyncio.run(all_phones(pockets, now, WINDOW * phones / 6_000, send)))
    used = [after - before for before, after in zip((app, database), spent(pid), strict=True)]
    p95 = latencies[int(len(latencies) * 0.95)]

    with transaction(town.cell) as tx:
        kept = tx.rows("select state, count(*)::int as n from sync_operations group by state")
        cases = tx.one("select count(*)::int as n from cases where number is not null")
    assert kept == [{"state": "applied", "n": phones * OPERATIONS}]
    assert cases == {"n": phones * OPERATIONS // 5}
    each = [round(1000 * seconds / phones / OPERATIONS, 1) for seconds in used]
    proof.note(phones=phones, operations=phones * OPERATIONS, lost=0, p95_ms=round(p95 * 1000),
               app_ms_per_operation=each[0], database_ms_per_operation=each[1])  # fmt: skip
    if phones >= 100:
        assert p95 <= LONGEST
