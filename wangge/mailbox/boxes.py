"""Where a box hangs, who takes turns at opening it, and the groups that letters are given to."""

from uuid import UUID

from wangge.areas import atlas
from wangge.audit import service as audit
from wangge.cases import owners
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, Refusal
from wangge.mailbox import queries
from wangge.mailbox.models import BoxDraft
from wangge.mailbox.rights import desk_of, must_run, no_such_box
from wangge.mailbox.telling import moved
from wangge.people.models import Actor

PUT = """
insert into mailboxes (id, code, name, place_words, lon, lat, pos, area_id, desk_id, opener_ids,
    open_by, days, active, at)
values (%(id)s, %(code)s, %(name)s, %(place)s, %(lon)s, %(lat)s, %(pos)s, %(area)s, %(desk)s,
    %(openers)s, %(open_by)s, %(days)s, %(active)s, %(now)s)
on conflict (id) do update set name = excluded.name, place_words = excluded.place_words,
    code = excluded.code, lon = excluded.lon, lat = excluded.lat, pos = excluded.pos,
    area_id = excluded.area_id, opener_ids = excluded.opener_ids, open_by = excluded.open_by,
    days = excluded.days, active = excluded.active, version = mailboxes.version + 1
"""
GROUP = """
insert into mailbox_groups (id, desk_id, unit_id, name, task, active, at)
values (%(id)s, %(desk)s, %(unit)s, %(name)s, %(task)s, %(active)s, %(now)s)
on conflict (id) do update set unit_id = excluded.unit_id, name = excluded.name,
    task = excluded.task, active = excluded.active
"""
TAKEN = """
select (select count(*) from mailboxes where code = %(code)s and id <> %(id)s) as n
"""


def put(tx: Tx, actor: Actor, draft: BoxDraft) -> None:
    """Hang a box or change it; the grid follows from the place, the desk from whoever writes it."""
    standing = tx.one("select desk_id from mailboxes where id = %s for update", [draft.id])
    if standing:
        must_run(actor, standing["desk_id"], no_such_box())
    desk_id = standing["desk_id"] if standing else desk_of(actor)
    places = atlas.of(tx)
    grid = places.locator.at(draft.lon, draft.lat)
    if grid is None or not actor.may_at("mailbox.run", pos=grid.pos):
        raise Invalid(
            "box_outside", "这个位置不在本受理台的辖区内", "the place is not on this desk's ground",
            field="lon",
        )  # fmt: skip
    if (tx.one(TAKEN, {"code": draft.code, "id": draft.id}) or {"n": 0})["n"]:
        raise Refusal(
            "code_taken", "这个信箱编号已被使用", "another box has this number", field="code"
        )
    here = queries.on_post(tx, draft.openers)
    if missing := [one for one in draft.openers if one not in here]:
        raise Invalid(
            "opener_without_post",
            "开箱人现在没有岗位，请改选",
            "whoever opens the box needs a post; choose another",
            field="openers",
            accounts=missing,
        )
    tx.run(
        PUT,
        {
            "id": draft.id, "code": draft.code, "name": draft.name, "place": draft.place_words,
            "lon": draft.lon, "lat": draft.lat, "pos": grid.pos, "area": grid.id, "desk": desk_id,
            "openers": list(dict.fromkeys(draft.openers)), "open_by": draft.open_by,
            "days": draft.days.value, "active": draft.active, "now": tx.now,
        },
    )  # fmt: skip
    audit.record(tx, "mailbox.put", draft.id, detail={"code": draft.code}, account_id=actor.id)
    moved(tx, draft.id, "box", grid.pos, [desk_id])


def put_group(
    tx: Tx, actor: Actor, group_id: UUID, *, unit_id: UUID, name: str, task: str, active: bool
) -> None:
    """A group 专班 is the people of a unit, so that what it is given has an owner and a clock."""
    standing = tx.one("select desk_id from mailbox_groups where id = %s for update", [group_id])
    if standing:
        must_run(actor, standing["desk_id"], no_such_box())
    desk_id = standing["desk_id"] if standing else desk_of(actor)
    owners.check_unit(tx, unit_id)
    if tx.one(
        "select 1 from mailbox_groups where desk_id = %s and name = %s and id <> %s",
        [desk_id, name, group_id],
    ):
        raise Refusal("name_taken", "已有同名小组", "there is a group of this name", field="name")
    given = {"id": group_id, "desk": desk_id, "unit": unit_id, "name": name, "task": task}
    tx.run(GROUP, given | {"active": active, "now": tx.now})
    audit.record(tx, "mailbox.group", group_id, detail={"name": name}, account_id=actor.id)
