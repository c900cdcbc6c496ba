"""A small load generator: keep-alive connections that ask, wait for the answer, ask again."""

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

TICKS = 100  # clock ticks a second (Linux)


@dataclass
class Result:
    """What one run measured; seconds unless named otherwise."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    failed: int = 0
    own_cpu: float = 0.0

    @property
    def per_second(self) -> float:
        return len(self.latencies) / self.seconds

    def percentile(self, share: float) -> float:
        ordered = sorted(self.latencies)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)] * 1000


Request = tuple[str, str, dict[str, str], bytes]


def cpu(pid: int) -> float:
    """CPU seconds of a process and its children so far."""
    parts = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return sum(int(parts[n]) for n in (11, 12)) / TICKS


def cpu_of_children(pid: int) -> float:
    """CPU seconds of the living children of a process (PostgreSQL's backends)."""
    found = 0.0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parts = stat.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(parts[1]) == pid:
            found += sum(int(parts[n]) for n in (11, 12)) / TICKS
    return found


async def ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: Request) -> int:
    method, path, headers, body = request
    lines = [f"{method} {path} HTTP/1.1", "Host: bench", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    writer.write("\r\n".join([*lines, "", ""]).encode() + body)
    head = await reader.readuntil(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            length = int(line.split(b":")[1])
    await reader.readexactly(length)
    return int(head.split(b" ", 2)[1])


async def _client(port: int, requests: Iterator[Request], ends: float, result: Result) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while time.perf_counter() < ends:
        began = time.perf_counter()
        status = await ask(reader, writer, next(requests))
        if status >= 400:
            result.failed += 1
        result.latencies.append(time.perf_counter() - began)
    writer.close()


def run(
    port: int, requests: Callable[[], Iterator[Request]], *, clients: int = 8, seconds: float = 6
) -> Result:
    """Ask for ``seconds`` with ``clients`` connections."""
    result = Result()

    async def all_clients() -> None:
        ends = time.perf_counter() + seconds
        await asyncio.gather(*(_client(port, requests(), ends, result) for _ in range(clients)))

    began, own = time.perf_counter(), time.process_time()
    asyncio.run(all_clients())
    result.seconds = time.perf_counter() - began
    result.own_cpu = time.process_time() - own
    return result
