"""Incidents that were: rows computed in memory are written at once, and nobody is told of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from psycopg.types.json import Jsonb

from wangge.kernel.db import Tx, dumps

Rows = list[dict[str, Any]]


@dataclass(slots=True)
class Past:
    """Rows of each table with all that has no default; a line's ``data`` as plain values."""

    incidents: Rows = field(default_factory=list)
    tasks: Rows = field(default_factory=list)
    lines: Rows = field(default_factory=list)
    calls: Rows = field(default_factory=list)
    sent: Rows = field(default_factory=list)


def load(tx: Tx, past: Past) -> int:
    """One statement a table; returns the number of incidents."""
    tx.insert("incidents", _json(past.incidents, "plan_name"))
    tx.insert("incident_tasks", past.tasks)
    tx.insert("incident_log", _json(past.lines, "data"))
    tx.insert("incident_calls", past.calls)
    tx.insert("incident_resources", past.sent)
    return len(past.incidents)


def keep_all(tx: Tx, resources: Sequence[dict[str, Any]]) -> int:
    """Resources that are there from the beginning."""
    tx.insert("emergency_resources", list(resources))
    return len(resources)


def _json(rows: Rows, name: str) -> Rows:
    return [{**row, name: Jsonb(row[name], dumps)} for row in rows]
