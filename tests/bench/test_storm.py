"""A storm of reports while the desk works: nothing is lost, nothing piles up."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from threading import Event
from typing import Any
from urllib.request import urlopen
from uuid import UUID

import orjson
import pytest

from bench import storm
from bench.load import Request
from tests.conftest import HOME
from tests.faults.platform import free_port
from tests.proofs import Proof
from tests.town import Town
from wangge.kernel.db import transaction
from wangge.kernel.ids import new_id
from wangge.kernel.supervisor import Server
from wangge.kernel.web import COOKIE

ORIGIN = "127.0.0.1"
MEGABYTES = 1024


@pytest.fixture
def server(town: Town) -> Iterator[tuple[int, int]]:
    """The pid and the port of an API process of its own over the town's database."""
    port = free_port()
    child = subprocess.Popen(
        [sys.executable, "-m", "wangge.cli", "serve"],
        env={
            **os.environ,
            "WANGGE_DSN": Server(Path(os.environ[HOME]), durable=False).dsn(),
            "WANGGE_APP_PASSWORD": "app",
            "WANGGE_INTAKE_PASSWORD": "intake",
            "WANGGE_DEFAULT_TENANT": town.cell.tenant,
            "WANGGE_PORT": str(port),
            "WANGGE_TRUSTED_PROXIES": f'["{ORIGIN}"]',
            "WANGGE_LOG_LEVEL": "WARNING",
        },
    )
    ends, pause = time.monotonic() + 60, Event()
    while not answers(port):
        assert child.poll() is None, "the server ended"
        assert time.monotonic() < ends, "the server did not begin to answer"
        pause.wait(0.05)
    yield child.pid, port
    child.terminate()
    child.wait(30)


def answers(port: int) -> bool:
    try:
        with urlopen(f"http://{ORIGIN}:{port}/healthz", timeout=1) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def memory(pid: int) -> float:
    """Megabytes that the process holds."""
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / MEGABYTES


def reports(sent: list[UUID]) -> Iterator[Request]:
    for n in count():
        sent.append(new_id())
        body = {
            "id": str(sent[-1]),
            "text": f"大雨积水，车过不去，第{n}次反映",
            "lon": 118.0 + n % 60 / 100,
            "lat": 37.0 + n % 40 / 100,
        }
        headers = {
            "Content-Type": "application/json",
            "X-Forwarded-For": f"10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}",
        }
        yield "POST", "/api/v1/public/cases", headers, orjson.dumps(body)


def desk(cookie: str) -> Iterator[Request]:
    headers = {"Cookie": f"{COOKIE}={cookie}"}
    pages = ("/api/v1/cases/queues", "/api/v1/cases?queue=to_accept", "/api/v1/cases")
    for n in count():
        yield "GET", pages[n % len(pages)], headers, b""


async def both(
    port: int, rate: float, seconds: float, sent: list[UUID], cookie: str
) -> tuple[storm.Storm, storm.Storm]:
    return await asyncio.gather(
        storm.blow(port, reports(sent), rate=rate, seconds=seconds),
        storm.blow(port, desk(cookie), rate=2, seconds=seconds, connections=4),
    )


@pytest.mark.proof("A storm: 200 reports a second for ten minutes with the desk open")
def test_a_storm_loses_nothing(town: Town, server: tuple[int, int], proof: Proof) -> None:
    """Every report that was acknowledged is there, once, with its step and its fact; memory stays.

    With the stated counts the desk's pages answer within 300 ms (95 of 100).
    """
    rate, seconds = proof.count(50, 200), proof.count(6, 600)
    cookie = town.person("acceptor").client.cookies[COOKIE]
    warm: list[UUID] = []
    pid, port = server
    asyncio.run(both(port, 20, 2, warm, cookie))
    before, sent = memory(pid), list[UUID]()

    gone, looked = asyncio.run(both(port, rate, seconds, sent, cookie))

    after = memory(pid)
    assert (gone.broken, set(gone.statuses)) == (0, {200})
    assert (looked.broken, set(looked.statuses)) == (0, {200})
    assert found(town, sent) == {"cases": len(sent), "steps": len(sent), "facts": len(sent)}
    assert after - before < 80
    proof.note(
        reports=len(sent),
        lost=0,
        report_p95_ms=round(gone.percentile(0.95)),
        desk_p95_ms=round(looked.percentile(0.95)),
        memory_mb=f"{before:.0f} → {after:.0f}",
    )
    if rate == 200:
        assert looked.percentile(0.95) <= 300


def found(town: Town, sent: list[UUID]) -> dict[str, Any]:
    with transaction(town.cell) as tx:
        row = tx.one(
            "select (select count(*) from cases where id = any(%(ids)s) and number is not null)"
            " as cases, (select count(*) from case_steps where case_id = any(%(ids)s)) as steps,"
            " (select count(*) from facts where subject = any(%(ids)s) and name = 'CaseReported')"
            " as facts",
            {"ids": sent},
        )
    return dict(row or {})
