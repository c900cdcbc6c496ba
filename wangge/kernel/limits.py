"""Token buckets for doors that need no account: per device or address, in this process."""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

from wangge.kernel.errors import TooMany


class Bucket:
    """Lets ``burst`` calls through at once and ``rate`` a second after that, for each key.

    An emergency is never held up: it passes with ``bypass`` and uses nothing.
    """

    def __init__(
        self,
        rate: float,
        burst: int,
        *,
        clock: Callable[[], float] = time.monotonic,
        keys: int = 100_000,
    ) -> None:
        self._rate = rate
        self._burst = burst
        self._clock = clock
        self._keys = keys
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def take(self, key: str, *, cost: float = 1, bypass: bool = False) -> None:
        """Use ``cost`` tokens of ``key``, or refuse and say after how many seconds to come back."""
        if bypass:
            return
        wait = self._wait(key, cost)
        if wait > 0:
            raise TooMany(
                "too_many",
                f"操作过于频繁，请 {wait} 秒后再试；紧急情况请直接拨打 110、119、120。",
                f"Too many requests; please try again in {wait} s. "
                "In an emergency call 110, 119 or 120.",
                retry_after=wait,
            )

    def _wait(self, key: str, cost: float) -> int:
        now = self._clock()
        with self._lock:
            left, at = self._left.pop(key, (float(self._burst), now))
            left = min(float(self._burst), left + (now - at) * self._rate)
            granted = left >= cost
            self._left[key] = (left - cost if granted else left, now)
            while len(self._left) > self._keys:
                self._left.popitem(last=False)  # the key unused for longest
        return 0 if granted else math.ceil((cost - left) / self._rate)
