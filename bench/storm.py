"""An open-loop load: requests leave at their appointed times, whether or not the last came back."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from bench.load import Request, ask


@dataclass
class Storm:
    """What became of a storm: milliseconds counted from the moment a request was due to leave."""

    latencies: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    broken: int = 0

    @property
    def answered(self) -> int:
        return sum(count for status, count in self.statuses.items() if status < 400)

    def percentile(self, share: float) -> float:
        ordered = sorted(self.latencies)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


async def blow(
    port: int, requests: Iterator[Request], *, rate: float, seconds: float, connections: int = 32
) -> Storm:
    """Send ``rate`` requests a second for ``seconds`` over kept-alive connections."""
    storm = Storm()
    due: asyncio.Queue[tuple[float, Request] | None] = asyncio.Queue()
    clients = [asyncio.create_task(_client(port, due, storm)) for _ in range(connections)]
    began = time.perf_counter()
    for number in range(int(rate * seconds)):
        at = began + number / rate
        await asyncio.sleep(max(at - time.perf_counter(), 0))
        due.put_nowait((at, next(requests)))
    for _ in clients:
        due.put_nowait(None)
    await asyncio.gather(*clients)
    return storm


async def _client(
    port: int, due: "asyncio.Queue[tuple[float, Request] | None]", storm: Storm
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while (item := await due.get()) is not None:
        at, request = item
        try:
            status = await ask(reader, writer, request)
        except (OSError, asyncio.IncompleteReadError):
            storm.broken += 1
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            continue
        storm.statuses[status] = storm.statuses.get(status, 0) + 1
        storm.latencies.append((time.perf_counter() - at) * 1000)
    writer.close()
