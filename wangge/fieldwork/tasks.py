"""Tasks of the field: what a visit or a talk left to do, the ground's until somebody ends it."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from wangge.fieldwork.models import FieldTaskState
from wangge.fieldwork.permissions import PLAN, WORK, no_such_record, no_such_task
from wangge.fieldwork.recording import today
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, Refusal
from wangge.kernel.ids import new_id
from wangge.kernel.repeats import fingerprint
from wangge.notices import service as notices
from wangge.people.models import Actor

END = """
update field_tasks set state = %(state)s, done_at = %(at)s, ended_by = %(by)s,
    end_words = %(words)s, end_hash = %(said)s where id = %(id)s
"""


def end(
    tx: Tx,
    actor: Actor,
    step_id: UUID,
    task_id: UUID,
    *,
    state: FieldTaskState,
    words: str,
    done_at: datetime,
) -> None:
    """Done, or dropped with the reason; by anybody who works on its ground."""
    said = fingerprint(actor.id, [step_id, task_id, state, words, done_at])
    row = tx.one("select * from field_tasks where id = %s for update", [task_id])
    if row is None or not (row["owner_id"] == actor.id or actor.may_at(WORK, pos=row["pos"])):
        raise no_such_task()
    if row["state"] != FieldTaskState.OPEN:
        if row["end_hash"] is not None and bytes(row["end_hash"]) == said:
            return
        raise Refusal("task_over", "这项任务已经办结", "this task is over already")
    if state is FieldTaskState.DROPPED and not words.strip():
        raise Invalid("field_needed", "请写明为什么不办", "say why it is dropped", field="words")
    tx.run(
        END,
        {"state": state.value, "at": done_at, "by": actor.id, "words": words.strip(),
         "said": said, "id": task_id},
    )  # fmt: skip


def assign(
    tx: Tx,
    actor: Actor,
    task_id: UUID,
    record_id: UUID,
    *,
    words: str,
    owner_id: UUID,
    due_on: date,
) -> None:
    """小组会: who does what by which day about a talk's note; a repeat changes nothing."""
    record = tx.one("select * from field_records where id = %s", [record_id])
    if record is None or not actor.may_at(PLAN, pos=record["pos"]):
        raise no_such_record()
    wanted: dict[str, Any] = {
        "record_id": record_id, "words": words.strip(), "owner_id": owner_id, "due_on": due_on,
        "given_by": actor.id,
    }  # fmt: skip
    known = tx.one("select * from field_tasks where id = %s", [task_id])
    if known:
        if any(known[name] != value for name, value in wanted.items()):
            raise Refusal(
                "id_taken", "这个编号已被使用，请重新提交", "this id is taken; send again"
            )
        return
    if not words.strip():
        raise Invalid("field_needed", "请写明要办什么", "say what is to be done", field="words")
    if due_on < today(tx):
        raise Invalid("bad_time", "办理日期不能早于今天", "the day lies ahead", field="due_on")
    if not tx.one(
        "select 1 from posts p join accounts a on a.id = p.account_id and a.active"
        " where p.account_id = %s and p.valid @> city_today()",
        [owner_id],
    ):
        raise Invalid("unknown_owner", "没有这位责任人", "no such person", field="owner_id")
    tx.insert(
        "field_tasks",
        [{"id": task_id, "pos": record["pos"], "area_id": record["area_id"], "at": tx.now,
          **wanted}],
    )  # fmt: skip
    body = {"words": words.strip()[:60], "day": f"{due_on.month}月{due_on.day}日"}
    notices.notify(
        tx, [notices.Notice(account_id=owner_id, code="field_task", body=body, id=new_id())]
    )
