"""A storm of reports through the public door: so many a second, whether it keeps up or not.

Reports leave at their own times (an open loop), so that a slow answer cannot slow the storm. Every
report has its own address, as residents have, in ``X-Forwarded-For``; where the server does not
believe that header, the limit of one address refuses most of them, and the result says so.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from urllib.parse import urlsplit

import orjson

from wangge.demo.habits import id_at, words
from wangge.demo.invented import ASKERS
from wangge.demo.inventing import Town

PATH = "/api/v1/public/cases"
PATIENCE = 30.0  # seconds until a report without an answer counts as lost


@dataclass
class Result:
    """What became of a storm; latencies in seconds from when it was to leave."""

    sent: int = 0
    acknowledged: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    lost: int = 0
    latencies: list[float] = field(default_factory=list)
    seconds: float = 0.0
    own_cpu: float = 0.0
    ids: list[str] = field(default_factory=list)
    """Ids of what was acknowledged: each must be found in the database afterwards."""

    def percentile(self, share: float) -> float:
        ordered = sorted(self.latencies) or [0.0]
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)]

    def summary(self) -> str:
        refused = ", ".join(f"{code} {n}" for code, n in self.refused.most_common()) or "0"
        p50, p95, p99 = (self.percentile(share) * 1000 for share in (0.5, 0.95, 0.99))
        return (
            f"发出 sent {self.sent}, 确认 acknowledged {self.acknowledged}, "
            f"拒绝 refused {refused}, 无回音 lost {self.lost}, "
            f"{self.acknowledged / max(self.seconds, 1e-9):.0f}/s, "
            f"p50 {p50:.0f} ms, p95 {p95:.0f} ms, p99 {p99:.0f} ms, "
            f"发生器 generator {self.own_cpu / max(self.sent, 1) * 1000:.2f} ms CPU each"
        )


def bodies(town: Town, rng: Random, now: datetime) -> Iterator[tuple[str, bytes]]:
    """Reports of a heavy rain without end, as the public door takes them: id and body."""
    told = words()["storm"]
    worth = [one["worth"] for one in told]
    while True:
        spot = town.spot(town.grid(rng), rng)
        said = rng.choices(told, worth)[0]["text"]
        name = str(id_at(now, rng))
        body = {
            "id": name,
            "text": said.format(place=spot.name, n=rng.randint(1, 18), m=rng.randint(2, 4)),
            "lon": spot.lon,
            "lat": spot.lat,
            "place_words": spot.name,
            "asker": {"phone": f"{ASKERS}{rng.randrange(10_000):04}"},
        }
        yield name, orjson.dumps(body)


class _Line:
    """One kept connection: asks, waits, asks again; begins anew when it breaks."""

    def __init__(self, host: str, port: int, name: str) -> None:
        self._where = host, port
        self._name = name
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, body: bytes, address: str) -> tuple[int, bytes]:
        if self._streams is None:
            self._streams = await asyncio.open_connection(*self._where)
        reader, writer = self._streams
        head = (
            f"POST {PATH} HTTP/1.1\r\nHost: {self._name}\r\nContent-Type: application/json\r\n"
            f"{address}Content-Length: {len(body)}\r\n\r\n"
        )
        writer.write(head.encode() + body)
        answer = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = int(answer.split(b"content-length:")[1].split(b"\r\n")[0])
        return int(answer.split(b" ", 2)[1]), await reader.readexactly(length)

    def close(self) -> None:
        if self._streams:
            self._streams[1].close()
            self._streams = None


class Storm:
    """Sends reports at a rate and counts what becomes of each."""

    def __init__(
        self,
        base: str,
        reports: Iterator[tuple[str, bytes]],
        *,
        lines: int = 64,
        spread: bool = True,
    ) -> None:
        """``base``: http://host:port; the host's first label says which tenant, as in a browser.

        ``lines`` connections are kept; without ``spread`` all comes from one address.
        """
        self._spread = spread
        parts = urlsplit(base)
        host, port = parts.hostname or "127.0.0.1", parts.port or 80
        reached = "127.0.0.1" if host.endswith("localhost") else host
        self._reports = reports
        self._lines = [_Line(reached, port, parts.netloc) for _ in range(lines)]
        self._free: asyncio.Queue[_Line] = asyncio.Queue()
        self.result = Result()

    async def blow(self, *, rate: float, seconds: float) -> Result:
        """Send ``rate`` reports a second for so long, wait for the last answers, and tell."""
        for line in self._lines:
            self._free.put_nowait(line)
        began, cpu = time.perf_counter(), time.process_time()
        waiting = set()
        for number in range(round(rate * seconds)):
            due = began + number / rate
            if (wait := due - time.perf_counter()) > 0:
                await asyncio.sleep(wait)
            name, body = next(self._reports)
            task = asyncio.create_task(self._send(name, body, due, number))
            waiting.add(task)
            task.add_done_callback(waiting.discard)
            self.result.sent += 1
            self.result.seconds = time.perf_counter() - began
            self.result.own_cpu = time.process_time() - cpu
        if waiting:
            await asyncio.wait(waiting)
        for line in self._lines:
            line.close()
        self.result.seconds = time.perf_counter() - began
        self.result.own_cpu = time.process_time() - cpu
        return self.result

    async def _send(self, name: str, body: bytes, due: float, number: int) -> None:
        line = await self._free.get()
        try:
            address = f"X-Forwarded-For: {_address(number)}\r\n" if self._spread else ""
            status, answer = await asyncio.wait_for(line.ask(body, address), PATIENCE)
        except (OSError, asyncio.IncompleteReadError, TimeoutError):
            line.close()
            self.result.lost += 1
            return
        finally:
            self._free.put_nowait(line)
        self.result.latencies.append(time.perf_counter() - due)
        if status == 200:
            self.result.acknowledged += 1
            self.result.ids.append(name)
            return
        code = str(status)
        with suppress(orjson.JSONDecodeError):
            code = orjson.loads(answer).get("code", code)
        self.result.refused[code] += 1


def _address(number: int) -> str:
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
