"""Doors of members: what they offer, the calls that reached them, coming or not.

Past row-level security, because a member may hold no post on the ground; each door reads and
writes the signed-in member's own lines and nothing else.
"""

from typing import Any
from uuid import UUID

from fastapi import APIRouter

from wangge.kernel.db import Tx
from wangge.people.doors import OfficeDb, OfficeMe
from wangge.people.models import Actor
from wangge.tenant.service import rules
from wangge.whistles import blowing, members, queries, skills
from wangge.whistles.models import Blow, Kind
from wangge.whistles.routes import whole
from wangge.whistles.schemas import (
    BlowToMembersBody,
    MemberCallView,
    OwnSkills,
    OwnSkillsBody,
    WhistleView,
)

router = APIRouter(prefix="/api/v1/member", tags=["whistles"])
blowing_router = APIRouter(prefix="/api/v1", tags=["whistles"])


@blowing_router.post("/whistles/to-members", operation_id="blowToMembers",
                     response_model=WhistleView)  # fmt: skip
def blow_to_members(body: BlowToMembersBody, tx: OfficeDb, me: OfficeMe) -> dict[str, Any]:
    """网格吹哨、党员报到: ask members nearby with a skill; who was asked is told to nobody."""
    blowing.blow(tx, me, Blow(**body.model_dump(), kind=Kind.MEMBERS))
    return whole(tx, me, body.id)


def _calls(tx: Tx, actor: Actor) -> list[dict[str, Any]]:
    named = {one.code: {"zh": one.zh, "en": one.en} for one in rules(tx).lists.skills}
    return [
        {**row, "skill_name": named.get(row["skill"], {"zh": row["skill"], "en": row["skill"]})}
        for row in queries.asked_of(tx, actor.id)
    ]


@router.get("/skills", operation_id="ownSkills", response_model=OwnSkills)
def own_skills(tx: OfficeDb, me: OfficeMe) -> dict[str, Any]:
    return skills.mine(tx, me)


@router.put("/skills", operation_id="giveSkills", response_model=OwnSkills)
def give_skills(body: OwnSkillsBody, tx: OfficeDb, me: OfficeMe) -> dict[str, Any]:
    """Give skills and where one lives, or take back what was given."""
    skills.give(tx, me, body.skills, body.area_id)
    return skills.mine(tx, me)


@router.get("/calls", operation_id="memberCalls", response_model=list[MemberCallView])
def member_calls(tx: OfficeDb, me: OfficeMe) -> list[dict[str, Any]]:
    """The open calls that reached this member, and those he came to in the last week."""
    return _calls(tx, me)


@router.post("/calls/{whistle_id}/accept", operation_id="acceptCall",
             response_model=list[MemberCallView])  # fmt: skip
def accept_call(whistle_id: UUID, tx: OfficeDb, me: OfficeMe) -> list[dict[str, Any]]:
    """Come, while there is a place; whoever is later is told so and may look again."""
    members.accept(tx, me, whistle_id)
    return _calls(tx, me)


@router.post("/calls/{whistle_id}/put-away", operation_id="putAwayCall",
             response_model=list[MemberCallView])  # fmt: skip
def put_away_call(whistle_id: UUID, tx: OfficeDb, me: OfficeMe) -> list[dict[str, Any]]:
    """Not this time; nothing is kept of it."""
    members.put_away(tx, me, whistle_id)
    return _calls(tx, me)
