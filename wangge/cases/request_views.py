"""Requests as screens and papers read them."""

from datetime import datetime
from typing import Any

from wangge.cases.needs import REASONS
from wangge.cases.request_kinds import BY_CODE
from wangge.cases.requesting import Request, Status
from wangge.papers.models import AskedFor, Word
from wangge.tenant.models import Label
from wangge.tenant.rules import Rules


def request_view(row: Request, files: list[dict[str, Any]], known: Rules) -> dict[str, Any]:
    """One request with its outcome; ``name`` is what the city calls the step that asked."""
    return {
        "id": row["id"],
        "kind": row["kind"],
        "name": kind_name(known, row["kind"]),
        "round": row["round"],
        "unit": row["unit"],
        "applicant": {"kind": "account", "name": row["name"], "title": row["title"]},
        "asked_at": row["asked_at"],
        "reason": row["reason"],
        "words": row["words"],
        "until": row["until_at"],
        "data": row["data"],
        "desk": row["desk"],
        "due_at": row["due_at"],
        "status": row["status"],
        "decided_by": {
            "kind": "account" if row["decided_by"] else "system",
            "name": row["decided_name"],
            "title": row["decided_title"],
        }
        if row["status"] != Status.PENDING
        else None,
        "decided_at": row["decided_at"],
        "decision": row["decision"],
        "granted_until": row["granted_until"],
        "files": [file["id"] for file in files if file["step_id"] == row["id"]],
    }


OUTCOMES = {
    Status.PENDING: Word("待审批", "to be decided"),
    Status.GRANTED: Word("同意", "granted"),
    Status.REFUSED: Word("不同意", "refused"),
    Status.LAPSED: Word("事项已另行处理，不再审批", "overtaken, not decided"),
    Status.WITHDRAWN: Word("已撤回", "withdrawn"),
}


def asked_for(row: Request, known: Rules) -> AskedFor:
    """A request as the printed file shows it, what only the staff reads with it."""
    name = kind_name(known, row["kind"])
    reason = reason_name(known, row)
    decided = row["status"] in (Status.GRANTED, Status.REFUSED)
    return AskedFor(
        name=Word(name["zh"], name["en"]),
        by=f"{row['unit']} {row['name']}（{row['title']}）",
        at=row["asked_at"],
        words="。".join(filter(None, (reason.zh if reason else "", row["words"]))),
        until=row["until_at"],
        outcome=OUTCOMES[Status(row["status"])],
        decided_by=f"{row['desk']} {row['decided_name']}" if decided else "",
        decided_at=row["decided_at"],
        decision=row["decision"] if decided else "",
        granted_until=row["granted_until"],
    )


def reason_name(known: Rules, row: Request) -> Label | None:
    """The reason in words, from the list of the step that asked."""
    kind = BY_CODE.get(row["kind"])
    rows = getattr(known.lists, REASONS.get(kind.asks, "") if kind else "", ())
    return next((one for one in rows if one.code == row["reason"]), None)


def kind_name(known: Rules, code: str) -> dict[str, str]:
    kind = BY_CODE.get(code)
    named = known.workflow.by_action.get(kind.asks.value) if kind else None
    return {"zh": named.zh, "en": named.en} if named else {"zh": code, "en": code}


def request_card(row: dict[str, Any], known: Rules, now: datetime) -> dict[str, Any]:
    """What a card of the list 待审批 says of what is asked for: by whom, until when."""
    return {
        "kind": row["request_kind"],
        "name": kind_name(known, row["request_kind"]),
        "unit": row["request_unit"],
        "until": row["request_until"],
        "asked_at": row["request_asked_at"],
        "due_at": row["request_due_at"],
        "light": "red" if now > row["request_due_at"] else "green",
    }
