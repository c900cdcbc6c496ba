"""Preview 预演: which cards a rule would have made of the past, before anybody is woken by it."""

from collections import Counter
from datetime import date, timedelta
from math import ceil
from typing import Any

from wangge.alerts import repeats
from wangge.alerts.looking import find
from wangge.alerts.models import Found
from wangge.alerts.words import sentence
from wangge.kernel.db import Tx
from wangge.tenant.alerts import Burst, Repeat, Rule, SilentSource, Threshold
from wangge.tenant.rules import Rules

SHOWN = 100
# What stood on a past day is not kept by the cubes: of these only today can be said.
PRESENT_ONLY = {"open", "late", "late_share"}
NAMES = "select pos, names from areas where pos = any(%s)"


def preview(tx: Tx, known: Rules, rule: Rule, days: int) -> dict[str, Any]:
    """Cards by week over the last ``days``, and the newest of them with their figures.

    Each thing counts once, as the sweep counts. A card is taken to end with its own days, for how
    soon somebody would have ended it is not known.
    """
    today = tx.now.astimezone(known.calendar.days.zone).date()
    replayed = not (isinstance(rule, Threshold) and rule.indicator in PRESENT_ONLY)
    first = today - timedelta(days=days - 1) if replayed else today
    cards = _cards(tx, known, rule, first, today)
    where = {row["pos"]: row["names"] for row in tx.rows(NAMES, [[one.pos for one in cards]])}
    weeks = Counter(_week(one.last, first) for one in cards)
    count = ceil(((today - first).days + 1) / 7)
    newest = sorted(cards, key=lambda one: (one.last, one.subject), reverse=True)[:SHOWN]
    shown = []
    for one in newest:
        zh, en = sentence(known, rule.kind, one.figures)
        shown.append(
            {
                "first": one.first, "last": one.last, "names": where[one.pos],
                "words": {"zh": zh, "en": en}, "lon": one.lon, "lat": one.lat,
            }
        )  # fmt: skip
    return {
        "days": days,
        "replayed": replayed,
        "cards": len(cards),
        "per_week": round(len(cards) / max(count, 1), 1),
        "weeks": [
            {"first": first + timedelta(days=7 * n), "cards": weeks[n]} for n in range(count)
        ],
        "items": shown,
    }


def _week(day: date, first: date) -> int:
    return max((day - first).days, 0) // 7


def _cards(tx: Tx, known: Rules, rule: Rule, first: date, today: date) -> list[Found]:
    if isinstance(rule, Repeat):
        begins = known.calendar.days.moment(first, "00:00")
        return repeats.replayed(tx, rule, known, begins)
    ends = today if isinstance(rule, Threshold | SilentSource) else today - timedelta(days=1)
    days = [first + timedelta(days=n) for n in range((ends - first).days + 1)]
    if isinstance(rule, Burst):
        # As few trials by chance as can tell the rule's percent: a preview need not be exact.
        rule = rule.model_copy(update={"runs": max(99, ceil(100 / rule.percent) - 1)})
    kept: list[Found] = []
    for one in find(tx, rule, known, days) if days else []:
        if not any(one.meets(other) for other in kept):
            kept.append(one)
    return kept
