"""What has just come in and what has just been closed (最新事项), as the screen may tell it.

The screen hangs where passers-by look: it tells type and community, no word of the asker and
nothing about an official. Read again when the cubes have a new version, so that a matter appears
together with the figure that counts it.
"""

from collections import OrderedDict, defaultdict
from dataclasses import dataclass
from datetime import timedelta
from threading import Lock
from typing import Any

from wangge.kernel.db import Tx

MOST = 400  # of the whole city; an area shows those of its own
KEPT = 20
DAY = timedelta(days=1)
# ``open_spot``: whether its own place may be told to about a hundred metres at all.
JUST = """
select c.id, c.number, c.type, c.channel, c.pos, c.area_id, c.rank = 0 as urgent, {at} as at,
    '{what}' as what, round(c.lon::numeric, 3)::float8 as lon,
    round(c.lat::numeric, 3)::float8 as lat,
    c.place_state = 'located' and coalesce(k.mode, 'open') = 'open' as open_spot
from cases c left join case_askers k on k.case_id = c.id
where {at} > %(since)s and {at} <= %(now)s and {where}
    and c.about_unit is null and c.about_account is null
order by {at} desc, c.id desc limit %(most)s
"""
RECEIVED = JUST.format(at="c.received_at", what="received", where="true")
CLOSED = JUST.format(at="c.closed_at", what="closed", where="c.state in ('closed', 'evaluated')")


@dataclass(frozen=True, slots=True)
class Latest:
    """The newest of the city first, as they stood at a version of the cubes."""

    version: int
    rows: tuple[dict[str, Any], ...]


_kept: OrderedDict[str, Latest] = OrderedDict()
_reading: dict[str, Lock] = defaultdict(Lock)


def current(tx: Tx, version: int) -> Latest:
    """The tenant's newest matters as of ``version``: whoever comes first reads."""
    tenant = tx.cell.tenant
    with _reading[tenant]:
        held = _kept.get(tenant)
        if held is None or held.version != version:
            held = _kept[tenant] = Latest(version, tuple(read(tx)))
        _kept.move_to_end(tenant)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return held


def read(tx: Tx) -> list[dict[str, Any]]:
    """Read what was received and closed since a day ago, the newest first."""
    asked = {"since": tx.now - DAY, "now": tx.now, "most": MOST}
    rows = [*tx.rows(RECEIVED, asked), *tx.rows(CLOSED, asked)]
    return sorted(rows, key=lambda row: (row["at"], str(row["id"])), reverse=True)
