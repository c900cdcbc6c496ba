"""What happened on a piece of ground this month: the five “in the grid”, and the services given.

事项在网格发现、隐患在网格排查、矛盾在网格化解、服务在网格开展、问题在网格解决: five counts, each of
which opens its rows. Which types are hazards, disputes and services is said by the city's types.
"""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from wangge.cases.figure_rows import Within
from wangge.cases.ground_rows import FIVE
from wangge.kernel.db import Tx
from wangge.tenant.service import rules


@dataclass(frozen=True, slots=True)
class Counted:
    """One of the five with its number and the rows that it opens."""

    code: str
    name: dict[str, str]
    count: int
    figure: str


def this_month(tx: Tx, area: UUID) -> dict[str, Any]:
    """The five counts of an area and its services by type, as far as the reader may see."""
    known = rules(tx)
    zone = ZoneInfo(known.calendar.zone)
    today = tx.now.astimezone(zone).date()
    period = Within(datetime.combine(today.replace(day=1), time(), zone), tx.now, area=area)
    types = {name: known.types.counted_as(name) for name in ("hazard", "dispute", "service")}
    counters, params = [], period.params
    for one in FIVE.values():
        codes = types.get(one.counted_as, [])
        where = f"{one.where} and {period.where}"
        row = tx.one(
            f"select count(*) as n from cases c where {where}", params | {"in_types": codes}
        )
        figure = f"{one.code}:{','.join(codes)}"
        name = {"zh": one.zh, "en": one.en}
        counters.append(Counted(one.code, name, row["n"] if row else 0, figure))
    served = FIVE["served_in_grid"]
    rows = tx.rows(
        f"select c.type, count(*) as n from cases c where {served.where} and {period.where}"
        " group by 1 order by 2 desc, 1",
        params | {"in_types": types["service"]},
    )
    return {
        "within": period.token,
        "since": period.first,
        "counters": counters,
        "services": [
            {
                "type": row["type"],
                "name": {"zh": kind.zh, "en": kind.en},
                "count": row["n"],
                "figure": f"{served.code}:{row['type']}",
            }
            for row in rows
            if (kind := known.types.by_code.get(row["type"]))
        ],
    }
