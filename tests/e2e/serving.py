"""The application and its worker as in earnest: one on a port of its own, both beside the test."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI

from wangge.kernel.db import Cell
from wangge.worker import work_for

START_SECONDS = 30


class Beside(uvicorn.Server):
    """A uvicorn that says when it listens, and whose open streams do not hold up its end."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listening.set()


@contextmanager
def served(web: FastAPI) -> Iterator[str]:
    """The origin under which ``web`` answers."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen(128)
        server = Beside(
            uvicorn.Config(
                web, log_level="error", access_log=False, ws="none", timeout_graceful_shutdown=3
            )
        )
        thread = threading.Thread(target=server.run, args=([door],), daemon=True)
        thread.start()
        assert server.listening.wait(START_SECONDS), "the server did not begin to listen"
        yield f"http://127.0.0.1:{door.getsockname()[1]}"
        server.should_exit = True
        thread.join(START_SECONDS)


@contextmanager
def working(cell: Cell) -> Iterator[None]:
    """The worker of one tenant: its jobs and its sweeps."""
    loop = asyncio.new_event_loop()

    def run() -> None:
        asyncio.set_event_loop(loop)
        try:
            loop.run_until_complete(task)
        except asyncio.CancelledError:
            loop.run_until_complete(loop.shutdown_default_executor())
        finally:
            loop.close()

    task = loop.create_task(work_for(cell))
    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    yield
    loop.call_soon_threadsafe(task.cancel)
    thread.join(START_SECONDS)
