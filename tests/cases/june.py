"""The cases of ``june.txt``, and every indicator counted over them once more in plain words."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tests.town import Town
from wangge.cases.models import Duty, State
from wangge.cases.workflow import DUTY
from wangge.kernel.db import transaction
from wangge.kernel.ids import new_id

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 7, 2, 8, tzinfo=ZONE)
GRIDS = {
    "1": "3799010010010001", "2": "3799010010010002", "3": "3799010010020001",
    "4": "3799010010021001", "5": "3799011012010001", "6": "3799011012010002",
}  # fmt: skip
UNITS = {
    "A": "desk-379901001", "L": "desk-379901101", "C": "desk-379901001001",
    "urban": "urban-379901", "water": "water-379901", "squad": "urban-379901001",
    "prop": "property-dongfang",
}  # fmt: skip
STAGES = ("accept", "dispatch", "acknowledge", "handle", "check", "close")
COLUMNS = {
    "accept": ("accept_due_at", "accept_done_at"),
    "dispatch": ("dispatch_due_at", "dispatch_done_at"),
    "acknowledge": ("acknowledge_due_at", "acknowledge_done_at"),
    "handle": ("handle_due_at", "handle_done_at"),
    "check": ("check_due_at", "check_done_at"),
    "close": ("total_due_at", "closed_at"),
}


def moment(text: str) -> datetime | None:
    if text == "-":
        return None
    month = {"m": 5, "j": 7}.get(text[0], 6)
    day, hour = text.lstrip("mj").split(".")
    return datetime(2026, month, int(day), int(hour), tzinfo=ZONE)


@dataclass
class Line:
    """One case: ``due`` and ``done`` by stage."""

    name: str
    grid: str
    desk: str
    unit: str
    state: str
    received: datetime
    due: dict[str, datetime | None]
    done: dict[str, datetime | None]
    short: bool
    said: datetime | None
    solved: bool | None
    grade: str
    marks: dict[str, datetime | None]


def read() -> list[Line]:
    lines = (Path(__file__).parent / "june.txt").read_text("utf-8").splitlines()
    return [_line(line) for line in lines if not line.startswith("#")]


def _line(text: str) -> Line:
    name, grid, desk, unit, state, received, *rest = text.split()
    pairs = [part.split("/") for part in rest[:6]]
    extra = dict(part.partition("=")[::2] for part in rest[6:])
    said, _, word = extra.pop("said", "").partition(":")
    solved, _, grade = word.partition(":")
    short = extra.pop("short", None) is not None
    if "merged" in extra:
        state = "merged"  # what was closed with its lead counts as merged
    begun = moment(received)
    assert begun
    return Line(
        name, grid, desk, "" if unit == "-" else unit, state, begun,
        {stage: moment(due) for stage, (due, _) in zip(STAGES, pairs, strict=True)},
        {stage: moment(done) for stage, (_, done) in zip(STAGES, pairs, strict=True)},
        short, moment(said) if said else None, {"yes": True, "no": False}.get(solved), grade,
        {key: moment(value) for key, value in extra.items()},
    )  # fmt: skip


def pour(town: Town) -> None:
    """Write them as they stand, and stop the clock in the morning of 2 July."""
    with transaction(town.cell) as tx:
        tx.run("update clock set frozen_at = %s", [NOW])
        areas = {row["code"]: row for row in tx.rows("select id, code, pos from areas")}
        units = {row["code"]: row["id"] for row in tx.rows("select id, code from organisations")}
        tx.insert("cases", [row(one, areas, units) for one in read()])


def row(one: Line, areas: dict[str, Any], units: dict[str, Any]) -> dict[str, Any]:
    area, desk = areas[GRIDS[one.grid]], units[UNITS[one.desk]]
    unit = units[UNITS[one.unit]] if one.unit else None
    kept = {due: one.due[stage] for stage, (due, _) in COLUMNS.items()}
    kept |= {done: one.done[stage] for stage, (_, done) in COLUMNS.items()}
    state = "closed" if one.name == "carried" else one.state
    duty = Duty.NONE if state == "closed" else DUTY[State(state)]
    times = [one.received, one.said, *kept.values(), *one.marks.values()]
    return {
        "id": new_id(), "number": one.name, "request_hash": b"june", "title": one.name,
        "text": one.name, "kind": "help", "level": "normal", "channel": "resident",
        "state": state, "duty": duty.value, "pos": area["pos"], "area_id": area["id"],
        "place_state": "located", "received_at": one.received, "due_at": kept["total_due_at"],
        "due_from": one.received, "due_limit": "1WD", "desk_id": desk, "unit_id": unit,
        "unit_ids": [desk, unit] if unit else [desk], "rules_version": 1, "terms": [one.name],
        "path": "short" if one.short else "main", "solved": one.solved,
        "satisfaction": one.grade or None, "said_at": one.said,
        "registered_at": one.done["accept"] or (one.done["handle"] if one.short else None),
        "reworked_at": one.marks.get("reworked"), "reopened_at": one.marks.get("reopened"),
        "misdispatched_at": one.marks.get("misdispatched"), "merged_at": one.marks.get("merged"),
        "extended_at": one.marks.get("extended"),
        "overdue_at": one.marks.get("late"), "recurs_at": one.marks.get("recurs"),
        "unreasonable_at": one.marks.get("unreasonable"),
        **kept, "until_at": max(time for time in times if time),
    }  # fmt: skip


# --- the same once more, from the words of the formulas and from nothing else --------------------
OUT = {"declined", "withdrawn", "merged"}
OVER = {"closed", "evaluated"}
Test = Callable[[Line], Any]


@dataclass
class Count:
    """Names of the cases above and below the line, and of those left out."""

    above: set[str]
    below: set[str]
    out: set[str]
    minutes: float | None = None


def kept(due: datetime | None, done: datetime | None, cap: datetime, *, free: bool) -> bool:
    """Done before the end and within the limit; ``free``: without a limit it is in time."""
    return bool(done and done < cap and (done <= due if due else free))


def counted(lines: list[Line], first: datetime, cap: datetime) -> dict[str, Count]:
    """Every indicator of the catalogue by code."""

    def inside(at: datetime | None) -> bool:
        return at is not None and first <= at < cap

    def before(at: datetime | None) -> bool:
        return at is not None and at < cap

    def should(stage: str) -> Test:
        return lambda c: inside(c.due[stage]) or inside(c.done[stage])

    def did(stage: str) -> Test:
        return lambda c: before(c.done[stage])

    def in_time(stage: str) -> Test:
        return lambda c: kept(c.due[stage], c.done[stage], cap, free=stage == "handle")

    def received(c: Line) -> bool:
        return inside(c.received)

    def share(base: Test, test: Test, *, out: Test = lambda c: c.state in OUT) -> Count:
        rows = [c for c in lines if base(c)]
        below = [c for c in rows if not out(c)]
        return Count(
            {c.name for c in below if test(c)}, {c.name for c in below},
            {c.name for c in rows if out(c)},
        )  # fmt: skip

    def mean(base: Test, minutes: Callable[[Line], float]) -> Count:
        found = share(base, lambda _: False)
        times = [minutes(c) for c in lines if c.name in found.below]
        found.minutes = round(sum(times) / len(times), 1) if times else None
        return found

    def lasted(since: datetime | None, to: datetime | None) -> float:
        assert since, to
        return (to - since).total_seconds() / 60 if to else 0

    nothing_out: Test = lambda _: False  # noqa: E731 - said beside the others
    over: Test = lambda c: c.state in OVER  # noqa: E731
    local = {"prop", ""}
    return {
        "closing_rate": share(received, over),
        "overdue_share": share(
            received, lambda c: before(c.marks.get("late")), out=lambda c: c.state in OUT | OVER
        ),
        "close_rate": share(should("close"), lambda c: over(c) and did("close")(c)),
        "on_time_close_rate": share(should("close"), lambda c: over(c) and in_time("close")(c)),
        "late_close_rate": share(
            should("close"), lambda c: over(c) and did("close")(c) and not in_time("close")(c)
        ),
        "open_rate": share(received, lambda c: c.state not in OUT | OVER, out=nothing_out),
        "rework_rate": share(should("close"), lambda c: before(c.marks.get("reworked"))),
        "dispose_rate": share(should("handle"), did("handle")),
        "on_time_dispose_rate": share(should("handle"), in_time("handle")),
        "overdue_rate": share(
            should("handle"), lambda c: before(c.due["handle"]) and not did("handle")(c)
        ),
        "extension_rate": share(should("handle"), lambda c: before(c.marks.get("extended"))),
        "response_rate": share(should("acknowledge"), in_time("acknowledge")),
        "mean_dispose_time": mean(
            lambda c: inside(c.done["handle"]),
            lambda c: lasted(c.done["dispatch"] or c.received, c.done["handle"]),
        ),
        "valid_report_rate": share(
            received,
            lambda c: (
                c.state not in OUT and before(c.done["accept"] or (c.received if c.short else None))
            ),
            out=nothing_out,
        ),
        "self_handle_rate": share(
            received, lambda c: c.short and did("handle")(c), out=nothing_out
        ),
        "on_time_accept_rate": share(should("accept"), in_time("accept")),
        "mean_accept_time": mean(
            lambda c: inside(c.done["accept"]), lambda c: lasted(c.received, c.done["accept"])
        ),
        "on_time_dispatch_rate": share(should("dispatch"), in_time("dispatch")),
        "accurate_dispatch_rate": share(
            should("dispatch"),
            lambda c: did("dispatch")(c) and not before(c.marks.get("misdispatched")),
        ),
        "on_time_check_rate": share(should("check"), in_time("check")),
        "mean_close_time": mean(
            lambda c: inside(c.done["close"]), lambda c: lasted(c.received, c.done["close"])
        ),
        "satisfaction": share(
            lambda c: inside(c.said) and c.grade and not before(c.marks.get("unreasonable")),
            # 基本满意 counts, as the product comes; test_satisfied.py sets it otherwise.
            lambda c: c.grade in {"very_satisfied", "satisfied", "fairly_satisfied"},
        ),
        "resolution_rate": share(
            lambda c: inside(c.said) and not before(c.marks.get("unreasonable")),
            lambda c: c.solved,
        ),
        "recurrence_rate": share(received, lambda c: before(c.marks.get("recurs"))),
        "local_resolution": share(
            lambda c: inside(c.done["close"]),
            lambda c: c.short or (c.desk == "C" and c.unit in local),
            out=lambda c: c.state not in OVER,
        ),
        "self_handled_close_rate": share(lambda c: received(c) and c.short, over),
        **{
            f"solved_{rung}": share(
                lambda c: inside(c.done["close"]),
                on_rung(rung),
                out=lambda c: c.state not in OVER,
            )
            for rung in ("grid", "community", "street", "county", "city")
        },
    }


HIGH = {"prop": "community", "squad": "street", "urban": "county", "water": "county"}


def on_rung(rung: str) -> Callable[[Line], bool]:
    return lambda c: rung_of(c) == rung


def rung_of(c: Line) -> str:
    """Whose unit had it at the end; the desk where there was none."""
    if c.short:
        return "grid"
    return HIGH[c.unit] if c.unit else {"A": "street", "L": "street", "C": "community"}[c.desk]
