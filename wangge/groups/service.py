"""Founding groups and saying who is in them: whoever runs them need not be in them himself."""

from typing import Any
from uuid import UUID

from wangge.audit.service import record
from wangge.groups.models import GroupDraft
from wangge.kernel import facts
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, NotFound
from wangge.people.models import Actor
from wangge.people.posts import today
from wangge.teams import service as teams
from wangge.teams.models import Seat, TeamDraft

RUN = "group.run"
SEAT = "member"
MOST_PEOPLE = 200
GROUP = """
select t.id, t.name, t.area_id, a.pos, a.path::text as path from teams t
join areas a on a.id = t.area_id
where t.id = %s and t.kind = 'service' and t.valid @> city_today() for update of t
"""
INSIDE = """
select id from areas where id = any(%s) and path <@ (select path from areas where id = %s)
"""
MEMBERS = "select distinct account_id from group_people where team_id = %s"


def no_such_group() -> NotFound:
    return NotFound("no_such_group", "没有找到这个小组", "no such group")


def locked(tx: Tx, team: UUID) -> dict[str, Any]:
    row = tx.one(GROUP, [team])
    if row is None:
        raise no_such_group()
    return row


def run(tx: Tx, actor: Actor, team: UUID) -> dict[str, Any]:
    """The group, for whoever runs groups on its ground; to others it is not there."""
    row = locked(tx, team)
    if not actor.may_at(RUN, pos=row["pos"]):
        raise no_such_group()
    return row


def found(tx: Tx, actor: Actor, draft: GroupDraft) -> None:
    """Found a group; a repeat with the same id changes nothing."""
    if tx.one("select 1 from teams where id = %s", [draft.id]):
        run(tx, actor, draft.id)
        return
    row = tx.one("select pos from areas where id = %s", [draft.area_id])
    if row is None:
        raise NotFound("no_such_area", "没有此区域", "no such area", field="area_id")
    actor.must_at(RUN, pos=row["pos"])
    inside = tx.rows(INSIDE, [list(draft.grids), draft.area_id])
    if len(inside) < len(set(draft.grids)):
        raise Invalid(
            "grid_elsewhere", "网格不在小组的区域内", "a grid lies outside the group's area",
            field="grids",
        )  # fmt: skip
    seats = [_seat(one) for one in draft.seats]
    code = f"group-{draft.id.hex}"
    team = TeamDraft(
        draft.id, code, draft.name, draft.area_id, today(tx), draft.grids, seats, "service"
    )
    teams.load(tx, [team], actor=None)
    record(tx, "group.founded", draft.id, detail={"seats": len(seats)}, account_id=actor.id)
    tell(tx, draft.id, "GroupChanged")


def _seat(one: Seat) -> Seat:
    if (one.account_id is None) == (one.unit_id is None):
        raise Invalid(
            "one_member_a_place", "每个席位填一个人员或一个单位的岗位",
            "a place takes one account or the post of a unit", field="account_id",
        )  # fmt: skip
    return Seat(one.id, SEAT, account_id=one.account_id, unit_id=one.unit_id, role=one.role)


def seat(tx: Tx, actor: Actor, team: UUID, one: Seat) -> None:
    """Take somebody in; a repeat with the same id changes nothing."""
    run(tx, actor, team)
    if tx.one("select 1 from team_members where id = %s and team_id = %s", [one.id, team]):
        return
    teams.seat_all(tx, [(team, _seat(one))], slots=False)
    if len(tx.rows(MEMBERS, [team])) > MOST_PEOPLE:
        raise Invalid(
            "group_too_large", f"小组最多{MOST_PEOPLE}人", f"at most {MOST_PEOPLE} in a group"
        )
    record(tx, "group.joined", one.id, detail={"group": str(team)}, account_id=actor.id)
    tell(tx, team, "GroupChanged")


def unseat(tx: Tx, actor: Actor, team: UUID, seat_id: UUID) -> None:
    """End a place from now on: by whoever runs the group, or by its holder who leaves."""
    row = tx.one("select account_id from team_members where id = %s and team_id = %s",
                 [seat_id, team])  # fmt: skip
    if row is None or row["account_id"] != actor.id:
        run(tx, actor, team)
    if row is None:
        raise no_such_group()
    tell(tx, team, "GroupChanged")
    teams.unseat(tx, seat_id, on=None, actor=None)


def close(tx: Tx, actor: Actor, team: UUID) -> None:
    """From now on nobody reads or writes in it; what was said is kept its time."""
    run(tx, actor, team)
    tell(tx, team, "GroupChanged")
    teams.close(tx, team, on=None, actor=None)


def tell(tx: Tx, team: UUID, name: str) -> None:
    """Each member's screens hear that there is something new, and nobody else's."""
    facts.record(
        tx,
        [facts.Fact(name, team, account_id=row["account_id"]) for row in tx.rows(MEMBERS, [team])],
    )
