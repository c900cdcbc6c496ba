"""What follows from child tasks: who is told, who stands in, what is late."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid5

from wangge.cases import task_owners
from wangge.kernel import queue
from wangge.kernel.db import Tx
from wangge.kernel.facts import Fact, on
from wangge.kernel.ids import new_id
from wangge.kernel.queue import Open, sweep, task
from wangge.notices import service as notices

READ = """
select t.*, c.number, c.title, u.short_name as unit, c.holder_id as lead
from case_tasks t join cases c on c.id = t.case_id join organisations u on u.id = t.unit_id
where t.id = %s
"""
PEOPLE = """
select distinct p.account_id from posts p join accounts a on a.id = p.account_id and a.active
where p.unit_id = %s and p.role = any(%s) and p.valid @> city_today()
"""


@on("TaskMoved")
def follow(tx: Tx, moved: Sequence[Fact]) -> None:
    returned = [fact.subject for fact in moved if fact.body["code"] == "task_returned"]
    if returned:
        task_owners.see_to(tx, returned)
    for fact in moved:
        queue.defer(tx, "task_tell", task_id=fact.subject, code=fact.body["code"], key=new_id())


@on("PostEnded")
@on("AccountLocked")
@on("OrganisationMoved")
def stand_in(tx: Tx, _gone: Sequence[Fact]) -> None:
    task_owners.see_to(tx)


@task("task_tell")
def tell(open_tx: Open, task_id: str, code: str, key: str) -> None:
    """An in-app notice for whoever has the task now; of its end the lead and the desk hear."""
    with open_tx() as tx:
        row = tx.one(READ, [UUID(task_id)])
        if row:
            _notify(tx, row, code, UUID(key))


def _notify(tx: Tx, row: dict[str, Any], code: str, key: UUID) -> None:
    roles = task_owners.roles(tx)
    to_unit = code in ("task_given", "task_cancelled") or (
        code == "task_overdue" and row["state"] != "returned"
    )
    place, wanted = (row["unit_id"], roles["unit"]) if to_unit else (row["desk_id"], roles["desk"])
    told = {one["account_id"] for one in tx.rows(PEOPLE, [place, wanted])}
    if not to_unit and row["lead"]:
        told.add(row["lead"])
    body = {"number": row["number"], "title": row["title"], "unit": row["unit"],
            "words": row["words"][:60]}  # fmt: skip
    notices.notify(
        tx,
        [
            notices.Notice(account_id=one, code=code, case_id=row["case_id"], body=body,
                           id=uuid5(key, str(one)))
            for one in sorted(told)
        ],
    )  # fmt: skip


@sweep("tasks", every=10)
def tasks(open_tx: Open) -> None:
    with open_tx() as tx:
        task_owners.mark_overdue(tx)


@sweep("task_owners", every=300)
def task_owners_sweep(open_tx: Open) -> None:
    """The net below the handlers, for what came about by hand."""
    with open_tx() as tx:
        task_owners.see_to(tx)
