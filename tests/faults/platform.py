"""A whole platform of its own for the faults: durable database, API and worker as processes."""

import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any

import httpx2
import psycopg

from tests.town import populate
from wangge.kernel import tenants
from wangge.kernel.db import Cell, Cells, transaction
from wangge.kernel.secrets import kept
from wangge.kernel.supervisor import Server
from wangge.notices.local_gateway import Behaviour, StandIn

TENANT = "faults"
SMS_TOKEN = "token-of-the-faults"
LONGEST = 240.0  # a deadline, not an aim: other work may have the machine
PAUSE = threading.Event()  # never set: waiting for it is a pause between two looks


def until(true: Callable[[], bool], what: str, *, seconds: float = LONGEST) -> None:
    """Look again and again; what is not true within ``seconds`` fails the test."""
    ends = monotonic() + seconds
    while not true():
        assert monotonic() < ends, f"not within {seconds:.0f} s: {what}"
        PAUSE.wait(0.05)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as door:
        return int(door.getsockname()[1])


@dataclass
class Platform:
    """Its parts can be killed and begun anew one by one; ``cells`` is the test's own look at it."""

    home: Path
    server: Server
    cells: Cells
    port: int
    gateway: StandIn
    parts: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @classmethod
    def begin(cls, home: Path) -> "Platform":
        server = Server(home)
        server.start()
        return cls.over(home, server)

    @classmethod
    def over(cls, home: Path, server: Server) -> "Platform":
        """A town of its own in a database that runs."""
        keys = home / "keys"
        cells = Cells(
            server.dsn(),
            app_password=kept(keys / "app.password"),
            intake_password=kept(keys / "intake.password"),
        )
        tenants.migrate(cells)
        tenants.new(cells, TENANT)
        with transaction(cells.cell(TENANT)) as tx:
            populate(tx)
        gateway = StandIn(0, SMS_TOKEN, Behaviour(receipts=False)).start()
        return cls(home, server, cells, free_port(), gateway)

    @property
    def cell(self) -> Cell:
        return self.cells.cell(TENANT)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        return os.environ | {
            "WANGGE_HOME": str(self.home),
            "WANGGE_PORT": str(self.port),
            "WANGGE_DEFAULT_TENANT": TENANT,
            "WANGGE_DEMO": "1",
            "WANGGE_TRUSTED_PROXIES": '["127.0.0.1"]',
            "WANGGE_LOG_LEVEL": "ERROR",
            "WANGGE_SMS_URL": self.gateway.url,
            "WANGGE_SMS_TOKEN": SMS_TOKEN,
        }

    def start(self, part: str) -> None:
        """``serve`` or ``work``, as a process of its own like in a city."""
        with (self.home / f"{part}.log").open("ab") as log:
            self.parts[part] = subprocess.Popen(
                [sys.executable, "-m", "wangge.cli", part],
                env=self.environment,
                stdout=log,
                stderr=log,
            )

    def command(self, *words: str) -> str:
        """One of the platform's commands, as an administrator types it; it must succeed."""
        done = subprocess.run(
            [sys.executable, "-m", "wangge.cli", *words],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def kill(self, part: str) -> None:
        """As if the power of that part alone were cut."""
        self.cut_off(part)
        if part == "database":
            self.server.start()
        else:
            self.start(part)

    def cut_off(self, part: str) -> None:
        process = self.server.process if part == "database" else self.parts[part]
        assert process
        process.kill()
        process.wait()

    def answers(self) -> bool:
        try:
            return httpx2.get(f"{self.origin}/readyz", timeout=5).status_code == 200
        except httpx2.TransportError:
            return False

    def end(self) -> None:
        for process in self.parts.values():
            process.kill()
            process.wait()
        self.cells.close()
        self.gateway.stop()
        self.server.stop()
        shutil.rmtree(self.server.socket, ignore_errors=True)

    def rows(self, query: str, params: Any = None) -> list[dict[str, Any]]:
        with transaction(self.cell) as tx:
            return tx.rows(query, params)

    def figure(self, query: str) -> int:
        """One number, asked over a connection of its own, for pools are part of what is tested."""
        with psycopg.connect(self.cell.dsns["intake"]) as conn:
            row = conn.execute(query.encode()).fetchone()
        return int(row[0]) if row else 0

    def log(self, part: str) -> str:
        return (self.home / f"{part}.log").read_text(errors="replace")[-3000:]
