"""What screens read of incidents, as plain values."""

from datetime import datetime
from typing import Any

from wangge.emergency import queries
from wangge.emergency.models import Said, TaskState
from wangge.emergency.ordering import FROM
from wangge.emergency.rights import owns, runs, sight
from wangge.kernel.crypto import mask_phone
from wangge.kernel.db import Tx
from wangge.people.models import Actor
from wangge.tenant.models import Label
from wangge.tenant.plans import CATEGORIES, LAW, LEVEL_NAMES, Plan, named
from wangge.tenant.service import rules

MOMENTS = ("answered_at", "first_action_at", "on_site_at", "closed_at")
CARD = ("id", "number", "drill", "category", "level", "response", "title", "place_words", "names",
        "lon", "lat", "area_id", "state", "alerted_at", "opened_at", "closed_at", "tasks", "taken",
        "done", "late", "version", "opened_name", "opened_title", "plan", "plan_version",
        "result")  # fmt: skip
TASK = ("id", "seq", "step", "words", "words_en", "role", "owner", "state", "given_at", "due_at",
        "late_at", "taken_at", "taken_name", "ended_at", "ended_name", "note")  # fmt: skip


def times(row: dict[str, Any]) -> dict[str, dict[str, Any] | None]:
    """Each moment with the whole minutes since the alert; None where it has not come."""
    begun: datetime = row["alerted_at"]
    return {
        name.removesuffix("_at"): {
            "at": row[name],
            "minutes": int((row[name] - begun).total_seconds() // 60),
        }
        if row[name]
        else None
        for name in MOMENTS
    }


def card(tx: Tx, row: dict[str, Any]) -> dict[str, Any]:
    kind = rules(tx).plans.kind(row["kind"])
    return {
        **{name: row[name] for name in CARD},
        "kind": {"code": row["kind"], **named(kind, row["kind"])},
        "category_name": named(CATEGORIES[row["category"]]),
        "level_name": named(LEVEL_NAMES[row["level"]]),
        "response_name": named(LEVEL_NAMES[row["response"]]) if row["response"] else None,
        "plan_name": row["plan_name"] or None,
        "desk": {"id": row["desk_id"], "name": row["desk"]},
        "case": {"id": row["case_id"], "number": row["case_number"], "title": row["case_title"]}
        if row["case_number"]
        else None,
        "times": times(row),
    }


def task(actor: Actor, row: dict[str, Any], *, leads: bool, is_open: bool) -> dict[str, Any]:
    mine = owns(actor, row)
    said = [
        one.value
        for one in Said
        if is_open
        and TaskState(row["state"]) in FROM[one]
        and (leads or (mine and one is not Said.DROP))
    ]
    phone = row["phone"] or ""
    return {**{name: row[name] for name in TASK}, "mine": mine, "actions": said,
            "phone": phone if leads else ""}  # fmt: skip


def board(tx: Tx, actor: Actor, row: dict[str, Any]) -> dict[str, Any]:
    """The whole board, with what this person may do now."""
    leads, is_open = runs(actor, row), row["state"] == "open"
    calls = queries.calls(tx, row["id"])
    woken = any(one["account_id"] == actor.id and not one["acknowledged_at"] for one in calls)
    capability = {one.code: one for one in rules(tx).plans.capabilities}
    plan = rules(tx).plans.plan(row["plan"]) if row["plan"] else None
    needs = (
        list(dict.fromkeys(step.resource for step in plan.steps if step.resource)) if plan else []
    )
    listed = queries.tasks(tx, [row["id"]]).get(row["id"], [])
    return {
        **card(tx, row),
        "words": row["words"],
        "cause": row["cause"], "lessons": row["lessons"],
        "dead": row["dead"], "injured": row["injured"], "moved": row["moved"],
        "law": named(LAW),
        "task_list": [task(actor, one, leads=leads, is_open=is_open) for one in listed],
        "log": queries.log(tx, row["id"]),
        "calls": [
            {**one, "phone": one["phone"] if leads else mask_phone(one["phone"])} for one in calls
        ],
        "next_call_at": row["alert_next_at"],
        "resources": queries.sent(tx, row["id"]),
        "needs": [{"code": code, **named(capability.get(code), code)} for code in needs],
        "runs": leads,
        "may_answer": is_open and row["answered_at"] is None and (leads or woken),
    }  # fmt: skip


def mine(tx: Tx, actor: Actor) -> list[dict[str, Any]]:
    """Tasks of incidents that wait for this person or the units he handles the work of."""
    kinds = rules(tx).plans
    return [
        {
            **task(actor, row, leads=False, is_open=True),
            "incident": {
                "id": row["incident_id"], "number": row["number"], "title": row["title"],
                "drill": row["drill"], "place_words": row["place_words"], "lon": row["lon"],
                "lat": row["lat"], "kind": named(kinds.kind(row["kind"]), row["kind"]),
                "level_name": named(LEVEL_NAMES[row["level"]]),
            },
        }
        for row in queries.mine(tx, sight(actor), sorted(actor.unit_ids))
        if owns(actor, row)
    ]  # fmt: skip


def plan(one: Plan, kinds: dict[str, Label]) -> dict[str, Any]:
    return {
        "code": one.code, **named(one), "ground": one.ground, "levels": list(one.levels),
        "kinds": [{"code": code, **named(kinds.get(code), code)} for code in one.kinds],
        "steps": [
            {"code": step.code, **named(step), "role": step.role, "unit": step.unit,
             "type": step.type, "minutes": step.minutes, "resource": step.resource}
            for step in one.steps
        ],
    }  # fmt: skip


def words_of(tx: Tx) -> dict[str, Any]:
    """What a form to open one offers: kinds with their class, levels, plans, abilities, the law."""
    plans = rules(tx).plans
    kinds: dict[str, Label] = {one.code: one for one in plans.kinds}
    return {
        "version": rules(tx).versions.get("plans", 0),
        "law": named(LAW),
        "kinds": [
            {"code": one.code, **named(one), "category": one.category,
             "category_name": named(CATEGORIES[one.category])}
            for one in plans.kinds
            if one.active
        ],
        "levels": [{"code": code, **named(label)} for code, label in LEVEL_NAMES.items()],
        "categories": [{"code": code, **named(label)} for code, label in CATEGORIES.items()],
        "capabilities": [{"code": one.code, **named(one)} for one in plans.capabilities],
        "plans": [plan(one, kinds) for one in plans.plans if one.active],
    }  # fmt: skip


def resource(actor: Actor, row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "may_edit": actor.may_at("incident.run", pos=row["pos"]),
            "there": row["amount"] - row["away"]}  # fmt: skip
