"""Parts of the platform as child processes that end with their parent."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

Child = subprocess.Popen[bytes]


@contextmanager
def children(*commands: list[str]) -> Iterator[list[Child]]:
    """Child processes that end with us."""
    processes = [subprocess.Popen(command) for command in commands]
    try:
        yield processes
    finally:
        for process in processes:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in processes:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


def own(*words: str) -> list[str]:
    """Give the command line of one of our own commands."""
    return [sys.executable, "-m", "wangge.cli", *words]


def end_on_signals() -> None:
    """Make both ways of being told to stop one: an interrupt that unwinds everything."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _interrupted)


def until_one_ends(processes: Sequence[Child]) -> None:
    """Stay in the foreground; when one part ends, all end."""
    end_on_signals()
    try:
        while all(process.poll() is None for process in processes):
            time.sleep(0.5)
    except KeyboardInterrupt:
        return


def _interrupted(*_: object) -> None:
    raise KeyboardInterrupt
