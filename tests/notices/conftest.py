"""A stand-in gateway on a loopback port, the platform on another, and a way to wait."""

import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest
import uvicorn
from fastapi import FastAPI

from wangge.notices import jobs
from wangge.notices.gateway import shared_token
from wangge.notices.local_gateway import Behaviour, StandIn
from wangge.settings import settings

__all__ = ["jobs"]  # registered, as the worker does


def until(condition: Callable[[], bool], *, seconds: float = 60) -> None:
    """Return as soon as the condition holds; fail when it does not in time."""
    ends, tick = time.monotonic() + seconds, threading.Event()
    while not condition():
        assert time.monotonic() < ends, "the condition did not come true"
        tick.wait(0.02)


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    """Run the stand-in; it sends its receipts at once."""
    server = StandIn(0, shared_token(), Behaviour(receipt_delay=0)).start()
    monkeypatch.setattr(settings(), "sms_url", server.url)
    yield server
    server.stop()


@pytest.fixture
def platform(web: FastAPI, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Run the platform's own HTTP side, so that receipts come over the network."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        server = uvicorn.Server(uvicorn.Config(web, log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        until(lambda: server.started)
        monkeypatch.setattr(settings(), "public_url", f"http://127.0.0.1:{port}")
        yield f"http://127.0.0.1:{port}"
        server.should_exit = True
        thread.join()
