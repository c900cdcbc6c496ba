"""The demo goes on living: a process of `wangge demo` that plays its people, and can be paused.

Its switch is a small file per tenant in the home folder, so that the API, the command line and the
process agree without a table of their own.
"""

import os
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import orjson
import psycopg
import structlog
from psycopg_pool import PoolTimeout

from wangge.demo.cast import TENANTS
from wangge.demo.resetting import is_alive
from wangge.kernel.db import Cell, Cells, Tx, transaction
from wangge.kernel.errors import Invalid
from wangge.settings import settings

PACES = {"gentle": 0.5, "natural": 1.0, "lively": 6.0}
EVERY = 2.0  # seconds between looks
MOST = 12  # things done at one look: a clock that is moved by a week ends in no storm
FROZEN = "select frozen_at is not null as frozen from clock"
log = structlog.get_logger()


@dataclass(frozen=True)
class Wish:
    """How the demo's people are to live; ``pace`` is one of ``PACES``."""

    paused: bool = False
    pace: str = "gentle"


def _file(tenant: str, name: str) -> Path:
    return settings().home / f"{name}-{tenant}"


def _read(path: Path) -> dict[str, Any]:
    with suppress(OSError, ValueError):
        found: dict[str, Any] = orjson.loads(path.read_bytes())
        return found
    return {}


def _write(path: Path, said: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_bytes(orjson.dumps(said))
    fresh.replace(path)


def wish(tenant: str) -> Wish:
    said = _read(_file(tenant, "life"))
    pace = said.get("pace")
    return Wish(bool(said.get("paused")), pace if pace in PACES else Wish.pace)


def change(tenant: str, *, paused: bool | None = None, pace: str | None = None) -> Wish:
    """Pause, go on, or live faster or slower; what is not given stays as it is."""
    if pace is not None and pace not in PACES:
        raise Invalid(
            "unknown_pace",
            f"节奏只有 {'、'.join(PACES)}",
            f"the paces are {', '.join(PACES)}",
            field="pace",
        )
    before = wish(tenant)
    after = Wish(before.paused if paused is None else paused, before.pace if pace is None else pace)
    _write(_file(tenant, "life"), asdict(after))
    return after


def state(tx: Tx) -> dict[str, Any]:
    """Whether the city lives, and what its people have done since the process began."""
    tenant = tx.cell.tenant
    wanted, said = wish(tenant), _read(_file(tenant, "lived"))
    frozen = bool((tx.one(FROZEN) or {}).get("frozen"))
    there = is_alive(int(said.get("pid", 0)))
    return {
        "paused": wanted.paused,
        "pace": wanted.pace,
        "paces": list(PACES),
        "frozen": frozen,
        "living": there and not wanted.paused and not frozen,
        "there": there,
        "reports": int(said.get("reports", 0)) if there else 0,
        "steps": int(said.get("steps", 0)) if there else 0,
    }


class Life:
    """The people of one tenant, from a look to the next."""

    def __init__(self, cell: Cell, *, seed: int) -> None:
        from wangge.demo.playing import Play  # noqa: PLC0415 - the geometry is read only to play

        self.cell = cell
        self.seed = seed
        self._begin = Play
        self._play: Play | None = None
        self._done = [0, 0]

    def look(self) -> int:
        """Do what is due, unless paused or the clock stands still; returns how many things."""
        wanted = wish(self.cell.tenant)
        with transaction(self.cell) as tx:
            frozen = bool((tx.one(FROZEN) or {}).get("frozen"))
            stale = self._play is None or self._play.is_stale(tx)
        if wanted.paused or frozen:
            self._play = None  # begins anew: what others did meanwhile is looked at again
            return self._told(0)
        if stale or self._play is None:
            self._play = self._begin(self.cell, seed=self.seed)
            self._play.take_over()
        before = self._play.tally.acknowledged
        done = self._play.turn(most=MOST, pace=PACES[wanted.pace])
        self._done[0] += self._play.tally.acknowledged - before
        self._done[1] += done - (self._play.tally.acknowledged - before)
        return self._told(done)

    def _told(self, done: int) -> int:
        said = {"pid": os.getpid(), "reports": self._done[0], "steps": self._done[1]}
        _write(_file(self.cell.tenant, "lived"), said)
        return done


def live(cells: Cells) -> None:
    """Play every demo tenant that is there, for ever; while one is being loaded, wait."""
    lives: dict[str, Life] = {}
    while True:
        if not (settings().home / "loading").exists():
            missing = set(TENANTS) - set(lives)
            for tenant in missing & set(cells.names() if missing else ()):
                lives[tenant] = Life(cells.cell(tenant), seed=time.time_ns())
            for one in lives.values():
                try:
                    one.look()
                except (psycopg.Error, PoolTimeout) as error:
                    log.warning("life_interrupted", tenant=one.cell.tenant, error=str(error))
        time.sleep(EVERY)
