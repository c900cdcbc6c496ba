"""What screens read of a case: cards and the whole, as plain values."""

from datetime import datetime
from typing import Any

from wangge.cases import verifying
from wangge.cases.deadlines import is_provisional
from wangge.cases.models import DONE, Action, Duty, State
from wangge.cases.needs import REASONS, needs_of
from wangge.cases.request_views import request_view
from wangge.cases.requests import of_case
from wangge.cases.rights import offered
from wangge.cases.stages import stages, whole_time
from wangge.kernel.db import Tx
from wangge.people.models import Actor
from wangge.tenant.rules import Rules
from wangge.tenant.service import rules

TO_TAKE_ON = (Action.ACCEPT, Action.SEND_VERIFY)
YELLOW_SHARE = 0.75  # of the hours of the clock, for what keeps no yellow moment of its own


def light(row: dict[str, Any], now: datetime) -> str:
    """红黄灯: green, yellow from the tenant's share of the limit on, red past it."""
    if row["due_at"] is None or State(row["state"]) in DONE:
        return "none"
    if now > row["due_at"]:
        return "red"
    return "yellow" if row["yellow_at"] and now >= row["yellow_at"] else "green"


def _holder(row: dict[str, Any]) -> dict[str, Any] | None:
    match row["duty"]:
        case Duty.DESK:
            return {"kind": "desk", "id": row["desk_id"], "name": row["desk"]}
        case Duty.UNIT:
            return {"kind": "unit", "id": row["unit_id"], "name": row["unit"]}
        case Duty.GRID | Duty.SUPERVISOR:
            return {"kind": row["duty"], "id": row["area_id"], "name": "·".join(row["names"][-2:])}
        case _:
            return None


def type_name(known: Rules, code: str | None) -> dict[str, str] | None:
    found = known.types.by_code.get(code or "")
    return {"zh": found.zh, "en": found.en} if found else None


def card(row: dict[str, Any], known: Rules, now: datetime) -> dict[str, Any]:
    """The same card in every list of every face."""
    return {
        "id": row["id"],
        "number": row["number"],
        "title": row["title"],
        "text": row["text"],
        "kind": row["kind"],
        "type": row["type"],
        "type_name": type_name(known, row["type"]),
        "state": row["state"],
        "level": row["level"],
        "emergency": row["emergency"],
        "channel": row["channel"],
        "path": row["path"],
        "place": {
            "words": row["place_words"],
            "lon": row["lon"],
            "lat": row["lat"],
            "state": row["place_state"],
            "area_id": row["area_id"],
            "names": row["names"],
        },
        "received_at": row["received_at"],
        "due_at": row["due_at"],
        "light": light(row, now),
        "overdue": row["overdue_at"] is not None,
        "duty": row["duty"],
        "holder": _holder(row),
        "photo": row["photo_id"],
        "round": row["round"],
        "version": row["version"],
        "closed_at": row["closed_at"],
        "solved": row["solved"],
        "satisfaction": row["satisfaction"],
        "recurs": row["recurs_at"] is not None,
    }


def _actions(tx: Tx, actor: Actor, row: dict[str, Any]) -> list[dict[str, Any]]:
    known = rules(tx)
    found = []
    first = verifying.leads_on(tx, known, row) if row["state"] == State.REPORTED else None
    for move in offered(tx, actor, row, known):
        named = known.workflow.by_action.get(move.action.value)
        needs = needs_of(known, move, row)
        fields: list[dict[str, Any]] = [
            {
                "field": field,
                "required": True,
                "why": evidence_reason(known, row["type"], field),
                "choices": REASONS.get(move.action) if field == "reason" else None,
            }
            for field in needs
        ]
        fields += [
            {"field": field, "required": False, "why": None, "choices": None}
            for field in move.may
            if field not in needs
        ]
        found.append(
            {
                "action": move.action.value,
                "zh": named.zh if named else move.action.value,
                "en": named.en if named else move.action.value,
                "primary": move.action is first if move.action in TO_TAKE_ON else move.primary,
                "needs": fields,
            }
        )
    return found


