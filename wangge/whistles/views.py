"""What screens read of whistles, as plain values."""

from datetime import datetime
from typing import Any

from wangge.kernel.db import Tx
from wangge.people.models import Actor
from wangge.tenant.deadline import working_time
from wangge.tenant.service import rules
from wangge.whistles import queries
from wangge.whistles.models import CallAction, CallState
from wangge.whistles.rights import leads, offered, rates_as
from wangge.whistles.workflow import ACTION_NAMES, SILENT, STATE_NAMES

PENDING = frozenset({CallState.CALLED, CallState.CONTESTED})


def named(words: tuple[str, str]) -> dict[str, str]:
    return {"zh": words[0], "en": words[1]}


def light(tx: Tx, begun: datetime, due: datetime, *, runs: bool) -> str:
    """红黄灯 as of a case: yellow by the tenant's share of the working time until then."""
    if not runs:
        return "none"
    if tx.now > due:
        return "red"
    calendar, share = rules(tx).calendar, rules(tx).switches.yellow_percent / 100
    whole, gone = working_time(calendar, begun, due), working_time(calendar, begun, tx.now)
    if not whole:  # at night an emergency is awaited by the clock
        whole, gone = due - begun, tx.now - begun
    return "yellow" if gone >= whole * share else "green"


def card(tx: Tx, row: dict[str, Any], calls: list[dict[str, Any]]) -> dict[str, Any]:
    """The same card in every list; its light is that of the latest answer still missing."""
    is_open = row["state"] == "open"
    waiting = [call["due_at"] for call in calls if CallState(call["state"]) in PENDING]
    due = min([row["due_at"], *waiting])
    reason = next((r for r in rules(tx).lists.whistle_reasons if r.code == row["reason"]), None)
    skill = next((one for one in rules(tx).lists.skills if one.code == row["skill"]), None)
    kept = ("id", "number", "kind", "wanted", "words", "state", "level", "place_words", "names",
            "lon", "lat", "area_id", "report_by", "at", "ended_at", "outcome",
            "version")  # fmt: skip
    return {
        **{name: row[name] for name in kept},
        "reason": {"code": row["reason"], "zh": reason.zh if reason else row["reason"],
                   "en": reason.en if reason else row["reason"]},
        "skill": {"code": row["skill"], "zh": skill.zh if skill else row["skill"],
                  "en": skill.en if skill else row["skill"]} if row["skill"] else None,
        "coming": row.get("coming", 0),
        "due_at": due if is_open else None,
        "light": light(tx, row["at"], due, runs=is_open),
        "overdue": row["overdue_at"] is not None or any(call["overdue_at"] for call in calls),
        "caller": {"name": row["caller_name"], "title": row["caller_title"]},
        "desk": {"id": row["desk_id"], "name": row["desk"]},
        "case": {"id": row["case_id"], "number": row["case_number"], "title": row["case_title"]}
        if row["case_number"]
        else None,
        "calls": [
            {"unit": call["unit"], "state": call["state"],
             "state_name": named(STATE_NAMES[CallState(call["state"])])}
            for call in calls
        ],
    }  # fmt: skip


def cards(tx: Tx, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    calls: dict[Any, list[dict[str, Any]]] = {row["id"]: [] for row in rows}
    for call in queries.calls(tx, list(calls)):
        calls[call["whistle_id"]].append(call)
    return [card(tx, row, calls[row["id"]]) for row in rows]


def _call(
    tx: Tx,
    actor: Actor,
    whistle: dict[str, Any],
    call: dict[str, Any],
    ratings: list[dict[str, Any]],
) -> dict[str, Any]:
    state = CallState(call["state"])
    rated = {row["by_whom"]: row for row in ratings if row["call_id"] == call["id"]}
    arrived = call["arrived_at"]
    too_early = state is CallState.CALLED and tx.now < call["due_at"]
    return {
        "id": call["id"],
        "unit": {"id": call["unit_id"], "name": call["unit"], "phone": call["phone"]},
        "state": state.value,
        "state_name": named(STATE_NAMES[state]),
        "due_at": call["due_at"],
        "light": light(tx, whistle["at"], call["due_at"], runs=state in PENDING),
        "overdue": call["overdue_at"] is not None,
        "arrived_at": arrived,
        "minutes": round((arrived - whistle["at"]).total_seconds() / 60) if arrived else None,
        "on_time": arrived <= call["due_at"] if arrived else None,
        "confirmed_at": call["confirmed_at"],
        "reason": call["reason"],
        "note": call["note"],
        "report": call["report"],
        "actions": [
            {
                "action": move.action.value,
                **named(ACTION_NAMES[move.action]),
                "primary": move.primary,
                "needs": [
                    *({"field": name, "required": True} for name in move.needs),
                    *({"field": name, "required": False} for name in move.may),
                ],
            }
            for move in offered(actor, whistle, call)
            if not (move.action is CallAction.MARK_ABSENT and too_early)
        ],
        "ratings": {
            side: {"grade": row["grade"], "note": row["note"]} for side, row in rated.items()
        },
        "may_rate": [side for side in rates_as(actor, whistle, call) if side not in rated],
    }


def view(tx: Tx, actor: Actor, row: dict[str, Any]) -> dict[str, Any]:
    """The whole whistle, and only what this person may do now."""
    calls = queries.calls(tx, [row["id"]])
    ratings = queries.ratings(tx, row["id"])
    led = row["state"] == "open" and leads(actor, row)
    silent = [call["unit"] for call in calls if CallState(call["state"]) in SILENT]
    return {
        **card(tx, row, calls),
        "conclude_by": row["due_at"],
        "conclusion": row["conclusion"],
        "ruling_desk": {"id": row["ruling_desk_id"], "name": row["ruling_desk"]},
        "members": [
            {
                "name": one["name"],
                "near": one["near"],
                "at": one["accepted_at"],
                "phone": one["phone"] if led else "",
            }
            for one in queries.coming(tx, [row["id"]])
        ],
        "calls": [_call(tx, actor, row, call, ratings) for call in calls],
        "silent": silent,
        "may_conclude": led,
        "may_cancel": led and not any(call["arrived_at"] for call in calls),
        "steps": queries.steps(tx, row["id"]),
    }
