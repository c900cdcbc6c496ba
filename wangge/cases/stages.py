"""How long each stage of a case took, in minutes of the clock and in minutes of work."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from wangge.cases.models import DONE, STAGE, State
from wangge.tenant.calendar import Calendar
from wangge.tenant.deadline import working_time


def stages(
    row: dict[str, Any], steps: Sequence[dict[str, Any]], calendar: Calendar, now: datetime
) -> list[dict[str, Any]]:
    """From the discovery to the end, one entry for each stage of each round, in order.

    A stage that was left and entered again in a round is one entry: its minutes are the sum of the
    stays. The one that runs ends now and has no ``ended_at``.
    """
    found: dict[tuple[int, str], dict[str, Any]] = {}
    if row["found_at"] and row["found_at"] < row["received_at"]:
        _stay(found, (1, "report"), row["found_at"], row["received_at"], calendar)
    moves = [step for step in steps if step["source"] != step["target"]]
    for n, step in enumerate(moves):
        state = State(step["target"])
        if state in DONE:
            continue
        last = n + 1 == len(moves)
        key = "close" if state is State.CHECKED else str(STAGE[state])
        ended = now if last else moves[n + 1]["at"]
        if not last and ended == step["at"]:
            continue  # passed through by rule
        _stay(found, (step["round"], key), step["at"], ended, calendar, runs=last)
    return list(found.values())


def _stay(
    found: dict[tuple[int, str], dict[str, Any]],
    key: tuple[int, str],
    began: datetime,
    ended: datetime,
    calendar: Calendar,
    *,
    runs: bool = False,
) -> None:
    entry = found.setdefault(
        key,
        {"round": key[0], "stage": key[1], "began_at": began, "minutes": 0, "working_minutes": 0},
    )
    entry["minutes"] += _minutes(ended - began)
    entry["working_minutes"] += _minutes(working_time(calendar, began, ended))
    entry["ended_at"] = None if runs else ended


def _minutes(time: timedelta) -> int:
    return max(round(time.total_seconds() / 60), 0)


def whole_time(
    row: dict[str, Any], steps: Sequence[dict[str, Any]], calendar: Calendar, now: datetime
) -> dict[str, Any]:
    """From the discovery, or the report where nobody said when, to the last closing or to now."""
    began = min(row["found_at"] or row["received_at"], row["received_at"])
    over = State(row["state"]) in DONE
    ended = next(
        (step["at"] for step in reversed(steps)
         if step["target"] in ("closed", "declined", "withdrawn", "merged", "split")
         and step["source"] != step["target"]),
        now,
    ) if over else now  # fmt: skip
    return {
        "began_at": began,
        "ended_at": ended if over else None,
        "minutes": _minutes(ended - began),
        "working_minutes": _minutes(working_time(calendar, began, ended)),
    }
