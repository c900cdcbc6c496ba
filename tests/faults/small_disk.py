"""A database on a disk that can be filled: run in a mount namespace of its own.

Commands come line by line: ``fill`` takes all the room there is, ``free`` gives it back.
"""

import os
import select
import sys
from pathlib import Path

from wangge.kernel.supervisor import Server

LOOK_SECONDS = 0.2
PIECE = 1 << 20


def fill(ballast: Path) -> None:
    """Take room piece by piece, then in small crumbs, until there is none."""
    with ballast.open("ab", buffering=0) as file:
        size = PIECE
        while size >= 512:
            try:
                os.write(file.fileno(), b"\0" * size)
            except OSError:
                size //= 2


def main() -> None:
    home = Path(sys.argv[1])
    server, ballast = Server(home), home / "data" / "ballast"
    server.start()
    print("ready", flush=True)  # noqa: T201 - the test waits for these words
    while True:
        server.mend()  # as `wangge up` does
        if not select.select([sys.stdin], [], [], LOOK_SECONDS)[0]:
            continue
        match sys.stdin.readline().strip():
            case "fill":
                fill(ballast)
            case "free":
                ballast.unlink()
            case "":
                break
        print("done", flush=True)  # noqa: T201
    server.stop()


if __name__ == "__main__":
    main()
