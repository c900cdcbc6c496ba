"""A day over again (回放): what came in by hour and place, fetched once for all its frames."""

from datetime import date
from typing import Any

import numpy as np

from wangge.cockpit.panels import City, Seen
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid

HOURS = 24
RECEIVED = """
select hour, array_agg(pos) as places, array_agg(n) as counts from cube_hours
where day = %s group by hour
"""


def frames(tx: Tx, city: City, seen: Seen, day: date) -> dict[str, Any]:
    """For each hour of a day of the city, how many came in by area of the level shown."""
    if day > city.snapshot.day:
        raise Invalid(
            "day_not_yet",
            "这一天还没有到，请选今天或以前",
            "this day has not come yet",
            field="day",
        )
    frame = city.ground.inside(seen.area, seen.level)
    own = city.ground.frame([seen.area])
    found: list[dict[str, int]] = [{} for _ in range(HOURS)]
    totals = [0] * HOURS
    for row in tx.rows(RECEIVED, [day]):
        counts = np.zeros(city.snapshot.size, np.int64)
        counts[row["places"]] = row["counts"]
        sums = frame.summed(counts)
        totals[row["hour"]] = int(own.summed(counts)[0])
        found[row["hour"]] = {
            str(area.pos): int(n) for area, n in zip(frame.areas, sums, strict=True) if n
        }
    return {"day": day, "level": seen.level.value, "totals": totals, "frames": found}
