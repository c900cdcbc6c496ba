"""The whistles of the last weeks, lived through the services with a time that moves."""

from datetime import timedelta
from random import Random

from wangge.demo.habits import words
from wangge.demo.inventing import MADE, Town
from wangge.demo.together import FOLLOWED, UNRATED, blow, follow, rate
from wangge.kernel.db import Tx

SINCE = timedelta(days=21)
MOST = 48
# Looks at an open whistle, in hours after it was blown.
LOOKS = (0.3, 0.6, 1, 2, 4, 7, 24, 30, 48, 72, 120, 168, 240, 360, 500)
BLOWN = "select * from whistles where at = %s and source_ref = %s order by number desc limit 1"
STANDING = "select * from whistles where id = %s and state = 'open'"
OLD_NEWS = "delete from pgqueuer where entrypoint = 'whistle_tell'"


def live(tx: Tx) -> int:
    """Blow and follow some dozens; nobody is told of them any more. Returns how many."""
    assert FOLLOWED  # noqa: S101 - imported so that what follows from a whistle is known
    town, present, rng = Town(tx), tx.now, Random(17)  # noqa: S311 - invents, keeps no secret
    share = len(town.grids) / words()["grids"]
    wanted = min(MOST, round(words()["whistles_per_day"] * SINCE.days * share))
    zone = town.known.calendar.days.zone
    done = 0
    for _ in range(wanted):
        day = (present - SINCE * rng.random()).astimezone(zone)
        began = day.replace(hour=rng.randint(8, 17), minute=rng.randint(0, 59), microsecond=0)
        if began >= present:
            continue
        tx.now = began
        if not blow(tx, town, rng):
            continue
        done += 1
        [whistle] = tx.rows(BLOWN, [began, MADE])
        for hours in LOOKS:
            tx.now = began + timedelta(hours=hours * rng.uniform(0.8, 1.3))
            row = tx.one(STANDING, [whistle["id"]]) if tx.now < present else None
            if row is None:
                break
            follow(tx, town, row)
    for call in tx.rows(UNRATED.replace("limit 20", ""), [MADE, present - SINCE]):
        tx.now = min(call["ended_at"] + timedelta(hours=2), present)
        rate(tx, town, call)
    tx.now = present
    tx.run(OLD_NEWS)
    return done
