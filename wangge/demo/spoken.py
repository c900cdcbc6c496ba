"""What was only spoken: voices that wait at the desk for an ear, and a report that came in late.

Nobody's voice: a hum in the rhythm of speech, made here, so that a recording can be played.
"""

import io
import math
import struct
import wave
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from random import Random
from typing import Any

from wangge.cases.transcribing import waits_for_an_ear
from wangge.demo.ground_plan import stable_id
from wangge.demo.players import Players
from wangge.files import service as files
from wangge.files.media import inspect
from wangge.files.models import Media
from wangge.intake.models import AskerWords, Report, Source
from wangge.intake.service import receive_many
from wangge.kernel.crypto import hashed
from wangge.kernel.db import Tx

RATE = 8000
LOUD = 9000
# What a phone writes where nothing was typed (居民通).
STAND_IN = "（未写文字，请看照片或听录音）"
# Minutes ago, seconds of speech, who.
VOICES = (
    (52, 6, AskerWords("王桂英", "13905460021")),
    (34, 4, None),
    (9, 8, AskerWords("刘德才", "13905460037")),
)
FOUND_BEFORE = timedelta(hours=5, minutes=20)
LATE = "配电室门锁坏了，门敞着；地下室没信号，回来才补报上来。"
DESK = """
select p.unit_id from posts p join accounts a on a.id = p.account_id
where p.role = 'acceptor' and p.valid @> city_today() and a.profile ? 'demo'
order by (a.profile -> 'demo' ->> 'order')::int limit 1
"""
GRIDS = """
select distinct on (a.code) a.code, lower(a.span) as pos
from cases c join areas a on a.id = c.area_id
where c.desk_id = %s and a.level = 'grid' order by a.code limit 4
"""


@cache
def voice(seconds: int) -> Media:
    """A hum of syllables, as the files module keeps recordings."""
    chance = Random(seconds)  # noqa: S311 - the same hum each time
    samples: list[int] = []
    while len(samples) < seconds * RATE:
        tone, length = chance.uniform(110, 190), round(chance.uniform(0.12, 0.3) * RATE)
        for n in range(length):
            swell = math.sin(math.pi * n / length)
            hum = sum(math.sin(2 * math.pi * tone * k * n / RATE) / k for k in (1, 2, 3, 5))
            samples.append(round(LOUD * swell * hum / 2))
        samples += [0] * round(chance.choice((0.03, 0.05, 0.25)) * RATE)
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(struct.pack(f"<{len(samples)}h", *samples))
    return inspect(out.getvalue())


def live(tx: Tx, catch_up: Callable[[], None]) -> int:
    """Report at the desk of the cast, each with what the worker did then; returns how many."""
    desk = tx.one(DESK)
    grids = tx.rows(GRIDS, [desk["unit_id"]]) if desk else []
    if not grids:
        return 0
    present = tx.now
    for n, (minutes, seconds, asker) in enumerate(VOICES):
        tx.now = present - timedelta(minutes=minutes)
        _spoken(tx, n, grids[n % len(grids)]["code"], seconds, asker)
        catch_up()
    tx.now = present - timedelta(minutes=20)
    late = _late(tx, grids[0])
    catch_up()
    tx.now = present
    return len(VOICES) + late


def _spoken(tx: Tx, n: int, code: str, seconds: int, asker: AskerWords | None) -> None:
    """A resident without an account pressed the button and spoke."""
    case_id, file_id = stable_id("spoken", str(n)), stable_id("voice", str(n))
    token = hashed(str(case_id))
    files.take(tx, file_id, voice(seconds), token=token)
    report = Report(
        id=case_id, text=STAND_IN, channel="resident", area_code=code, asker=asker,
        file_ids=[file_id], file_token=token, wants_code=True,
    )  # fmt: skip
    receive_many(tx, [report], Source())
    waits_for_an_ear(tx, [case_id])


def _late(tx: Tx, grid: dict[str, Any]) -> int:
    """A worker found it in a cellar without signal; hours later his phone could send it."""
    workers = Players(tx).at_ground(grid["pos"], ("grid_worker",))
    if not workers:
        return 0
    report = Report(
        id=stable_id("spoken", "late"), text=LATE, channel="worker", area_code=grid["code"],
        type="fire_danger", place_words="地下室配电室", found_at=tx.now - FOUND_BEFORE,
    )  # fmt: skip
    receive_many(tx, [report], Source(workers[0], sure_when=True))
    return 1
