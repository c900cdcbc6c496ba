"""What screens read of early warnings, as plain values."""

from datetime import timedelta
from typing import Any

from wangge.alerts import queries, service
from wangge.alerts.models import Row, State
from wangge.alerts.words import sentence
from wangge.cases.views import card as case_card
from wangge.kernel.db import Tx
from wangge.people.models import Actor
from wangge.tenant.rules import Rules
from wangge.tenant.service import rules

KEPT = ("id", "rule", "kind", "state", "names", "level", "at", "due_at", "escalated_at", "outcome",
        "ended_at", "lon", "lat")  # fmt: skip


def card(known: Rules, tx: Tx, row: Row) -> dict[str, Any]:
    """The same card in every list; a rule that is gone is named by its code."""
    rule = next((one for one in known.alerts.rules if one.code == row["rule"]), None)
    zh, en = sentence(known, row["kind"], row["figures"])
    return {
        **{name: row[name] for name in KEPT},
        "title": {"zh": rule.zh if rule else row["rule"], "en": rule.en if rule else row["rule"]},
        "words": {"zh": zh, "en": en},
        "late": row["state"] == State.OPEN and row["due_at"] <= tx.now,
    }


def cards(tx: Tx, rows: list[Row]) -> list[dict[str, Any]]:
    known = rules(tx)
    return [card(known, tx, row) for row in rows]


def view(tx: Tx, actor: Actor, row: Row) -> dict[str, Any]:
    known = rules(tx)
    last = row["period"].upper - timedelta(days=1)
    behind = queries.rows(tx, {**row, "last": last})
    return {
        **card(known, tx, row),
        "rule_version": row["rule_version"],
        "first": row["period"].lower,
        "last": last,
        "figures": row["figures"],
        "area_id": row["area_id"],
        "pos": row["pos"],
        "holder": row["escalated_to"] or row["holder"],
        "told": [{**one, "raised": bool(one.get("raised"))} for one in row["told"]],
        "acknowledged": _by(row, "acknowledged"),
        "ended": _by(row, "ended"),
        "reason": row["reason"],
        "case_id": row["case_id"],
        "case_number": row["case_number"],
        "rows": [case_card(one, known, tx.now) for one in behind],
        "may_answer": row["state"] != State.ENDED and service.may_answer(actor, row),
    }


def _by(row: Row, what: str) -> dict[str, Any] | None:
    if row[f"{what}_at"] is None:
        return None
    return {"name": row[f"{what}_name"], "title": row[f"{what}_title"], "at": row[f"{what}_at"]}


def records(tx: Tx, known: Rules) -> list[dict[str, Any]]:
    """Every rule with its record of the cards that the reader may see."""
    of = service.record(tx)
    return [record(rule, of.get(rule.code)) for rule in known.alerts.rules]


def record(rule: Any, row: Row | None) -> dict[str, Any]:
    n = {name: row[name] if row else 0 for name in
         ("fired", "open", "ended", "false_alarms", "cases", "escalated")}  # fmt: skip
    share = round(100 * n["false_alarms"] / n["ended"], 1) if n["ended"] else None
    return {
        "code": rule.code, "title": {"zh": rule.zh, "en": rule.en}, "kind": rule.kind,
        "active": rule.active, "holder": rule.holder, "within": rule.within, **n,
        "false_share": share,
    }  # fmt: skip
