"""督查通 without a network: what is late is held on the phone, what is written is issued later.

A notice counts from when it is issued: its time to answer begins when the line is back.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from wangge.cases.operations import place_of, read_body
from wangge.cases.views import card
from wangge.kernel.db import Tx
from wangge.kernel.operations import Collection, Kind, Operation, Outcome, State, collection, kind
from wangge.people.models import Actor
from wangge.supervision import queries, service
from wangge.supervision.models import Kind as Paper
from wangge.supervision.schemas import IssueBody
from wangge.tenant.service import rules

MOST_HELD = 200
STAMPS = """
select c.id, concat_ws('.', c.version, c.state, coalesce(w.rung, 0), extract(epoch from c.due_at))
    as stamp
from cases c left join case_watches w on w.case_id = c.id
where {where} and c.pos <@ %(ground)s::int4multirange order by c.due_at limit {most}
"""


def issue(tx: Tx, actor: Actor, op: Operation) -> Outcome:
    """As the door of it; the operation's id is the paper's, and a repeat finds it standing."""
    body: IssueBody = read_body(IssueBody, {**op.payload, "id": str(op.id)})
    known = queries.one(tx, op.id) is not None
    service.issue(
        tx, actor, op.record, key=op.id, kind=body.kind, reason=body.reason.strip(),
        answer_by=body.answer_by,
    )  # fmt: skip
    row = queries.one(tx, op.id) or {}
    result = {"number": row.get("number"), "kind": Paper(body.kind).value}
    state = State.REPEATED if known else State.APPLIED
    return Outcome(state, result, place=place_of(tx, op.record))


def stamps(tx: Tx, actor: Actor) -> dict[UUID, str]:
    """What is late on the ground that this person supervises, the longest first."""
    ground = actor.reach("case.supervise").scope if "supervisor" in _roles(actor) else "{}"
    if ground == "{}":
        return {}
    where = queries.LISTS["late"][2]
    rows = tx.rows(STAMPS.format(where=where, most=MOST_HELD), {"ground": ground})
    return {row["id"]: f"{row['stamp']}.{tx.versions['rules']}" for row in rows}


def _roles(actor: Actor) -> set[str]:
    return {post.role for post in actor.posts}


def rows(tx: Tx, _actor: Actor, ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    """Each as the list of what is late gives it."""
    known = rules(tx)
    return {
        row["id"]: {
            **card(row, known, tx.now), "since": row["since"], "told_rung": row["told_rung"],
        }
        for row in queries.of_ids(tx, "late", ids)
    }  # fmt: skip


kind(Kind("supervision.issue", issue, collection="watched"))
collection(
    Collection(
        "watched",
        "督查辖区超期未办结的事件：到现场督查、发督办单要用",
        "what is late on the ground one supervises: for going there and issuing notices",
        stamps,
        rows,
    )
)
