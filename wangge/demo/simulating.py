"""`wangge simulate`: a day or a month of the demo city at any speed, or a storm of reports."""

import asyncio
import time
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from random import Random

from wangge.demo import instruments
from wangge.demo.inventing import Town
from wangge.demo.playing import Play
from wangge.demo.storm import Storm, bodies
from wangge.kernel.db import Cell, transaction
from wangge.kernel.errors import NotFound

SPANS = {"day": timedelta(days=1), "month": timedelta(days=30)}
LOOK = 1.0  # seconds between two looks at what is due
AT_ONCE = timedelta(minutes=5)  # of the city's time at most, so that its days keep their hours
TELL = 5.0  # seconds between two lines of progress
Say = Callable[[str], None]


def only_in_a_demo_city(cell: Cell) -> None:
    """No invented matter gets into a city that is real."""
    with transaction(cell) as tx:
        cast = tx.one("select 1 from accounts where profile ? 'demo' limit 1")
        if cast is None:
            raise NotFound(
                "no_demo_city",
                "这个单位不是演示城市，不能模拟",
                "this tenant is no demo city; nothing is invented in it",
            )


def simulate(cell: Cell, span: timedelta, *, speed: float, seed: int, doors: str, say: Say) -> Play:
    """Live for ``span`` of the city's time, ``speed`` times as fast as it would run; 0: at most.

    The clock of the city is moved on to keep the pace, and stays where the span has led it.
    """
    only_in_a_demo_city(cell)
    with closing(Play(cell, seed=seed, doors=doors)) as play:
        _lived(play, span, speed=speed, say=say)
    say(play.tally.summary())
    return play


def _lived(play: Play, span: timedelta, *, speed: float, say: Say) -> None:
    first, ends = play.now, play.now + span
    look = min(LOOK, AT_ONCE.total_seconds() / speed) if speed else 0.0
    told = began = time.perf_counter()
    while play.now < ends:
        looked = time.perf_counter()
        play.turn(most=10**9)
        time.sleep(max(0.0, look - (time.perf_counter() - looked)))
        spent = time.perf_counter() - looked
        by = timedelta(seconds=spent * (speed - 1)) if speed else AT_ONCE
        if by > timedelta():
            with transaction(play.cell) as tx:
                instruments.set_clock(tx, instruments.Wish(advance=min(by, AT_ONCE)))
        if time.perf_counter() - told > TELL:
            told = time.perf_counter()
            part = (play.now - first) / span * 100
            real = (play.now - first) / timedelta(seconds=told - began)
            say(f"{part:3.0f} %  {play.now:%m-%d %H:%M}Z  ×{real:.0f}  {_short(play)}")


def _short(play: Play) -> str:
    tally = play.tally
    refused = sum(tally.refused.values())
    return f"上报 reports {tally.reports}, 步骤 steps {tally.steps.total()}, 拒绝 refused {refused}"


def blow(cell: Cell, *, rate: float, minutes: float, seed: int, doors: str, say: Say) -> Storm:
    """Send ``rate`` reports a second through the public door for so many minutes."""
    only_in_a_demo_city(cell)
    with transaction(cell) as tx:
        town, now = Town(tx), tx.now
    chance = Random(seed)  # noqa: S311 - invents matters, keeps no secret
    storm = Storm(doors, bodies(town, chance, now))

    async def both() -> None:
        blowing = asyncio.create_task(storm.blow(rate=rate, seconds=minutes * 60))
        while not (await asyncio.wait({blowing}, timeout=TELL))[0]:
            say(storm.result.summary())
        await blowing

    asyncio.run(both())
    say(storm.result.summary())
    if storm.result.refused.get("too_many"):
        say(
            "被限流：服务不信任本机转发的地址（WANGGE_TRUSTED_PROXIES） · "
            "limited: the server does not believe forwarded addresses (WANGGE_TRUSTED_PROXIES)"
        )
    return storm
