"""What is said of an incident until it is closed, and what other screens ask of it.

``open_incidents`` is for the command desk and the wall: open incidents with their tasks.
"""

from typing import Any
from uuid import UUID

from wangge.emergency import alerting, queries
from wangge.emergency.history import check_open, commanded, is_repeat, locked, not_yours, write
from wangge.emergency.models import Ending
from wangge.emergency.rights import runs, sight
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid, Refusal
from wangge.notices import service as notices
from wangge.people.models import Actor
from wangge.tenant.plans import LEVEL_NAMES, LEVELS, named
from wangge.tenant.service import rules

LEVELLED = """
update incidents set level = %s, response = %s, version = version + 1 where id = %s
"""
CLOSED = """
update incidents set state = 'closed', closed_at = %(at)s, alert_next_at = null,
    result = %(result)s, cause = %(cause)s, lessons = %(lessons)s, dead = %(dead)s,
    injured = %(injured)s, moved = %(moved)s, version = version + 1
where id = %(id)s returning *
"""
REVIEWED = "update incidents set cause = %s, lessons = %s, version = version + 1 where id = %s"
STILL_OPEN = """
select words from incident_tasks where incident_id = %s and state in ('given', 'taken') order by seq
"""
TOLD = """
select distinct account_id from incident_calls where incident_id = %s and account_id is not null
"""


def open_incidents(tx: Tx, actor: Actor) -> list[dict[str, Any]]:
    """Open incidents that the actor may see, newest alert first, real ones before drills.

    Each is a row of ``incidents`` as plain values with ``kind_name``, ``level_name``, ``desk``
    and ``tasks``: id, words, words_en, owner, state (given, taken, done, dropped), due_at,
    late_at, taken_at, ended_at.
    ``drill`` says that it is practice: show it, never count it. At most 100.
    """
    rows = queries.open_(tx, sight(actor))
    tasks = queries.tasks(tx, [row["id"] for row in rows])
    kinds = rules(tx).plans
    return [
        {
            **row,
            "kind_name": named(kinds.kind(row["kind"]), row["kind"]),
            "level_name": named(LEVEL_NAMES[row["level"]]),
            "tasks": tasks.get(row["id"], []),
        }
        for row in rows
    ]


def report(tx: Tx, actor: Actor, incident_id: UUID, *, key: UUID, words: str) -> None:
    """续报: how things stand, appended by whoever commands or has a task."""
    incident = locked(tx, actor, incident_id)
    if is_repeat(tx, incident_id, key, actor):
        return
    check_open(incident)
    if not words.strip():
        raise Invalid("field_needed", "请写明现场情况", "say how things stand", field="words")
    write(tx, incident, "situation", actor, key=key, words=words.strip())


def set_level(
    tx: Tx, actor: Actor, incident_id: UUID, *, key: UUID, level: str, response: str, why: str,
    version: int | None,
) -> None:  # fmt: skip
    """Raise or lower the level and the response; the log keeps both and the reason."""
    if is_repeat(tx, incident_id, key, actor):
        return
    incident = commanded(tx, actor, incident_id, version=version)
    if level not in LEVELS or response not in ("", *LEVELS):
        raise Invalid("field_needed", "请选择级别", "choose the level", field="level")
    if not why.strip():
        raise Invalid("field_needed", "请写明为什么调整", "please say why", field="why")
    tx.run(LEVELLED, [level, response, incident_id])
    data = {"level": [incident["level"], level], "response": [incident["response"], response]}
    write(tx, incident, "level", actor, key=key, words=why.strip(), data=data)


def close(
    tx: Tx, actor: Actor, incident_id: UUID, given: Ending, *, key: UUID, version: int | None
) -> None:
    """Refused while a task is neither done nor dropped; whoever was woken hears the result."""
    if is_repeat(tx, incident_id, key, actor):
        return
    incident = commanded(tx, actor, incident_id, version=version)
    if not given.result.strip():
        raise Invalid("field_needed", "请写明处置结果", "say how it ended", field="result")
    waiting = [row["words"] for row in tx.rows(STILL_OPEN, [incident_id])]
    if waiting:
        raise Refusal(
            "tasks_open",
            f"还有{len(waiting)}项任务没有完成或取消：{'、'.join(waiting[:5])}",
            f"{len(waiting)} tasks are neither done nor dropped",
            tasks=waiting,
        )
    values: dict[str, Any] = {"id": incident_id, "at": tx.now, "result": given.result.strip(),
              "cause": given.cause.strip(), "lessons": given.lessons.strip(),
              "dead": given.dead, "injured": given.injured, "moved": given.moved}  # fmt: skip
    incident = tx.one(CLOSED, values) or incident
    told = alerting.tell_result(tx, incident)
    people = {row["account_id"] for row in tx.rows(TOLD, [incident_id])}
    body = {"number": incident["number"], "title": incident["title"][:40],
            "answer": incident["result"][:60], "mark": "【演练】" if incident["drill"] else "",
            "mark_en": "DRILL " if incident["drill"] else "",
            "incident": str(incident_id)}  # fmt: skip
    notices.notify(
        tx, [notices.Notice(account, "incident_closed", body=body) for account in sorted(people)]
    )
    data = {"told": told, "dead": given.dead, "injured": given.injured, "moved": given.moved}
    write(tx, incident, "closed", actor, key=key, words=values["result"], data=data)


def review(tx: Tx, actor: Actor, incident_id: UUID, *, key: UUID, cause: str, lessons: str) -> None:
    """复盘: cause and lessons, also after the end; each version stays in the log."""
    incident = locked(tx, actor, incident_id)
    if is_repeat(tx, incident_id, key, actor):
        return
    if not runs(actor, incident):
        raise not_yours()
    tx.run(REVIEWED, [cause.strip(), lessons.strip(), incident_id])
    data = {"cause": cause.strip(), "lessons": lessons.strip()}
    write(tx, incident, "review", actor, key=key, words=lessons.strip(), data=data)
