"""A proxy that cuts connections at the worst moments: in a request, and before the answer."""

import socket
import threading
from contextlib import suppress
from random import Random

WAIT = 10.0
CHUNK = 65_536
CUT_IN_REQUEST = 0.15
CUT_BEFORE_ANSWER = 0.35


class Cutting:
    """Listens on a port of its own; the answer has come back, so the commit lies before the cut."""

    def __init__(self, port: int, chance: Random) -> None:
        self.upstream = ("127.0.0.1", port)
        self.chance = chance
        self.cut = {"request": 0, "answer": 0}
        self.lock = threading.Lock()
        self.door = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.door.getsockname()[1]}"

    def close(self) -> None:
        self.door.shutdown(socket.SHUT_RDWR)
        self.door.close()
        self.thread.join(WAIT)

    def _run(self) -> None:
        while True:
            try:
                client, _ = self.door.accept()
            except OSError:
                return
            threading.Thread(target=self._between, args=(client,), daemon=True).start()

    def _between(self, client: socket.socket) -> None:
        with client, suppress(OSError), socket.create_connection(self.upstream, WAIT) as server:
            client.settimeout(WAIT)
            while request := _message(client):
                with self.lock:
                    fate = self.chance.random()
                if fate < CUT_IN_REQUEST:
                    self.cut["request"] += 1
                    server.sendall(request[: len(request) // 2])
                    return
                server.sendall(request)
                answer = _message(server)
                if fate < CUT_IN_REQUEST + CUT_BEFORE_ANSWER:
                    self.cut["answer"] += 1
                    return
                client.sendall(answer)


def _message(side: socket.socket) -> bytes:
    """One whole HTTP/1.1 message with a length; empty when the side has closed."""
    raw = b""
    while b"\r\n\r\n" not in raw:
        part = side.recv(CHUNK)
        if not part:
            return b""
        raw += part
    head, _, body = raw.partition(b"\r\n\r\n")
    length = 0
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            length = int(line.partition(b":")[2])
    while len(body) < length:
        part = side.recv(CHUNK)
        if not part:
            return b""
        body += part
    return head + b"\r\n\r\n" + body
