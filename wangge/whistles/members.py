"""网格吹哨、党员报到: members nearby who can do what is needed are asked; the first so many come.

Who does not come leaves no mark: a call put away is gone, as if it had never reached him.
"""

from typing import Any
from uuid import UUID

from wangge.areas import atlas
from wangge.areas.atlas import Atlas
from wangge.areas.models import Area, Level
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, NotFound, Refusal
from wangge.people.models import Actor
from wangge.tenant.service import rules
from wangge.whistles.history import say, write_step
from wangge.whistles.models import Blow
from wangge.whistles.queries import MEMBER
from wangge.whistles.service import check_open, locked

MOST_WANTED = 50
MOST_TOLD = 300
TOUCHING = 1e-9  # degrees: borders that are drawn from the same points meet exactly
# By what he registered himself, or by a post he holds; never by where he is.
NEAR = f"""
with stands as (
    select r.account_id, r.area_id from member_registrations r
    union
    select p.account_id, p.area_id from posts p
    where p.area_id is not null and p.valid @> city_today())
select m.account_id, bool_or(a.path <@ %(here)s or a.id = any(%(grid)s)) as in_grid,
    bool_or(a.path <@ %(community)s) as in_community
from member_skills m join accounts c on c.id = m.account_id and c.active
join stands s on s.account_id = m.account_id join areas a on a.id = s.area_id
where m.skill = %(skill)s and m.account_id <> all(%(but)s) and {MEMBER}
    and (a.path <@ %(here)s or a.path <@ %(community)s or a.id = any(%(beside)s))
group by m.account_id
order by in_grid desc, in_community desc, m.account_id limit %(most)s
"""
ACCEPTED = """
select count(*) as n from whistle_members where whistle_id = %s and accepted_at is not null
"""


def check(tx: Tx, given: Blow) -> None:
    """A known skill, and how many are needed."""
    if given.skill not in {one.code for one in rules(tx).lists.skills if one.active}:
        raise Invalid(
            "field_needed", "请选择需要什么特长", "choose the skill needed", field="skill"
        )
    if not 0 < given.wanted <= MOST_WANTED:
        raise Invalid(
            "field_needed", f"请填写需要几个人（最多{MOST_WANTED}人）",
            f"say how many are needed, {MOST_WANTED} at most", field="wanted",
        )  # fmt: skip


def nearby(tx: Tx, area: Area, skill: str, but: list[UUID]) -> list[dict[str, Any]]:
    """Members with the skill: of the grid first, then of its community and the grids beside."""
    places = atlas.of(tx)
    line = [area, *places.above(area)]
    grid = next((one for one in line if one.level is Level.GRID), None)
    community = next((one for one in line if one.level is Level.COMMUNITY), area)
    here = grid or area
    paths = {
        row["id"]: row["path"]
        for row in tx.rows(
            "select id, path::text as path from areas where id = any(%s)", [[here.id, community.id]]
        )
    }
    return tx.rows(
        NEAR,
        {
            "skill": skill, "but": but, "here": paths[here.id], "community": paths[community.id],
            "grid": [here.id], "beside": [one.id for one in beside(places, grid)] if grid else [],
            "most": MOST_TOLD,
        },
    )  # fmt: skip


def beside(places: Atlas, grid: Area) -> list[Area]:
    """The grids whose borders meet this one's, in its own community or in the next."""
    ground = places.grounds.get(grid.id)
    if ground is None:
        return []
    wide = next((one for one in places.above(grid) if one.level is Level.TOWNSHIP), None)
    parts = places.below.get(wide.id, []) if wide else []
    found = [one for part in parts for one in places.below.get(part.id, [])]
    return [
        one
        for one in found
        if one.id != grid.id
        and one.id in places.grounds
        and places.grounds[one.id].distance(ground) <= TOUCHING
    ]


def call(tx: Tx, actor: Actor, whistle: dict[str, Any], about: UUID | None) -> None:
    """Ask everybody nearby with the skill; refuses where there is nobody."""
    area = atlas.of(tx).area(whistle["area_id"])
    found = nearby(tx, area, whistle["skill"], [actor.id, *([about] if about else [])])
    if not found:
        raise Refusal(
            "no_members_near",
            "本网格、本社区和相邻网格还没有登记这项特长的党员、志愿者，请改呼叫单位",
            "no member with this skill is registered nearby; call units instead",
            field="skill",
        )
    tx.insert(
        "whistle_members",
        [
            {
                "whistle_id": whistle["id"],
                "account_id": row["account_id"],
                "near": "grid" if row["in_grid"]
                else "community" if row["in_community"] else "neighbour",
                "accepted_at": None,
            }
            for row in found
        ],
    )  # fmt: skip


def _asked(tx: Tx, whistle_id: UUID, actor: Actor) -> dict[str, Any] | None:
    return tx.one(
        "select * from whistle_members where whistle_id = %s and account_id = %s",
        [whistle_id, actor.id],
    )


def accept(tx: Tx, actor: Actor, whistle_id: UUID) -> None:
    """Come, if there is still a place: exactly so many as are wanted; a repeat changes nothing."""
    if _asked(tx, whistle_id, actor) is None:
        raise NotFound("no_such_whistle", "没有找到这次吹哨", "no such whistle")
    whistle = locked(tx, whistle_id)  # one after the other from here on
    mine = _asked(tx, whistle_id, actor)
    if mine is None or mine["accepted_at"]:
        return
    check_open(whistle)
    coming = (tx.one(ACCEPTED, [whistle_id]) or {"n": 0})["n"]
    if coming >= whistle["wanted"]:
        raise Refusal(
            "enough_came",
            "人手已经够了，谢谢您愿意来。有人临时来不了时，这里会再空出名额",
            "there are enough hands already, thank you for being willing to come",
        )
    tx.run(
        "update whistle_members set accepted_at = %s where whistle_id = %s and account_id = %s",
        [tx.now, whistle_id, actor.id],
    )
    _told(tx, whistle, coming + 1, "member_came")


def put_away(tx: Tx, actor: Actor, whistle_id: UUID) -> None:
    """Not this time, or not after all: nothing of it is kept; a place that it leaves is free."""
    if _asked(tx, whistle_id, actor) is None:
        return
    whistle = locked(tx, whistle_id)
    mine = _asked(tx, whistle_id, actor)
    tx.run(
        "delete from whistle_members where whistle_id = %s and account_id = %s",
        [whistle_id, actor.id],
    )
    if mine and mine["accepted_at"] and whistle["state"] == "open":
        coming = (tx.one(ACCEPTED, [whistle_id]) or {"n": 0})["n"]
        _told(tx, whistle, coming, "member_left")


def _told(tx: Tx, whistle: dict[str, Any], coming: int, code: str) -> None:
    """The history counts and names nobody; whoever blew it reads the names while they stand."""
    tx.run("update whistles set version = version + 1 where id = %s", [whistle["id"]])
    note = f"已有{coming}人应召，需要{whistle['wanted']}人。"
    write_step(tx, whistle, code, None, note=note)
    say(tx, whistle, f"whistle_{code}")
