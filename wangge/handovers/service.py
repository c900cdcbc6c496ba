"""The leader gives a leaver's open work on, to one or to several; each item is signed for."""

from collections.abc import Sequence
from uuid import UUID

from wangge.cases.models import Action, StepInput, Taker
from wangge.cases.service import locked, marked
from wangge.cases.workflow import BEFORE_CLOSING
from wangge.handovers import queries
from wangge.handovers.models import NEEDED, THINGS, ItemState, Kind, Row
from wangge.kernel.db import Tx
from wangge.kernel.errors import NotAllowed, NotFound, Refusal
from wangge.kernel.ids import new_id
from wangge.notices import service as notices
from wangge.people.models import Actor
from wangge.people.roles import ROLES
from wangge.whistles.history import write_step

GIVEN = """
update handed_items set state = 'given', to_account = %s, to_name = %s, given_name = %s,
    given_at = %s where id = %s
"""
MOVED_ON = f"""
update handed_items set state = 'over', ended_at = %s where id in (
    select i.id from handed_items i left join cases c on c.id = i.case_id
    where i.state in ('waiting', 'given') and not coalesce(({queries.STANDS}), false))
"""
SIGNED = """
update handed_items set state = 'signed', to_account = %s, to_name = %s, ended_at = %s
where id = %s
"""


def roles_for(kind: str) -> list[str]:
    """The roles that may take on an item of this kind."""
    needed = NEEDED[Kind(kind)]
    return [name for name, role in ROLES.items() if any(one in role.grants for one in needed)]


def give(tx: Tx, actor: Actor, item_ids: Sequence[UUID], *, to: UUID, note: str = "") -> None:
    """交办: the leader gives items to one person; given again they go to somebody else."""
    names = []
    for item_id in sorted(item_ids):
        item = _pending(tx, item_id)
        if not may_give(actor, item):
            raise NotAllowed(
                "not_yours_to_give",
                "待交接的工作由带班或主管负责人分派",
                "a leaver's work is given on by whoever leads there",
            )
        able = queries.able(tx, item, roles_for(item["kind"]))
        taker = next((one for one in able if one["id"] == to), None)
        if taker is None:
            raise Refusal(
                "cannot_take_on",
                f"这个人的岗位办不了这一件：{item['number'] or ''}{item['title'][:20]}，请另选他人",
                "no post of this person reaches this item; choose somebody else",
                item=str(item_id),
            )
        if item["state"] == ItemState.GIVEN and item["to_account"] == to:
            continue
        tx.run(GIVEN, [to, taker["name"], actor.name, tx.now, item_id])
        words = f"交{taker['name']}接手，待签收。{note}".strip()
        _say(tx, actor, item, Action.ENTRUST, words, {"to": taker["name"]})
        names.append(item)
    if names and to != actor.id:
        body = {"n": len(names), "name": names[0]["from_name"], "by": actor.name}
        notices.notify(tx, [notices.Notice(to, "work_given", None, body)])


def sign(tx: Tx, actor: Actor, item_id: UUID, *, note: str = "") -> None:
    """签收: whoever was given it, or the leaver's successor; a repeat changes nothing."""
    item = queries.one(tx, item_id)
    if item is None:
        raise no_such_item()
    if item["state"] == ItemState.SIGNED and item["to_account"] == actor.id:
        return
    item = _pending(tx, item_id)
    if not may_sign(tx, actor, item):
        raise NotAllowed(
            "not_yours_to_sign",
            "这一件交给了其他人签收",
            "this item is somebody else's to sign for",
        )
    able = {one["id"] for one in queries.able(tx, item, roles_for(item["kind"]))}
    if actor.id not in able:
        raise Refusal(
            "cannot_take_on",
            "您现在的岗位办不了这一件，请负责人另行分派",
            "none of your posts reaches this item; its leader must choose somebody else",
        )
    tx.run(SIGNED, [actor.id, actor.name, tx.now, item_id])
    if item["kind"] in THINGS:
        _seen_to(tx, actor, item)
    elif item["kind"] == Kind.TASK:
        tx.run(
            "update case_tasks set holder_id = %s, version = version + 1 where id = %s",
            [actor.id, item["task_id"]],
        )
    elif item["kind"] == Kind.ALARM:
        tx.run(
            "update alarms set acknowledged_by = %s where case_id = %s",
            [actor.id, item["case_id"]],
        )
    words = f"签收{item['from_name']}移交的工作，由{actor.name}接着办。{note}".strip()
    _say(tx, actor, item, Action.TAKE_ON, words, {"from": item["from_name"]})


def let_go(tx: Tx) -> None:
    """An item whose work has gone on needs nobody's signature any more."""
    tx.run(MOVED_ON, [tx.now])


def may_give(actor: Actor, item: Row) -> bool:
    return actor.may_at("case.entrust", pos=item["pos"], unit_id=item["unit_id"])


def may_sign(tx: Tx, actor: Actor, item: Row) -> bool:
    if item["to_account"] is not None:
        return bool(item["to_account"] == actor.id)
    return queries.succeeds(tx, item["id"], actor.id)


def no_such_item() -> NotFound:
    return NotFound("no_such_item", "没有这件待交接的工作", "there is no such item")


def _pending(tx: Tx, item_id: UUID) -> Row:
    item = queries.one(tx, item_id)
    if item is None:
        raise no_such_item()
    if item["state"] in (ItemState.SIGNED, ItemState.OVER) or not queries.stands(tx, item_id):
        raise Refusal(
            "item_over",
            "这一件已经签收或已有人接着办了，无需交接",
            "this item was signed for, or has gone on already",
        )
    return item


SEEN_TO = {
    Kind.WHISTLE: "update whistles set caller_id = %s, caller_name = %s, version = version + 1"
    " where id = %s",
    Kind.PROMISE: "update case_promises set seen_to_by = %s, seen_to_name = %s where id = %s",
    Kind.SUPERVISION: "update supervisions set seen_to_by = %s, seen_to_name = %s where id = %s",
}


def _seen_to(tx: Tx, actor: Actor, item: Row) -> None:
    """From now on it is his; who blew, promised or issued it stands in its own record."""
    tx.run(SEEN_TO[Kind(item["kind"])], [actor.id, actor.name, item["thing_id"]])


def _say(tx: Tx, actor: Actor, item: Row, action: Action, words: str, data: dict[str, str]) -> None:
    """A line in the history of the case, and of the whistle where it is one."""
    if item["kind"] == Kind.WHISTLE:
        write_step(tx, {"id": item["thing_id"]}, action.value, actor, note=words)
    if item["now_state"] not in BEFORE_CLOSING:
        return
    given = StepInput(id=new_id(), action=action, note=words, data={"kind": item["kind"], **data})
    taker = Taker("account", actor.id, actor.name, actor.title)
    marked(tx, locked(tx, item["case_id"]), given, taker)
