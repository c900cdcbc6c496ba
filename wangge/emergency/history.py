"""The log of an incident: each line is written once; the database refuses to change it."""

from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from wangge.emergency.models import IncidentState
from wangge.emergency.rights import SEES, runs, sight
from wangge.kernel import facts
from wangge.kernel.db import Tx, dumps
from wangge.kernel.errors import NotAllowed, NotFound, Refusal
from wangge.kernel.ids import new_id
from wangge.people.models import Actor

LINE = """
insert into incident_log (id, incident_id, seq, kind, words, data, account_id, name, title, at)
select %(id)s, %(incident)s, coalesce(max(seq), 0) + 1, %(kind)s, %(words)s, %(data)s,
    %(account)s, %(name)s, %(title)s, %(at)s
from incident_log where incident_id = %(incident)s
"""
ACTED = """
update incidents set first_action_at = %s, version = version + 1
where id = %s and first_action_at is null
"""


def write(
    tx: Tx,
    incident: dict[str, Any],
    kind: str,
    actor: Actor | None,
    *,
    key: UUID | None = None,
    words: str = "",
    data: dict[str, Any] | None = None,
) -> None:
    """One line, and open screens hear that there is something new. The incident is locked."""
    tx.run(
        LINE,
        {
            "id": key or new_id(), "incident": incident["id"], "kind": kind, "words": words,
            "data": Jsonb(data or {}, dumps), "account": actor and actor.id,
            "name": actor.name if actor else "", "title": actor.title if actor else "",
            "at": tx.now,
        },
    )  # fmt: skip
    announce(tx, incident, kind)


def announce(tx: Tx, incident: dict[str, Any], kind: str) -> None:
    body = {"kind": kind, "drill": incident["drill"]}
    heard = facts.Fact("IncidentMoved", incident["id"], body, incident["pos"], incident["unit_ids"])
    own = [
        facts.Fact("IncidentMoved", incident["id"], body, account_id=account)
        for account in incident["account_ids"]
    ]
    facts.record(tx, [heard, *own])


def acted(tx: Tx, incident: dict[str, Any]) -> None:
    """首次处置: the first task taken in hand, or the first resource sent."""
    tx.run(ACTED, [tx.now, incident["id"]])


def is_repeat(tx: Tx, incident_id: UUID, key: UUID, actor: Actor) -> bool:
    """Whether this line stands already; refuses an id that is somebody else's."""
    row = tx.one("select incident_id, account_id from incident_log where id = %s", [key])
    if row and (row["incident_id"], row["account_id"]) != (incident_id, actor.id):
        raise id_taken()
    return row is not None


def locked(tx: Tx, actor: Actor, incident_id: UUID) -> dict[str, Any]:
    """Lock and return an incident that the actor may see; else there is none."""
    row = tx.one(
        f"select i.* from incidents i where i.id = %(id)s and {SEES} for update",
        {"id": incident_id, **sight(actor)},
    )
    if row is None:
        raise not_found()
    return row


def commanded(
    tx: Tx, actor: Actor, incident_id: UUID, *, version: int | None = None
) -> dict[str, Any]:
    """Lock an incident that the actor commands and that is open."""
    incident = locked(tx, actor, incident_id)
    if not runs(actor, incident):
        raise not_yours()
    check_open(incident)
    if version is not None and version != incident["version"]:
        raise Refusal(
            "stale_version",
            "这起事件刚被他人更新，请核对后再提交；您填写的内容仍在",
            "somebody has just changed this incident; look again, what you typed is kept",
            version=incident["version"],
        )
    return incident


def check_open(incident: dict[str, Any]) -> None:
    if incident["state"] != IncidentState.OPEN:
        raise Refusal("incident_over", "这起事件已经办结", "this incident is closed")


def not_found() -> NotFound:
    return NotFound("no_such_incident", "没有找到这起突发事件", "no such incident")


def not_yours() -> NotAllowed:
    return NotAllowed(
        "not_your_incident",
        "这一步由指挥这起事件的岗位办理；您填写的内容仍在",
        "this belongs to whoever commands the incident; what you typed is kept",
    )


def id_taken() -> Refusal:
    return Refusal("id_taken", "这个编号已被使用，请重新提交", "this id is taken; send again")
