"""What a change of the rules does to clocks that run: shown first, then done in batches."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from wangge.cases.clock import CASE_ROW, CaseRow, ends, stage_limit, still_lit, total_due
from wangge.cases.marks import mark
from wangge.cases.models import STAGE, Action, State, StepInput
from wangge.cases.queries import OPEN
from wangge.kernel.db import Tx
from wangge.kernel.ids import new_id
from wangge.tenant.calendar import Calendar
from wangge.tenant.rules import TITLES, Rules
from wangge.tenant.service import rules, version_of

BATCH = 500
# What a clock rests on; the other documents move none.
MOVES = ("calendar", "types", "switches")
IDS = f"""
select c.id from cases c where {OPEN} and c.due_from is not null and c.state <> 'suspended'
    and (%(first)s::timestamptz is null or greatest(c.due_at, c.total_due_at) >= %(first)s)
order by c.id
"""
CLOCKS = """
select id, version, number, type, level, state, desk_id, unit_id, received_at, limits_from,
    due_at, due_from, due_limit, yellow_at, total_due_at, pauses, extended_to, extended_minutes
from cases where id = any(%s)
"""
LOCKED = f"""
select {CASE_ROW} from cases c
where c.id = any(%s) and {OPEN} and c.due_from is not null and c.state <> 'suspended'
order by c.id for update of c
"""
YELLOW = """
update cases c set yellow_at = m.yellow_at, warned_at = m.warned_at
from unnest(%s::uuid[], %s::timestamptz[], %s::timestamptz[]) as m(id, yellow_at, warned_at)
where c.id = m.id
"""
SAID = ("due_at", "total_due_at")


@dataclass(frozen=True, slots=True)
class Change:
    """A version of a document that clocks are reckoned by; ``years`` are those it entered.

    What was due in a year that nobody knew was due on trial: that is always reckoned again. The
    rest is only when whoever changed the rules said so (``whole``).
    """

    name: str
    version: int
    years: tuple[int, ...] = ()
    whole: bool = True

    @property
    def reckons(self) -> bool:
        return self.name in MOVES and (self.whole or bool(self.years))


def change_of(tx: Tx, name: str, version: int, *, whole: bool) -> Change:
    years: tuple[int, ...] = ()
    if name == "calendar":
        years = tuple(sorted(_years(tx, version) - _years(tx, version - 1)))
    return Change(name, version, years, whole)


def _years(tx: Tx, version: int) -> set[int]:
    calendar = version_of(tx, "calendar", version, None).part
    return set(calendar.years) if isinstance(calendar, Calendar) else set()


def clocks_of(tx: Tx, change: Change) -> list[UUID]:
    """The open cases that the change may move; of entered years those due in them or later."""
    first = None
    if not change.whole:
        first = rules(tx).calendar.days.moment(date(change.years[0], 1, 1), "00:00")
    return [row["id"] for row in tx.rows(IDS, {"first": first})]


def reckoned(known: Rules, case: CaseRow, name: str, now: datetime) -> CaseRow:
    """What the clock of an open case says by these rules; pure.

    A change of the types sets limits anew, a change of the calendar leaves them as they were set.
    """
    stage, after = STAGE[State(case["state"])], dict(case)
    if name == "types":
        after["due_limit"] = str(stage_limit(known, case["type"], stage, case["level"]))
    found = {"due_limit": after["due_limit"], **ends(known, after, stage, now)}
    total = case["total_due_at"] if name == "switches" else total_due(known, case, now)
    return {**found, "total_due_at": total}


def reckon(tx: Tx, change: Change, ids: Sequence[UUID]) -> int:
    """Move what is now due at another time, and say why in its history; returns how many moved.

    What stays is neither locked nor written: whoever works on it does not wait.
    """
    known, now = rules(tx), tx.now
    stirred = {}
    for case in tx.rows(CLOCKS, [list(ids)]):
        found = reckoned(known, case, change.name, now)
        if _differs(case, found):
            stirred[case["id"]] = case["version"], found
    moved, lit = [], []
    for case in tx.rows(LOCKED, [list(stirred)]) if stirred else []:
        version, found = stirred[case["id"]]
        if version != case["version"]:  # somebody was faster
            found = reckoned(known, case, change.name, now)
        found = still_lit(case, found, now)
        if any(found[name] != case[name] for name in SAID):
            moved.append(({**case, **found}, _said(known, change, case, found)))
        else:
            lit.append((case["id"], found["yellow_at"], found["warned_at"]))
    if moved:
        mark(tx, moved)
    if lit:
        tx.run(YELLOW, [list(column) for column in zip(*lit, strict=True)])
    return len(moved)


def _differs(case: CaseRow, found: CaseRow) -> bool:
    return any(found[name] != case[name] for name in (*SAID, "yellow_at"))


def _said(known: Rules, change: Change, case: CaseRow, found: CaseRow) -> StepInput:
    names = [name for name in SAID if found[name] != case[name]]
    rule = "calendar_year" if change.years and not change.whole else f"rules_{change.name}"
    data = {
        "rule": rule,
        "version": change.version,
        "years": list(change.years),
        "before": {name: case[name].isoformat() for name in names},
        "after": {name: found[name].isoformat() for name in names},
        "was": {name: case[name].isoformat() for name in names if name == "total_due_at"},
    }
    zone = known.calendar.days.zone
    was, now = (_moment(row[names[0]], zone) for row in (case, found))
    title = TITLES[change.name][0].split("：")[0]
    what = "本环节时限" if names[0] == "due_at" else "总时限"
    note = f"{title}第{change.version}版生效，{what}由{was}改为{now}。"
    return StepInput(id=new_id(), action=Action.RECKON, note=note, data=data)


def _moment(at: datetime, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    return f"{local.year}年{local.month}月{local.day}日{local:%H:%M}"


@dataclass(slots=True)
class Effect:
    """What a change would move, in numbers and by the first rows; ``left`` were not looked at."""

    rows: list[dict[str, Any]]
    open: int = 0
    moved: int = 0
    earlier: int = 0
    later: int = 0
    late_now: int = 0
    on_trial: int = 0
    left: int = 0


def effect(tx: Tx, known: Rules, name: str, *, most: int = 100_000, rows: int = 100) -> Effect:
    """What would move if ``known`` were in force; nothing is written.

    The rows that move furthest stand first; those due on trial move whatever is decided.
    """
    years = set(known.calendar.years) - set(rules(tx).calendar.years)
    found = Effect([])
    if name not in MOVES:
        return found
    ids = clocks_of(tx, Change(name, 0))
    found.open, found.left = len(ids), max(0, len(ids) - most)
    moved = [row for row in _moves(tx, known, name, ids[:most]) if row["before"] != row["after"]]
    zone = known.calendar.days.zone
    for row in moved:
        ahead = row["after"] < row["before"]
        row["on_trial"] = row["before"].astimezone(zone).year in years
        found.earlier += ahead
        found.later += not ahead
        found.late_now += row["after"] <= tx.now < row["before"]
        found.on_trial += row["on_trial"]
    found.moved = len(moved)
    moved.sort(key=lambda row: (-abs(row["after"] - row["before"]), row["number"] or ""))
    found.rows = moved[:rows]
    return found


def _moves(tx: Tx, known: Rules, name: str, ids: Sequence[UUID]) -> Iterator[dict[str, Any]]:
    for n in range(0, len(ids), 5000):
        for case in tx.rows(CLOCKS, [list(ids[n : n + 5000])]):
            after = reckoned(known, case, name, tx.now)
            which = "due_at" if after["due_at"] != case["due_at"] else "total_due_at"
            yield {
                "id": case["id"],
                "number": case["number"],
                "type": case["type"],
                "state": case["state"],
                "stage": STAGE[State(case["state"])] if which == "due_at" else "total",
                "limit_before": case["due_limit"],
                "limit_after": after["due_limit"],
                "before": case[which],
                "after": after[which],
            }