def evidence_reason(known: Rules, code: str | None, field: str) -> dict[str, str] | None:
    """Why the type, or the class it belongs to, wants this photo; None for any other field."""
    for kind in known.types.line(code):
        for evidence in kind.evidence:
            if field == f"photo_{evidence.photo}":
                return {"zh": evidence.reason.zh, "en": evidence.reason.en}
    return None


def type_rule(known: Rules, code: str | None) -> dict[str, Any] | None:
    """The nearest filing and closing conditions, from the type upwards; None when none is said."""
    found: dict[str, dict[str, str]] = {}
    for kind in known.types.line(code):
        for name, said in (("condition", kind.condition), ("closing", kind.closing)):
            if said:
                found.setdefault(name, {"zh": said.zh, "en": said.en})
    return {"condition": None, "closing": None, **found} if found else None


def _asker(row: dict[str, Any], *, hidden: bool) -> dict[str, Any] | None:
    if not row["asker_mode"]:
        return None
    return {
        "mode": row["asker_mode"],
        "name_masked": "" if hidden else row["name_mask"],
        "phone_masked": "" if hidden else row["phone_mask"],
    }


def _told(data: dict[str, Any], *, hidden: bool) -> dict[str, Any]:
    """What people are told of a step: how it changed the row is for figures."""
    data = {key: value for key, value in data.items() if key != "was"}
    return _without_asker(data) if hidden else data


def _without_asker(data: dict[str, Any]) -> dict[str, Any]:
    before = data.get("before")
    if not isinstance(before, dict):
        return data
    return {**data, "before": {key: value for key, value in before.items() if key != "asker"}}


def _step(row: dict[str, Any], files: list[dict[str, Any]], *, hidden: bool) -> dict[str, Any]:
    return {
        "id": row["id"],
        "seq": row["seq"],
        "round": row["round"],
        "action": row["action"],
        "source": row["source"],
        "target": row["target"],
        "at": row["at"],
        "actor": {
            "kind": row["actor_kind"],
            "name": row["actor_name"],
            "title": row["actor_title"],
        },
        "unit": row["unit"],
        "note": row["note"],
        "answer": row["answer"],
        "reason": row["reason"],
        "data": _told(row["data"], hidden=hidden),
        "due_at": row["due_at"],
        "files": [file["id"] for file in files if file["step_id"] == row["id"]],
    }


def view(
    tx: Tx,
    actor: Actor,
    row: dict[str, Any],
    steps: list[dict[str, Any]],
    files: list[dict[str, Any]],
) -> dict[str, Any]:
    """The whole case, and only the steps that this person may take now.

    Of a confidential asker only the desk in charge reads even the masks: in a village a surname
    and four digits are a name.
    """
    hidden = row["asker_mode"] == "confidential" and not actor.may_at(
        "case.asker", desk_id=row["desk_id"]
    )
    return {
        **card(row, rules(tx), tx.now),
        "type_rule": type_rule(rules(tx), row["type"]),
        "found_at": row["found_at"],
        "limits_from": row["limits_from"],
        "reported_at": row["reported_at"],
        "registered_at": row["registered_at"],
        "handled_at": row["handled_at"],
        "total_due_at": row["total_due_at"],
        "due_limit": row["due_limit"],
        "extended_to": row["extended_to"],
        "due_provisional": is_provisional(rules(tx), row),
        "answer": row["answer"],
        "unheard": row["unheard"],
        "released": row["released"],
        "source_ref": row["source_ref"],
        "route": row["route"],
        "desk": {"id": row["desk_id"], "name": row["desk"], "phone": row["desk_phone"]},
        "unit": {"id": row["unit_id"], "name": row["unit"]} if row["unit_id"] else None,
        "asker": _asker(row, hidden=hidden),
        "stages": stages(row, steps, rules(tx).calendar, tx.now),
        "whole_time": whole_time(row, steps, rules(tx).calendar, tx.now),
        "steps": [_step(step, files, hidden=hidden) for step in steps],
        "files": files,
        "requests": [
            request_view(one, files, rules(tx))
            for one in (of_case(tx, row["id"]) if row["has_requests"] else ())
        ],
        "actions": _actions(tx, actor, row),
    }
