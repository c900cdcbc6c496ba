"""Rows of fieldwork as the doors show them."""

from typing import Any

from wangge.fieldwork.models import RecordKind
from wangge.tenant.rules import Rules

KIND_NAMES = {
    RecordKind.VISIT: ("入户走访", "Household visit"),
    RecordKind.SERVICE: ("为民服务", "Service"),
    RecordKind.OUTREACH: ("宣传", "Outreach"),
    RecordKind.ERRAND: ("帮办代办", "Errand"),
    RecordKind.TALK: ("田间座谈", "Talk"),
    RecordKind.PATROL: ("巡查", "Patrol"),
    RecordKind.CHECK: ("现场督查", "Spot check"),
}
RESULT_NAMES = {
    "in": ("见到了", "met"),
    "not_home": ("家中无人", "not at home"),
    "refused": ("不愿接受走访", "did not wish a visit"),
    "again": ("改日再访", "another day"),
}


def name_of(known: Rules, row: dict[str, Any]) -> dict[str, str]:
    """What the record is of, in both languages: the service's own name where there is one."""
    listed = {one.code: one for one in known.lists.service_types}.get(row["type"])
    zh, en = (listed.zh, listed.en) if listed else KIND_NAMES[RecordKind(row["kind"])]
    return {"zh": zh, "en": en}


def address(row: dict[str, Any]) -> str:
    if row.get("room"):
        return f"{row['building']}{row['unit']}{row['room']}"
    return str(row.get("place_words") or "")


def record(known: Rules, row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "name": name_of(known, row), "place": address(row)}


def task(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "place": address(row)}
