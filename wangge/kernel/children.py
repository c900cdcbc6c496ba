"""Parts of the platform as child processes: they end with us and begin anew when killed."""

import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog

from wangge.kernel.errors import Refusal

LOOK_SECONDS = 0.5
# A part that cannot live is not started for ever: whoever runs us must hear of it.
MOST_BEGINNINGS = 20
WITHIN_SECONDS = 60.0
Child = subprocess.Popen[bytes]
log = structlog.get_logger()


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


def keep_up(processes: list[Child], mend: Callable[[], None] = lambda: None) -> None:
    """Stay in the foreground until told to stop; a part that was killed begins anew.

    ``mend`` looks after what is no child of ours. A part that ends again and again is refused.
    """
    end_on_signals()
    began: deque[float] = deque(maxlen=MOST_BEGINNINGS)
    try:
        while len(began) < MOST_BEGINNINGS or time.monotonic() - began[0] > WITHIN_SECONDS:
            mend()
            for place, process in enumerate(processes):
                if process.poll() is not None:
                    log.error("a part has ended and begins anew", part=process.args)
                    began.append(time.monotonic())
                    processes[place] = subprocess.Popen(process.args)
            time.sleep(LOOK_SECONDS)
    except KeyboardInterrupt:
        return
    raise Refusal(
        "part_ended",
        "有一个部分一再停止，见上面的日志",
        "a part ended again and again; see the log",
    )


def _interrupted(*_: object) -> None:
    raise KeyboardInterrupt
