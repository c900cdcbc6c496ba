"""Instruments for whoever tries the platform out: the city's clock, every message that was sent."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from wangge.audit import service as audit
from wangge.demo import duty
from wangge.kernel import clock
from wangge.kernel.db import Tx
from wangge.kernel.errors import Invalid
from wangge.notices import queries
from wangge.notices.models import notice_words

CITY_ZONE = ZoneInfo("Asia/Shanghai")  # of the demo cities, before their databases can be asked
SPOKEN = re.compile(r"(-?\d+)\s*(m|min|h|d)?")
MINUTES = {None: 1, "m": 1, "min": 1, "h": 60, "d": 1440}
CLOCK = "select zone, frozen_at, shift, city_now() as now from clock"
NUMBERS = "select id, number from cases where id = any(%s)"
URGENT = """
select n.id, n.at, n.code, n.body, n.case_id, n.read_at, c.name, k.number
from notices n join accounts c on c.id = n.account_id left join cases k on k.id = n.case_id
where n.urgent order by n.at desc, n.id desc limit %s
"""
# Whoever is signed in stays so: the clock is moved for the city, not for its screens.
SESSIONS_GO_ALONG = """
update sessions set seen_at = seen_at + %(by)s, expires_at = expires_at + %(by)s
where expires_at > %(before)s and seen_at + idle > %(before)s
"""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to become of the clock; what is None stays as it is."""

    at: datetime | None = None
    frozen: bool | None = None
    advance: timedelta | None = None
    real: bool = False


def moment(words: str, zone: ZoneInfo) -> datetime:
    """Read "2026-09-30 16:50" in the city's zone, or ISO with a zone of its own."""
    try:
        found = datetime.fromisoformat(words.strip())
    except ValueError:
        raise Invalid(
            "bad_moment",
            "时间须如 2026-09-30 16:50",
            "a moment is written 2026-09-30 16:50",
            field="at",
        ) from None
    return found if found.tzinfo else found.replace(tzinfo=zone)


def span(words: str | float) -> timedelta:
    """Read minutes, or words such as 90m, 2h, 1d."""
    if not isinstance(words, str):
        return timedelta(minutes=words)
    match = SPOKEN.fullmatch(words.strip())
    if match is None:
        raise Invalid(
            "bad_span",
            "快进多久须写成分钟数，或如 90m、2h、1d",
            "say minutes, or 90m, 2h, 1d",
            field="advance",
        )
    return timedelta(minutes=int(match[1]) * MINUTES[match[2]])


def zone_of(tx: Tx) -> ZoneInfo:
    row = tx.one("select zone from clock")
    return ZoneInfo(row["zone"] if row else "UTC")


def clock_state(tx: Tx) -> dict[str, Any]:
    row = tx.one(CLOCK) or {}
    frozen = row["frozen_at"] is not None
    return {
        "now": row["now"],
        "local": f"{row['now'].astimezone(ZoneInfo(row['zone'])):%Y-%m-%d %H:%M}",
        "zone": row["zone"],
        "frozen": frozen,
        "real": not frozen and not row["shift"],
    }


def set_clock(tx: Tx, wish: Wish) -> dict[str, Any]:
    """Move, freeze or let run the city's clock; the roster around the new moment is filled."""
    before = tx.now
    was_frozen = clock_state(tx)["frozen"]
    if wish.real:
        clock.real(tx)
    if wish.at:
        keep = was_frozen if wish.frozen is None else wish.frozen
        clock.set_to(tx, wish.at, frozen=keep)
    if wish.advance:
        clock.advance(tx, wish.advance)
    tx.now = clock_state(tx)["now"]
    if not wish.at and wish.frozen is True and not was_frozen:
        clock.freeze(tx)
    if not wish.at and wish.frozen is False and was_frozen:
        clock.run_on(tx)
    state = clock_state(tx)
    tx.now = state["now"]
    tx.run(SESSIONS_GO_ALONG, {"by": tx.now - before, "before": before})
    duty.fill(tx, tx.now)
    audit.record(tx, "demo.clock", detail={"from": before.isoformat(), "to": tx.now.isoformat()})
    return state


def messages(tx: Tx, *, limit: int = 100) -> list[dict[str, Any]]:
    """Every SMS with its number masked, and urgent notices on screens, newest first."""
    sent = queries.messages(tx, limit=limit)
    numbers = {
        row["id"]: row["number"]
        for row in tx.rows(NUMBERS, [[one.case_id for one in sent if one.case_id]])
    }
    found: list[dict[str, Any]] = [
        {
            "id": one.id,
            "at": one.at,
            "kind": "sms",
            "phone": one.phone_mask,
            "to": "",
            "text": one.text,
            "purpose": one.purpose,
            "state": one.state,
            "attempts": one.attempts,
            "error": one.error,
            "case_id": one.case_id,
            "number": numbers.get(one.case_id) if one.case_id else None,
        }
        for one in sent
    ]
    found += [_notice(row) for row in tx.rows(URGENT, [limit])]
    return sorted(found, key=lambda one: one["at"], reverse=True)[:limit]


def _notice(row: dict[str, Any]) -> dict[str, Any]:
    words = notice_words(row["code"], row["body"])
    return {
        "id": row["id"],
        "at": row["at"],
        "kind": "notice",
        "phone": "",
        "to": row["name"],
        "text": f"{words['title']['zh']}：{words['text']['zh']}",
        "purpose": row["code"],
        "state": "read" if row["read_at"] else "unread",
        "attempts": 0,
        "error": "",
        "case_id": row["case_id"],
        "number": row["number"],
    }
