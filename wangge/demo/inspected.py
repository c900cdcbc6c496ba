"""现场督查 in the demo city: what supervisors of the towns found lately, and what followed.

They go to what is late and to what was handled lately; pictures are sketches, marked as such.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

from wangge.areas.models import Area, Level
from wangge.demo import pictures
from wangge.demo.called_out import STAGE
from wangge.demo.ground_plan import stable_id
from wangge.demo.inventing import Town
from wangge.fieldwork import spot_checks
from wangge.fieldwork.models import Finding, Follow, SpotCheck
from wangge.files import service as files
from wangge.files.models import Purpose
from wangge.kernel.db import Tx
from wangge.kernel.errors import Refusal

TOWNS = 6
AT_CASES = """
select c.id, c.type, c.title, c.text, c.overdue_at is not null and c.closed_at is null as late
from cases c where c.pos <@ (select span from areas where id = %(area)s)
    and c.place_state = 'located' and c.about_account is null and c.about_unit is null
    and ((c.overdue_at is not null and c.unit_id is not null
        and c.state in ('dispatched', 'handling')) or c.handled_at > %(since)s)
    and not exists (select from case_steps s where s.case_id = c.id and s.at > %(rested)s)
order by late desc, c.received_at desc, c.id limit 4
"""
# Of a late one something follows; of one that was handled it is seen whether it lasts.
LATE = (
    (Finding.NOT_IN_ORDER, Follow.NOTICE, "现场还没有人动手，周边没有警示，请书面说明何时办完。"),
    (Finding.NOT_IN_ORDER, Follow.URGE, "到现场看了，只围了一半，请今天安排人来。"),
    (Finding.NOT_CLEAR, Follow.NONE, "现场锁着门，没见到承办的人，改天再来看。"),
)
DONE = (
    (Finding.IN_ORDER, Follow.NONE, "到现场看过，已经办好，路过的居民也说好了。"),
    (Finding.IN_ORDER, Follow.NONE, "对照办前照片看，处理得干净，没有反复。"),
)
AT_PLACES = (
    (Finding.IN_ORDER, Follow.NONE, "沿街看了一圈，没有出店经营，设施完好。"),
    (Finding.NOT_IN_ORDER, Follow.NONE, "非机动车停到了消防通道边上，已请物业当场挪开。"),
)


def live(tx: Tx) -> int:
    """Write them; returns how many there are."""
    town, present, done = Town(tx), tx.now, 0
    for number, area in enumerate(_seats(town)):
        who = town.crew.at(area.id, "supervisor")[0]
        done += _at_cases(tx, town, area, who, number)
        tx.now = present - timedelta(hours=25 + number)
        grids = [grid for grid in town.grids if grid.code.startswith(area.code)]
        for grid, said in zip(grids[number::7], AT_PLACES, strict=False):
            finding, follow, words = said
            spot = town.spots[grid.id][0] if town.spots[grid.id] else None
            done += _write(
                tx, town, who, stable_id("spot_check", f"{area.code}.{grid.code}"),
                SpotCheck(finding, words, tx.now, follow, area_id=grid.id,
                          lon=spot.lon if spot else None, lat=spot.lat if spot else None,
                          place_words=spot.name if spot else ""), None,
            )  # fmt: skip
        tx.now = present
    return done


def _seats(town: Town) -> list[Area]:
    """Those that a visitor can play first."""
    played = tuple(code[:9] for code in STAGE)
    towns = sorted(
        town.directory.atlas.level(Level.TOWNSHIP),
        key=lambda area: (area.code not in played, area.code),
    )
    return [area for area in towns if town.crew.at(area.id, "supervisor")][:TOWNS]


def _at_cases(tx: Tx, town: Town, area: Area, who: UUID, number: int) -> int:
    present, done = tx.now, 0
    rows = tx.rows(
        AT_CASES,
        {"area": area.id, "since": present - timedelta(days=3),
         "rested": present - timedelta(hours=4)},
    )  # fmt: skip
    said = {True: iter(LATE[number % 2 :] + LATE[: number % 2]), False: iter(DONE)}
    for n, row in enumerate(rows):
        chosen = next(said[row["late"]], None)
        if chosen is None:
            continue
        tx.now = present - timedelta(minutes=50 + 35 * n + 9 * number)
        finding, follow, words = chosen
        key = stable_id("spot_check", str(row["id"]))
        given = SpotCheck(
            finding, words, tx.now - timedelta(minutes=4), follow,
            follow_id=None if follow is Follow.NONE else stable_id("spot_follow", str(key)),
            case_id=row["id"],
        )  # fmt: skip
        done += _write(tx, town, who, key, given, row)
    tx.now = present
    return done


def _write(
    tx: Tx, town: Town, who: UUID, key: UUID, given: SpotCheck, case: dict[str, Any] | None
) -> int:
    """One of them with its sketch; what nobody may check here is left out."""
    try:
        with tx.conn.transaction():
            spot_checks.check(tx, town.crew.actor(who), key, given)
    except Refusal:
        return 0
    scene = case and pictures.scene_of(case["type"], f"{case['title']}{case['text']}")
    if case and scene:
        drawn = pictures.drawing(scene, mended=given.finding is Finding.IN_ORDER)
        file = files.take(
            tx, stable_id("spot_picture", str(key)), drawn, purpose=Purpose.OTHER, uploaded_by=who
        )
        files.attach(tx, case["id"], [file.id], account_id=who, step_id=key)
    return 1
