"""Rows of orders and files as the desk reads them; callers are masked."""

from typing import Any

from wangge.dispatch.directory import directory
from wangge.hotline import batches, queries
from wangge.hotline.headings import FIELDS, NEEDED, Key, guess
from wangge.hotline.layouts import Layout, Order
from wangge.kernel import crypto
from wangge.kernel.db import Tx
from wangge.tenant.service import rules

FIRST = 20
MOST_TOLD = 200
FIELD_VIEWS = [
    {"key": one.key, "zh": one.zh, "en": one.en, "needed": one.key in NEEDED} for one in FIELDS
]
# Columns whose cells name somebody, by how exports head them.
_PEOPLE = {heading for one in FIELDS if one.key == "name" for heading in one.headings.split()}
_PHONES = {heading for one in FIELDS if one.key == "phone" for heading in one.headings.split()}


def batch(row: dict[str, Any]) -> dict[str, Any]:
    held = row.get("held", row.get("body_sealed") is not None)
    return {**row, "held": held, "guess": guess(row["columns"])}


def preview(
    tx: Tx, held: dict[str, Any], layout: Layout, outcome: batches.Outcome
) -> dict[str, Any]:
    names = {area.id: area.name for area in directory(tx).atlas.areas.values()}
    lines = [_taken(order, names, tx) for order in outcome.new]
    lines += [_refused(line, cells, refusal, layout) for line, cells, refusal in outcome.refused]
    return {
        "rows": held["rows"],
        "taken": len(outcome.new),
        "repeated": outcome.repeated,
        "changed": outcome.changed,
        "refused": len(outcome.refused),
        "doubles": outcome.doubles,
        "first": sorted(lines, key=lambda line: line["line"])[:FIRST],
        "problems": [
            {"line": line, "code": refusal.code, "zh": refusal.zh, "en": refusal.en}
            for line, _, refusal in sorted(outcome.refused, key=lambda one: one[0])[:MOST_TOLD]
        ],
    }


def _taken(order: Order, names: dict[Any, str], tx: Tx) -> dict[str, Any]:
    report, known = order.report, rules(tx)
    asker = report.asker
    listed = {row.code: row.zh for row in (*known.lists.kinds, *known.lists.levels)}
    kind = known.types.by_code.get(report.type or "")
    return {
        "line": order.line,
        "number": order.number,
        "title": report.title,
        "text": report.text[:300],
        "caller": _caller(asker.name, asker.phone) if asker else "",
        "place": report.place_words,
        "area": names.get(report.area_id, ""),
        "kind": listed.get(report.kind, ""),
        "type": kind.zh if kind else "",
        "level": listed.get(report.level, ""),
        "reported_at": report.reported_at,
        "promised_at": order.promised_at,
        "problem": None,
    }


def _caller(name: str, phone: str) -> str:
    return f"{crypto.mask_name(name)} {crypto.mask_phone(phone) if phone else ''}".strip()


def _refused(line: int, cells: dict[str, str], refusal: Any, layout: Layout) -> dict[str, Any]:
    def cell(key: Key) -> str:
        return cells.get(layout.columns.get(key, ""), "")

    return {
        "line": line,
        "number": str(cell("number")),
        "title": cell("title"),
        "text": cell("text")[:300],
        "caller": "",
        "place": cell("place_words"),
        "area": "",
        "kind": cell("kind"),
        "type": cell("type"),
        "level": cell("level"),
        "reported_at": None,
        "promised_at": None,
        "problem": {"code": refusal.code, "zh": refusal.zh, "en": refusal.en},
    }


def orders(tx: Tx, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Orders with what the hotline changed and what looks like the same matter."""
    ids = [row["case_id"] for row in rows]
    changed = queries.changes(tx, ids)
    doubles: dict[Any, list[dict[str, Any]]] = {}
    for one in queries.doubles(tx, ids):
        doubles.setdefault(one["case_id"], []).append(one)
    return [
        {
            **row,
            "changes": [
                _masked(one) for one in batches.unsealed(tx, changed.get(row["case_id"])) or []
            ],
            "doubles": doubles.get(row["case_id"], []),
        }
        for row in rows
    ]


def _masked(change: dict[str, str]) -> dict[str, str]:
    """Who called is read on the case with a purpose, not here."""
    column = change["column"]
    mask = (
        crypto.mask_name if column in _PEOPLE else crypto.mask_phone if column in _PHONES else None
    )
    if mask is None:
        return change
    return {
        "column": column,
        "before": mask(change["before"]),
        "after": mask(change["after"]),
    }
