"""What screens read of supervision, as plain values, with what the reader may do."""

from typing import Any

from wangge.kernel.db import Tx
from wangge.people.models import Actor
from wangge.supervision import queries
from wangge.supervision.models import DRAFTS, Kind, Row, Status
from wangge.supervision.service import may_answer


def view(tx: Tx, actor: Actor, row: Row) -> dict[str, Any]:
    return {
        **{name: row[name] for name in (
            "id", "case_id", "case_number", "title", "kind", "state", "number", "reason",
            "answer_by", "answer", "ended_why",
        )},
        "unit": {"id": row["unit_id"], "name": row["unit"]},
        "owner": {"id": row["unit_id"], "name": row["unit"]}
        if row["unit_stands"]
        else {"id": row["desk_id"], "name": row["desk"]},
        "issued": _signed(row, "issued"),
        "late": row["late_at"] is not None
        or bool(row["state"] == Status.OPEN and row["answer_by"] and row["answer_by"] < tx.now),
        "answered": _signed(row, "answered"),
        "ended": _signed(row, "ended"),
        "may": _may(actor, row),
    }  # fmt: skip


def _signed(row: Row, what: str) -> dict[str, Any] | None:
    if row[f"{what}_at"] is None:
        return None
    return {"name": row[f"{what}_name"], "title": row[f"{what}_title"], "at": row[f"{what}_at"]}


def _may(actor: Actor, row: Row) -> list[str]:
    kind, state = row["kind"], row["state"]
    leads = actor.may_at("case.list_openly", pos=row["pos"])
    if state == Status.PROPOSED:
        return ["decide"] if leads and actor.id not in (row["issued_by"], row["seen_to_by"]) else []
    if state != Status.OPEN:
        return []
    found = ["answer"] if kind == Kind.NOTICE and may_answer(actor, row) else []
    ends = leads if kind == Kind.LISTING else actor.may_at("case.supervise", pos=row["pos"])
    return [*found, "end"] if ends and kind != Kind.CRITICISM else found


def may_issue(actor: Actor, case: Row, items: list[Row], *, is_open: bool) -> list[str]:
    """The kinds that this person may issue on the case now."""
    supervises = actor.may_at("case.supervise", pos=case["pos"])
    leads = actor.may_at("case.list_openly", pos=case["pos"])
    listed = [one for one in items if one["kind"] == Kind.LISTING]
    found = [Kind.NOTICE.value] if supervises and is_open else []
    if leads and is_open and not any(one["state"] == Status.OPEN for one in listed):
        found.append(Kind.LISTING.value)
    if supervises and listed:
        found.append(Kind.CRITICISM.value)
    return found


def sees(actor: Actor, row: Row) -> bool:
    """Whether it is there for this person: a draft is read by those who supervise, on others."""
    if row["state"] not in DRAFTS or row["issued_by"] == actor.id:
        return True
    return row["unit_id"] not in actor.unit_ids and actor.may_at("case.supervise", pos=row["pos"])


def of_case(tx: Tx, actor: Actor, case: Row, *, is_open: bool) -> dict[str, Any]:
    rows = [row for row in queries.of_case(tx, case["id"]) if sees(actor, row)]
    return {
        "items": [view(tx, actor, row) for row in rows],
        "may": may_issue(actor, case, rows, is_open=is_open),
    }
