"""Token buckets of public doors."""

import pytest

from wangge.kernel.errors import TooMany
from wangge.kernel.limits import Bucket


class Clock:
    """Time that moves when the test says so."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_passes_then_the_rate_holds() -> None:
    clock = Clock()
    bucket = Bucket(rate=0.5, burst=3, clock=clock)
    for _ in range(3):
        bucket.take("phone-a")
    with pytest.raises(TooMany) as refused:
        bucket.take("phone-a")
    assert refused.value.details == {"retry_after": 2}
    clock.now += 1.9
    with pytest.raises(TooMany):
        bucket.take("phone-a")
    clock.now += 0.1
    bucket.take("phone-a")


def test_others_are_not_held_up() -> None:
    bucket = Bucket(rate=1, burst=1, clock=Clock())
    bucket.take("phone-a")
    bucket.take("phone-b")
    with pytest.raises(TooMany):
        bucket.take("phone-a")


def test_an_emergency_always_passes_and_uses_nothing() -> None:
    bucket = Bucket(rate=1, burst=1, clock=Clock())
    for _ in range(5):
        bucket.take("phone-a", bypass=True)
    bucket.take("phone-a")
    with pytest.raises(TooMany):
        bucket.take("phone-a")
    bucket.take("phone-a", bypass=True)


def test_many_addresses_cannot_fill_the_memory() -> None:
    bucket = Bucket(rate=1, burst=1, clock=Clock(), keys=100)
    for address in range(1000):
        bucket.take(str(address))
    assert len(bucket._left) == 100  # noqa: SLF001 - the bound itself is the promise
    with pytest.raises(TooMany):
        bucket.take("999")
