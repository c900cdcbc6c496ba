"""The list of a grid's households with who is due, and how far one's own day is."""

from datetime import date, datetime
from typing import Any

from wangge.fieldwork import pairs, queries
from wangge.fieldwork.recording import today
from wangge.kernel.db import Tx
from wangge.people.models import Actor
from wangge.registers import queries as homes
from wangge.registers import service as registers
from wangge.tenant.service import rules

MOST_SHOWN = 2000
MOST_HELD = 600  # of homes on a phone: three grids' worth


def day_span(tx: Tx, day: date) -> tuple[datetime, datetime]:
    """The city's day from its first moment to the first of the next."""
    days = rules(tx).calendar.days
    return days.moment(day, "00:00"), days.moment(date.fromordinal(day.toordinal() + 1), "00:00")


def round_(tx: Tx, actor: Actor) -> dict[str, Any]:
    """Households on one's ground: who is overdue first, then by address; reading it is logged."""
    found = homes_of(tx)
    registers.read_list(tx, actor, None, len(found))
    return {
        "day": today(tx),
        "homes": sorted(found, key=lambda one: not one["overdue"]),
        "progress": progress(tx, actor),
        "companions": pairs.companions(tx, actor),
    }


def homes_of(tx: Tx, *, most: int = MOST_SHOWN) -> list[dict[str, Any]]:
    """Each household of one's ground by address, with its last visit and when it is due."""
    rows, day = homes.homes(tx, most=most), today(tx)
    last = queries.last_visits(tx, [row["dwelling_id"] for row in rows])
    return [_home(tx, row, last.get(row["dwelling_id"]), day) for row in rows]


def _home(tx: Tx, row: dict[str, Any], last: dict[str, Any] | None, day: date) -> dict[str, Any]:
    plan = rules(tx).visits
    days = plan.days_of(row["care"], row["risks"])
    due = queries.next_due(row["seen_at"], row["received_at"], days)
    if last and last["again_on"]:
        due = last["again_on"]
    return {
        **row,
        "place": homes.place(row),
        "two": plan.two_for(row["care"], row["risks"]),
        "due_on": due,
        "overdue": due < day,
        "last_result": last and last["result"],
        "last_at": last and last["done_at"],
        "again_on": last and last["again_on"],
    }


def progress(tx: Tx, actor: Actor) -> dict[str, Any]:
    """Counted for nobody but the person himself, and against nothing where there is no quota."""
    first, last = day_span(tx, today(tx))
    quota = rules(tx).visits.daily_homes
    return {"homes": queries.homes_of_day(tx, actor.id, first, last), "quota": quota or None}
