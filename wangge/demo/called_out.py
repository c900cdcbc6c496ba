"""网格吹哨、党员报到 in the demo city: building heads, what they offer, and what they come to."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from wangge.areas.models import AreaDraft, GridKind, Level
from wangge.demo.ground_plan import stable_id
from wangge.demo.habits import chance
from wangge.demo.inventing import Town
from wangge.kernel.db import Tx
from wangge.kernel.ids import new_id
from wangge.whistles import blowing, ending, members, skills
from wangge.whistles.models import Blow, Kind, Outcome

# Communities whose building and street heads have accounts, so that a visitor can play them.
STAGE = ("370505001010", "370502001011")
CALLED = "模拟应召"  # the reference of the calls that are made here
OFFERED = ("electric", "carrying", "company", "mediation", "first_aid", "driving")
ASKED = (
    ("carrying", 2, "楼道里堆着旧家具，今晚消防检查前请来两位帮忙搬到集中点。"),
    ("company", 2, "独居老人刚出院，家人后天到，请附近的党员、志愿者轮流陪一陪。"),
    ("electric", 1, "五保户家里灯全不亮，请懂水电的来看一眼。"),
)
OPEN = "select * from whistles where source_ref = %s and state = 'open' order by at"
OLD_NEWS = "delete from pgqueuer where entrypoint = 'whistle_tell'"
WAITING = """
select account_id from whistle_members where whistle_id = %s and accepted_at is null
order by account_id
"""


def heads(area: AreaDraft) -> list[tuple[str, str]]:
    """Username and role of whoever heads the buildings of a grid and the streets of a community."""
    if area.level is Level.GRID and area.kind == GridKind.BASE and area.code.startswith(STAGE):
        return [(f"ld{area.code}", "building_head")]
    if area.code in STAGE:
        return [(f"jx{area.code}", "street_head")]
    return []


def live(tx: Tx) -> int:
    """They say what they can do; one call of yesterday is over, one waits. Returns how many."""
    town, present = Town(tx), tx.now
    grids = [grid for grid in town.grids if grid.code.startswith(STAGE)]
    for number, grid in enumerate(grids):
        given = [OFFERED[(number + n) % len(OFFERED)] for n in (0, 1, 2)]
        for account in town.crew.at(grid.id, "building_head"):
            skills.give(tx, town.crew.actor(account), given, grid.id)
    tx.now = present - timedelta(hours=20)
    done = blow(tx, town, 0)
    tx.now = present - timedelta(hours=17)
    follow(tx, town)
    tx.now = present - timedelta(hours=2)
    for whistle in tx.rows(OPEN, [CALLED]):
        _conclude(tx, town, whistle["id"], whistle["caller_id"])
    tx.now = present - timedelta(minutes=40)
    done += blow(tx, town, 1)
    tx.now = present
    tx.run(OLD_NEWS)
    return done


def turn(tx: Tx, town: Town) -> int:
    """Whoever was asked comes after a while; now and then a grid asks anew."""
    if not tx.rows(OPEN, [CALLED]):
        return blow(tx, town, tx.now.toordinal())
    return follow(tx, town)


def blow(tx: Tx, town: Town, number: int) -> int:
    grids = [grid for grid in town.grids if town.crew.at(grid.id, "building_head")]
    if not grids:
        return 0
    grid, (skill, wanted, words) = grids[number % len(grids)], ASKED[number % len(ASKED)]
    worker = town.crew.actor(town.crew.at(grid.id, "grid_worker")[0])
    given = Blow(
        new_id(), "hard", words, kind=Kind.MEMBERS, skill=skill, wanted=wanted, area_id=grid.id,
        place_words=town.spot(grid, chance(grid.code, number)).name, source_ref=CALLED,
    )  # fmt: skip
    blowing.blow(tx, worker, given)
    return 1


def follow(tx: Tx, town: Town) -> int:
    """Half an hour after the call the first come; a day later it is over."""
    done = 0
    for whistle in tx.rows(OPEN, [CALLED]):
        asked: Sequence[UUID] = [row["account_id"] for row in tx.rows(WAITING, [whistle["id"]])]
        coming = (tx.one(members.ACCEPTED, [whistle["id"]]) or {"n": 0})["n"]
        if coming < whistle["wanted"] and asked and tx.now > whistle["at"] + timedelta(minutes=90):
            for account in asked[: whistle["wanted"] - coming]:
                members.accept(tx, town.crew.actor(account), whistle["id"])
                done += 1
        elif tx.now > whistle["at"] + timedelta(days=1):
            _conclude(tx, town, whistle["id"], whistle["caller_id"])
            done += 1
    return done


def _conclude(tx: Tx, town: Town, whistle_id: UUID, caller: UUID) -> None:
    ending.conclude(
        tx, town.crew.actor(caller), whistle_id, step_id=new_id(), version=None,
        outcome=Outcome.SOLVED, conclusion="来的几位已经帮着办好，谢谢大家。",
    )  # fmt: skip


def account_of(username: str) -> UUID:
    return stable_id("account", username)
