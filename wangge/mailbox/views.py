"""What screens read of the Red Mailbox, as plain values."""

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from wangge.kernel.db import Tx
from wangge.mailbox import queries
from wangge.mailbox.openings import is_backdated, is_late
from wangge.people.models import Actor
from wangge.tenant.service import rules

SNIPPET = 120


def box(actor: Actor, row: dict[str, Any]) -> dict[str, Any]:
    kept = ("id", "code", "name", "place_words", "lon", "lat", "names", "desk", "open_by", "days",
            "active")  # fmt: skip
    return {
        **{name: row[name] for name in kept},
        "openers": [
            {"id": one, "name": name}
            for one, name in zip(row["opener_ids"], row["openers"], strict=False)
        ],
        "may_change": actor.may_at("mailbox.run", desk_id=row["desk_id"]),
    }


def opening(actor: Actor, row: dict[str, Any], now: datetime) -> dict[str, Any]:
    """``light`` is red from the moment the time is over until somebody has said why."""
    opened, recorded = row["opened_at"], row["recorded_at"]
    overdue = row["state"] == "missed" or (row["state"] == "due" and now > row["due_at"])
    waits = row["state"] in ("due", "missed")
    runs = actor.may_at("mailbox.run", desk_id=row["desk_id"])
    kept = ("id", "mailbox_id", "day", "code", "name", "place_words", "names", "desk", "lon", "lat",
            "due_at", "state", "missed_at", "opened_at", "recorded_at", "letters", "note",
            "reason", "closed_by_name", "closed_at")  # fmt: skip
    return {
        **{name: row[name] for name in kept},
        "opener": {"id": row["opener_id"], "name": row["opener"], "phone": row["opener_phone"]}
        if row["opener_id"]
        else None,
        "light": "red" if overdue else "yellow" if row["state"] == "due" else "none",
        "backdated": bool(opened) and is_backdated(opened, recorded),
        "late": bool(opened) and is_late(row, opened, recorded),
        "may_record": waits and row["opener_id"] == actor.id,
        "may_name": waits and runs,
        "may_explain": row["state"] == "missed" and runs,
        "may_write": row["state"] == "opened"
        and bool(row["letters"])
        and actor.may("case.report")
        and (row["opener_id"] == actor.id or runs),
    }


def group(actor: Actor, row: dict[str, Any]) -> dict[str, Any]:
    kept = ("id", "name", "task", "unit_id", "unit", "active", "open")
    return {
        **{name: row[name] for name in kept},
        "may_change": actor.may_at("mailbox.run", desk_id=row["desk_id"]),
    }


def matter(actor: Actor, row: dict[str, Any], now: datetime) -> dict[str, Any]:
    unsorted = row["sorted_at"] is None
    kept = ("case_id", "letter_id", "seq", "kind", "at", "sort_due_at", "sorted_at", "way",
            "letter_number", "form", "anonymous", "box", "box_code", "number", "title", "state",
            "place_words", "photo_id", "names", "group_id", "group_name", "unit", "sorter",
            "posting", "on_talk", "of_letter", "version", "closed_at", "answer")  # fmt: skip
    return {
        **{name: row[name] for name in kept},
        "channel": row["letter_channel"],
        "text": row["text"],
        "light": "red" if unsorted and now > row["sort_due_at"] else "none",
        "may_sort": actor.may_at("mailbox.run", desk_id=row["desk_id"]),
        "may_post": actor.may_at("mailbox.post", desk_id=row["desk_id"]),
    }


def talk_card(actor: Actor, row: dict[str, Any], now: datetime) -> dict[str, Any]:
    kept = ("id", "number", "title", "place_words", "held_at", "chair", "desk", "state", "cases",
            "decided", "called_by_name", "ended_at", "minutes", "version")  # fmt: skip
    runs = row["state"] == "planned" and actor.may_at("mailbox.run", desk_id=row["desk_id"])
    return {
        **{name: row[name] for name in kept},
        "may_decide": runs,
        "may_end": runs and now >= row["held_at"],
    }


def talk(tx: Tx, actor: Actor, row: dict[str, Any]) -> dict[str, Any]:
    """The talk with its agenda; each promise says how far the task behind it is."""
    promises: dict[UUID, list[dict[str, Any]]] = {}
    for one in tx.rows(queries.PROMISES, [row["id"]]):
        promises.setdefault(one["case_id"], []).append(promise(tx, one))
    return {
        **talk_card(actor, row, tx.now),
        "units": [
            {"unit_id": one["unit_id"], "unit": one["unit"], "post": one["post"],
             "came": one["came"]}
            for one in tx.rows(queries.TALK_UNITS, [row["id"]])
        ],
        "agenda": [
            {
                **{name: one[name] for name in ("case_id", "seq", "number", "title", "text",
                    "state", "kind", "decision", "promised_on", "decided_at", "decided_by_name",
                    "closed_at")},
                "promises": promises.get(one["case_id"], []),
            }
            for one in tx.rows(queries.TALK_CASES, [row["id"]])
        ],
    }  # fmt: skip


DONE = frozenset({"handled", "checking", "checked", "closed", "evaluated"})


def promise(tx: Tx, row: dict[str, Any]) -> dict[str, Any]:
    """Done with the unit's own task, or with the case it leads."""
    ended = row["task_ended_at"] if row["task_id"] else row["handled_at"]
    done = row["task_state"] == "done" if row["task_id"] else row["case_state"] in DONE
    zone = ZoneInfo(rules(tx).calendar.zone)
    late = (ended or tx.now).astimezone(zone).date() > row["due_on"]
    return {
        **{name: row[name] for name in ("id", "unit_id", "unit", "words", "due_on", "task_id")},
        "state": "done" if done else "open",
        "late": late,
    }


def posting(actor: Actor, row: dict[str, Any]) -> dict[str, Any]:
    kept = ("case_id", "code", "kind", "asked", "decided", "promised_on", "area", "names", "number",
            "title", "state", "closed_at", "at")  # fmt: skip
    return {name: row[name] for name in kept} | {"may_change": actor.may("mailbox.post")}
