"""What a member can do, as he says himself, and where he registered; taken back whenever he likes.

党员双报到: a member registers in the community or grid where he lives. Nobody else writes it, no
list of members by skill can be read, and where anybody is at the moment is never asked.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from wangge.areas import atlas
from wangge.areas.models import Level
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, NotAllowed
from wangge.people.models import Actor
from wangge.tenant.service import rules
from wangge.whistles.queries import MEMBER


def mine(tx: Tx, actor: Actor) -> dict[str, Any]:
    """What this person has given, and whether he may be called at all."""
    place = tx.one(
        "select a.id, a.names from member_registrations r join areas a on a.id = r.area_id"
        " where r.account_id = %s", [actor.id],
    )  # fmt: skip
    given = {
        row["skill"]
        for row in tx.rows("select skill from member_skills where account_id = %s", [actor.id])
    }
    return {
        "is_member": is_member(tx, actor.id),
        "area": place,
        "skills": [
            {"code": one.code, "zh": one.zh, "en": one.en, "given": one.code in given}
            for one in rules(tx).lists.skills
            if one.active or one.code in given
        ],
    }


def is_member(tx: Tx, account_id: UUID) -> bool:
    """A party member or volunteer by the lists of the day."""
    row = tx.one(f"select {MEMBER} as is from (select %s::uuid as account_id) m", [account_id])
    return bool(row and row["is"])


def give(tx: Tx, actor: Actor, skills: Sequence[str], area_id: UUID | None) -> None:
    """Write exactly these skills; without any he is called to nothing more."""
    wanted = list(dict.fromkeys(skills))
    if wanted and not is_member(tx, actor.id):
        raise NotAllowed(
            "not_a_member",
            "登记特长的是党员、志愿者；请先由党组织或团队登记",
            "party members and volunteers give skills; their organisation lists them first",
        )
    known = {one.code for one in rules(tx).lists.skills if one.active}
    if unknown := [one for one in wanted if one not in known]:
        raise Invalid(
            "unknown_skill", f"没有这项特长：{unknown[0]}", "no such skill", field="skills"
        )
    if area_id:
        place = atlas.of(tx).area(area_id)
        if place.level not in (Level.COMMUNITY, Level.GRID, Level.MICRO_GRID):
            raise Invalid(
                "area_too_wide", "请选择所在的社区或网格", "choose a community or a grid",
                field="area_id",
            )  # fmt: skip
    tx.run("delete from member_skills where account_id = %s", [actor.id])
    tx.run("delete from member_registrations where account_id = %s", [actor.id])
    tx.insert(
        "member_skills",
        [{"account_id": actor.id, "skill": one, "given_at": tx.now} for one in wanted],
    )
    if area_id:
        row = {"account_id": actor.id, "area_id": area_id, "at": tx.now}
        tx.insert("member_registrations", [row])
    # What he no longer offers he is no longer asked for.
    tx.run(
        "delete from whistle_members k using whistles w where w.id = k.whistle_id"
        " and k.account_id = %s and k.accepted_at is null and w.skill <> all(%s)",
        [actor.id, wanted],
    )
