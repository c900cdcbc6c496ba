"""What the public sees of the demo city's open cases, and the pictures of its notices.

Desks have released, in words of their own, open cases of what everybody passes by: wherever one
stands in a town, something near is in hand and may be followed.
"""

from typing import Any

from wangge.cases import releases
from wangge.demo import pictures
from wangge.demo.ground_plan import stable_id
from wangge.demo.inventing import Town
from wangge.files import service as files
from wangge.files.models import Purpose
from wangge.kernel.db import Tx
from wangge.kernel.errors import Refusal

# One of each grid, the newest: of streets, lamps and greens, of nobody's home or quarrel.
PUBLIC = (
    "road_damage", "manhole_cover", "street_light", "waterlogging", "exposed_rubbish", "bin",
    "greenery_care", "sewer", "leak", "bike_parking", "power", "water", "gate_access",
)  # fmt: skip
OPEN = """
select distinct on (c.pos) c.id, c.type, c.place_words, c.desk_id, a.names
from cases c join areas a on a.id = c.area_id left join case_askers k on k.case_id = c.id
where c.state in ('registered', 'dispatched', 'handling') and c.type = any(%s)
    and c.place_state = 'located' and c.lon is not null and c.place_words <> ''
    and coalesce(k.mode, 'open') <> 'confidential' and c.about_account is null
    and c.about_unit is null and not c.released
order by c.pos, c.received_at desc, c.id
"""
MOST = 3000
# Notices with something to show, by what their title says.
DRAWN = {"电动车": "bikes", "大件垃圾": "rubbish", "水泵": "flood", "楼道": "box"}
NOTICES = """
select n.id, n.title, n.written_by from estate_notices n where n.state = 'posted'
    and not exists (select from files f where f.estate_notice_id = n.id)
order by n.id limit 4000
"""
EACH = 3  # one notice in so many has a picture


def live(tx: Tx) -> int:
    """Release and draw; returns how many cases were released."""
    town = Town(tx)
    _notices(tx)
    return sum(_released(tx, town, row) for row in tx.rows(OPEN, [list(PUBLIC)])[:MOST])


def _released(tx: Tx, town: Town, row: dict[str, Any]) -> int:
    keepers = town.crew.at(row["desk_id"], "acceptor", "duty_leader")
    if not keepers:
        return 0
    named = town.known.types.by_code[row["type"]]
    try:
        with tx.conn.transaction():
            releases.release(
                tx, town.crew.actor(keepers[0]), row["id"], f"{row['place_words']}：{named.zh}"
            )
    except Refusal:
        return 0
    return 1


def _notices(tx: Tx) -> None:
    for n, row in enumerate(tx.rows(NOTICES)):
        scene = next((drawn for word, drawn in DRAWN.items() if word in row["title"]), None)
        if scene is None or n % EACH:
            continue
        drawing = pictures.drawing(scene, mended=False)
        file = files.take(
            tx, stable_id("notice_picture", str(row["id"])), drawing, purpose=Purpose.OTHER,
            uploaded_by=row["written_by"],
        )  # fmt: skip
        files.attach_to_notice(tx, row["id"], [file.id], account_id=row["written_by"])
