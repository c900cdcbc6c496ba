"""The part of the walk that goes on with a leaver's work, keeps promises, and posts letters."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from wangge.cases.models import Action
from wangge.handovers import promises, queries, service
from wangge.kernel.db import Tx
from wangge.kernel.ids import new_id
from wangge.mailbox import postings

if TYPE_CHECKING:
    from tests.cases.walk import Walk

ACTIONS = frozenset({
    Action.ENTRUST, Action.TAKE_ON, Action.PROMISE, Action.KEEP_PROMISE, Action.MAILBOX,
})  # fmt: skip
OF_LEAVERS = frozenset({Action.ENTRUST, Action.TAKE_ON})
REFUSED = {"cannot_take_on", "item_over", "not_yours_to_sign"}
WAITING = "select id from handed_items where case_id = %s and state in ('waiting', 'given')"
OPEN = "select id from case_promises where case_id = %s and kept_at is null"


class Handed:
    """Gives a leaver's items on, signs for them; promises and keeps."""

    def __init__(self, walk: "Walk") -> None:
        self.walk = walk

    def step(self, tx: Tx, case: dict[str, Any], action: Action) -> bool:
        """Take one; False where there is nothing of the kind to do."""
        match action:
            case Action.PROMISE:
                return self._promise(tx, case)
            case Action.KEEP_PROMISE:
                return self._keep(tx, case)
            case Action.MAILBOX:
                return self._post(tx, case)
            case _:
                return any(
                    self._item(tx, row["id"], action) for row in tx.rows(WAITING, [case["id"]])[:1]
                )

    def _promise(self, tx: Tx, case: dict[str, Any]) -> bool:
        able = [one for one in self.walk.actors if promises.side_of(one, case)]
        if able:
            by = tx.now + timedelta(hours=3)
            actor = self.walk.chance.choice(able)
            promises.make(tx, actor, case["id"], key=new_id(), words="上门答复", by=by)
        return bool(able)

    def _keep(self, tx: Tx, case: dict[str, Any]) -> bool:
        if not tx.rows(OPEN, [case["id"]]):
            self._promise(tx, case)
        able = [one for one in self.walk.actors if promises.side_of(one, case)]
        standing = tx.rows(OPEN, [case["id"]])
        if able and standing:
            promises.keep(tx, self.walk.chance.choice(able), standing[0]["id"], words="已答复")
        return bool(able and standing)

    def _post(self, tx: Tx, case: dict[str, Any]) -> bool:
        """Post in public what became of a letter, or say it in other words."""
        able = [
            one for one in self.walk.actors if one.may_at("mailbox.post", desk_id=case["desk_id"])
        ]
        if able:
            actor = self.walk.chance.choice(able)
            postings.post(tx, actor, case["id"], asked="请修路灯", decided="已经安排")
        return bool(able)

    def _item(self, tx: Tx, item_id: Any, action: Action) -> bool:
        item = queries.one(tx, item_id) or {}
        able = {one["id"] for one in queries.able(tx, item, service.roles_for(item["kind"]))}
        there = [one for one in self.walk.actors if one.id in able]
        leaders = [one for one in self.walk.actors if service.may_give(one, item)]
        if item["to_account"] is None and leaders and there:
            to = self.walk.chance.choice(there)
            service.give(tx, self.walk.chance.choice(leaders), [item_id], to=to.id)
            if action is Action.ENTRUST:
                return True
            item = queries.one(tx, item_id) or {}
        signers = [one for one in there if service.may_sign(tx, one, item)]
        if action is not Action.TAKE_ON or not signers:
            return False
        service.sign(tx, self.walk.chance.choice(signers), item_id)
        return True
